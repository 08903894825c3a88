"""Where an action is only just accepted, found by trying it and going back: no model is asked."""

from collections.abc import Callable
from random import Random
from typing import Final

from ringfence.engine.guard import ValidatedVault
from ringfence.types.actions import Action, CallSequence, Step, first_parameter
from ringfence.types.kinds import Kind
from ringfence.types.outcome import Done
from ringfence.types.parameter_kinds import AssetAmount, FeedAnswer
from ringfence.types.roles import LIQUIDATORS
from ringfence.types.state import VaultState

NUDGES: Final = (0, 0, -1, 1)
AMPLE: Final = 4  # times the usual margin
WORST: Final = 2  # a price falls to a half, or doubles
HAVE_EDGES: Final = (Kind.OPENS, Kind.REMOVES_MARGIN, Kind.LIQUIDATES, Kind.MOVES_PRICE)


class Edges:
    """Tries actions on a vault, and undoes them."""

    def __init__(self, vault: ValidatedVault) -> None:
        self._vault = vault

    def near(self, action: Action, state: VaultState, random: Random) -> Action:
        """Return the action with a value at its edge or one unit next to it; without an edge, unchanged."""
        nudge = random.choice(NUDGES)
        held = state.positions.get(action.position_named or 0)
        match action.kind:
            case Kind.OPENS:
                facts = self._vault.facts
                most = AMPLE * max(1, facts.margin * abs(action.size_traded) // facts.size)
                return self._with_assets(action, 0, most, nudge)
            case Kind.REMOVES_MARGIN if held:
                return self._with_assets(action, held.margin, 0, nudge)
            case Kind.LIQUIDATES if state.positions:
                due = [each for each in state.positions if self._does(Step(action.renamed(each), 0))]
                return action.renamed(random.choice(due)) if due else action
            case Kind.MOVES_PRICE if state.positions and self._vault.actions.has(Kind.LIQUIDATES):
                return self._at_liquidation(action, state, random, nudge)
            case _:
                return action

    def _with_assets(self, action: Action, refused: int, accepted: int, nudge: int) -> Action:
        """Return the action with the last amount of assets that is accepted, or one unit next to it."""
        name = first_parameter(type(action), (AssetAmount,))
        assert name is not None
        edge = self._between(refused, accepted, lambda assets: (Step(action.replaced(**{name: assets}), 1),))
        return action if edge is None else action.replaced(**{name: max(0, edge + nudge)})

    def _at_liquidation(self, action: Action, state: VaultState, random: Random, nudge: int) -> Action:
        """Return the answer nearest to the last one at which some position can be liquidated."""
        name = first_parameter(type(action), (FeedAnswer,))
        assert name is not None
        position = random.choice(list(state.positions))
        now, is_long = self._vault.facts.answer, state.positions[position].size > 0
        low, high = now // WORST, now * WORST
        liquidation = Step(self._vault.actions.make(Kind.LIQUIDATES, LIQUIDATORS[0], position=position), 1)
        edge = self._between(
            high if is_long else low,
            low if is_long else high,
            lambda answer: (Step(action.replaced(**{name: answer}), 1), liquidation),
        )
        return action if edge is None else action.replaced(**{name: max(1, edge + nudge)})

    def _between(self, refused: int, accepted: int, steps: Callable[[int], CallSequence]) -> int | None:
        """Return the last value accepted from ``accepted`` towards ``refused``; None without one."""
        mark = self._vault.snapshot()

        def does(value: int) -> bool:
            return self._does(*steps(value), mark=mark)

        if does(refused) or not does(accepted):
            return None
        while abs(accepted - refused) > 1:
            middle = (accepted + refused) // 2
            if does(middle):
                accepted = middle
            else:
                refused = middle
        return accepted

    def _does(self, *steps: Step, mark: object = None) -> bool:
        mark = mark or self._vault.snapshot()
        try:
            return all(isinstance(self._vault.apply(step), Done) for step in steps)
        finally:
            self._vault.restore(mark)
