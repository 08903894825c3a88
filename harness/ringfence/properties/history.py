"""A whole run, and the means to run it again with something left out."""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass

from ringfence.properties.transition import Transition
from ringfence.types.actions import CallSequence, Step
from ringfence.types.kinds import Kind
from ringfence.types.outcome import Done


@dataclass(frozen=True, slots=True)
class History:
    """What a call sequence did from the vault as deployed. ``rerun`` does another sequence from there."""

    transitions: Sequence[Transition]
    rerun: Callable[[CallSequence], Sequence[Transition]]


def opened_by(transitions: Sequence[Transition]) -> list[int | None]:
    """Return for every step the position that it opened, if it did."""
    return [_opened(t) for t in transitions]


def _opened(t: Transition) -> int | None:
    if not (isinstance(t.outcome, Done) and t.action.kind is Kind.OPENS):
        return None
    waiting = t.outcome.value if isinstance(t.outcome.value, int) else None  # to be executed later
    return t.named if t.named is not None else waiting


def without(
    sequence: CallSequence, opened: Sequence[int | None], dropped: Set[int], *, keep_time: bool
) -> CallSequence:
    """Return the call sequence less the steps at ``dropped`` and what names a position that these had opened.

    Later positions take the numbers that become free. With ``keep_time`` the next step waits for the blocks
    that went.
    """
    gone = {opened[index] for index in dropped} - {None}
    numbers = _renumbered(opened, gone)
    shorter: list[Step] = []
    waiting = 0
    for index, step in enumerate(sequence):
        if index in dropped or step.action.position_named in gone:
            waiting += step.seconds if keep_time else 0
        else:
            number = numbers.get(step.action.position_named or 0)
            action = step.action if number is None else step.action.renamed(number)
            shorter.append(Step(action, step.seconds + waiting))
            waiting = 0
    return tuple(shorter)


def _renumbered(opened: Sequence[int | None], gone: Set[int | None]) -> dict[int, int]:
    remaining = [position for position in opened if position is not None and position not in gone]
    return {position: number for number, position in enumerate(remaining, start=1)}
