"""What valuation, balances and totals show: bugs seeded in the examples, each found by its property alone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import ringfence as rf
from ringfence.engine.budget import Budget
from ringfence.engine.objective import Violations
from ringfence.engine.search import Search
from ringfence.engine.target import Target

EXAMPLES = Path(__file__).parents[2] / "examples"
STEPS = 6_000
SEEDS = (1, 2, 3)


class Seeded(NamedTuple):
    """A bug in an example, and the property that must show it."""

    says: str
    property_id: str
    folder: str
    adapter: str
    project: Callable[..., Any]
    edits: tuple[rf.Edit, ...]


def notional(says: str, *edits: rf.Edit) -> Seeded:
    """Return a bug in the notional vault, where closing in turn shows it."""
    return Seeded(says, "EXI-1", "notional-vault", "NotionalVault", rf.solidity, edits)


def lending(says: str, property_id: str, *edits: rf.Edit) -> Seeded:
    """Return a bug in the lending market."""
    return Seeded(says, property_id, "lending-market", "LendingMarket", rf.solidity, edits)


def skew(says: str, property_id: str, *edits: rf.Edit) -> Seeded:
    """Return a bug in the market with funding by skew."""
    return Seeded(says, property_id, "skew-funding", "SkewFunding", rf.vyper, edits)


LENDING, MARKET = "LendingMarket.sol", "Market.vy"
BUGS = {
    "ReleasedTwice": notional(
        "Closing releases twice what is reserved where there is as much: the last finds too little.",
        rf.Edit(
            "Custody.sol", "reserved -= assets;", "reserved -= 2 * assets <= reserved ? 2 * assets : assets;"
        ),
    ),
    "UnevenPartRefused": skew(
        "A part can be closed only if its cost is a whole number of units.",
        "EXI-1",
        rf.Edit(
            MARKET,
            "    part: book.Position = book._part(held, size)\n    gain",
            "    part: book.Position = book._part(held, size)\n"
            '    assert held.cost * size % book._magnitude(held.size) == 0, "uneven"\n    gain',
        ),
    ),
    "DeficitBookedAsPaid": skew(
        "A deficit is booked to the pool as if it were paid, whatever insurance has: others' margins pay.",
        "LIQ-5",
        rf.Edit(
            MARKET,
            "        pool._settle(convert(pool._draw(convert(-equity, uint256)), int256), 0)",
            "        pool._draw(convert(-equity, uint256))\n        pool._settle(-equity, 0)",
        ),
    ),
    "BadDebtForgotten": lending(
        "What a liquidation cannot recover is not taken off what lenders are owed.",
        "CUS-1",
        rf.Edit(LENDING, "        supplied -= bad - fromReserve;\n", ""),
    ),
    "SharesStayAfterTheExit": lending(
        "Who is paid out from the queue leaves shares in the supply, for nobody.",
        "LPS-1",
        rf.Edit(LENDING, "        totalSupplyShares -= first.shares;\n", ""),
    ),
    "LendersPayTheBonus": lending(
        "The liquidator's bonus is written off, on top of the debt that nobody has paid.",
        "LPS-1",
        rf.Edit(LENDING, "_writeOff(owed - paid);", "_writeOff(owed - paid + paid / 20);"),
    ),
    "FundingPaidToNobody": skew(
        "A position that owes funding pays it when it goes, and the pool does not get it.",
        "CAR-1",
        rf.Edit(
            MARKET,
            "convert(left, int256), held.cost)",
            "convert(left, int256) - max(0, funding._owed(held.size, held.entry)), held.cost)",
        ),
    ),
}


def vault(bug: Seeded, *, is_broken: bool = True) -> type[Any]:
    """Return the adapter of an example, with a bug in it or sound."""
    whole = rf.load(f"{EXAMPLES / bug.folder / 'adapter.py'}:{bug.adapter}")
    edits = bug.edits if is_broken else ()
    return type(bug.adapter, (whole,), {"project": bug.project(EXAMPLES / bug.folder / "contracts", edits)})


@pytest.mark.parametrize("name", BUGS)
def test_seeded_bug__by_any_seed__is_found_by_its_property_alone(name: str) -> None:
    target = Target(vault(BUGS[name]))
    for seed in SEEDS:
        only = Violations({BUGS[name].property_id})
        found = Search(target, seed=seed, objective=only).run(Budget(None, None, STEPS)).finding
        assert found is not None, f"seed {seed}"
        assert found.property_id == BUGS[name].property_id
