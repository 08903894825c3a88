"""Trying things out: actions that are undone again, so that a question to the vault changes nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

from ringfence.properties.book import Valuation, ValuedState
from ringfence.types.actions import Action, Alphabet, Step
from ringfence.types.adapter import RewindableVault
from ringfence.types.kinds import Kind
from ringfence.types.moment import Moment
from ringfence.types.outcome import Done, Outcome
from ringfence.types.state import VaultState


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
        """Pause by any officer who may; return whether it was carried out."""
        actions, officers = self._branch.actions, self._branch.state.officers.values()
        pauses = (actions.make(Kind.PAUSES, officer) for officer in officers if officer)
        return actions.makes(Kind.PAUSES) and any(self.does(pause) for pause in pauses)

    def observe(self) -> VaultState:
        """Return the state now."""
        return self.vault.observe()

    def book(self) -> ValuedState | None:
        """Return the state now, valued; None without a price."""
        return self.book_of(self.observe())

    def book_of(self, state: VaultState) -> ValuedState | None:
        """Return a state, valued now; None without a price."""
        valuation = self._branch.valuation
        return valuation.book(state, self.moment) if valuation else None


class Branch:
    """A state to try things from. ``last`` is the action that led to it, None for a vault as deployed.

    ``actions`` are the vault's; a property needs the kinds that it makes.
    """

    def __init__(
        self,
        vault: RewindableVault,
        actions: Alphabet,
        state: VaultState,
        moment: Moment,
        valuation: Valuation | None,
        last: Action | None,
    ) -> None:
        self.vault = vault
        self.actions = actions
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

    def opening(self, account: str, size: int, margin: int) -> Action:
        """Return an open at any price: a long when ``size`` is positive."""
        return self.actions.make(Kind.OPENS, account, buys=size > 0, size=size, assets=margin)

    def increasing(self, position: int, size: int) -> Action:
        """Return the increase of a position by its owner at any price, without more margin."""
        return self._traded(Kind.INCREASES, position, is_larger=True, size=size)

    def decreasing(self, position: int, size: int) -> Action:
        """Return the decrease of a position by its owner at any price."""
        return self._traded(Kind.DECREASES, position, size=size)

    def closing(self, position: int, kind: Kind = Kind.CLOSES) -> Action:
        """Return the close of a position by its owner at any price, or what asks for it."""
        return self._traded(kind, position)

    @property
    def execution_delay(self) -> int:
        """Return how long after an order it can be executed, in seconds."""
        return int(getattr(getattr(self.vault, "facts", None), "execution_delay", 0))

    def _traded(self, kind: Kind, position: int, *, is_larger: bool = False, **values: int) -> Action:
        held = self.state.positions[position]
        buys = (held.size > 0) == is_larger
        return self.actions.make(kind, held.owner, buys=buys, position=position, **values)
