"""A search reaches every corner, finds what is planted, makes it short, and is repeated by its seed."""

from collections.abc import Callable

import pytest
from isolated_margin import liquidation
from rich.console import Console
from ringfence.engine.arena import Arena
from ringfence.engine.budget import Budget
from ringfence.engine.tally import DONE, Tally
from ringfence.report.tally_tables import tables
from ringfence.vaults.isolated_margin.actions import Liquidate
from ringfence.vaults.isolated_margin.markets import MARKETS
from ringfence.vaults.isolated_margin.rules import FrozenPriceRules, MovingPriceRules
from ringfence.vaults.isolated_margin.rules.hypothesis_campaign import search

from tests.machine.mirrors import mirrored

SEED = 1
RUNS = 120
ONE_BATCH = Budget(runs=1, seconds=None)


def as_text(tally: Tally) -> str:
    """Return the three tables as they are seen in a terminal of 110 columns."""
    console = Console(width=110, color_system=None)
    with console.capture() as captured:
        console.print(*tables(tally), sep="\n\n")
    return captured.get()


def ignore(tally: Tally) -> None:
    """Take no interest in progress."""


def test_search__default_machine__reaches_everything_and_finds_nothing(
    arena: Arena, record_property: Callable[[str, object], None]
) -> None:
    """Vault and model agree on every step; every action, situation and error comes up."""
    done = search(MovingPriceRules, arena, SEED, Budget(RUNS, None), ignore)
    record_property(f"table:the machine, seed {SEED}: {done.tally.steps:,} steps", as_text(done.tally))
    assert done.disagreement is None
    assert done.tally.missing() == []


def test_search__is_decided_by_its_seed() -> None:
    """The same seed does the same again, another one does something else."""
    first, again, other = (
        search(MovingPriceRules, Arena(mirrored, MARKETS), seed, ONE_BATCH, ignore)
        for seed in (SEED, SEED, SEED + 1)
    )
    assert first.tally == again.tally != other.tally


def test_search__off_by_one_in_the_model__is_found_and_made_short(
    arena: Arena, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A liquidation that leaves one unit less of slack is found, and told in a few steps from the opening."""
    monkeypatch.setattr(liquidation, "ROUNDING_SLACK", liquidation.ROUNDING_SLACK - 1)
    found = search(MovingPriceRules, arena, SEED, Budget(RUNS, None), ignore).disagreement
    assert found is not None
    assert len(found.program) <= 4  # a price to open at, the open, a price to fall to, the liquidation
    assert isinstance(found.program[-1].action, Liquidate)
    assert found.differences[0].startswith("returned: model")


def test_search__interrupted__tells_what_was_done(mirrors: Arena) -> None:
    """Ctrl-C ends a search in good order."""

    def interrupt(tally: Tally) -> None:
        raise KeyboardInterrupt

    done = search(MovingPriceRules, mirrors, SEED, Budget(RUNS, None), interrupt)
    assert done.is_interrupted
    assert done.tally.steps > 0


def test_frozen_price__nobody_is_liquidated_or_deleveraged(mirrors: Arena) -> None:
    """At one price and one time, nothing that accounts do makes a position liquidatable."""
    tally = search(FrozenPriceRules, mirrors, SEED, Budget(RUNS // 2, None), ignore).tally
    assert tally.outcomes["Open", DONE] > RUNS
    assert tally.outcomes["Liquidate", "NotLiquidatable"] > RUNS
    assert tally.outcomes["Liquidate", DONE] == tally.outcomes["Deleverage", DONE] == 0
