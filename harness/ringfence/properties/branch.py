"""Trying things out: actions that are undone again, so that a question to the vault changes nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from ringfence.properties.book import Book, Valuation
from ringfence.types.actions import Action, Step
from ringfence.types.adapter import RewindableVault
from ringfence.types.moment import Moment
from ringfence.types.outcome import Done, Outcome
from ringfence.types.state import VaultState
from ringfence.vaults.isolated_margin.actions import Close, Decrease, Open, Pause

NEVER: Final = 2**256 - 1  # as a deadline
MAX_UINT: Final = 2**256 - 1


class Trial:
    """A vault in use, until the end of the trial."""

    def __init__(self, branch: "Branch") -> None:
        self.vault = branch.vault
        self.moment = branch.moment
        self._branch = branch

    def apply(self, action: Action, seconds: int = 0) -> Outcome:
        """Send an action, by default in the block of the last one."""
        step = Step(action, seconds)
        outcome = self.vault.apply(step)
        self.moment = self.moment.at(step, done=isinstance(outcome, Done))
        self._branch.outcomes.append((action, outcome))
        return outcome

    def does(self, action: Action, seconds: int = 0) -> bool:
        """Send an action; return whether it was carried out."""
        return isinstance(self.apply(action, seconds), Done)

    def pauses(self) -> bool:
        """Pause by whoever may; return whether it was carried out."""
        return any(self.does(Pause(officer)) for officer in self._branch.state.officers.values() if officer)

    def observe(self) -> VaultState:
        """Return the state now."""
        return self.vault.observe()

    def book(self) -> Book | None:
        """Return the state now, valued; None without a price."""
        valuation = self._branch.valuation
        return valuation.book(self.observe(), self.moment) if valuation else None


class Branch:
    """A state to try things from. ``last`` is the action that led to it, None for a vault as deployed."""

    def __init__(
        self,
        vault: RewindableVault,
        state: VaultState,
        moment: Moment,
        valuation: Valuation | None,
        last: Action | None,
    ) -> None:
        self.vault = vault
        self.state = state
        self.moment = moment
        self.valuation = valuation
        self.last = last
        self.book = valuation.book(state, moment) if valuation else None
        self.outcomes: list[tuple[Action, Outcome]] = []
        self._mark: object = None

    @contextmanager
    def trial(self) -> Iterator[Trial]:
        """Give the vault in this state, and bring it back to it."""
        if self._mark is None:
            self._mark = self.vault.snapshot()
        try:
            yield Trial(self)
        finally:
            self.vault.restore(self._mark)

    def closing(self, position: int) -> Close:
        """Return the close of a position by its owner at whatever price."""
        held = self.state.positions[position]
        return Close(held.owner, position, worst_price(-held.size), NEVER)

    def decreasing(self, position: int, size: int) -> Decrease:
        """Return the decrease of a position by its owner at whatever price."""
        held = self.state.positions[position]
        return Decrease(held.owner, position, size, worst_price(-held.size), NEVER)


def opening(account: str, size: int, margin: int) -> Open:
    """Return an open at whatever price."""
    return Open(account, size, margin, worst_price(size), NEVER)


def worst_price(size: int) -> int:
    """Return the limit that every price keeps when ``size`` is traded: bought when positive."""
    return MAX_UINT if size > 0 else 0
