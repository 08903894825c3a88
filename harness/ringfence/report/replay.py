"""A program done again, step by step: what the model says beside what the chain did, until the two part."""

from collections.abc import Iterator
from dataclasses import dataclass

from ringfence.actions import Program, Step
from ringfence.outcome import Done, Outcome
from ringfence.properties import LAWS, Breach, Watch
from ringfence.report.differences import differences
from ringfence.report.exhibit import Exhibit
from ringfence.report.finding import Difference
from ringfence.state import VaultState


@dataclass(frozen=True, slots=True)
class Side:
    """What came of a step on one side, and the state after it."""

    outcome: Outcome
    state: VaultState


@dataclass(frozen=True, slots=True)
class Frame:
    """A step in its block, on both sides; number 0 is the opening. A vault may have no ``model``."""

    number: int
    step: Step | None
    timestamp: int
    model: Side | None
    chain: Side
    differences: tuple[Difference, ...]
    breaches: tuple[Breach, ...]

    @property
    def fails(self) -> bool:
        """Return whether something is wrong here."""
        return bool(self.differences or self.breaches)


def replay(shown: Exhibit, program: Program, law: str | None) -> Iterator[Frame]:
    """Yield the opening, then the program's frames up to the first that breaks the law.

    Without a law, up to the first with differences. What a law finds by trying further actions counts for
    the last step.
    """
    inspection = shown.inspection
    inspection.watch = Watch([each for each in LAWS if each.id == law], inspection.abilities)
    shown.restart()
    frame = _opening(shown, is_last=not program)
    for number, step in enumerate(program, start=1):
        yield frame
        if frame.breaches if law else frame.differences:
            return
        frame = _frame(shown, number, step, is_last=number == len(program))
    yield frame


def _opening(shown: Exhibit, *, is_last: bool) -> Frame:
    breaches = shown.inspection.probe_origin()
    chain = Side(Done(None, ()), shown.inspection.state)
    model = Side(chain.outcome, shown.model.observe()) if shown.model else None
    return _compared(shown, 0, None, (model, chain), breaches, is_last=is_last)


def _frame(shown: Exhibit, number: int, step: Step, *, is_last: bool) -> Frame:
    outcome, breaches = shown.inspection.apply(step)
    chain = Side(outcome, shown.inspection.state)
    model = Side(shown.model.apply(step), shown.model.observe()) if shown.model else None
    return _compared(shown, number, step, (model, chain), breaches, is_last=is_last)


def _compared(
    shown: Exhibit,
    number: int,
    step: Step | None,
    sides: tuple[Side | None, Side],
    breaches: list[Breach],
    *,
    is_last: bool,
) -> Frame:
    (model, chain), inspection = sides, shown.inspection
    timestamp = inspection.moment.timestamp
    found: tuple[Difference, ...] = ()
    if model:
        action = type(step.action).__name__ if step else ""
        found = differences(action, (model.outcome, chain.outcome), (model.state, chain.state))
    if is_last and not breaches:
        breaches = inspection.probe() + inspection.relive()
    return Frame(number, step, timestamp, model, chain, found, tuple(breaches))
