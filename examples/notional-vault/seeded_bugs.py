"""Bugs to seed in the notional vault, each with the property that must show it.

``seeded_bugs.py:MissingOwnerCheck`` names the adapter of the vault with that bug in it.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ringfence as rf

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Bug:
    """A replacement that must match exactly once."""

    property_id: str
    says: str
    edits: tuple[rf.Edit, ...]


BUGS = {
    "MissingOwnerCheck": Bug(
        "ACC-1",
        "Anyone may close anyone's position.",
        (rf.Edit("Router.sol", "if (msg.sender != owner) revert NotOwner(msg.sender, owner);", ""),),
    ),
    "LossTakenFromTheOtherSide": Bug(
        "ISO-1",
        "What a liquidation lacks is taken from the owner's position on the other side.",
        (
            rf.Edit(
                "Router.sol",
                "        uint256 left = equity > 0 ? uint256(equity) : 0;\n",
                "        uint256 left = equity > 0 ? uint256(equity) : 0;\n"
                "        if (equity < 0)\n"
                "            custody.settle(int256(book.seize(owner, !isLong, uint256(-equity))));\n",
            ),
            rf.Edit(
                "PositionBook.sol",
                "    function remove(",
                "    function seize(address owner, bool isLong, uint256 lacking)\n"
                "        external returns (uint256)\n    {\n"
                "        Position storage other = _positions[_key(owner, isLong)];\n"
                "        uint256 taken = other.margin < lacking ? other.margin : lacking;\n"
                "        other.margin -= uint128(taken);\n"
                "        return taken;\n"
                "    }\n\n"
                "    function remove(",
            ),
        ),
    ),
    "LiquidatableAtMaintenance": Bug(
        "LIQ-1",
        "A position with exactly its maintenance margin is liquidated.",
        (rf.Edit("Router.sol", "if (equity >= int256(required))", "if (equity > int256(required))"),),
    ),
    "ProfitPaidTwice": Bug(
        "CUS-1",
        "The liquidity does not fall by the profits that it pays.",
        (
            rf.Edit(
                "Router.sol",
                "custody.settle(int256(uint256(held.margin)) - int256(payout));",
                "if (held.margin > payout) custody.settle(int256(held.margin - payout));",
            ),
        ),
    ),
    "SpreadForTheTrader": Bug(
        "VAL-1",
        "Shorts enter above the price, where they should enter below it.",
        (
            rf.Edit(
                "Router.sol", ": price - (price * SPREAD_PPM) / PPM", ": price + (price * SPREAD_PPM) / PPM"
            ),
        ),
    ),
    "OpenInterestOfTheOtherSide": Bug(
        "CUS-3",
        "Closing takes the notional off the open interest of the wrong side when there is enough.",
        (
            rf.Edit(
                "PositionBook.sol",
                "openInterest[isLong] -= held.notional;",
                "openInterest[openInterest[!isLong] < held.notional ? isLong : !isLong] -= held.notional;",
            ),
        ),
    ),
}


def __getattr__(name: str) -> Any:
    """Return the adapter of the vault with the bug of that name."""
    if name not in BUGS:
        raise AttributeError(name)
    whole = rf.load(f"{HERE / 'adapter.py'}:NotionalVault")
    broken = rf.solidity(HERE / "contracts", BUGS[name].edits)
    return type(name, (whole,), {"project": broken, "bugs": BUGS})
