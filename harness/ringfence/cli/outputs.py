"""The options of every search by which its report is written."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, Final

import click

from ringfence.cli.messages import one_sentence
from ringfence.engine.canary import Canaries
from ringfence.report.outputs import Outputs, put_out
from ringfence.report.summary import Summary

FILE: Final = click.Path(path_type=Path, dir_okay=False)
FOLDER: Final = click.Path(path_type=Path, file_okay=False)
MATRIX: Final = "Show what `ringfence mutants --matrix` wrote in the report."
WRITTEN: Final = "Write what is found there: as data, as tests, as a picture."


def output_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options, as one argument ``outputs``."""

    @click.option("--html", type=FILE, help="Write a report there, one page that needs nothing else.")
    @click.option("--mutants", type=FILE, help=MATRIX)
    @click.option("--junit", type=FILE, help="Write the result there as JUnit's XML.")
    @click.option("--sarif", type=FILE, help="Write the findings there as SARIF, for code hosts.")
    @click.option("--findings", type=FOLDER, default=Path("findings"), show_default=True, help=WRITTEN)
    @click.option("--annotations", is_flag=True, help="Print findings as GitHub's annotations.")
    @wraps(command)
    def with_outputs(
        *args: Any,
        html: Path | None,
        mutants: Path | None,
        junit: Path | None,
        sarif: Path | None,
        findings: Path,
        annotations: bool,
        **kwargs: Any,
    ) -> None:

        command(*args, outputs=Outputs(html, junit, findings, annotations, mutants, sarif), **kwargs)

    return with_outputs


def print_canaries(canaries: Canaries) -> None:
    """Say which of what must fail was seen to."""
    words = {True: "seen", False: "NOT SEEN", None: "none to see"}
    parts = (f"{what}: {words[seen]}" for what, seen in canaries.seen_by_kind.items())
    click.echo(f"canaries: {'; '.join(parts)}")


def report(summary: Summary, outputs: Outputs) -> None:
    """Write the report; a place that can't be written to is reported in one sentence."""
    with one_sentence():
        for line in put_out(summary, outputs):
            click.echo(line)
