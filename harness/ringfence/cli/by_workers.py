"""The search of our own vault by many workers, told on a terminal."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ringfence.cli.crews import plain_of, searched_together, tell_cause, tell_troubles
from ringfence.cli.outputs import report, tell_canaries
from ringfence.cli.searching import STEPS_PER_RUN
from ringfence.types.exit_codes import ExitCode

if TYPE_CHECKING:
    from ringfence.engine.budget import Budget
    from ringfence.engine.patrol import Patrol
    from ringfence.engine.workers import Job, Joint
    from ringfence.report.outputs import Outputs


def search_by_workers(
    seed: int,
    workers: int,
    address: str | None,
    budget: "Budget",
    corpus: Path | None,
    tally: Path | None,
    outputs: "Outputs",
) -> ExitCode:
    """Search until the budget is spent, tell what was done, write what is asked for; return the exit code."""
    from ringfence.cli.telling import one_sentence
    from ringfence.engine.workers import Joint
    from ringfence.vaults.isolated_margin.markets import MARKETS

    steps = budget.runs * STEPS_PER_RUN if budget.runs else budget.steps
    with one_sentence():
        job = _job(corpus)
    what = f"{len(MARKETS)} markets"
    done = searched_together(job, Joint(seed, workers), what, address, budget.seconds, steps)
    laws = _laws(done)
    _tell(done, laws)
    with one_sentence():
        if tally:
            tally.write_text(json.dumps(_plain(done), indent=2) + "\n")
    _report(done, laws, outputs)
    if done.is_interrupted:
        return ExitCode.INTERRUPTED
    is_clean = not (done.findings or done.tally.missing() or laws.complaints() or done.complaint)
    return ExitCode.CLEAN if is_clean else ExitCode.FAILED


def _job(corpus: Path | None) -> "Job":
    from ringfence.engine.workers import Job
    from ringfence.vaults.isolated_margin.fast import OwnVault
    from ringfence.vaults.isolated_margin.markets import MARKETS

    return Job(OwnVault.compiled(), MARKETS, corpus)


def _laws(done: "Joint") -> "Patrol":
    """Return what the laws have seen, as a report takes it."""
    from ringfence.engine.patrol import Patrol

    return Patrol(done.law_steps, dict(done.tested), done.untested, done.canaries, None)


def _tell(done: "Joint", laws: "Patrol") -> None:
    """Print what was tried, what is missing, who died, and one program for each cause."""
    from rich.console import Console

    from ringfence.properties import PROPERTIES
    from ringfence.report.tally_tables import tables

    console = Console()
    for table in tables(done.tally):
        console.print(table, "")
    click.echo(
        f"{done.tally.runs:,} runs, {done.tally.steps:,} steps on vault and model, "
        f"{done.law_steps:,} more that laws looked at, in {done.seconds:.1f} s: "
        f"{done.steps / max(done.seconds, 1e-9):,.0f} a second; "
        f"{len(done.reached):,} situations; seed {done.seed}"
    )
    counts = ", ".join(f"{law.id} {done.tested[law.id]:,}" for law in PROPERTIES)
    click.echo(f"laws, and how often each was put to the test: {counts}")
    tell_canaries(done.canaries)
    tell_troubles(done)
    if done.is_interrupted:
        click.echo("Interrupted; this is what was done.")
    elif not done.findings:
        for sentence in (*done.tally.missing(), *laws.complaints()):
            click.echo(f"missing: {sentence}")
    _tell_findings(done)


def _tell_findings(done: "Joint") -> None:
    from ringfence.cli.campaign import tell_catch, tell_disagreement
    from ringfence.engine.disagreement import Disagreement

    for cause, found in done.findings.items():
        if isinstance(found, Disagreement):
            tell_disagreement(found)
        else:
            tell_catch(found)
        tell_cause(done, cause)


def _report(done: "Joint", laws: "Patrol", outputs: "Outputs") -> None:
    from ringfence.cli.campaign import ADAPTER, shown_finding
    from ringfence.report.searches import of_workers
    from ringfence.vaults.isolated_margin.markets import MARKETS

    found = tuple(shown_finding(each, done.seed) for each in done.findings.values())
    report(of_workers(done, laws, ADAPTER, tuple(setup.name for setup in MARKETS), found), outputs)


def _plain(done: "Joint") -> dict[str, object]:
    """Return what was done as JSON takes it."""
    from ringfence.engine.campaign import versions

    return {
        **plain_of(done, lambda found: {"market": found.market}),
        "versions": versions(),
        "laws": {"tested": dict(done.tested), "untested": list(done.untested)},
        **done.tally.as_plain(),
    }
