"""The rows of a finding's two tables, as plain text: for terminals and pages alike."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ringfence.engine.differences import OUTCOME
from ringfence.engine.replay import Frame
from ringfence.report.units import shown
from ringfence.report.words import phrase, result
from ringfence.types.finding import Difference
from ringfence.types.market import VaultMarket
from ringfence.types.outcome import Value

SAME = "the same"


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step in words; ``model`` is empty for a vault without one."""

    number: str
    time: str
    account: str
    action: str
    model: str
    chain: str
    fails: bool


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """A value that differs; ``surplus`` is by how much the chain's number is above the model's."""

    field: str
    model: str
    chain: str
    surplus: str


def step_rows(frames: Iterable[Frame], setup: VaultMarket) -> list[StepRow]:
    """Return a row for every step."""
    return [row for frame in frames for row in _step_row(frame, setup)]


def difference_rows(differences: Sequence[Difference], setup: VaultMarket) -> list[DifferenceRow]:
    """Return a row for every value that differs, but for the outcome, which the steps tell."""
    return [_difference_row(each, setup) for each in differences if each.field != OUTCOME]


def _step_row(frame: Frame, setup: VaultMarket) -> Iterator[StepRow]:
    if frame.step is None:
        return
    action, seconds = frame.step.action, frame.step.seconds
    chain = result(action, frame.chain.outcome, setup)
    model = result(action, frame.model.outcome, setup) if frame.model else ""
    yield StepRow(
        str(frame.number),
        f"+{seconds:,} s" if seconds else "same block",
        action.account,
        phrase(action, setup),
        model,
        SAME if chain == model else chain,
        frame.fails,
    )


def _difference_row(difference: Difference, setup: VaultMarket) -> DifferenceRow:
    model, chain = (
        _shown_value(difference.field, side, setup) for side in (difference.model, difference.chain)
    )
    return DifferenceRow(difference.field, model, chain, _surplus(difference, setup))


def _shown_value(field: str, value: Value, setup: VaultMarket) -> str:
    """Return a value; of an event, who emitted it and its name."""
    if field.startswith("events[") and isinstance(value, tuple):
        emitter, name, _ = value
        return f"{name!s} of {emitter!s}"
    return shown(field, value, setup)


def _surplus(difference: Difference, setup: VaultMarket) -> str:
    model, chain = difference.model, difference.chain
    if type(model) is not int or type(chain) is not int:
        return ""
    more = shown(difference.field, chain - model, setup)
    return more if more.startswith("-") else f"+{more}"
