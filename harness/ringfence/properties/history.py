"""A whole run, and the means to run it again with something left out."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any

from ringfence.properties.transition import Transition
from ringfence.types.actions import Action, CallSequence, Step
from ringfence.types.outcome import Done
from ringfence.vaults.isolated_margin.actions import Open, OpenWithPermit


@dataclass(frozen=True, slots=True)
class History:
    """What a program did from the vault as deployed. ``rerun`` does another program from there."""

    transitions: Sequence[Transition]
    rerun: Callable[[CallSequence], Sequence[Transition]]


def opened_by(transitions: Sequence[Transition]) -> list[int | None]:
    """Return for every step the position that it opened, if it did."""
    return [_opened(t) for t in transitions]


def _opened(t: Transition) -> int | None:
    if not (isinstance(t.outcome, Done) and isinstance(t.action, Open | OpenWithPermit)):
        return None
    waiting = t.outcome.value if isinstance(t.outcome.value, int) else None  # to be executed later
    return t.named if t.named is not None else waiting


def names(action: Action) -> int | None:
    """Return the position that an action names, if it does."""
    position: int | None = getattr(action, "position", None)
    return position


def without(
    program: CallSequence, opened: Sequence[int | None], dropped: Set[int], *, keep_time: bool
) -> CallSequence:
    """Return the program less the steps at ``dropped`` and whatever names a position that these had opened.

    Later positions take the numbers that become free. With ``keep_time`` the next step waits for the blocks
    that went.
    """
    gone = {opened[index] for index in dropped} - {None}
    numbers = _renumbered(opened, gone)
    shorter: list[Step] = []
    waiting = 0
    for index, step in enumerate(program):
        if index in dropped or names(step.action) in gone:
            waiting += step.seconds if keep_time else 0
        else:
            shorter.append(Step(_renamed(step.action, numbers), step.seconds + waiting))
            waiting = 0
    return tuple(shorter)


def _renumbered(opened: Sequence[int | None], gone: Set[int | None]) -> dict[int, int]:
    kept = [position for position in opened if position is not None and position not in gone]
    return {position: number for number, position in enumerate(kept, start=1)}


def _renamed(action: Action, numbers: Mapping[int, int]) -> Action:
    position = names(action)
    if position is None or position not in numbers:
        return action
    changes: dict[str, Any] = {"position": numbers[position]}
    return replace(action, **changes)
