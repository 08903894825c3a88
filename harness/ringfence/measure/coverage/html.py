"""Coverage as one page with the sources in it, which needs nothing else."""

from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files as resources
from typing import Final, NamedTuple

from markupsafe import Markup

from ringfence.measure.coverage.reached import FileReached, Way
from ringfence.report.pages import pages

TEMPLATE: Final = "coverage.html.jinja"
STYLES: Final = (("ringfence.report", "report.css"), (__package__, "coverage.css"))


class Line(NamedTuple):
    """A line of a source. ``state`` is hit, part, missed, or nothing where there is nothing to reach."""

    text: str
    state: str
    notes: Sequence[str]


def page(heading: str, origin: str, files: Sequence[FileReached], reasons: Mapping[Way, str]) -> str:
    """Return the page; ``origin`` says what was run, ``reasons`` why ways were not gone."""
    style = "\n".join((resources(of) / "page" / name).read_text(encoding="utf-8") for of, name in STYLES)
    return (
        pages(__package__)
        .get_template(TEMPLATE)
        .render(
            heading=heading,
            origin=origin,
            files=files,
            lines=lines,
            reasons=sorted((str(way), reason) for way, reason in reasons.items()),
            style=Markup(style),
        )
    )


def lines(of: FileReached) -> Iterator[Line]:
    """Yield the lines of a source, each with what was missed there."""
    notes: dict[int, list[str]] = {}
    for (line, _, text), ways in of.conditions.items():
        missed = [way for way, is_hit in ways.items() if not is_hit]
        never = [f"never {way.way}: {text}" for way in missed]
        notes.setdefault(line, []).extend(never if len(missed) < len(ways) else [f"never evaluated: {text}"])
    for number, text in enumerate(of.text.splitlines(), start=1):
        is_hit, noted = of.lines.get(number), notes.get(number, [])
        state = "missed" if is_hit is False else "part" if noted else "hit" if is_hit else ""
        yield Line(text, state, noted)
