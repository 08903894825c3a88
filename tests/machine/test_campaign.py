"""A search reaches every corner, finds what is planted, makes it short, and is repeated by its seed."""

import pytest
from isolated_margin import liquidation
from ringfence.actions import Liquidate
from ringfence.arena import Arena
from ringfence.campaign import Budget, search
from ringfence.machines import FrozenPriceMachine, MovingPriceMachine
from ringfence.tally import DONE, Tally

SEED = 1
RUNS = 120
ONE_BATCH = Budget(runs=1, seconds=None)


def ignore(tally: Tally) -> None:
    """Take no interest in progress."""


def test_search__default_machine__reaches_everything_and_finds_nothing(arena: Arena) -> None:
    """Vault and model agree on every step; every action, situation and error comes up."""
    done = search(MovingPriceMachine, arena, SEED, Budget(RUNS, None), ignore)
    assert done.disagreement is None
    assert done.tally.missing() == []


def test_search__same_seed__does_the_same(mirrors: Arena) -> None:
    """The seed alone decides what is drawn."""
    again = Arena(mirrors.start, mirrors.setups.values())
    first, second = (search(MovingPriceMachine, each, SEED, ONE_BATCH, ignore) for each in (mirrors, again))
    assert first.tally == second.tally


def test_search__other_seed__does_something_else(mirrors: Arena) -> None:
    """Two seeds are two searches."""
    other = Arena(mirrors.start, mirrors.setups.values())
    first = search(MovingPriceMachine, mirrors, SEED, ONE_BATCH, ignore)
    second = search(MovingPriceMachine, other, SEED + 1, ONE_BATCH, ignore)
    assert first.tally != second.tally


def test_search__off_by_one_in_the_model__is_found_and_made_short(
    arena: Arena, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A liquidation that leaves one unit less of slack is found, and told in a few steps from the opening."""
    monkeypatch.setattr(liquidation, "ROUNDING_SLACK", liquidation.ROUNDING_SLACK - 1)
    found = search(MovingPriceMachine, arena, SEED, Budget(RUNS, None), ignore).disagreement
    assert found is not None
    assert len(found.program) <= 4  # a price to open at, the open, a price to fall to, the liquidation
    assert isinstance(found.program[-1].action, Liquidate)
    assert found.differences[0].startswith("returned: model")


def test_search__interrupted__tells_what_was_done(mirrors: Arena) -> None:
    """Ctrl-C ends a search in good order."""

    def interrupt(tally: Tally) -> None:
        raise KeyboardInterrupt

    done = search(MovingPriceMachine, mirrors, SEED, Budget(RUNS, None), interrupt)
    assert done.is_interrupted
    assert done.tally.steps > 0


def test_frozen_price__nobody_is_liquidated_or_deleveraged(mirrors: Arena) -> None:
    """At one price and one time, nothing that accounts do makes a position liquidatable."""
    tally = search(FrozenPriceMachine, mirrors, SEED, Budget(RUNS, None), ignore).tally
    assert tally.outcomes["Open", DONE] > RUNS
    assert tally.outcomes["Liquidate", "NotLiquidatable"] > RUNS
    assert tally.outcomes["Liquidate", DONE] == tally.outcomes["Deleverage", DONE] == 0
