"""The search of our own vault by many workers, told on a terminal."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from ringfence.commands.outputs import report, tell_canaries
from ringfence.commands.searching import STEPS_PER_RUN

if TYPE_CHECKING:
    from ringfence.budget import Budget
    from ringfence.patrol import Patrol
    from ringfence.report.outputs import Outputs
    from ringfence.workers import Job, Joint
    from ringfence.workers.crew import Crew

FAILED: Final = 1
INTERRUPTED: Final = 130
WORKERS: Final = 2  # where a cluster is named, and no number
WORKERS_HELP: Final = (
    "Search with so many workers, each a process with a seed of its own, and go on after a finding."
)
RAY_HELP: Final = f"Have the workers, {WORKERS} unless said, run on the Ray cluster whose head is there."


def search_by_workers(
    seed: int,
    workers: int,
    address: str | None,
    budget: "Budget",
    corpus: Path | None,
    tally: Path | None,
    outputs: "Outputs",
) -> int:
    """Search until the budget is spent, tell what was done, write what is asked for; return the exit code."""
    from ringfence.commands.telling import one_sentence
    from ringfence.workers import search

    seconds = budget.seconds
    steps = budget.runs * STEPS_PER_RUN if budget.runs else budget.steps
    with one_sentence():
        crew = _crew(_job(corpus), address)
        _announce(seed, workers, address)
        with _progress(seconds, steps) as update:
            done = search(crew, workers, seed, seconds=seconds, steps=steps, told=update)
    laws = _laws(done)
    _tell(done, laws)
    with one_sentence():
        if tally:
            tally.write_text(json.dumps(_plain(done), indent=2) + "\n")
    _report(done, laws, outputs)
    if done.is_interrupted:
        return INTERRUPTED
    is_clean = not (done.findings or done.tally.missing() or laws.complaints() or done.complaint)
    return 0 if is_clean else FAILED


def _job(corpus: Path | None) -> "Job":
    from ringfence.adapters.isolated_margin.direct import OwnVault
    from ringfence.markets import MARKETS
    from ringfence.workers import Job

    return Job(OwnVault.compiled(), MARKETS, corpus)


def _crew(job: "Job", address: str | None) -> "Crew":
    """Return what starts workers for a job; raises CrewFailed."""
    if address is None:
        from ringfence.workers.processes import ProcessCrew

        return ProcessCrew(job)
    from ringfence.workers.cluster import ClusterCrew

    return ClusterCrew(job, address)


def _announce(seed: int, workers: int, address: str | None) -> None:
    from ringfence.campaign import versions
    from ringfence.markets import MARKETS

    told = ", ".join(f"{name} {number}" for name, number in versions().items())
    where = f"on the cluster at {address}" if address else "on this machine"
    click.echo(f"seed {seed}; {len(MARKETS)} markets on revm; {workers} workers {where}; {told}")


@contextmanager
def _progress(seconds: float | None, steps: int | None) -> Iterator[Callable[["Joint"], None]]:
    """Show steps a second, new situations, findings and the time left; name workers, and at once who dies."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    told = TextColumn("{task.fields[told]}")
    console = Console(stderr=True)
    with Progress(BarColumn(), told, TimeRemainingColumn(), console=console, transient=True) as bar:
        task = bar.add_task("", total=steps or seconds, told="starting workers")

        def update(done: "Joint") -> None:
            while done.news:
                console.print(done.news.pop(0), highlight=False, soft_wrap=True)
            spent = done.tally.steps if steps else done.seconds
            bar.update(task, completed=spent, told=progress_of(done))

        yield update


def progress_of(done: "Joint") -> str:
    """Return what was done until now in a line."""
    rate = done.steps / max(done.seconds, 1e-9)
    deaths = f", {len(done.deaths)} died" if done.deaths else ""
    return f"{rate:,.0f} steps/s, {len(done.reached):,} situations, {len(done.findings)} findings{deaths}"


def _laws(done: "Joint") -> "Patrol":
    """Return what the laws have seen, as a report takes it."""
    from ringfence.patrol import Patrol

    return Patrol(done.law_steps, dict(done.tested), done.untested, done.canaries, None)


def _tell(done: "Joint", laws: "Patrol") -> None:
    """Print what was tried, what is missing, who died, and one program for each cause."""
    from rich.console import Console

    from ringfence.properties import LAWS
    from ringfence.tally_tables import tables

    console = Console()
    for table in tables(done.tally):
        console.print(table, "")
    click.echo(
        f"{done.tally.runs:,} runs, {done.tally.steps:,} steps on vault and model, "
        f"{done.law_steps:,} more that laws looked at, in {done.seconds:.1f} s: "
        f"{done.steps / max(done.seconds, 1e-9):,.0f} a second; "
        f"{len(done.reached):,} situations; seed {done.seed}"
    )
    counts = ", ".join(f"{law.id} {done.tested[law.id]:,}" for law in LAWS)
    click.echo(f"laws, and how often each was put to the test: {counts}")
    tell_canaries(done.canaries)
    for sentence in (*done.deaths, *filter(None, [done.complaint])):
        click.echo(sentence)
    if done.is_interrupted:
        click.echo("Interrupted; this is what was done.")
    elif not done.findings:
        for sentence in (*done.tally.missing(), *laws.complaints()):
            click.echo(f"missing: {sentence}")
    _tell_findings(done)


def _tell_findings(done: "Joint") -> None:
    from ringfence.commands.campaign import tell_catch, tell_disagreement
    from ringfence.disagreement import Disagreement

    for cause, found in done.findings.items():
        if isinstance(found, Disagreement):
            tell_disagreement(found)
        else:
            tell_catch(found)
        told = ", ".join(filter(None, cause))
        click.echo(f"cause: {told}; seen {done.seen[cause]} times")


def _report(done: "Joint", laws: "Patrol", outputs: "Outputs") -> None:
    from ringfence.commands.campaign import ADAPTER, shown_finding
    from ringfence.markets import MARKETS
    from ringfence.report.searches import of_workers

    found = tuple(shown_finding(each, done.seed) for each in done.findings.values())
    report(of_workers(done, laws, ADAPTER, tuple(setup.name for setup in MARKETS), found), outputs)


def _plain(done: "Joint") -> dict[str, object]:
    """Return what was done as JSON takes it."""
    from ringfence.campaign import versions

    findings = [
        {
            "cause": cause,
            "seen": done.seen[cause],
            "market": found.market,
            "program": [repr(step) for step in found.program],
        }
        for cause, found in done.findings.items()
    ]
    return {
        "seed": done.seed,
        "versions": versions(),
        "workers": done.workers,
        "interrupted": done.is_interrupted,
        "died": done.deaths,
        "situations reached": len(done.reached),
        "findings": findings,
        "laws": {"tested": dict(done.tested), "untested": list(done.untested)},
        "canaries": done.canaries.told,
        **done.tally.as_plain(),
    }
