"""Coverage as a table for a terminal."""

import os
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Final

from rich.markup import escape
from rich.table import Table

from ringfence.measure.coverage.reached import FileReached, FunctionPoint, Reached, Share, Way
from ringfence.report import search_tables

SHOWN: Final = 12  # ways, at the end of a campaign


def table(files: Sequence[FileReached]) -> Table:
    """Return a row for each file, and their sum."""
    folder = os.path.commonpath([os.path.dirname(each.file) for each in files]) if files else ""
    folder = f"{folder}/" if folder else ""  # nothing where they have no folder in common
    made = Table(box=None, pad_edge=False, title=folder, title_justify="left")
    made.add_column("file", overflow="fold")
    for head in ("lines", "", "functions", "", "branches", ""):
        made.add_column(head, justify="right")
    for each in files:
        made.add_row(each.file.removeprefix(folder), *_cells(each.shares))
    sums = [sum(shares, Share()) for shares in zip(*(each.shares for each in files), strict=True)]
    made.add_row("[bold]all[/bold]", *_cells(sums))
    return made


def missed_table(reached: Reached, reasons: Mapping[Way, str]) -> Table:
    """Return a row for each function never called and each way never gone, and why if that is known."""
    rows: list[tuple[FunctionPoint | Way, str, str]] = []
    rows += [(each, f"{each.name} called", "") for each in reached.uncalled()]
    rows += [(each, f"{each.text} is {each.way}", reasons.get(each, "")) for each in reached.missed()]
    shown = [(_place(each), escape(text), f"[dim]{escape(reason)}[/dim]") for each, text, reason in rows]
    return search_tables.table(("never", "", ""), shown)


def ways_sentence(reached: Reached) -> str:
    """Return how many ways were gone, and how many of the others a table of them shows."""
    share, count = reached.way_share, len(reached.missed())
    more = f"; {SHOWN} of the other {count}, `ringfence coverage` shows all" if count > SHOWN else ""
    return f"{share.hit} of {share.of} branches of the Solidity were taken by sequences that were kept{more}:"


def ways_table(reached: Reached) -> Table:
    """Return a row for some ways that nothing went."""
    rows = [(_place(way), escape(f"{way.text} is {way.way}")) for way in reached.passed_by()[:SHOWN]]
    return search_tables.table(("never", ""), rows)


def _place(point: FunctionPoint | Way) -> str:
    return escape(f"{PurePath(point.file).name}:{point.line}")


def _cells(shares: Sequence[Share]) -> list[str]:
    return [cell for share in shares for cell in (f"{share.hit}/{share.of}", f"{share.percent:.1f} %")]
