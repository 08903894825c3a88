"""The shortest program that still fails for the same reason: fewer steps first, then simpler numbers."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, replace
from typing import Any, Final, TypeAlias

from isolated_margin.fixed import MAX_ASSETS

from ringfence.evm.signing import Flaw
from ringfence.properties.history import without
from ringfence.types.actions import Action, CallSequence, Step
from ringfence.types.roles import LIQUIDATORS, PROVIDERS, TRADERS
from ringfence.vaults.isolated_margin.actions import AddMargin, Decrease, Increase, Open, SetPrice

Attempt: TypeAlias = Callable[[CallSequence], Sequence[int | None] | None]
"""Runs a program: the position that each step opened, if it fails for the same reason, else None."""

SECONDS: Final = "seconds"
MAX_UINT: Final = 2**256 - 1
LARGEST: Final = 2**255  # what rounds up above it might not fit the argument
AMPLE: Final = 16  # times the margin, to see whether a step was only there to make it suffice
OPEN_ENDS: Final = {"limit_price_wad": (MAX_UINT, 0), "deadline": (MAX_UINT,)}
KEPT: Final = frozenset({"position", "nonce"})
PEERS: Final = (TRADERS, LIQUIDATORS, PROVIDERS)
DIGITS: Final = (1, 2, 3, 5, 8)


def minimise(program: CallSequence, attempt: Attempt, *, first_answer: int = 0) -> CallSequence:
    """Return a program that fails alike, from which no step can be dropped and no value made simpler.

    ``first_answer`` is the feed's before the program; with 0 no prices are rescaled.
    Raises ValueError when ``program`` itself does not fail.
    """
    opened = attempt(program)
    if opened is None:
        raise ValueError("the program does not fail")
    shorter = _with_fewer_steps(program, opened, attempt, first_answer)
    simpler = _with_simpler_values(shorter, attempt)
    return simpler if simpler == program else minimise(simpler, attempt, first_answer=first_answer)


# ------------------------------------------------------------------------------------------ fewer steps


def _with_fewer_steps(
    program: CallSequence, opened: Sequence[int | None], attempt: Attempt, first_answer: int
) -> CallSequence:
    """Drop half of the steps where possible, then a quarter, ... then single ones; the last ones first."""
    size = max(1, len(program) // 2)
    while size:
        start = len(program) - size
        while start >= 0:
            for shorter in _dropped(program, opened, range(start, start + size), first_answer):
                still_opened = attempt(shorter)
                if still_opened is not None:
                    program, opened = shorter, still_opened
                    break
            start = min(start, len(program)) - size
        size //= 2
    return program


def _dropped(
    program: CallSequence, opened: Sequence[int | None], gone: range, first_answer: int
) -> Iterator[CallSequence]:
    """Yield the program less some steps: less their time too, and with it; less one, making amends."""
    shorter = without(program, opened, set(gone), keep_time=False)
    yield shorter
    if any(program[index].seconds for index in gone):
        yield without(program, opened, set(gone), keep_time=True)
    if len(gone) == 1:
        yield tuple(map(_with_ample_margin, shorter))
        yield from _folded(program, shorter, opened, gone.start)
        yield from _rescaled(program, shorter, gone.start, first_answer)


def _with_ample_margin(step: Step) -> Step:
    action = step.action
    if isinstance(action, Open | Increase) and action.margin * AMPLE < MAX_ASSETS:
        return Step(replace(action, margin=action.margin * AMPLE), step.seconds)
    return step


def _folded(
    program: CallSequence, shorter: CallSequence, opened: Sequence[int | None], gone: int
) -> Iterator[CallSequence]:
    """Yield the program with what one step adds to a position there from its opening on."""
    action = program[gone].action
    if not isinstance(action, AddMargin | Increase) or action.position not in opened[:gone]:
        return
    start = opened.index(action.position)
    opening = shorter[start].action
    if isinstance(opening, Open):
        margin = action.margin if isinstance(action, Increase) else action.assets
        size = action.size_delta if isinstance(action, Increase) else 0
        larger = replace(
            opening,
            size=opening.size + (size if opening.size > 0 else -size),
            margin=min(MAX_ASSETS, opening.margin + margin),
        )
        yield (*shorter[:start], Step(larger, shorter[start].seconds), *shorter[start + 1 :])


def _rescaled(
    program: CallSequence, shorter: CallSequence, gone: int, first_answer: int
) -> Iterator[CallSequence]:
    """Yield the program without one of its prices: later ones in proportion, sizes worth what they were."""
    dropped = program[gone].action
    prices = [step.action.answer for step in program[:gone] if isinstance(step.action, SetPrice)]
    before = prices[-1] if prices else first_answer
    if isinstance(dropped, SetPrice) and dropped.answer > 0 and before > 0:
        tail = [Step(_rescale(step.action, before, dropped.answer), step.seconds) for step in shorter[gone:]]
        yield (*shorter[:gone], *tail)


def _rescale(action: Action, times: int, per: int) -> Action:
    match action:
        case SetPrice():
            return replace(action, answer=action.answer * times // per)
        case Open():
            return replace(action, size=action.size * per // times)
        case Increase() | Decrease():
            return replace(action, size_delta=action.size_delta * per // times)
        case _:
            return action


# ------------------------------------------------------------------------------------------ simpler values


def _with_simpler_values(program: CallSequence, attempt: Attempt) -> CallSequence:
    for index in range(len(program)):
        for name in (SECONDS, *(field.name for field in fields(program[index].action))):
            for step in _simpler_steps(program[index], name):
                candidate = (*program[:index], step, *program[index + 1 :])
                if attempt(candidate) is not None:
                    program = candidate
                    break
    return program


def _simpler_steps(step: Step, name: str) -> Iterator[Step]:
    """Yield the step with simpler values of one field, the simplest first."""
    if name == SECONDS:
        yield from (Step(step.action, seconds) for seconds in _simpler_numbers(step.seconds))
        return
    for value in _simpler_values(name, getattr(step.action, name)):
        changes: dict[str, Any] = {name: value}
        yield Step(replace(step.action, **changes), step.seconds)


def _simpler_values(name: str, value: object) -> Iterator[object]:
    match value:
        case Flaw() | bool():
            return
        case str():
            peers = next((group for group in PEERS if value in group), (value,))
            yield from peers[: peers.index(value)]
        case int() if name in OPEN_ENDS:
            yield from () if value in OPEN_ENDS[name] else OPEN_ENDS[name]
        case int() if name not in KEPT:
            yield from _simpler_numbers(value)


def _simpler_numbers(value: int) -> Iterator[int]:
    """Yield numbers of fewer significant digits: none, one, ... each rounded to zero and away from it."""
    sign, magnitude = (-1 if value < 0 else 1), abs(value)
    candidates = [0, 1]
    for digits in DIGITS:
        unit = 10 ** max(0, len(str(magnitude)) - digits)
        candidates += [magnitude // unit * unit, -(-magnitude // unit) * unit]
    for candidate in dict.fromkeys(candidates):
        if _complexity(candidate) < _complexity(magnitude) and candidate < LARGEST:
            yield sign * candidate


def _complexity(magnitude: int) -> tuple[int, int]:
    text = str(magnitude)
    return len(text.rstrip("0")), len(text)
