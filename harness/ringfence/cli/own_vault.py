"""The search of a vault that is not ours, told on a terminal."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from ringfence.cli.outputs import report, tell_canaries
from ringfence.types.exit_codes import ExitCode

if TYPE_CHECKING:
    from ringfence.engine.budget import Budget
    from ringfence.engine.exhibit import Exhibit
    from ringfence.engine.search import Searched
    from ringfence.report.outputs import Outputs
    from ringfence.report.summary import Shown
    from ringfence.types.finding import Finding

ENDLESS: Final = 10**9  # seconds


def search_own_vault(
    name: str, seed: int, budget: "Budget", corpus: Path | None, file: Path | None, outputs: "Outputs"
) -> ExitCode:
    """Search, print what was done, write what was asked for; return the exit code."""
    from ringfence.cli.telling import one_sentence
    from ringfence.engine.campaign import versions
    from ringfence.engine.kept import finding_of
    from ringfence.engine.loading import load
    from ringfence.engine.search import Search
    from ringfence.report.searches import of_own_vault

    told = ", ".join(f"{package} {number}" for package, number in versions().items())
    click.echo(f"seed {seed}; {name} on revm; {told}")
    with one_sentence():
        adapter = load(name)
        search = Search(adapter, seed, corpus=corpus)
        done = search.run(budget.seconds or ENDLESS, budget.runs, budget.steps)
    tell(done)
    if file:
        file.write_text(json.dumps(plain(done), indent=2) + "\n")
    found: tuple[Shown, ...] = ()
    if done.caught and not done.fault:
        with one_sentence():
            found = (told_finding(finding_of(search, name, adapter), search.shown),)
    report(of_own_vault(done, name, found), outputs)
    return exit_code(done)


def exit_code(done: "Searched") -> ExitCode:
    """Return 0 for a search that is clean, or why it is not."""
    if done.fault:
        return ExitCode.CANNOT_TELL
    if done.is_interrupted:
        return ExitCode.INTERRUPTED
    return ExitCode.CLEAN if done.is_clean else ExitCode.FAILED


def tell(done: "Searched") -> None:
    """Print the laws, the actions by what came of them, and all that makes the run fail."""
    from rich.console import Console

    from ringfence.report.search_tables import actions_table, complaints, laws_table

    console = Console()
    console.print(laws_table(done), "", actions_table(done), "", sep="\n")
    rate = f"{done.steps / max(done.seconds, 1e-9):,.0f} a second"
    click.echo(f"{done.runs:,} runs, {done.steps:,} steps in {done.seconds:.1f} s: {rate}; seed {done.seed}")
    if done.words_checked:
        click.echo(
            f"{done.words_checked:,} storage words that steps changed were looked for in what observe shows."
        )
    tell_canaries(done.canaries)
    for complaint in complaints(done):
        click.echo(complaint)


def told_finding(finding: "Finding", exhibit: "Exhibit") -> "Shown":
    """Print the shortest program beside what came of it, and return it to be written."""
    from rich.console import Console

    from ringfence.report.summary import shown
    from ringfence.report.text import headline, told_frames

    found = shown(finding, exhibit)
    told = told_frames(found.frames, found.finding.market)
    Console().print("", headline(found.finding), "", told, "", sep="\n")
    return found


def plain(done: "Searched") -> dict[str, object]:
    """Return what was done as JSON takes it."""
    from ringfence.properties.abilities import described

    caught = done.caught
    return {
        "seed": done.seed,
        "runs": done.runs,
        "steps": done.steps,
        "interrupted": done.is_interrupted,
        "fault": done.fault,
        "tested": done.tested,
        "untested": done.untested,
        "not_applicable": {law: described(lacking) for law, lacking in done.not_applicable.items()},
        "unseen_storage": list(map(str, done.unseen)),
        "canaries": done.canaries.told,
        "caught": caught and {"law": caught.law, "complaint": caught.complaint, "also": caught.also},
        "outcomes": {f"{action}: {end}": count for (action, end), count in sorted(done.outcomes.items())},
    }
