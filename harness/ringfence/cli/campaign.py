"""Search for a call sequence on which a vault violates a property or differs from its reference model."""

import json
from pathlib import Path
from secrets import randbits
from typing import Final

import click
from rich.console import Console

from ringfence.cli.adapter_option import adapter_option, against_option
from ringfence.cli.messages import CannotTell, one_sentence
from ringfence.cli.objective_options import Wanted, objective_options, wanted_of
from ringfence.cli.outputs import FOLDER, output_options, print_canaries, report
from ringfence.cli.progress import search_progress, worker_progress
from ringfence.engine.budget import Budget
from ringfence.engine.result import SearchResult
from ringfence.engine.search import Search
from ringfence.engine.target import DRAWN, Target
from ringfence.engine.versions import versions
from ringfence.engine.workers.batches import search
from ringfence.engine.workers.cluster import ClusterPool
from ringfence.engine.workers.job import Job
from ringfence.engine.workers.pool import WorkerPool
from ringfence.engine.workers.processes import ProcessPool
from ringfence.measure.coverage.tables import ways_sentence, ways_table
from ringfence.measure.coverage.tracing import BranchTracer
from ringfence.report.outputs import Outputs
from ringfence.report.search_json import plain
from ringfence.report.search_tables import problems, tables
from ringfence.report.summary import Shown, shown, summary_of
from ringfence.report.text import frames_shown, headline
from ringfence.types.exit_codes import ExitCode
from ringfence.types.finding import VaultId

SECONDS: Final = 30
SEED_BITS: Final = 32
WORKERS: Final = 2  # where a cluster is named, and no number
WORKERS_HELP: Final = "Search with N processes, each with a seed of its own, and go on after a finding."
MARKET_HELP: Final = (
    "Search in this market alone. Our vault's are also drawn-1, drawn-2, ... by that seed, and drawn: "
    "another drawn one again and again."
)
RAY_HELP: Final = f"Run the workers, {WORKERS} unless stated, on the Ray cluster with this head."
FILE: Final = click.Path(path_type=Path, dir_okay=False)


@click.command(help=__doc__)
@click.option("--seconds", type=int, help=f"Stop after N seconds; {SECONDS} if nothing else limits it.")
@click.option("--steps", type=int, help="Stop after N steps; a sequence that was begun is ended.")
@click.option("--runs", type=int, help="Stop after N sequences.")
@click.option("--seed", type=int, help="Repeat the search of this seed; drawn when not given.")
@click.option("--corpus", type=FOLDER, help="Start from the sequences there, and add those that are new.")
@click.option(
    "--branches",
    is_flag=True,
    help="Keep sequences for new branches too, and show those never taken; slower.",
)
@click.option("--market", default="", help=MARKET_HELP)
@click.option("--workers", type=int, help=WORKERS_HELP)
@click.option("--ray", "address", metavar="HOST:PORT", help=RAY_HELP)
@click.option("--stats", type=FILE, help="Write what was reached there, as JSON.")
@objective_options
@adapter_option
@against_option
@output_options
@click.pass_context
def campaign(
    ctx: click.Context,
    seconds: int | None,
    steps: int | None,
    runs: int | None,
    seed: int | None,
    corpus: Path | None,
    branches: bool,
    market: str,
    workers: int | None,
    address: str | None,
    stats: Path | None,
    only: tuple[str, ...],
    but: tuple[str, ...],
    known: Path | None,
    remember: bool,
    adapter: str,
    against: str,
    outputs: Outputs,
) -> None:
    """Search, show what was reached, and fail on a finding or when something was never reached."""
    budget = _budget(seconds, steps, runs)
    is_drawn = market == DRAWN
    by_workers = workers is not None or address is not None or is_drawn
    _check_options(branches, by_workers, workers, runs)
    seed = randbits(SEED_BITS) if seed is None else seed
    with one_sentence():
        target = Target.named(adapter, against)
        wanted = wanted_of(target, only, but, known, remember=remember)
        tracer = None
        if by_workers:
            workers = workers or (1 if is_drawn and not address else WORKERS)
            result = _by_workers(target, seed, workers, address, budget, corpus, wanted, market)
        else:
            tracer = BranchTracer(target.name) if branches else None
            result = _searched(target, seed, budget, corpus, tracer, wanted, market)
        found = _print(result, target)
        if tracer:
            click.echo(ways_sentence(tracer.reached()))
            Console().print(ways_table(tracer.reached()), "")
        wanted.remember(frozenset(result.findings))
        if stats:
            stats.write_text(json.dumps(plain(result, target), indent=2) + "\n")

    report(summary_of(result, target, found), outputs)
    ctx.exit(_exit_code(result))


def _check_options(branches: bool, by_workers: bool, workers: int | None, runs: int | None) -> None:
    if workers is not None and workers <= 0:
        raise CannotTell(f"--workers must be at least 1, not {workers}.")
    if branches and by_workers:
        raise CannotTell("--branches guide one process: leave --workers, --ray and --market drawn out.")
    if by_workers and runs:
        raise CannotTell("--runs are counted by one process: give --workers --steps.")


def _budget(seconds: int | None, steps: int | None, runs: int | None) -> Budget:
    """Return what limits the search; raises CannotTell for a limit that lets nothing be done."""
    limits = {"--seconds": seconds, "--steps": steps, "--runs": runs}
    for name, amount in limits.items():
        if amount is not None and amount <= 0:
            raise CannotTell(f"{name} must be at least 1, not {amount}.")
    endless = all(amount is None for amount in limits.values())
    return Budget(runs, SECONDS if endless else seconds, steps)


def _searched(
    target: Target,
    seed: int,
    budget: Budget,
    corpus: Path | None,
    tracer: BranchTracer | None,
    wanted: Wanted,
    market: str,
) -> SearchResult:
    """Search in this process."""
    objective, known, markets = wanted.violations, wanted.known, (market,) if market else ()
    search = Search(
        target, seed, markets=markets, corpus=corpus, objective=objective, known=known, tracer=tracer
    )
    click.echo(f"seed {seed}; {_what(target, market)} on revm; {_versions()}")
    with search_progress(budget) as progress:
        return search.run(budget, progress)


def _by_workers(
    target: Target,
    seed: int,
    workers: int,
    address: str | None,
    budget: Budget,
    corpus: Path | None,
    wanted: Wanted,
    market: str,
) -> SearchResult:
    """Search with many processes, of this machine or of a cluster."""
    first = f"{DRAWN}-1" if market == DRAWN else market or next(iter(target.markets))
    target.system(first)  # what can't be started is said before anybody is
    name, folder = VaultId.named(target.name).name, corpus and corpus.resolve()
    against = VaultId.named(target.against.name).name if target.against else ""
    job = Job(name, folder, budget.steps is None, wanted.violations, wanted.known, against, market)
    pool: WorkerPool = ProcessPool(job) if address is None else ClusterPool(job, address)
    where = f"on the cluster at {address}" if address else "on this machine"
    click.echo(f"seed {seed}; {_what(target, market)} on revm; {workers} workers {where}; {_versions()}")
    with worker_progress(budget) as progress:
        result = SearchResult(seed, workers)
        search(pool, result, seconds=budget.seconds, steps=budget.steps, progress=progress)
    result.missing = target.missing(result.stats)
    return result


def _what(target: Target, market: str) -> str:
    markets = f", {len(target.markets)} markets" if len(target.markets) > 1 else ""
    markets = f", market {market}" if market else markets
    against = f" against {target.against.name}" if target.against else ""
    return f"{target.name}{against}{markets}"


def _versions() -> str:
    return ", ".join(f"{package} {number}" for package, number in versions().items())


def _print(result: SearchResult, target: Target) -> tuple[Shown, ...]:
    """Print what was reached, what is missing, and every finding step by step; return the findings."""
    console = Console()
    for table in tables(result, target):
        console.print(table, "")
    markets = f", {len(result.markets):,} markets" if len(result.markets) > 1 else ""
    rate = f"{result.steps / max(result.seconds, 1e-9):,.0f} a second"
    click.echo(
        f"{result.runs:,} runs, {result.steps:,} steps in {result.seconds:.1f} s: {rate}; "
        f"{result.stats.checked:,} of them checked by every property, "
        f"{len(result.reached):,} features{markets}; seed {result.seed}"
    )
    if result.stats.messages:
        own, tried = result.stats.messages_a_step
        click.echo(f"{own:.1f} EVM calls for each checked step, and {tried:.1f} that properties tried.")
    if result.words_checked:
        click.echo(
            f"{result.words_checked:,} storage words that steps changed were looked for in observations."
        )
    print_canaries(result.canaries)
    for sentence in problems(result):
        click.echo(sentence)
    return tuple(_shown(result, target))


def _shown(result: SearchResult, target: Target) -> list[Shown]:
    every = []
    for cause, finding in result.findings.items():
        found = shown(finding, target.system(finding.market), cause.site)
        if found.frames[-1].fails:
            parts = headline(finding), "", frames_shown(found.frames, finding.market)
            Console().print("", *parts, "", sep="\n")
            every.append(found)
        else:  # found by a worker, and not here
            again = f"{target.name} does not do the same when a sequence is repeated"
            result.fault = f"{again}, so that {cause.property_id} can't be shown."
            click.echo(f"adapter: {result.fault}")
        click.echo(f"cause: {cause}; seen {result.seen[cause]} times")
    return every


def _exit_code(result: SearchResult) -> ExitCode:
    if result.fault:
        return ExitCode.CANNOT_TELL
    if result.is_interrupted:
        return ExitCode.INTERRUPTED
    return ExitCode.CLEAN if result.is_clean else ExitCode.FAILED
