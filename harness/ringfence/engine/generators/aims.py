"""What is to happen to a position at a price: reached at its worst price, and from there up to some other."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from ringfence.engine.guard import ValidatedVault
from ringfence.properties.abilities import Ability
from ringfence.properties.transition import wealth
from ringfence.types.actions import Action, CallSequence, Step, first_parameter
from ringfence.types.kinds import Kind
from ringfence.types.outcome import Done, Outcome
from ringfence.types.parameter_kinds import FeedAnswer
from ringfence.types.parameters import MAX_INT
from ringfence.types.roles import LIQUIDATORS
from ringfence.types.state import VaultState

WORST: Final = 2  # a price falls to a half, or doubles


class Goal(StrEnum):
    """What happens to a position."""

    LIQUIDATED = "it can be liquidated"
    WORTHLESS = "it can be liquidated, and its owner gets nothing"
    STUCK = "it can't be closed"


def goals_of(vault: ValidatedVault) -> tuple[Goal, ...]:
    """Return what can happen to positions of a vault, by the actions that can be made of it."""
    liquidates = vault.actions.makes(Kind.LIQUIDATES)
    offered = {
        Goal.LIQUIDATED: liquidates,
        Goal.WORTHLESS: liquidates and Ability.BALANCES in vault.abilities,
        Goal.STUCK: vault.actions.makes(Kind.CLOSES),
    }
    return tuple(goal for goal, is_offered in offered.items() if is_offered)


class Aim:
    """A goal for one position, by an action that moves the price. ``span`` is how far the best answer is
    from the worst.
    """

    def __init__(
        self, vault: ValidatedVault, move: Action, goal: Goal, position: int, state: VaultState
    ) -> None:
        self.goal, self.position, self.held = goal, position, state.positions[position]
        self._vault, self._move, self._before = vault, move, state
        lowest, highest = vault.facts.prices or (0, MAX_INT)
        low = max(lowest, vault.facts.answer // WORST)
        high = min(highest, vault.facts.answer * WORST)
        self._worst, self._direction = (low, 1) if self.held.size > 0 else (high, -1)
        self.span = high - low
        kind, who = (
            (Kind.CLOSES, self.held.owner) if goal is Goal.STUCK else (Kind.LIQUIDATES, LIQUIDATORS[0])
        )
        self._then = vault.actions.make(kind, who, buys=self.held.size < 0, position=position)

    @property
    def key(self) -> tuple[Goal, int, int, int, int]:
        """Return what the edge depends on, as long as nothing accrues."""
        held = self.held
        return self.goal, held.size, held.margin, held.entry_price_wad, held.quote

    def answer(self, away: int) -> int:
        """Return the answer that is so far from the worst."""
        return self._worst + self._direction * away

    def distance(self, answer: int) -> int:
        """Return how far from the worst an answer is."""
        return (answer - self._worst) * self._direction

    def steps(self, away: int) -> CallSequence:
        """Return the steps that show whether the goal is reached: the price, and what it is for."""
        name = first_parameter(type(self._move), (FeedAnswer,))
        assert name is not None
        return Step(self._move.replaced(**{name: self.answer(away)}), 1), Step(self._then, 1)

    def is_reached(self, outcomes: Sequence[Outcome]) -> bool:
        """Return whether these steps have reached the goal, in the state after them."""
        moved, done = (isinstance(each, Done) for each in outcomes)
        match self.goal:
            case Goal.LIQUIDATED:
                return moved and done
            case Goal.WORTHLESS:
                return moved and done and self._owned(self._vault.observe()) <= self._owned(self._before)
            case Goal.STUCK:
                return moved and not done

    def _owned(self, state: VaultState) -> int:
        return wealth(state.account(self.held.owner))
