"""Where a search's report goes: a page, JUnit's XML, a folder of findings, annotations in the log."""

import re
from dataclasses import dataclass
from pathlib import Path

from ringfence.report.ci import annotations, junit
from ringfence.report.files import write
from ringfence.report.html import page
from ringfence.report.picture import draw
from ringfence.report.summary import Shown, Summary


@dataclass(frozen=True, slots=True)
class Outputs:
    """What was asked for; None where nothing was."""

    html: Path | None
    junit: Path | None
    findings: Path | None
    annotations: bool

    @property
    def any(self) -> bool:
        """Return whether anything was."""
        return bool(self.html or self.junit or self.findings or self.annotations)


def put_out(summary: Summary, outputs: Outputs) -> list[str]:
    """Write what was asked for; return what is to be printed. Raises OSError."""
    if outputs.html:
        _write(outputs.html, page(summary))
    if outputs.junit:
        _write(outputs.junit, junit(summary))
    if outputs.findings:
        for number, shown in enumerate(summary.findings, start=1):
            keep(shown, outputs.findings, number)
    return annotations(summary) if outputs.annotations else []


def keep(shown: Shown, folder: Path, number: int) -> None:
    """Write a finding into a folder: as data, as a picture, and as every test that it can be."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{number}_{re.sub(r'[^a-z0-9]+', '_', shown.finding.name.lower()).strip('_')}"
    write(shown.finding, folder / f"{name}.json")
    draw(shown.frames, shown.finding.market, folder / f"{name}.svg")
    (folder / f"test_{name}.py").write_text(shown.python)
    if shown.solidity:
        (folder / f"{name}.t.sol").write_text(shown.solidity)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
