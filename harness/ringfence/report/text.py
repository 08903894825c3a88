"""A finding as tables for a terminal: the program step by step, model beside chain, and what differs."""

from collections.abc import Sequence
from textwrap import wrap
from typing import Final

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from ringfence.markets import MarketSetup
from ringfence.report.finding import Difference, Finding
from ringfence.report.replay import Frame
from ringfence.report.units import shown
from ringfence.report.words import phrase, result

WIDTH: Final = 100
SAME: Final = Text("the same", style="dim")


def headlines(finding: Finding) -> list[str]:
    """Return what was found, where, and by what, as plain lines."""
    versions, law = finding.versions, finding.cause.law
    place = f"step {finding.step} of {len(finding.program)}" if finding.program else "the opening"
    lines = [f"{finding.name}: {law.sentence if law else 'the vault is not where its model is.'}"]
    lines += [f"At {place} in market {finding.market.name}: {_complaint(finding)}."]
    seed = "" if finding.seed is None else f", seed {finding.seed}"
    return [
        *lines,
        f"Found by ringfence {versions.ringfence} on {versions.chain}, {versions.compiler}{seed}.",
    ]


def headline(finding: Finding) -> RenderableType:
    """Return what was found, where, and by what."""
    name, *rest = headlines(finding)
    return Group(Text(name, style="bold red"), *map(Text, rest), Text(finding.vault.adapter, style="dim"))


def wrapped_headlines(finding: Finding) -> list[str]:
    """Return the headlines in lines that a source file can have."""
    return [part for line in headlines(finding) for part in wrap(line, WIDTH)]


def _complaint(finding: Finding) -> str:
    if finding.cause.law:
        return finding.cause.law.complaint
    first = finding.cause.differences[0]
    model, chain = (shown(first.field, side, finding.market) for side in (first.model, first.chain))
    return f"{first.field} is {chain}, not {model}"


def steps_table(frames: Sequence[Frame], setup: MarketSetup) -> Table:
    """Return the program, a row a step; the one that fails is red."""
    table = Table(box=None, pad_edge=False, header_style="dim", row_styles=["", ""])
    for title, justify in (("#", "right"), ("time", "right"), ("account", "left"), ("action", "left")):
        table.add_column(title, justify="right" if justify == "right" else "left")
    table.add_column("model")
    table.add_column("chain")
    for frame in frames:
        if frame.step is not None:
            table.add_row(*_cells(frame, setup), style="red" if frame.fails else "")
    return table


def _cells(frame: Frame, setup: MarketSetup) -> list[str | Text]:
    assert frame.step is not None
    action, seconds = frame.step.action, frame.step.seconds
    told = escape(result(action, frame.chain.outcome, setup))
    if frame.model is None:
        expected: str | Text = ""
    else:
        expected = escape(result(action, frame.model.outcome, setup))
    actual = SAME if expected == told else told
    waited = f"+{seconds:,} s" if seconds else "same block"
    return [str(frame.number), waited, action.account, escape(phrase(action, setup)), expected, actual]


def differences_table(differences: Sequence[Difference], setup: MarketSetup) -> Table:
    """Return what differs, a row a value, with the chain's surplus where both are numbers."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    for title in ("value", "model", "chain", "chain - model"):
        table.add_column(title, justify="left" if title == "value" else "right")
    for each in differences:
        values = (shown(each.field, side, setup) for side in (each.model, each.chain))
        table.add_row(escape(each.field), *map(escape, values), surplus(each, setup))
    return table


def surplus(difference: Difference, setup: MarketSetup) -> str:
    """Return by how much the chain's number is above the model's; empty when they are not numbers."""
    model, chain = difference.model, difference.chain
    if type(model) is not int or type(chain) is not int:
        return ""
    less = shown(difference.field, chain - model, setup)
    return less if less.startswith("-") else f"+{less}"


def told_frames(frames: Sequence[Frame], setup: MarketSetup) -> RenderableType:
    """Return steps, then whatever is wrong at the last of them."""
    last = frames[-1]
    broken = [Text(f"{breach.law}: {breach.complaint}") for breach in last.breaches]
    parts: list[RenderableType] = [steps_table(frames, setup), *broken]
    if last.differences:
        parts.append(differences_table(last.differences, setup))
    return Group(*parts)
