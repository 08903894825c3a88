"""Where a search's report goes: a page, JUnit's XML, SARIF, a folder of findings, annotations in the log."""

from dataclasses import dataclass
from pathlib import Path

from ringfence.report.ci import annotations, junit
from ringfence.report.files import write
from ringfence.report.html import page
from ringfence.report.markdown import markdown
from ringfence.report.mutants import read
from ringfence.report.picture import draw
from ringfence.report.python_test import python_test
from ringfence.report.sarif import sarif
from ringfence.report.summary import Shown, Summary


@dataclass(frozen=True, slots=True)
class Outputs:
    """What was asked for, None where nothing was; findings are always written."""

    html: Path | None
    junit: Path | None
    findings: Path
    annotations: bool
    mutants: Path | None = None  # a matrix, to be shown in the page
    sarif: Path | None = None


def put_out(summary: Summary, outputs: Outputs) -> list[str]:
    """Write the report; return what is to be printed. Raises OSError, BadMatrix."""
    if outputs.html:
        _write(outputs.html, page(summary, read(outputs.mutants) if outputs.mutants else None))
    if outputs.junit:
        _write(outputs.junit, junit(summary))
    if outputs.sarif:
        _write(outputs.sarif, sarif(summary))
    lines = [_keep(shown, outputs.findings, index) for index, shown in enumerate(summary.findings)]
    return lines + (annotations(summary) if outputs.annotations else [])


def _keep(shown: Shown, folder: Path, index: int) -> str:
    """Write a finding in every form that it has; return what is to be said of it."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"finding_{index + 1}" if index else "finding"
    file = folder / f"{name}.json"
    write(shown.finding, file)
    draw(shown.frames, shown.finding.market, folder / f"{name}.svg")
    (folder / f"test_{name}.py").write_text(python_test(shown.finding, folder))
    _write(folder / f"{name}.md", markdown(shown.finding, shown.frames, shown.site, shown.place))
    if shown.solidity:
        (folder / f"{name}.t.sol").write_text(shown.solidity)
    return f"Written to {file}: `ringfence explain {file}` and `ringfence replay {file}` go on from there."


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
