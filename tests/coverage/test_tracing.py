"""Branches as what a search is guided by."""

from pathlib import Path

import pytest
from ringfence.engine.budget import Budget
from ringfence.engine.features import Feature
from ringfence.engine.proposals import GuidedProposals
from ringfence.engine.search import Search
from ringfence.engine.target import Target
from ringfence.measure.coverage.tracing import BranchTracer
from ringfence.types.actions import CallSequence, Step
from ringfence.types.roles import OWNER, TRADERS
from ringfence.vaults.isolated_margin.actions import AddMargin, Donate, SetPrice
from ringfence.vaults.isolated_margin.markets import STANDARD
from ringfence.vaults.isolated_margin.target import our_vault

ROOT = Path(__file__).resolve().parents[2]
NOTIONAL = "examples/notional-vault/adapter.py:NotionalVault"
DONATIONS = 2
CALLS = 100
STEPS = 2_000


class DonationTracer:
    """Sees something in sequences with two donations, which nothing else shows."""

    is_given = False

    def new(self, market: str, sequence: CallSequence) -> frozenset[Feature]:
        """Return it once."""
        found = frozenset[Feature]() if self.is_given else self.all(market, sequence)
        self.is_given = self.is_given or bool(found)
        return found

    def all(self, market: str, sequence: CallSequence) -> frozenset[Feature]:
        """Return it for every such sequence."""
        count = sum(isinstance(step.action, Donate) for step in sequence)
        return frozenset({"two donations"} if count >= DONATIONS else ())


@pytest.mark.slow
def test_search__with_a_tracer__stores_and_reduces_sequences_for_what_it_sees() -> None:
    """A sequence is stored for what only the tracer sees in it, and reduced without losing that."""
    tracer = DonationTracer()
    search = Search(our_vault(), 1, markets=(STANDARD.name,), tracer=tracer, is_checked=False)
    assert isinstance(search.proposals, GuidedProposals)
    for _ in range(CALLS):
        search.run(Budget(None, None, STEPS))
        entries = search.proposals.stored(STANDARD.name)
        found = [entry for entry in entries if "two donations" in entry.reached]
        if found and found[0].is_shrunk:
            break
    assert [entry.is_shrunk for entry in found] == [True]
    assert sum(isinstance(step.action, Donate) for step in found[0].sequence) >= DONATIONS


@pytest.mark.slow
def test_branch_tracer__gives_a_branch_once_and_all_of_a_sequence_always() -> None:
    """What is new is given for the first sequence that goes there; a refused step's branches are among it."""
    tracer = BranchTracer("isolated-margin")
    nobody = (Step(AddMargin(TRADERS[0], 7, 1, TRADERS[0]), 1),)
    stale = (Step(SetPrice(OWNER, STANDARD.answer, 1), 1),)
    first, again = tracer.new(STANDARD.name, nobody), tracer.new(STANDARD.name, nobody)
    assert "live.owner == address(0) is true" in {f"{way.text} is {way.way}" for way in first}
    assert not again
    everything = tracer.all(STANDARD.name, nobody)
    assert first <= everything
    assert not tracer.all(STANDARD.name, stale) & (first - tracer.all(STANDARD.name, ()))


@pytest.mark.slow
def test_branch_tracer__of_any_vault__follows_its_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """A vault behind an adapter is guided by its branches as ours is: what a search did is nothing new."""
    monkeypatch.chdir(ROOT)
    tracer = BranchTracer(NOTIONAL)
    search = Search(Target.named(NOTIONAL), 1, tracer=tracer)
    search.run(Budget(None, None, 100))
    market = next(iter(search.markets))
    assert tracer.all(market, ())
    assert not tracer.new(market, ())
