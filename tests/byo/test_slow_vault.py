"""A search keeps its seconds with an adapter of which every step is slow."""

from copy import deepcopy
from typing import Any

import pytest
import ringfence as rf
from ringfence.engine import guard, search
from ringfence.engine.budget import Budget
from ringfence.engine.search import SECONDS_TO_SHRINK, Search
from ringfence.engine.target import Target
from ringfence.types.actions import Step

from tests.byo.paper_vault import PaperVault

SLOW = 0.5  # seconds that a step takes
SECONDS = 60
FEW = 14
AGAIN = 40  # times that a sequence is repeated to make a finding of it, trials among them


class Clock:
    """Shows the time that adapters have taken."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Have a search look at a clock that only slow steps move."""
    shown, apply = Clock(), PaperVault.apply

    def slow(self: PaperVault, step: Step) -> rf.Outcome:
        shown.now += SLOW
        return apply(self, step)

    monkeypatch.setattr(PaperVault, "apply", slow)
    for module in (guard, search):
        monkeypatch.setattr(module, "monotonic", shown)
    return shown


class Rewound(PaperVault):
    """A vault that goes back without doing its steps again."""

    def snapshot(self) -> object:
        """Return a copy of all that it holds."""
        return deepcopy((self.positions, self.accounts, self.price, self.opened))

    def restore(self, mark: Any) -> None:
        """Go back to a copy."""
        self.positions, self.accounts, self.price, self.opened = deepcopy(mark)


class Wasteful(Rewound):
    """Every open pays its owner."""

    def open(self, account: str, size: int, margin: int) -> rf.Outcome:
        outcome = super().open(account, size, margin)
        self.accounts[account] += isinstance(outcome, rf.Done)
        return outcome


@pytest.mark.parametrize("seed", range(4))
def test_seconds__slow_vault__are_kept(clock: Clock, seed: int) -> None:
    done = Search(Target(Rewound), seed).run(Budget(seconds=SECONDS))
    assert done.steps > 0
    assert clock.now <= SECONDS + SLOW


@pytest.mark.parametrize("seed", range(3))
def test_seconds__slow_vault_with_a_bug__are_kept_but_for_shrinking(clock: Clock, seed: int) -> None:
    """A sequence that was not shrunk to its end is a finding all the same."""
    done = Search(Target(Wasteful), seed).run(Budget(seconds=FEW))
    assert done.finding
    assert done.finding.sequence
    assert clock.now <= FEW + SECONDS_TO_SHRINK + len(done.finding.sequence) * AGAIN * SLOW
