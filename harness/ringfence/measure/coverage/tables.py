"""Coverage as a table for a terminal."""

import os
from collections.abc import Mapping, Sequence
from pathlib import PurePath

from rich.markup import escape
from rich.table import Table

from ringfence.measure.coverage.points import Way
from ringfence.measure.coverage.reached import FileReached, Reached, Share

NOTHING = Share(0, 0)


def table(files: Sequence[FileReached]) -> Table:
    """Return a row for each file, and their sum."""
    folder = _folder(files)
    made = Table(box=None, pad_edge=False, title=folder, title_justify="left")
    made.add_column("file", overflow="fold")
    for head in ("lines", "functions", "branches"):
        made.add_column(head, justify="right")
        made.add_column("", justify="right")
    for each in files:
        made.add_row(
            each.file.removeprefix(folder), *_cells(each.line_share, each.function_share, each.way_share)
        )
    sums = (
        sum((each.line_share for each in files), NOTHING),
        sum((each.function_share for each in files), NOTHING),
        sum((each.way_share for each in files), NOTHING),
    )
    made.add_row("[bold]all[/bold]", *_cells(*sums))
    return made


def missed_table(reached: Reached, reasons: Mapping[Way, str]) -> Table:
    """Return a row for each function never called and each way never gone, and why if that is known."""
    made = Table("never", "", "", box=None, pad_edge=False)
    for function in reached.uncalled():
        made.add_row(escape(f"{PurePath(function.file).name}:{function.line}"), f"{function.name} called", "")
    for way in reached.missed():
        place = f"{PurePath(way.file).name}:{way.line}"
        made.add_row(
            escape(place), escape(f"{way.text} is {way.way}"), f"[dim]{escape(reasons.get(way, ''))}[/dim]"
        )
    return made


def _cells(*shares: Share) -> list[str]:
    return [cell for share in shares for cell in (f"{share.hit}/{share.of}", f"{share.percent:.1f} %")]


def _folder(files: Sequence[FileReached]) -> str:
    """Return the folder that all files are in, with its slash; nothing if there is none."""
    folder = os.path.commonpath([os.path.dirname(each.file) for each in files]) if files else ""
    return f"{folder}/" if folder else ""
