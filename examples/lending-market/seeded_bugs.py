"""Bugs to seed in the lending market, each with the property that must show it.

``seeded_bugs.py:RepaymentRoundedDown`` names the adapter of the market with that bug in it.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ringfence as rf

HERE = Path(__file__).parent
MARKET, QUEUE = "LendingMarket.sol", "WithdrawalQueue.sol"


@dataclass(frozen=True)
class Bug:
    """Replacements that must each match exactly once."""

    property_id: str
    says: str
    edits: tuple[rf.Edit, ...]


BUGS = {
    "BadDebtStaysInTheSupply": Bug(
        "CUS-1",
        "What a liquidation cannot recover is not taken off what lenders are owed.",
        (rf.Edit(MARKET, "        supplied -= bad - fromReserve;\n", ""),),
    ),
    "RepaymentRoundedDown": Bug(
        "LEN-4",
        "A part of a debt costs a unit less than its shares are worth.",
        (rf.Edit(MARKET, "paid = debtOf(shares);", "paid = (shares * borrowed) / totalDebtShares;"),),
    ),
    "SteepInterestPaidToNobody": Bug(
        "CUS-1",
        "Borrowers pay what is added above the kink, and neither lenders nor the reserve get it.",
        (
            rf.Edit(
                MARKET, "cut = ((plain + extra) * RESERVE_CUT) / PPM;", "cut = (plain * RESERVE_CUT) / PPM;"
            ),
            rf.Edit(MARKET, "supplied += plain + extra - cut;", "supplied += plain - cut;"),
        ),
    ),
    "CoveredDebtTakenFromLendersToo": Bug(
        "CUS-1",
        "Bad debt that the reserve covers in full is taken off the supply a second time.",
        (
            rf.Edit(
                MARKET,
                "supplied -= bad - fromReserve;",
                "supplied -= fromReserve < bad ? bad - fromReserve : bad;",
            ),
        ),
    ),
    "QueueOneTooLong": Bug(
        "LEN-2",
        "A ninth request is taken into the ring of eight, and the first in the queue is forgotten.",
        (rf.Edit(QUEUE, "tail - head >= PLACES", "tail - head > PLACES"),),
    ),
}


def __getattr__(name: str) -> Any:
    """Return the adapter of the market with the bug of that name."""
    if name not in BUGS:
        raise AttributeError(name)
    whole = rf.load(f"{HERE / 'adapter.py'}:LendingMarket")
    broken = rf.solidity(HERE / "contracts", BUGS[name].edits)
    return type(name, (whole,), {"project": broken, "bugs": BUGS})
