"""What a search for damage may do: how far and how often a price moves, and what keepers do about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ringfence.engine.guard import ValidatedVault
from ringfence.engine.system import System
from ringfence.types.actions import Step
from ringfence.types.kinds import Kind
from ringfence.types.outcome import Done
from ringfence.types.roles import LIQUIDATORS

AT_ONCE: Final = 8  # liquidations of one position after a step: partial ones follow each other


@dataclass(frozen=True, slots=True)
class Bounds:
    """One price is at most ``most_ppm`` from the one before, and there are at most ``moves`` of them.

    With ``keepers`` every position that can be liquidated is, after each step, and no step waits for longer
    than these seconds: keepers look at least as often. Nobody else liquidates then. With
    ``is_next_price_known`` who acts knows the next price.
    """

    most_ppm: int
    moves: int | None = None
    keepers: int | None = None
    is_next_price_known: bool = False

    def allows(self, step: Step, system: System) -> bool:
        """Return whether a step may be part of a run at all."""
        if step.action.kind is Kind.MOVES_PRICE and self.moves is not None:
            moved = sum(t.done and t.action.kind is Kind.MOVES_PRICE for t in system.transitions)
            return moved < self.moves
        return self.keepers is None or step.action.kind is not Kind.LIQUIDATES

    def seconds(self, step: Step) -> int:
        """Return how long a step waits."""
        return step.seconds if self.keepers is None else min(step.seconds, self.keepers)

    def liquidations(self, system: System) -> Iterator[Step]:
        """Yield what keepers do after a step, each when the one before it was carried out."""
        vault = system.vault
        if self.keepers is None or not system.actions.makes(Kind.LIQUIDATES):
            return
        assert isinstance(vault, ValidatedVault)
        for position in list(system.state.positions):
            action = system.actions.make(Kind.LIQUIDATES, LIQUIDATORS[0], position=position)
            step = Step(action, vault.soonest)
            for _ in range(AT_ONCE):
                if position not in system.state.positions or not isinstance(vault.foresee(step), Done):
                    break
                yield step
