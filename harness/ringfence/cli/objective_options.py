"""The options that say what a search looks for: some properties, or all but some; and what is known."""

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from ringfence.cli.messages import CannotTell
from ringfence.engine.objective import Violations
from ringfence.engine.system import MODEL
from ringfence.engine.target import Target
from ringfence.report import known
from ringfence.types.finding import CauseKey

Command = TypeVar("Command", bound=Callable[..., Any])
FILE: Final = click.Path(path_type=Path, dir_okay=False)
OPTIONS: Final = (
    click.option("--only", metavar="ID", multiple=True, help="Look for this property alone; repeatable."),
    click.option("--not", "but", metavar="ID", multiple=True, help="Pass this property over; repeatable."),
    click.option("--known", type=FILE, help="Pass over the findings that this file lists by their causes."),
    click.option("--remember", is_flag=True, help="Add the findings to the file of --known."),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for. ``known`` are the causes in ``file`` that are passed over."""

    violations: Violations
    known: frozenset[CauseKey]
    file: Path | None = None

    def remember(self, found: frozenset[CauseKey]) -> None:
        """Add causes to the file, if they are to be remembered; raises BadKnown."""
        if self.file:
            known.write(self.file, self.known | found)


def objective_options(command: Command) -> Command:
    """Give a command these options."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def wanted_of(
    target: Target, only: tuple[str, ...], but: tuple[str, ...], file: Path | None, *, remember: bool
) -> Wanted:
    """Return what the options say; raises CannotTell, BadKnown."""
    every = [*target.properties, MODEL]
    for property_id in (*only, *but):
        if property_id not in every:
            near = get_close_matches(property_id.upper(), every, 1)
            advice = f"did you mean {near[0]}?" if near else "`ringfence properties` lists them."
            raise CannotTell(f"There is no property {property_id}: {advice}")
    if remember and not file:
        raise CannotTell("--remember writes to the file of --known: name one.")
    is_new = remember and file is not None and not file.exists()
    listed = known.read(file) if file and not is_new else frozenset[CauseKey]()
    return Wanted(Violations(frozenset(only), frozenset(but)), listed, file if remember else None)
