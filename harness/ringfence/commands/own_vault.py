"""The search of a vault that is not ours, told on a terminal."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from ringfence.any_vault.search import Search, Searched
    from ringfence.campaign import Budget

FAILED: Final = 1
FAULTY: Final = 2  # the adapter's fault: what was asked can't be told
INTERRUPTED: Final = 130
ENDLESS: Final = 10**9  # seconds


def search_own_vault(name: str, seed: int, budget: "Budget", file: Path | None, finding: Path) -> int:
    """Search, print what was done, write a finding; return the exit code."""
    from ringfence.any_vault.loading import load
    from ringfence.any_vault.search import Search
    from ringfence.campaign import versions
    from ringfence.commands.telling import one_sentence

    told = ", ".join(f"{package} {number}" for package, number in versions().items())
    click.echo(f"seed {seed}; {name} on revm; {told}")
    with one_sentence():
        adapter = load(name)
        search = Search(adapter, seed)
        done = search.run(budget.seconds or ENDLESS, budget.runs)
    _tell(done)
    if file:
        file.write_text(json.dumps(_plain(done), indent=2) + "\n")
    if done.caught and not done.fault:
        with one_sentence():
            _tell_finding(search, name, adapter, finding)
    return _exit_code(done)


def _exit_code(done: "Searched") -> int:
    if done.fault:
        return FAULTY
    if done.is_interrupted:
        return INTERRUPTED
    return 0 if done.is_clean else FAILED


def _tell(done: "Searched") -> None:
    """Print the laws, the actions by what came of them, and all that makes the run fail."""
    from rich.console import Console

    from ringfence.any_vault.told import actions_table, complaints, laws_table

    console = Console()
    console.print(laws_table(done), "", actions_table(done), "", sep="\n")
    rate = f"{done.steps / max(done.seconds, 1e-9):,.0f} a second"
    click.echo(f"{done.runs:,} runs, {done.steps:,} steps in {done.seconds:.1f} s: {rate}; seed {done.seed}")
    if done.words_checked:
        click.echo(
            f"{done.words_checked:,} storage words that steps changed were looked for in what observe shows."
        )
    for complaint in complaints(done):
        click.echo(complaint)


def _tell_finding(search: "Search", name: str, adapter: Any, file: Path) -> None:
    """Print the shortest program beside what came of it, and write it down."""
    from rich.console import Console

    from ringfence.any_vault.kept import finding_of
    from ringfence.report.files import write
    from ringfence.report.replay import replay
    from ringfence.report.text import headline, told_frames

    found = finding_of(search, name, adapter)
    frames = list(replay(search.shown, found.program, found.law))
    console = Console()
    console.print("", headline(found), "", told_frames(frames, found.market), "", sep="\n")
    file.parent.mkdir(parents=True, exist_ok=True)
    write(found, file)
    click.echo(
        f"Written to {file}: `ringfence explain {file}` and `ringfence replay {file}` go on from there."
    )


def _plain(done: "Searched") -> dict[str, object]:
    """Return what was done as JSON takes it."""
    caught = done.caught
    return {
        "seed": done.seed,
        "runs": done.runs,
        "steps": done.steps,
        "interrupted": done.is_interrupted,
        "fault": done.fault,
        "tested": done.tested,
        "untested": done.untested,
        "not_applicable": {law: sorted(lacking) for law, lacking in done.not_applicable.items()},
        "unseen_storage": list(map(str, done.unseen)),
        "caught": caught and {"law": caught.law, "complaint": caught.complaint, "also": caught.also},
        "outcomes": {f"{action}: {end}": count for (action, end), count in sorted(done.outcomes.items())},
    }
