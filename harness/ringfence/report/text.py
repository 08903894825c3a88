"""A finding as tables, for terminals and pages: its steps, model next to chain, and what differs."""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap
from typing import Final

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from ringfence.engine.differences import OUTCOME, as_outcome
from ringfence.engine.replay import Frame
from ringfence.report.units import shown
from ringfence.report.words import phrase, result
from ringfence.types.finding import Difference, Finding
from ringfence.types.market import VaultMarket
from ringfence.types.outcome import Value

SAME: Final = "the same"
WIDTH: Final = 100
MOST_ROWS: Final = 20
PLAIN_WIDTH: Final = 160  # characters of a line outside of a terminal


def headlines(finding: Finding) -> list[str]:
    """Return what was found, where, and by what, as plain lines."""
    versions, broken = finding.versions, finding.cause.broken
    place = f"step {finding.step} of {len(finding.sequence)}" if finding.sequence else "the opening"
    lines = [f"{finding.name}: {broken.sentence if broken else _mismatch(finding)}"]
    lines += [f"At {place} in market {finding.market.name}: {_message(finding)}."]
    seed = "" if finding.seed is None else f", seed {finding.seed}"
    return [
        *lines,
        f"Found by ringfence {versions.ringfence} on {versions.chain}, {versions.compiler}{seed}.",
    ]


def reference_of(finding: Finding) -> str:
    """Return what a finding's vault is compared with, in words."""
    against = finding.against and finding.against.seen_from(Path())
    return against.name if against else "its model"


def _mismatch(finding: Finding) -> str:
    return f"the vault is not where {reference_of(finding)} is."


def headline(finding: Finding) -> RenderableType:
    """Return what was found, where, and by what."""
    name, *rest = headlines(finding)
    vault = Text(finding.vault.seen_from(Path()).name, style="dim")
    return Group(Text(name, style="bold red"), *map(Text, rest), vault)


def wrapped_headlines(finding: Finding) -> list[str]:
    """Return the headlines in lines that a source file can have."""
    return [part for line in headlines(finding) for part in wrap(line, WIDTH)]


def _message(finding: Finding) -> str:
    broken, setup = finding.cause.broken, finding.market
    if broken and (len(broken.message) <= WIDTH or not finding.cause.differences):
        return broken.message
    first = finding.first_difference
    if first.field == OUTCOME:
        action = finding.sequence[finding.step - 1].action
        model, chain = (result(action, as_outcome(side), setup) for side in (first.model, first.chain))
    else:
        model, chain = (shown(first.field, side, setup) for side in (first.model, first.chain))
    return f"{first.field} is {chain}, not {model}"


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


def _wait(seconds: int, blocks: int) -> str:
    """Return how long after the step before it a step is."""
    if blocks:
        return f"+{blocks:,} block{'' if blocks == 1 else 's'}"
    return f"+{seconds:,} s" if seconds else "same block"


def _step_row(frame: Frame, setup: VaultMarket) -> Iterator[StepRow]:
    if frame.step is None:
        return
    action, seconds = frame.step.action, frame.step.seconds
    chain = result(action, frame.chain.outcome, setup)
    model = result(action, frame.model.outcome, setup) if frame.model else ""
    yield StepRow(
        str(frame.number),
        _wait(seconds, frame.blocks),
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


def steps_table(frames: Sequence[Frame], setup: VaultMarket) -> Table:
    """Return the call sequence, a row a step; the one that fails is red."""
    sides = (frames[0].reference, "chain") if frames[0].model else ("outcome",)
    table = _table(("#", "time", "account", "action", *sides), right={"#", "time"})
    for row in step_rows(frames, setup):
        words = (row.number, row.time, row.account, row.action, *((row.model,) if frames[0].model else ()))
        chain = Text(row.chain, style="dim" if row.chain == SAME else "")
        table.add_row(*map(Text, words), chain, style="red" if row.fails else "")
    return table


def differences_table(frame: Frame, setup: VaultMarket) -> Table:
    """Return what differs, a row a value, with the chain's surplus where both are numbers."""
    sides = (frame.reference, "chain", f"chain - {frame.reference}")
    table = _table(("value", *sides), right=sides)
    rows = difference_rows(frame.differences, setup)
    for row in rows[:MOST_ROWS]:
        table.add_row(*map(Text, (row.field, row.model, row.chain, row.surplus)))
    if len(rows) > MOST_ROWS:
        table.add_row(Text(f"and {len(rows) - MOST_ROWS} more", style="dim"))
    return table


def _table(titles: Sequence[str], right: Container[str]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for title in titles:
        table.add_column(title, justify="right" if title in right else "left", overflow="fold")
    return table


def frames_shown(frames: Sequence[Frame], setup: VaultMarket) -> RenderableType:
    """Return steps, then whatever is wrong at the last of them."""
    last = frames[-1]
    broken = [Text(f"{violation.property_id}: {violation.message}") for violation in last.violations]
    parts: list[RenderableType] = [steps_table(frames, setup), *broken]
    if last.differences:
        parts.append(differences_table(last, setup))
    return Group(*parts)


def plain(*parts: RenderableType) -> str:
    """Return text without colour, for a test's message."""
    console = Console(width=PLAIN_WIDTH, no_color=True)
    with console.capture() as captured:
        console.print(*parts, sep="\n")
    return captured.get()
