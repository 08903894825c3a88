"""A search reaches every corner, finds what is seeded, makes it short, and is repeated by its seed."""

from collections.abc import Callable
from random import Random
from types import SimpleNamespace
from typing import Any, cast

import pytest
from isolated_margin import liquidation
from rich.console import Console
from ringfence.engine.budget import Budget
from ringfence.engine.executors import Executor
from ringfence.engine.generators.generator import Generator
from ringfence.engine.generators.rules import rules_of
from ringfence.engine.result import SearchResult
from ringfence.engine.search import Search
from ringfence.engine.stats import DONE, Stats
from ringfence.engine.system import MODEL
from ringfence.report.search_tables import tables
from ringfence.types.actions import Step
from ringfence.vaults.isolated_margin.actions import Liquidate
from ringfence.vaults.isolated_margin.markets import MARKETS
from ringfence.vaults.isolated_margin.rules import FrozenPriceRules
from ringfence.vaults.isolated_margin.target import our_vault

from tests.machine.models import opened

SEED = 1
STEPS = 30_000
RUNS = 60
TURNS = 100  # of a run
SHORT = Budget(None, None, 1_000)


def as_text(result: SearchResult) -> str:
    """Return the tables as they are seen in a terminal of 110 columns."""
    console = Console(width=110, color_system=None)
    with console.capture() as captured:
        console.print(*tables(result, our_vault()), sep="\n\n")
    return captured.get()


def test_search__our_vault__reaches_all_finds_nothing(record_property: Callable[[str, object], None]) -> None:
    done = Search(our_vault(), SEED, is_checked=False).run(Budget(None, None, STEPS))
    record_property(f"table:a search, seed {SEED}: {done.steps:,} steps", as_text(done))
    assert done.findings == {}
    assert done.missing == []


def test_search__is_decided_by_its_seed() -> None:
    first, again, other = (Search(our_vault(), seed).run(SHORT) for seed in (SEED, SEED, SEED + 1))
    assert first.stats == again.stats != other.stats


def test_search__off_by_one_in_the_model__is_found_and_made_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(liquidation, "ROUNDING_SLACK", liquidation.ROUNDING_SLACK - 1)
    done = Search(our_vault(), SEED + 3, is_checked=False).run(Budget(None, None, STEPS))
    ((cause, found),) = done.findings.items()
    assert cause.property_id == MODEL
    assert len(found.sequence) <= 4  # a price to open at, the open, a price to fall to, the liquidation
    assert isinstance(found.sequence[-1].action, Liquidate)
    assert found.cause.differences[0].field.startswith("returned")


def test_frozen_price__nobody_is_liquidated_or_deleveraged() -> None:
    random, stats = Random(SEED), Stats()
    for _ in range(RUNS):
        setup = random.choice(MARKETS)
        vault = opened(setup)

        def do(step: Step, look: Any, vault: Any = vault) -> None:
            stats.note(step.action, vault.apply(step), ())

        generator = Generator(FrozenPriceRules(), rules_of(FrozenPriceRules), setup, random)
        generator.start(cast(Executor, SimpleNamespace(model=vault)), do)
        for _ in range(TURNS):
            generator.play()
    assert stats.outcomes["Open", DONE] > RUNS
    assert stats.outcomes["Liquidate", "NotLiquidatable"] > RUNS
    assert stats.outcomes["Liquidate", DONE] == stats.outcomes["Deleverage", DONE] == 0
