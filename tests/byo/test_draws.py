"""What a search of an adapter draws and tries: bursts, long runs, and trials for a fifth of the work."""

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

import pytest
from ringfence.engine.budget import Budget
from ringfence.engine.generators import generator
from ringfence.engine.search import Search
from ringfence.engine.speculation import SHARE
from ringfence.engine.system import System
from ringfence.engine.target import Target
from ringfence.evm.chains.revm import RevmChain

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
LENDING = f"{EXAMPLES / 'lending-market' / 'adapter.py'}:LendingMarket"
NOTIONAL = f"{EXAMPLES / 'notional-vault' / 'adapter.py'}:NotionalVault"
SKEW_FUNDING = f"{EXAMPLES / 'skew-funding' / 'adapter.py'}:SkewFunding"
STEPS = Budget(steps=600)


def test_search__of_a_vault_without_a_comparison__spends_a_fifth_on_trials() -> None:
    """The end of a first run is looked at whole, before anything else has been sent."""
    stats = Search(Target.named(LENDING), 1).run(Budget(steps=1_500)).stats
    assert 0 < stats.tried < 1.5 * SHARE * stats.messages


def longest_burst(seed: int) -> int:
    """Return how often one action was carried out in a row."""
    runs: list[int] = []

    def note(system: System) -> None:
        names = [t.action.name for t in system.transitions]
        runs.extend(len(list(same)) for _, same in groupby(names))

    Search(Target.named(NOTIONAL), seed, at_end=note).run(STEPS)
    return max(runs)


def test_search__at_times__repeats_one_action(monkeypatch: pytest.MonkeyPatch) -> None:
    with_bursts = longest_burst(1)
    monkeypatch.setattr(generator, "BURSTS", 0)
    assert with_bursts > longest_burst(1)


def test_search__of_long_runs__leaves_the_evm_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Marks take its call frames: where many are kept, nothing more is tried."""
    monkeypatch.setattr(generator, "OF_ACTIONS", (900,))
    done = Search(Target.named(NOTIONAL), 1).run(Budget(steps=900))
    assert (done.fault, done.finding) == ("", None)
    assert done.steps >= 900


def test_search__whatever_order_storage_is_read_in__does_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """The EVM's journal has none: its words come in another order in every process."""
    touched = RevmChain.touched

    def messages(order: int) -> list[int]:
        def reordered(chain: RevmChain, addresses: Iterable[str]) -> dict[str, dict[int, int]]:
            found = touched(chain, addresses)
            return {at: dict(sorted(words.items(), reverse=order < 0)) for at, words in found.items()}

        monkeypatch.setattr(RevmChain, "touched", reordered)
        stats = Search(Target.named(SKEW_FUNDING), 1).run(Budget(steps=200)).stats
        return [stats.messages, stats.tried]

    assert messages(1) == messages(-1)
