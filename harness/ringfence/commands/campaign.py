"""Search for a program on which the vault and its model disagree."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import randbits
from time import monotonic
from typing import TYPE_CHECKING, Final

import click

from ringfence.commands.outputs import output_options, report, tell_canaries

if TYPE_CHECKING:
    from ringfence.actions import Program
    from ringfence.campaign import Budget, Campaign
    from ringfence.disagreement import Disagreement
    from ringfence.hunt import Catch
    from ringfence.patrol import Patrol
    from ringfence.report.outputs import Outputs
    from ringfence.report.summary import Shown, Summary
    from ringfence.tally import Tally

FAILED: Final = 1
INTERRUPTED: Final = 130
SECONDS: Final = 30
STEPS_PER_RUN: Final = 25  # that laws look at, for every run of a hundred that is compared
SEED_BITS: Final = 32
ADAPTER: Final = "ringfence.adapters.isolated_margin:start"
FILE: Final = click.Path(path_type=Path, dir_okay=False)


@click.command(help=__doc__)
@click.option("--seconds", type=int, help=f"Search for so long; {SECONDS} when --runs is not given either.")
@click.option("--runs", type=int, help="Make so many runs of a hundred steps, rounded up to whole batches.")
@click.option("--seed", type=int, help="Repeat the search of this seed; drawn when not given.")
@click.option("--tally", type=FILE, help="Write what was reached there, as JSON.")
@click.option("--adapter", metavar="FILE.PY:CLASS", help="Search a vault of yours, by its adapter.")
@output_options
@click.pass_context
def campaign(
    ctx: click.Context,
    seconds: int | None,
    runs: int | None,
    seed: int | None,
    tally: Path | None,
    adapter: str | None,
    outputs: "Outputs",
) -> None:
    """Search, tell what was reached, and fail on a disagreement or when something was never reached."""
    from ringfence.campaign import Budget

    for name, amount in (("--seconds", seconds), ("--runs", runs)):
        if amount is not None and amount <= 0:
            raise click.ClickException(f"{name} must be at least 1, not {amount}.")
    budget = Budget(runs, SECONDS if seconds is None and runs is None else seconds)
    seed = randbits(SEED_BITS) if seed is None else seed
    if adapter:
        from ringfence.commands.own_vault import search_own_vault

        ctx.exit(search_own_vault(adapter, seed, budget, tally, outputs))
    done = _searched(seed, _part(budget, 3))
    _tell(done)
    laws = None if done.disagreement or done.is_interrupted else _patrolled(seed, _part(budget, 1))
    try:
        if tally:
            tally.write_text(json.dumps(_plain(done, laws), indent=2) + "\n")
    except OSError as refusal:
        raise click.ClickException(f"{refusal.filename}: {refusal.strerror}.") from None
    report(_summary(done, laws), outputs)
    if done.is_interrupted:
        ctx.exit(INTERRUPTED)
    if done.disagreement or done.tally.missing() or (laws and (laws.caught or laws.complaints())):
        ctx.exit(FAILED)


def _part(budget: "Budget", quarters: int) -> "Budget":
    """Return a part of the time; runs are made in full."""
    from ringfence.campaign import Budget

    return Budget(budget.runs, budget.seconds and max(1, budget.seconds * quarters // 4))


def _patrolled(seed: int, budget: "Budget") -> "Patrol":
    """Have every law look at the vault for a while, and tell how often it was put to the test."""
    from ringfence.markets import MARKETS
    from ringfence.patrol import patrol
    from ringfence.properties import LAWS

    steps = budget.runs and budget.runs * STEPS_PER_RUN
    done = patrol(MARKETS, seed, seconds=budget.seconds, steps=steps)
    counts = ", ".join(f"{law.id} {done.tested.get(law.id, 0):,}" for law in LAWS)
    click.echo(f"laws, and how often each was put to the test in {done.steps:,} more steps: {counts}")
    tell_canaries(done.canaries)
    for complaint in done.complaints() if not done.caught else ():
        click.echo(f"missing: {complaint}")
    if done.caught:
        _tell_program(f"{done.caught.law} is broken in market {done.caught.market!r} by", done.caught.program)
        click.echo(done.caught.complaint)
    return done


def _searched(seed: int, budget: "Budget") -> "Campaign":
    """Say what is searched, and search with a line of progress."""
    from ringfence.adapters.isolated_margin import start
    from ringfence.arena import Arena
    from ringfence.artifacts import ArtifactMissing
    from ringfence.campaign import search, versions
    from ringfence.chains.revm import RevmChain
    from ringfence.machines import MovingPriceMachine
    from ringfence.markets import MARKETS

    told = ", ".join(f"{name} {number}" for name, number in versions().items())
    click.echo(f"seed {seed}; {len(MARKETS)} markets on revm; {told}")
    arena = Arena(lambda setup: start(RevmChain(), setup), MARKETS)
    try:
        with _progress(budget) as update:
            return search(MovingPriceMachine, arena, seed, budget, update)
    except ArtifactMissing as missing:
        raise click.ClickException(f"{missing}.") from None


@contextmanager
def _progress(budget: "Budget") -> Iterator[Callable[["Tally"], None]]:
    """Show how much of the budget is spent, and how many steps were made."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = BarColumn(), TextColumn("{task.fields[steps]:,} steps"), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=budget.runs or budget.seconds, steps=0)
        begun = monotonic()

        def update(tally: "Tally") -> None:
            spent = tally.runs if budget.runs else monotonic() - begun
            progress.update(task, completed=spent, steps=tally.steps)

        yield update


def _tell(done: "Campaign") -> None:
    """Print the tally, what is missing in it, and what was found."""
    from rich.console import Console

    from ringfence.tally_tables import tables

    console = Console()
    for table in tables(done.tally):
        console.print(table, "")
    click.echo(
        f"{done.tally.runs:,} runs, {done.tally.steps:,} steps on vault and model in {done.seconds:.1f} s: "
        f"{done.tally.steps / max(done.seconds, 1e-9):,.0f} a second; seed {done.seed}"
    )
    if done.is_interrupted:
        click.echo("Interrupted; this is what was done.")
    elif done.disagreement:
        _tell_disagreement(done.disagreement)
    else:
        for sentence in done.tally.missing():
            click.echo(f"missing: {sentence}")


def _tell_disagreement(found: "Disagreement") -> None:
    """Print a program that can be pasted, and how vault and model differ at its end."""
    _tell_program(f"Vault and model disagree in market {found.market!r} at the last step of", found.program)
    for difference in found.differences:
        click.echo(difference)


def _tell_program(what: str, program: "Program") -> None:
    click.echo(f"\n{what}\n\nPROGRAM = (")
    for step in program:
        click.echo(f"    {step!r},")
    click.echo(")\n")


def _summary(done: "Campaign", laws: "Patrol | None") -> "Summary":
    """Return the search as a report tells it."""
    from ringfence.markets import MARKETS
    from ringfence.report.searches import of_campaign

    caught = laws.caught if laws else None
    found = tuple(_shown(each, done.seed) for each in (done.disagreement, caught) if each)
    return of_campaign(done, laws, ADAPTER, tuple(setup.name for setup in MARKETS), found)


def _shown(found: "Disagreement | Catch", seed: int) -> "Shown":
    """Return what was found as a finding with its frames."""
    from ringfence.chains.revm import RevmChain
    from ringfence.commands.telling import one_sentence
    from ringfence.markets import market_named
    from ringfence.properties import PROPERTIES
    from ringfence.report.exhibit import OURS, exhibit
    from ringfence.report.make import Origin, make
    from ringfence.report.summary import shown

    chain, setup = RevmChain(), market_named(found.market)
    law = getattr(found, "law", None)
    adapter = OURS if law else ADAPTER
    with one_sentence():
        vault = exhibit(adapter, chain, setup)
    origin = Origin(adapter, setup, seed, chain.name)
    finding = make(vault, origin, found.program, law if law in PROPERTIES else None)
    assert finding is not None, "the program failed a moment ago"
    return shown(finding, vault)


def _plain(done: "Campaign", laws: "Patrol | None") -> dict[str, object]:
    """Return what was done as JSON takes it."""
    found = done.disagreement
    return {
        "seed": done.seed,
        "versions": done.versions,
        "interrupted": done.is_interrupted,
        "disagreement": {
            "market": found.market,
            "program": [repr(step) for step in found.program],
            "differences": found.differences,
        }
        if found
        else None,
        "laws": {"tested": laws.tested, "untested": laws.untested} if laws else None,
        "canaries": laws.canaries.told if laws else None,
        **done.tally.as_plain(),
    }
