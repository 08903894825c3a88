"""Print a finding: the property, the call sequence next to the model, mismatches, and what to do about it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click
from rich.console import Console

from ringfence.cli.adapter_option import vault_option
from ringfence.cli.messages import one_sentence
from ringfence.engine.findings import site_of
from ringfence.engine.replay import Frame, replay
from ringfence.engine.target import Target
from ringfence.report.advice import advice
from ringfence.report.calls import calls_of
from ringfence.report.code_place import code_place
from ringfence.report.files import read
from ringfence.report.foundry import foundry_test
from ringfence.report.markdown import markdown
from ringfence.report.picture import draw
from ringfence.report.python_test import python_test
from ringfence.report.text import frames_shown, headline
from ringfence.types.finding import Finding

FILE: Final = click.Path(path_type=Path, dir_okay=False)
FORMATS: Final = (".svg", ".png", ".pdf")
NO_CALLS: Final = "None: it sends no transaction by the workspace."


@click.command(help=__doc__)
@click.argument("file", metavar="FINDING", type=FILE)
@click.option("--pytest", "python", type=FILE, help="Write a pytest file there.")
@click.option("--markdown", "section", type=FILE, help="Write a section of a report in Markdown there.")
@click.option("--foundry", type=FILE, help="Write a Foundry test there, a .t.sol file.")
@click.option("--picture", type=FILE, help="Draw price, margins and funds there: .svg, .png or .pdf.")
@click.option("--calls", is_flag=True, help="Print the calls of the last step too; it takes some seconds.")
@vault_option
def explain(
    file: Path,
    python: Path | None,
    section: Path | None,
    foundry: Path | None,
    picture: Path | None,
    calls: bool,
    vault: str | None,
) -> None:
    """Print a finding, and write what is asked for."""
    if picture and picture.suffix not in FORMATS:
        raise click.UsageError(f"--picture takes .svg, .png or .pdf, not {picture.name}.")
    with one_sentence():
        finding = read(file, vault)
        target = Target.of(finding)
        system = target.system(finding.market)
        frames = list(replay(system, finding.sequence, finding.property_id))
        _print(finding, frames, advice(finding, file, target.adapter))
        if calls:
            click.echo(
                "\n".join(["", f"The calls of step {finding.step}:", *(calls_of(finding) or [NO_CALLS])])
            )
        if python:
            python.write_text(python_test(finding, python.parent))
        if section:
            site = site_of(system, finding)
            section.write_text(markdown(finding, frames, site, code_place(system, finding, site)))
        if foundry:
            foundry.write_text(foundry_test(finding))
        if picture:
            draw(frames, finding.market, picture)


def _print(finding: Finding, frames: Sequence[Frame], sentences: Sequence[str]) -> None:
    console = Console()
    console.print(headline(finding), "", frames_shown(frames, finding.market), "", sep="\n")
    for sentence in sentences:
        console.print(f"- {sentence}", markup=False, highlight=False, soft_wrap=True)
