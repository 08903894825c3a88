"""Our own vault and its model keep every law, and every law is put to the test on them."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from ringfence.engine.contest import Contest
from ringfence.engine.hunt import Hunt
from ringfence.evm.chains.revm import RevmChain
from ringfence.types.actions import Step
from ringfence.types.roles import OWNER, TRADERS
from ringfence.vaults.isolated_margin.actions import Open, SetPrice
from ringfence.vaults.isolated_margin.examined import examine_model
from ringfence.vaults.isolated_margin.market import market
from ringfence.vaults.isolated_margin.markets import INFINITE, MARKETS, PLAIN, SIZE, MarketSetup

EMPTY = replace(PLAIN, name="empty", liquidity=0)  # where a first deposit can be made
LONG_ENOUGH = 600.0  # seconds; the steps run out before

Start = Callable[[MarketSetup], Contest]


def on_chain(setup: MarketSetup) -> Contest:
    """Deploy the vault on a chain of its own."""
    return market(RevmChain(), setup)


@pytest.mark.parametrize(
    ("start", "steps", "never_applies"),
    [
        (examine_model, 8_000, {"GAS-1"}),
        (on_chain, 8_000, set()),
        pytest.param(on_chain, 150_000, set(), marks=pytest.mark.slow),
    ],
    ids=["model", "vault", "vault, long"],
)
def test_laws__on_vault_and_model__all_hold_and_are_all_put_to_the_test(
    start: Start, steps: int, never_applies: set[str]
) -> None:
    """Nothing is found in so many steps, and no law held only because nothing was asked of it."""
    hunt = Hunt(start, (*MARKETS, EMPTY), seed=1)
    assert next(hunt.catches(None, LONG_ENOUGH, steps), None) is None
    assert hunt.untested == []
    assert not hunt.canaries.complaints
    assert hunt.never_applicable == never_applies


def test_laws__in_a_short_search__are_named_when_never_put_to_the_test() -> None:
    """A search that was too short to ask for something says what it did not ask for."""
    hunt = Hunt(examine_model, MARKETS, seed=1)
    assert next(hunt.catches(None, LONG_ENOUGH, steps=20), None) is None
    assert "LIQ-3" in hunt.untested
    assert "CUS-2" not in hunt.untested


def test_search__that_repeats_its_seed__does_the_same() -> None:
    """By the seed alone: as many steps, and every law put to the test as often."""
    hunts = [Hunt(examine_model, MARKETS, seed=3) for _ in range(2)]
    done = [(next(hunt.catches(None, LONG_ENOUGH, 500), None), hunt.steps, hunt.tested) for hunt in hunts]
    assert done[0] == done[1]


@pytest.mark.property("GAS-1")
def test_gas__where_the_crowd_brings_a_sum_to_zero__keeps_the_law() -> None:
    """A storage word that more positions empty costs once; only what each of them adds breaks the law."""
    size, margin = 833_332_500_000 * SIZE // 10**6, 9 * 10**6 * SIZE
    contest = on_chain(PLAIN)
    for step in (
        Step(Open(TRADERS[0], -size, margin, 0, INFINITE), 0),
        Step(Open(TRADERS[0], size, margin, INFINITE, INFINITE), 0),
        Step(SetPrice(OWNER, PLAIN.answer // 5, 0), 0),
    ):
        contest.apply(step)
    assert contest.end() == []
    assert contest.watched.inspection.checker.tested["GAS-1"]
