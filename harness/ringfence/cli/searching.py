"""The search of our own vault, by either engine, with a line of progress."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from ringfence.engine.budget import Budget
    from ringfence.engine.campaign import Campaign
    from ringfence.engine.tally import Tally

EXPLORER: Final = "explorer"
HYPOTHESIS: Final = "hypothesis"
ENGINES: Final = (EXPLORER, HYPOTHESIS)
ENGINE_HELP: Final = "What draws the steps: a guided driver on the bare EVM, or Hypothesis' state machine."
STEPS_PER_RUN: Final = 100


def searched(seed: int, budget: "Budget", engine: str, corpus: Path | None, branches: bool) -> "Campaign":
    """Say what is searched, and search."""
    from ringfence.cli.telling import one_sentence
    from ringfence.engine.campaign import versions
    from ringfence.vaults.isolated_margin.markets import MARKETS

    packages = (HYPOTHESIS,) if engine == HYPOTHESIS else ()
    told = ", ".join(f"{name} {number}" for name, number in versions(*packages).items())
    click.echo(f"seed {seed}; {len(MARKETS)} markets on revm; {told}")
    with one_sentence():
        if engine == EXPLORER:
            return _explored(seed, budget, corpus, branches)
        return _machined(seed, budget)


def _explored(seed: int, budget: "Budget", corpus: Path | None, branches: bool) -> "Campaign":
    from ringfence.engine.budget import Budget
    from ringfence.engine.campaign import Campaign, versions
    from ringfence.engine.explorer import Explorer
    from ringfence.engine.result import Explored
    from ringfence.measure.coverage.tracing import BranchTracer
    from ringfence.vaults.isolated_margin.fast import OwnVault
    from ringfence.vaults.isolated_margin.markets import MARKETS

    steps = budget.runs * STEPS_PER_RUN if budget.runs else budget.steps
    tracer = BranchTracer(MARKETS) if branches else None
    explorer = Explorer(MARKETS, seed, corpus, subject=OwnVault.compiled(), tracer=tracer)
    with progress(Budget(None, budget.seconds, steps)) as update:

        def told(done: Explored) -> None:
            update(done.tally)

        done = explorer.run(steps=steps, seconds=budget.seconds, told=told)
    found = done.disagreements[0] if done.disagreements else None
    complaint, is_interrupted = done.complaint, done.is_interrupted
    return Campaign(
        seed, done.seconds, done.tally, versions(), found, is_interrupted, done.entries, complaint
    )


def _machined(seed: int, budget: "Budget") -> "Campaign":
    from ringfence.engine.arena import Arena
    from ringfence.evm.chains.revm import RevmChain
    from ringfence.vaults.isolated_margin import start
    from ringfence.vaults.isolated_margin.markets import MARKETS
    from ringfence.vaults.isolated_margin.rules import MovingPriceRules
    from ringfence.vaults.isolated_margin.rules.hypothesis_campaign import search

    arena = Arena(lambda setup: start(RevmChain(), setup), MARKETS)
    with progress(budget) as update:
        return search(MovingPriceRules, arena, seed, budget, update)


@contextmanager
def progress(budget: "Budget") -> Iterator[Callable[["Tally"], None]]:
    """Show how much of the budget is spent, and how many steps were made."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = BarColumn(), TextColumn("{task.fields[steps]:,} steps"), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=budget.runs or budget.steps or budget.seconds, steps=0)
        begun = monotonic()

        def update(tally: "Tally") -> None:
            spent = tally.runs if budget.runs else tally.steps if budget.steps else monotonic() - begun
            bar.update(task, completed=spent, steps=tally.steps)

        yield update
