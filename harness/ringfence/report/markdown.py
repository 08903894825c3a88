"""A finding as a section of a report in Markdown: the property, the steps, values before and after."""

from collections.abc import Iterator, Sequence
from typing import Final

from ringfence.engine.differences import values_of
from ringfence.engine.replay import Frame
from ringfence.report.code_place import CodePlace
from ringfence.report.templates import rendered
from ringfence.report.text import SAME, headlines, step_rows
from ringfence.report.units import shown
from ringfence.types.finding import Finding

TEMPLATE: Final = "finding.md.jinja"
MOST_ROWS: Final = 20


def markdown(finding: Finding, frames: Sequence[Frame], site: str = "", code: CodePlace | None = None) -> str:
    """Return the section; ``site`` is where the last step reverts, if it does, ``code`` where it is."""
    title, place, found_by = headlines(finding)
    sides = (frames[0].reference, "chain") if frames[0].model else ("outcome",)
    steps = [
        (row.number, row.time, row.account, row.action, *((row.model,) if frames[0].model else ()), row.chain)
        for row in step_rows(frames, finding.market)
    ]
    changes = list(_changes(finding, frames))
    facts = {
        "title": title,
        "place": place,
        "site": site,
        "code": f"{code.uri}:{code.line}" if code else "",
        "steps": _table(("#", "time", "account", "action", *sides), steps),
        "is_same": any(row[-1] == SAME for row in steps),
        "number": finding.step,
        "changes": _table(("value", "before", "after", *sides[:-1]), changes[:MOST_ROWS]) if changes else "",
        "more": len(changes) - MOST_ROWS,
        "found_by": found_by,
        "vault": finding.vault,
        "also": finding.also,
    }
    return rendered(TEMPLATE, facts)


def _changes(finding: Finding, frames: Sequence[Frame]) -> Iterator[tuple[str, ...]]:
    """Yield each value that the last step changed, or that is not the model's after it."""
    last = frames[-1]
    states = [frames[-2 if len(frames) > 1 else -1].chain.state, last.chain.state]
    before, after, *model = map(values_of, [*states, *([last.model.state] if last.model else [])])
    for path in dict.fromkeys([*before, *after, *(path for each in model for path in each)]):
        values = [each.get(path) for each in (before, after, *model)]
        if any((each or None) != (values[0] or None) for each in values):  # nothing is as good as none
            yield path, *(shown(path, each, finding.market) for each in values)


def _table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |" for line in lines)
