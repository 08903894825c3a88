"""Where an action is only just accepted, found by trying it and going back: no model is asked."""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Final

from ringfence.engine.guard import Guarded
from ringfence.types.actions import Action, Liquidate, Open, Program, RemoveMargin, SetPrice, Step
from ringfence.types.outcome import Done
from ringfence.types.roles import LIQUIDATORS
from ringfence.types.state import VaultState

NUDGES: Final = (0, 0, -1, 1)
AMPLE: Final = 4  # times the usual margin
WORST: Final = 2  # a price falls to a half, or doubles


class Edges:
    """Tries actions on a vault, and undoes them."""

    def __init__(self, vault: Guarded) -> None:
        self._vault = vault

    def near(self, action: Action, state: VaultState, random: Random) -> Action:
        """Return the action with a value at its edge or one unit beside it; as it is without one."""
        nudge = random.choice(NUDGES)
        match action:
            case Open(size=size):
                facts = self._vault.facts
                most = AMPLE * max(1, facts.margin * abs(size) // facts.size)
                edge = self._between(0, most, lambda margin: (Step(replace(action, margin=margin), 1),))
                return action if edge is None else replace(action, margin=max(0, edge + nudge))
            case RemoveMargin(position=position) if position in state.positions:
                most = state.positions[position].margin
                edge = self._between(most, 0, lambda assets: (Step(replace(action, assets=assets), 1),))
                return action if edge is None else replace(action, assets=max(0, edge + nudge))
            case Liquidate() if state.positions:
                due = [
                    each for each in state.positions if self._does(Step(replace(action, position=each), 0))
                ]
                return replace(action, position=random.choice(due)) if due else action
            case SetPrice() if state.positions and Liquidate in self._vault.actions:
                position = random.choice(list(state.positions))
                edge = self._liquidation_answer(action, position, state.positions[position].size)
                return action if edge is None else replace(action, answer=max(1, edge + nudge))
            case _:
                return action

    def _liquidation_answer(self, action: SetPrice, position: int, size: int) -> int | None:
        """Return the answer nearest to the last one at which a position can be liquidated."""
        now = self._vault.facts.answer
        worst = now // WORST if size > 0 else now * WORST
        liquidation = Step(Liquidate(LIQUIDATORS[0], position), 1)
        return self._between(
            now * WORST if size > 0 else now // WORST,
            worst,
            lambda answer: (Step(replace(action, answer=answer), 1), liquidation),
        )

    def _between(self, refused: int, accepted: int, actions: Callable[[int], Program]) -> int | None:
        """Return the last value accepted from ``accepted`` towards ``refused``; None without one."""
        mark = self._vault.snapshot()

        def does(value: int) -> bool:
            return self._does(*actions(value), mark=mark)

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
