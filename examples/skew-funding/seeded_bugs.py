"""Bugs to seed in the market with funding by skew, each with the property that must show it.

``seeded_bugs.py:FundingPaidToNobody`` names the adapter of the market with that bug in it.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ringfence as rf

HERE = Path(__file__).parent
MARKET, POOL = "Market.vy", "pool.vy"


@dataclass(frozen=True)
class Bug:
    """Replacements that must each match exactly once."""

    property_id: str
    says: str
    edits: tuple[rf.Edit, ...]


BUGS = {
    "FundingPaidToNobody": Bug(
        "FUN-3",
        "A position that owes funding pays it when it goes, and the pool does not get it.",
        (
            rf.Edit(
                MARKET,
                "convert(left, int256), held.cost)",
                "convert(left, int256) - max(0, funding._owed(held.size, held.entry)), held.cost)",
            ),
        ),
    ),
    "DeficitNettedAgainstMargins": Bug(
        "CUS-1",
        "A deficit is booked to the pool as if it were paid, whatever insurance has: others' margins pay.",
        (
            rf.Edit(
                MARKET,
                "        pool._settle(convert(pool._draw(convert(-equity, uint256)), int256), 0)",
                "        pool._draw(convert(-equity, uint256))\n        pool._settle(-equity, 0)",
            ),
        ),
    ),
    "LiquidationPassesTheLock": Bug(
        "LOC-1",
        "A liquidation asks the feed again, and so has another price than the trades before it in its block.",
        (
            rf.Edit(
                MARKET,
                "    price: uint256 = self._sync()\n    value: uint256",
                "    price_lock.locked_at = 0\n    price: uint256 = self._sync()\n    value: uint256",
            ),
        ),
    ),
    "FundingBySizesAfterADecrease": Bug(
        "FUN-2",
        "A decrease takes its part off the open interest first, and accrues by the skew that is left.",
        (
            rf.Edit(
                MARKET,
                '    assert 0 < size and size < book._magnitude(held.size), "bad size"\n',
                '    assert 0 < size and size < book._magnitude(held.size), "bad size"\n'
                "    funding._reduce(book._signed(size, held.size > 0))\n",
            ),
            rf.Edit(MARKET, "    funding._reduce(part.size)\n", ""),
        ),
    ),
    "SurplusOfTheInsuranceLost": Bug(
        "CUS-1",
        "What the insurance gets beyond its target is nobody's.",
        (rf.Edit(POOL, "    self.liquidity += assets - insured\n", ""),),
    ),
    "DiscountedFeeBookedInFull": Bug(
        "CUS-1",
        "Pool and insurance get the whole fee also from an account that pays half of it.",
        (
            rf.Edit(
                MARKET,
                "    self._charge(fee)\n    pool._reserve(cost)\n",
                "    self._charge(rounding._share(cost, 1_000))\n    pool._reserve(cost)\n",
            ),
        ),
    ),
}


def __getattr__(name: str) -> Any:
    """Return the adapter of the market with the bug of that name."""
    if name not in BUGS:
        raise AttributeError(name)
    whole = rf.load(f"{HERE / 'adapter.py'}:SkewFunding")
    broken = rf.vyper(HERE / "contracts", BUGS[name].edits)
    return type(name, (whole,), {"project": broken, "bugs": BUGS})
