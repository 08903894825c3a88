"""The shortest call sequence that still fails for the same reason: fewer steps first, then plainer values."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, Final, TypeAlias

from ringfence.properties.history import without
from ringfence.types.actions import Action, CallSequence, Step, first_parameter, parameters_of
from ringfence.types.kinds import Kind
from ringfence.types.market import VaultMarket, decimals_in
from ringfence.types.parameter_kinds import AssetAmount, FeedAnswer, Seconds, SignedSize, UnsignedSize
from ringfence.types.parameters import Parameter

Attempt: TypeAlias = Callable[[CallSequence], Sequence[int | None] | None]
"""Carries out a sequence: the position that each step opened if it fails for the same reason, else None."""

SECONDS: Final = "seconds"
WAIT: Final = Seconds()
PPM: Final = 10**6
MOVES: Final = (10_000, 20_000, 50_000, 100_000, 200_000, 300_000, 500_000, 900_000)  # PPM of the first price
AMPLE: Final = 16  # times the margin, to see whether a step was only there to make it suffice
ENOUGH: Final = 2**127  # assets: nothing larger is tried
SIZES: Final = (SignedSize, UnsignedSize)
Kinds: TypeAlias = type[Parameter] | tuple[type[Parameter], ...]
WRITTEN_DIGITS: Final = 2
DUST: Final = 1_000  # of a whole token or size: anything smaller than this part of it is dust
WHOLES: Final = (100, 10, 1, 1_000, 10_000)  # in place of dust, the first that fails
GROWS: Final = (Kind.ADDS_MARGIN, Kind.INCREASES)
TAKES_MARGIN: Final = (Kind.OPENS, Kind.INCREASES)


def shrink(sequence: CallSequence, attempt: Attempt, market: VaultMarket | None = None) -> CallSequence:
    """Return a sequence that fails alike, from which no step can be dropped and no value made plainer.

    In a market its values are those that a person would write: prices are the smallest round moves from the
    first one that fail, amounts have two significant digits and are not 0 or dust, unless only that fails.
    Raises ValueError when ``sequence`` itself does not fail.
    """
    opened = attempt(sequence)
    if opened is None:
        raise ValueError("the sequence does not fail")
    shorter = _with_fewer_steps(sequence, opened, attempt, market.answer if market else 0)
    plainer = _with_other_values(shorter, attempt, _plainer_values)
    if plainer != sequence:
        return shrink(plainer, attempt, market)
    if market:  # after all else: none of it brings a step less
        plainer = _with_other_values(plainer, attempt, partial(_round_moves, market))
        for kinds in (AssetAmount, SIZES):
            plainer = _with_other_values(plainer, attempt, partial(_written_amounts, market, kinds))
    return plainer


def without_needless(
    sequence: CallSequence, reaches: Attempt
) -> tuple[CallSequence, Sequence[int | None] | None]:
    """Return a sequence less halves, quarters, ... single steps that are not needed; one step stays at least.

    With it comes what ``reaches`` said of it: None when the sequence itself does not reach what it should.
    """
    opened = reaches(sequence)
    if opened is None:
        return sequence, None

    def shorter(whole: CallSequence, known: Sequence[int | None], gone: range) -> Iterator[CallSequence]:
        rest = without(whole, known, set(gone), keep_time=True)
        if rest:
            yield rest

    return _dropping(sequence, opened, reaches, shorter)


# ------------------------------------------------------------------------------------------ fewer steps


Shorter: TypeAlias = Callable[[CallSequence, Sequence[int | None], range], Iterator[CallSequence]]


def _with_fewer_steps(
    sequence: CallSequence, opened: Sequence[int | None], attempt: Attempt, first_answer: int
) -> CallSequence:
    def shorter(whole: CallSequence, known: Sequence[int | None], gone: range) -> Iterator[CallSequence]:
        return _dropped(whole, known, gone, first_answer)

    return _dropping(sequence, opened, attempt, shorter)[0]


def _dropping(
    sequence: CallSequence, opened: Sequence[int | None], attempt: Attempt, shorter: Shorter
) -> tuple[CallSequence, Sequence[int | None]]:
    """Drop half of the steps where possible, then a quarter, ... then single ones; the last ones first."""
    size = max(1, len(sequence) // 2)
    while size:
        start = len(sequence) - size
        while start >= 0:
            for candidate in shorter(sequence, opened, range(start, start + size)):
                still_opened = attempt(candidate) if candidate or size < len(sequence) else None
                if still_opened is not None:
                    sequence, opened = candidate, still_opened
                    break
            start = min(start, len(sequence)) - size
        size //= 2
    return sequence, opened


def _dropped(
    sequence: CallSequence, opened: Sequence[int | None], gone: range, first_answer: int
) -> Iterator[CallSequence]:
    """Yield the sequence less some steps: less their time too, and with it; less one, making amends."""
    shorter = without(sequence, opened, set(gone), keep_time=False)
    yield shorter
    if any(sequence[index].seconds for index in gone):
        yield without(sequence, opened, set(gone), keep_time=True)
    if len(gone) == 1:
        yield tuple(map(_with_ample_margin, shorter))
        yield from _folded(sequence, shorter, opened, gone.start)
        yield from _rescaled(sequence, shorter, gone.start, first_answer)


def _with_ample_margin(step: Step) -> Step:
    action = step.action
    name = first_parameter(type(action), (AssetAmount,))
    if action.kind in TAKES_MARGIN and name and action.assets_moved * AMPLE < ENOUGH:
        return Step(action.replaced(**{name: action.assets_moved * AMPLE}), step.seconds)
    return step


def _folded(
    sequence: CallSequence, shorter: CallSequence, opened: Sequence[int | None], gone: int
) -> Iterator[CallSequence]:
    """Yield the sequence with what one step adds to a position there from its opening on."""
    action = sequence[gone].action
    if action.kind not in GROWS or action.position_named not in opened[:gone]:
        return
    start = opened.index(action.position_named)
    opening = shorter[start].action
    size_name = first_parameter(type(opening), SIZES)
    margin_name = first_parameter(type(opening), (AssetAmount,))
    if opening.kind is Kind.OPENS and size_name and margin_name:
        size = abs(action.size_traded) if action.kind is Kind.INCREASES else 0
        larger = opening.replaced(
            **{
                size_name: opening.size_traded + (size if opening.size_traded > 0 else -size),
                margin_name: min(ENOUGH, opening.assets_moved + action.assets_moved),
            }
        )
        yield (*shorter[:start], Step(larger, shorter[start].seconds), *shorter[start + 1 :])


def _rescaled(
    sequence: CallSequence, shorter: CallSequence, gone: int, first_answer: int
) -> Iterator[CallSequence]:
    """Yield the sequence without one of its prices: later ones in proportion, sizes worth what they were."""
    dropped = sequence[gone].action
    prices = [step.action.answer_set for step in sequence[:gone] if step.action.kind is Kind.MOVES_PRICE]
    before = prices[-1] if prices else first_answer
    if dropped.kind is Kind.MOVES_PRICE and dropped.answer_set > 0 and before > 0:
        times, per = before, dropped.answer_set
        tail = [Step(_rescale(step.action, times, per), step.seconds) for step in shorter[gone:]]
        yield (*shorter[:gone], *tail)


def _rescale(action: Action, times: int, per: int) -> Action:
    """Return the action with its prices in proportion and its sizes against it, as their types hold."""
    changes = {}
    for name, parameter in parameters_of(type(action)).items():
        if isinstance(parameter, FeedAnswer):
            changes[name] = parameter.held(getattr(action, name) * times // per)
        elif isinstance(parameter, SIZES):
            changes[name] = parameter.held(getattr(action, name) * per // times)
    return action.replaced(**changes) if changes else action


# ------------------------------------------------------------------------------------------ other values


Proposal: TypeAlias = Callable[[Step, str], Iterator[int]]
"""Yields values for one field of a step, the best first."""


def _with_other_values(sequence: CallSequence, attempt: Attempt, proposed: Proposal) -> CallSequence:
    """Return the sequence with the first value that is proposed for each field and fails alike."""
    for index in range(len(sequence)):
        for name in (SECONDS, *parameters_of(type(sequence[index].action))):
            for value in proposed(sequence[index], name):
                candidate = (
                    *sequence[:index],
                    _changed(sequence[index], name, value),
                    *sequence[index + 1 :],
                )
                if attempt(candidate) is not None:
                    sequence = candidate
                    break
    return sequence


def _changed(step: Step, name: str, value: Any) -> Step:
    if name == SECONDS:
        return Step(step.action, value)
    return Step(step.action.replaced(**{name: value}), step.seconds)


def _plainer_values(step: Step, name: str) -> Iterator[Any]:
    if name == SECONDS:
        return WAIT.simpler(step.seconds)
    parameter = parameters_of(type(step.action))[name]
    return parameter.simpler(getattr(step.action, name)) if parameter.is_shrunk else iter(())


def _round_moves(market: VaultMarket, step: Step, name: str) -> Iterator[int]:
    """Yield the first price moved to the side of an answer, the smallest move first, less than it moves."""
    first, answer = market.answer, step.action.answer_set
    side = 1 if answer > first else -1
    for move in MOVES if name == first_parameter(type(step.action), (FeedAnswer,)) and answer >= 0 else ():
        moved = first + side * first * move // PPM
        if moved == answer:
            return
        if moved > 0:
            yield moved


def _written_amounts(market: VaultMarket, kinds: Kinds, step: Step, name: str) -> Iterator[int]:
    """Yield amounts that a person would write in place of one of many digits, of 0 or of dust."""
    declared = type(step.action)
    if name == SECONDS or not isinstance(parameters_of(declared)[name], kinds):
        return
    value: int = getattr(step.action, name)
    unit, sign = 10 ** decimals_in(declared, name, market), -1 if value < 0 else 1
    if abs(value) * DUST < unit:
        for times in WHOLES:
            yield sign * unit * times
        return
    scale = 10 ** max(0, len(str(abs(value))) - WRITTEN_DIGITS)
    if value % scale and abs(value) < ENOUGH:  # what is larger is at an edge, past which nothing can be sent
        yield sign * (abs(value) // scale * scale)
        yield sign * (abs(value) // scale * scale + scale)
