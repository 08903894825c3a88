"""A search by many workers, whatever vault they search: who is hired, and how it goes on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

if TYPE_CHECKING:
    from ringfence.engine.workers.crew import Crew
    from ringfence.engine.workers.together import F, Together
    from ringfence.engine.workers.turns import Task

    J = TypeVar("J", bound=Together[Any, Any])

WORKERS: Final = 2  # where a cluster is named, and no number
WORKERS_HELP: Final = (
    "Search with N workers, each a process with a seed of its own, and go on after a finding."
)
RAY_HELP: Final = f"Have the workers, {WORKERS} unless said, run on the Ray cluster whose head is there."


def searched_together(
    job: "Task[Any]", done: "J", what: str, address: str | None, seconds: float | None, steps: int | None
) -> "J":
    """Say what is searched and by whom, and search until the budget is spent; return ``done``."""
    from ringfence.cli.telling import one_sentence
    from ringfence.engine.workers.campaign import run

    with one_sentence():
        crew = _crew(job, address)
        _announce(done, what, address)
        with _progress(seconds, steps) as update:
            return run(crew, done, seconds=seconds, steps=steps, told=update)


def _crew(job: "Task[Any]", address: str | None) -> "Crew[Any]":
    """Return what starts workers for a job; raises CrewFailed."""
    if address is None:
        from ringfence.engine.workers.processes import ProcessCrew

        return ProcessCrew(job)
    from ringfence.engine.workers.cluster import ClusterCrew

    return ClusterCrew(job, address)


def _announce(done: "Together[Any, Any]", what: str, address: str | None) -> None:
    from ringfence.engine.campaign import versions

    told = ", ".join(f"{name} {number}" for name, number in versions().items())
    where = f"on the cluster at {address}" if address else "on this machine"
    click.echo(f"seed {done.seed}; {what} on revm; {done.workers} workers {where}; {told}")


@contextmanager
def _progress(seconds: float | None, steps: int | None) -> Iterator[Callable[["Together[Any, Any]"], None]]:
    """Show steps a second, new situations, findings and the time left; name workers, and at once who dies."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    told = TextColumn("{task.fields[told]}")
    console = Console(stderr=True)
    with Progress(BarColumn(), told, TimeRemainingColumn(), console=console, transient=True) as bar:
        task = bar.add_task("", total=steps or seconds, told="starting workers")

        def update(done: "Together[Any, Any]") -> None:
            while done.news:
                console.print(done.news.pop(0), highlight=False, soft_wrap=True)
            spent = done.counted if steps else done.seconds
            bar.update(task, completed=spent, told=progress_of(done))

        yield update


def progress_of(done: "Together[Any, Any]") -> str:
    """Return what was done until now in a line."""
    rate = done.steps / max(done.seconds, 1e-9)
    deaths = f", {len(done.deaths)} died" if done.deaths else ""
    return f"{rate:,.0f} steps/s, {len(done.reached):,} situations, {len(done.findings)} findings{deaths}"


def tell_troubles(done: "Together[Any, Any]") -> None:
    """Print who died, and why the search could not go on."""
    for sentence in (*done.deaths, *filter(None, [done.complaint])):
        click.echo(sentence)


def tell_cause(done: "Together[Any, Any]", cause: tuple[str, str, str]) -> None:
    """Print what a finding is kept by, and how often it came."""
    click.echo(f"cause: {', '.join(filter(None, cause))}; seen {done.seen[cause]} times")


def plain_of(done: "Together[Any, F]", of_finding: Callable[["F"], dict[str, object]]) -> dict[str, object]:
    """Return of any search by workers what JSON takes; ``of_finding``: what only its findings have."""
    findings = [
        {
            "cause": cause,
            "seen": done.seen[cause],
            **of_finding(found),
            "program": [repr(step) for step in found.program],
        }
        for cause, found in done.findings.items()
    ]
    return {
        "seed": done.seed,
        "workers": done.workers,
        "interrupted": done.is_interrupted,
        "died": done.deaths,
        "situations reached": len(done.reached),
        "findings": findings,
        "canaries": done.canaries.told,
    }
