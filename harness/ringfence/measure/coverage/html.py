"""Coverage as one page with the sources in it, which needs nothing else."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files as resources
from typing import Final

from markupsafe import Markup

from ringfence.measure.coverage.points import Way
from ringfence.measure.coverage.reached import FileReached, Share
from ringfence.report.pages import pages

TEMPLATE: Final = "coverage.html.jinja"
STYLES: Final = (("ringfence.report", "report.css"), (__package__, "coverage.css"))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a source. ``state`` is hit, part, missed, or nothing where there is nothing to reach."""

    text: str
    state: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class File:
    """A source as the page shows it."""

    file: str
    anchor: str
    shares: tuple[Share, ...]
    lines: tuple[Line, ...]

    @property
    def is_partial(self) -> bool:
        """Return whether something in it was not reached."""
        return any(share.hit < share.of for share in self.shares)


def page(heading: str, origin: str, files: Sequence[FileReached], reasons: Mapping[Way, str]) -> str:
    """Return the page; ``origin`` says what was run, ``reasons`` why ways were not gone."""
    style = "\n".join((resources(of) / "page" / name).read_text(encoding="utf-8") for of, name in STYLES)
    return (
        pages(__package__)
        .get_template(TEMPLATE)
        .render(
            heading=heading,
            origin=origin,
            files=[_file(each, index) for index, each in enumerate(files)],
            reasons=sorted((str(way), reason) for way, reason in reasons.items()),
            style=Markup(style),
        )
    )


def _file(of: FileReached, index: int) -> File:
    shares = of.line_share, of.function_share, of.way_share
    return File(of.file, f"file-{index}", shares, tuple(_lines(of)))


def _lines(of: FileReached) -> Iterator[Line]:
    notes: dict[int, list[str]] = {}
    for (line, *_), ways in of.conditions.items():
        missed = [way for way, hit in ways.items() if not hit]
        if missed and len(missed) < len(ways):
            notes.setdefault(line, []).extend(f"never {way.way}: {way.text}" for way in missed)
        elif missed:
            notes.setdefault(line, []).append(f"never evaluated: {missed[0].text}")
    for number, text in enumerate(of.text.splitlines(), start=1):
        yield Line(text, _state(of.lines.get(number), number in notes), tuple(notes.get(number, ())))


def _state(hit: bool | None, is_noted: bool) -> str:
    if hit is False:
        return "missed"
    if is_noted:
        return "part"
    return "hit" if hit else ""
