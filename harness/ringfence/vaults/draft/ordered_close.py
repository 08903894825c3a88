"""Trying a close that is asked for first and executed later, on a drafted adapter."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from ringfence.types.actions import Action, Alphabet
from ringfence.types.kinds import Kind
from ringfence.types.outcome import Outcome, Refused
from ringfence.types.roles import LIQUIDATORS, OWNER, TRADERS
from ringfence.types.state import VaultState
from ringfence.vaults.draft.first_trade import outcome_of


class OrderedClose:
    """Closes the first position that is open, in two steps."""

    def __init__(self, adapter: Any, alphabet: Alphabet) -> None:
        """Take an adapter with an open position."""
        self._adapter, self._alphabet = adapter, alphabet
        self._position, held = next(iter(adapter.observe().positions.items()))
        self._owner: str = held.owner
        self._buys: bool = held.size < 0

    def delay(self) -> int | None:
        """Return the shortest wait after which the close is executed; None when none of the facts' is."""
        return next(filter(self._works, sorted({0, *self._adapter.facts.seconds})), None)

    def refusals(self, delay: int) -> tuple[str, ...]:
        """Return how asking is refused: to others, for the second time, of what is closed."""
        other = next(each for each in TRADERS if each != self._owner)
        with self._taken_back():
            found = [self._ask(other), self._ask(self._owner), self._ask(self._owner)]
        with self._taken_back():
            list(self.states(delay))
            found.append(self._ask(self._owner))
        return tuple(dict.fromkeys(each.label for each in found if isinstance(each, Refused)))

    def states(self, delay: int) -> Iterator[VaultState]:
        """Yield the state after the close was asked for, and the one after it was executed."""
        self._ask(self._owner)
        yield self._adapter.observe()
        if self._alphabet.has(Kind.MOVES_PRICE):  # a price that is not too old
            price = self._alphabet.make(Kind.MOVES_PRICE, OWNER, answer=self._adapter.facts.answer)
            outcome_of(self._adapter, price, seconds=delay)
            delay = 0
        for execution in executions(self._adapter, self._position):
            outcome_of(self._adapter, execution, seconds=delay)
            delay = 0
        yield self._adapter.observe()

    def _works(self, delay: int) -> bool:
        with self._taken_back():
            *_, last = self.states(delay)
        return self._position not in last.positions

    def _ask(self, account: str) -> Outcome:
        return outcome_of(
            self._adapter,
            self._alphabet.make(Kind.ASKS_TO_CLOSE, account, position=self._position, buys=self._buys),
            seconds=0,
        )

    @contextmanager
    def _taken_back(self) -> Iterator[None]:
        mark = self._adapter.workspace.snapshot()
        yield
        self._adapter.workspace.restore(mark)


def executions(adapter: Any, position: int) -> Iterable[Action]:
    """Return the actions that carry out what was asked for a position."""
    declared = Alphabet(adapter.actions).of(Kind.EXECUTES)
    return [Alphabet([each]).make(Kind.EXECUTES, LIQUIDATORS[0], position=position) for each in declared]
