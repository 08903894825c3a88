"""Search for a call sequence that violates a property or on which vault and reference model do not match."""

import json
from pathlib import Path
from secrets import randbits
from typing import TYPE_CHECKING, Final

import click

from ringfence.cli.by_workers import search_by_workers
from ringfence.cli.crews import RAY_HELP, WORKERS, WORKERS_HELP
from ringfence.cli.outputs import FOLDER, output_options, report, tell_canaries
from ringfence.cli.searching import ENGINE_HELP, ENGINES, EXPLORER, searched
from ringfence.cli.telling import CannotTell, Failed, one_sentence
from ringfence.types.exit_codes import ExitCode

if TYPE_CHECKING:
    from ringfence.engine.budget import Budget
    from ringfence.engine.campaign import Campaign
    from ringfence.engine.disagreement import Disagreement
    from ringfence.engine.hunt import Catch
    from ringfence.engine.patrol import Patrol
    from ringfence.report.outputs import Outputs
    from ringfence.report.summary import Shown, Summary
    from ringfence.types.actions import CallSequence

SECONDS: Final = 30
LOOKED_AT: Final = 25  # steps that laws look at, for every run of a hundred that is compared
SEED_BITS: Final = 32
ADAPTER: Final = "ringfence.vaults.isolated_margin:start"
ADAPTER_HELP: Final = "Search a vault of yours, by its adapter; with --workers each loads it itself."
RUNS_HELP: Final = "Stop after N sequences; on our vault, of 100 steps each."
FILE: Final = click.Path(path_type=Path, dir_okay=False)


@click.command(help=__doc__, short_help="Search for a call sequence that breaks a vault.")
@click.option(
    "--seconds", type=int, metavar="N", help=f"Stop after N seconds; {SECONDS} without another limit."
)
@click.option("--steps", type=int, metavar="N", help="Stop after N steps, at the end of a sequence.")
@click.option("--runs", type=int, metavar="N", help=RUNS_HELP)
@click.option("--seed", type=int, help="Repeat the search of this seed; drawn when not given.")
@click.option("--engine", type=click.Choice(ENGINES), default=EXPLORER, show_default=True, help=ENGINE_HELP)
@click.option("--corpus", type=FOLDER, help="Start from the call sequences there, and add what is new.")
@click.option(
    "--branches", is_flag=True, help="Add to it what reaches new branches of our Solidity, too; slower."
)
@click.option("--workers", type=int, metavar="N", help=WORKERS_HELP)
@click.option("--ray", "address", metavar="HOST:PORT", help=RAY_HELP)
@click.option("--tally", type=FILE, help="Write what was reached there, as JSON.")
@click.option("--adapter", metavar="FILE.PY:CLASS", help=ADAPTER_HELP)
@output_options
@click.pass_context
def campaign(
    ctx: click.Context,
    seconds: int | None,
    steps: int | None,
    runs: int | None,
    seed: int | None,
    engine: str,
    corpus: Path | None,
    branches: bool,
    workers: int | None,
    address: str | None,
    tally: Path | None,
    adapter: str | None,
    outputs: "Outputs",
) -> None:
    """Search, tell what was reached, and fail on a disagreement or when something was never reached."""
    budget = _budget(seconds, steps, runs)
    if corpus and engine != EXPLORER and not adapter:
        raise CannotTell(f"--corpus is kept by --engine {EXPLORER} alone.")
    if branches and (engine != EXPLORER or adapter or workers is not None or address):
        raise CannotTell(f"--branches guide one process of --engine {EXPLORER} on our own vault alone.")
    seed = randbits(SEED_BITS) if seed is None else seed
    if workers is not None or address:
        crew = _crew_size(workers, engine)
        if adapter:
            from ringfence.cli.own_vault_by_workers import search_own_vault_by_workers

            arguments = seed, crew, address, budget, corpus, tally, outputs
            ctx.exit(search_own_vault_by_workers(adapter, *arguments))
        ctx.exit(search_by_workers(seed, crew, address, budget, corpus, tally, outputs))
    if adapter:
        from ringfence.cli.own_vault import search_own_vault

        ctx.exit(search_own_vault(adapter, seed, budget, corpus, tally, outputs))
    done = searched(seed, _part(budget, 3), engine, corpus, branches)
    _tell(done)
    named = _named(done.disagreement, seed) if done.disagreement else None
    laws = None if done.disagreement or done.is_interrupted else _patrolled(seed, _part(budget, 1))
    try:
        if tally:
            tally.write_text(json.dumps(_plain(done, laws), indent=2) + "\n")
    except OSError as refusal:
        raise CannotTell(f"{refusal.filename}: {refusal.strerror}.") from None
    report(_summary(done, laws, named), outputs)
    if done.is_interrupted:
        ctx.exit(ExitCode.INTERRUPTED)
    if done.complaint:
        raise Failed(done.complaint)
    if done.disagreement or done.tally.missing() or (laws and (laws.caught or laws.complaints())):
        ctx.exit(ExitCode.FAILED)


def _crew_size(workers: int | None, engine: str) -> int:
    """Return how many workers to hire; raises CannotTell for what workers don't do."""
    if workers is not None and workers <= 0:
        raise CannotTell(f"--workers must be at least 1, not {workers}.")
    if engine != EXPLORER:
        raise CannotTell(f"--workers search by --engine {EXPLORER} alone.")
    return WORKERS if workers is None else workers


def _budget(seconds: int | None, steps: int | None, runs: int | None) -> "Budget":
    """Return what limits the search; raises CannotTell for a limit that lets nothing be done."""
    from ringfence.engine.budget import Budget

    limits = {"--seconds": seconds, "--steps": steps, "--runs": runs}
    for name, amount in limits.items():
        if amount is not None and amount <= 0:
            raise CannotTell(f"{name} must be at least 1, not {amount}.")
    endless = all(amount is None for amount in limits.values())
    return Budget(runs, SECONDS if endless else seconds, steps)


def _part(budget: "Budget", quarters: int) -> "Budget":
    """Return a part of the time; steps are made in full."""
    from ringfence.engine.budget import Budget

    return Budget(budget.runs, budget.seconds and max(1, budget.seconds * quarters / 4), budget.steps)


def _patrolled(seed: int, budget: "Budget") -> "Patrol":
    """Have every law look at the vault for a while, and tell how often it was put to the test."""
    from ringfence.engine.patrol import patrol
    from ringfence.properties import PROPERTIES
    from ringfence.vaults.isolated_margin.markets import MARKETS

    steps = budget.runs * LOOKED_AT if budget.runs else budget.steps and max(LOOKED_AT, budget.steps // 4)
    done = patrol(MARKETS, seed, seconds=budget.seconds, steps=steps)
    counts = ", ".join(f"{law.id} {done.tested.get(law.id, 0):,}" for law in PROPERTIES)
    click.echo(f"laws, and how often each was put to the test in {done.steps:,} more steps: {counts}")
    tell_canaries(done.canaries)
    for complaint in done.complaints() if not done.caught else ():
        click.echo(f"missing: {complaint}")
    if done.caught:
        tell_catch(done.caught)
    return done


def _named(found: "Disagreement", seed: int) -> "Catch | None":
    """Return and tell the law that a vault breaks which differs from its model."""
    from ringfence.engine.naming import named
    from ringfence.vaults.isolated_margin.fast import OwnVault
    from ringfence.vaults.isolated_margin.markets import market_named

    caught = named(OwnVault.compiled(), market_named(found.market), found, seed)
    if caught:
        tell_catch(caught)
    return caught


def tell_catch(caught: "Catch") -> None:
    _tell_program(f"{caught.law} is broken in market {caught.market!r} by", caught.program)
    click.echo(caught.complaint)


def _tell(done: "Campaign") -> None:
    """Print the tally, what is missing in it, and what was found."""
    from rich.console import Console

    from ringfence.report.tally_tables import tables

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
        tell_disagreement(done.disagreement)
    else:
        for sentence in done.tally.missing():
            click.echo(f"missing: {sentence}")


def tell_disagreement(found: "Disagreement") -> None:
    """Print a program that can be pasted, and how vault and model differ at its end."""
    _tell_program(f"Vault and model disagree in market {found.market!r} at the last step of", found.program)
    for difference in found.differences:
        click.echo(difference)


def _tell_program(what: str, program: "CallSequence") -> None:
    click.echo(f"\n{what}\n\nPROGRAM = (")
    for step in program:
        click.echo(f"    {step!r},")
    click.echo(")\n")


def _summary(done: "Campaign", laws: "Patrol | None", named: "Catch | None") -> "Summary":
    """Return the search as a report tells it."""
    from ringfence.report.searches import of_campaign
    from ringfence.vaults.isolated_margin.markets import MARKETS

    caught = laws.caught if laws else named
    found = tuple(shown_finding(each, done.seed) for each in (done.disagreement, caught) if each)
    return of_campaign(done, laws, ADAPTER, tuple(setup.name for setup in MARKETS), found)


def shown_finding(found: "Disagreement | Catch", seed: int) -> "Shown":
    """Return what was found as a finding with its frames."""
    from ringfence.engine.exhibit import OURS, exhibit
    from ringfence.engine.findings import Origin, make
    from ringfence.evm.chains.revm import RevmChain
    from ringfence.properties import BY_ID
    from ringfence.report.summary import shown
    from ringfence.vaults.isolated_margin.markets import market_named

    chain, setup = RevmChain(), market_named(found.market)
    law = getattr(found, "law", None)
    adapter = OURS if law else ADAPTER
    with one_sentence():
        vault = exhibit(adapter, chain, setup)
    origin = Origin(adapter, setup, seed, chain.name)
    finding = make(vault, origin, found.program, law if law in BY_ID else None)
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
