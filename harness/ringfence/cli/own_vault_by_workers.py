"""The search by many workers of a vault that is not ours, told as the search by one process is."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ringfence.cli.crews import plain_of, searched_together, tell_cause, tell_troubles
from ringfence.cli.outputs import report
from ringfence.cli.own_vault import exit_code, plain, tell, told_finding
from ringfence.cli.telling import CannotTell, one_sentence
from ringfence.types.exit_codes import ExitCode

if TYPE_CHECKING:
    from ringfence.engine.budget import Budget
    from ringfence.engine.exhibit import Exhibit
    from ringfence.engine.search import Caught
    from ringfence.engine.workers.adapted import AdaptedJoint
    from ringfence.report.outputs import Outputs
    from ringfence.report.summary import Shown


def search_own_vault_by_workers(
    name: str,
    seed: int,
    workers: int,
    address: str | None,
    budget: "Budget",
    corpus: Path | None,
    file: Path | None,
    outputs: "Outputs",
) -> ExitCode:
    """Search until the budget is spent, tell what was done, write what is asked for; return the exit code."""
    from ringfence.engine.loading import load, placed
    from ringfence.engine.start import exhibit
    from ringfence.engine.workers.adapted import AdaptedJob, AdaptedJoint
    from ringfence.report.searches import of_own_vault

    if budget.runs:
        raise CannotTell("--runs of your vault are counted by one process: give --workers --steps.")
    with one_sentence():
        adapter = load(name)
        shown = exhibit(adapter)  # what can't be started is told before anybody is hired
    job, joint = AdaptedJob(placed(name), corpus and corpus.resolve()), AdaptedJoint(seed, workers)
    done = searched_together(job, joint, name, address, budget.seconds, budget.steps)
    tell(done.searched)
    tell_troubles(done)
    with one_sentence():
        if file:
            file.write_text(json.dumps(_plain(done), indent=2) + "\n")
    found = _told_findings(done, shown, name, adapter)
    report(of_own_vault(done.searched, name, found), outputs)
    return _exit_code(done, found)


def _told_findings(done: "AdaptedJoint", exhibit: "Exhibit", name: str, adapter: Any) -> "tuple[Shown, ...]":
    """Print one program for each cause; one that can't be done again is told of, and left out."""
    from ringfence.engine.kept import finding_on
    from ringfence.types.errors import AdapterFault

    found = []
    for cause, caught in done.findings.items():
        try:
            found.append(told_finding(finding_on(exhibit, caught, done.seed, name, adapter), exhibit))
        except AdapterFault as fault:
            click.echo(f"adapter: {fault}")
        tell_cause(done, cause)
    return tuple(found)


def _exit_code(done: "AdaptedJoint", found: "tuple[Shown, ...]") -> ExitCode:
    """Return what one process would end with, for a crew that could not go on FAILED."""
    if len(found) < len(done.findings):
        return ExitCode.CANNOT_TELL
    return exit_code(done.searched) or (ExitCode.FAILED if done.complaint else ExitCode.CLEAN)


def _plain(done: "AdaptedJoint") -> dict[str, object]:
    """Return what was done as JSON takes it: what one process writes, and what only workers have."""

    def of_finding(caught: "Caught") -> dict[str, object]:
        return {"law": caught.law, "complaint": caught.complaint, "also": caught.also}

    return {**plain(done.searched), **plain_of(done, of_finding)}
