"""What an adapter allows the steps of a search: which prices, and which waits."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from ringfence.types.actions import Action, CallSequence, Step, parameters_of
from ringfence.types.parameter_kinds import FeedAnswer


@dataclass(frozen=True, slots=True)
class Limits:
    """The lowest and the highest price, None without bounds; the seconds that each block takes, 0 where any
    number may pass; whether no two transactions share a block.
    """

    prices: tuple[int, int] | None = None
    block_time: int = 0
    is_alone: bool = False

    @staticmethod
    def of(adapter: Any) -> "Limits":
        """Return the limits that an adapter states."""
        facts = adapter.facts
        return Limits(facts.prices, facts.block_time, getattr(adapter, "one_transaction_per_block", False))

    @property
    def soonest(self) -> int:
        """Return the shortest wait, in seconds."""
        return (self.block_time or 1) if self.is_alone else 0

    def timed(self, step: Step) -> Step:
        """Return a step that waits for whole blocks, of its own if need be."""
        length = self.block_time or 1
        seconds = max(self.soonest, -(-step.seconds // length) * length)
        return step if seconds == step.seconds else replace(step, seconds=seconds)

    def bounded(self, step: Step) -> Step:
        """Return a step with its wait and its prices as they are allowed."""
        action = step.action if self.prices is None else _within(step.action, *self.prices)
        return self.timed(step if action is step.action else replace(step, action=action))

    def allow(self, sequence: Sequence[Step]) -> bool:
        """Return whether a sequence keeps the limits."""
        return all(self.bounded(step) == step for step in sequence)

    def all_timed(self, sequence: Sequence[Step]) -> CallSequence:
        """Return a sequence that a person wrote, whose prices may be any, with its waits as allowed."""
        return tuple(map(self.timed, sequence))


def _within(action: Action, lowest: int, highest: int) -> Action:
    """Return an action whose prices are within bounds."""
    priced = [name for name, kind in parameters_of(type(action)).items() if isinstance(kind, FeedAnswer)]
    bounded = {name: min(max(getattr(action, name), lowest), highest) for name in priced}
    changes = {name: value for name, value in bounded.items() if value != getattr(action, name)}
    return action.replaced(**changes) if changes else action
