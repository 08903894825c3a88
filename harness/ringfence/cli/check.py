"""Check an adapter: try each of its actions, and show what works and which properties apply."""

from pathlib import Path
from typing import Final

import click
from rich.console import Console

from ringfence.cli.adapter_option import adapter_option, against_option
from ringfence.cli.messages import CannotTell, one_sentence
from ringfence.cli.progress import search_progress
from ringfence.engine.budget import Budget
from ringfence.engine.objective import Violations
from ringfence.engine.replay import replay
from ringfence.engine.result import SearchResult
from ringfence.engine.search import Search
from ringfence.engine.system import MODEL
from ringfence.engine.target import Target
from ringfence.report.check_tables import acceptance_table, gains_table, never_accepted
from ringfence.report.search_tables import properties_table
from ringfence.report.steps_text import read
from ringfence.report.text import frames_shown
from ringfence.types.exit_codes import ExitCode

STEPS: Final = 400
MOST_TIMES: Final = 5
STEPS_HELP: Final = (
    f"Try N steps, up to {MOST_TIMES} times as many while an action was never accepted; or carry out the"
    " steps in FILE, and show which property they violate."
)


@click.command(help=__doc__)
@adapter_option
@against_option
@click.option("--steps", metavar="N|FILE", default=str(STEPS), show_default=True, help=STEPS_HELP)
@click.option("--seed", type=int, default=1, show_default=True, help="Draw the steps by this seed.")
@click.pass_context
def check(ctx: click.Context, adapter: str, against: str, steps: str, seed: int) -> None:
    """Deploy, try, show; fail when an action is never accepted, or storage is not observed.

    Violations are the campaign's business: here they end nothing.
    """
    with one_sentence():
        target = Target.named(adapter, against)
        number = _number(steps)
        if number is None:
            ctx.exit(_carried_out(target, Path(steps)))
        search = Search(
            target, seed, objective=Violations(but={*target.properties, MODEL}), is_compared=False
        )
        result = _tried(search, number)
        _show(result, search)
    if result.fault:
        raise CannotTell(result.fault)
    if result.is_interrupted:
        ctx.exit(ExitCode.INTERRUPTED)
    is_whole = not (never_accepted(result, target) or result.unseen)
    ctx.exit(ExitCode.CLEAN if is_whole else ExitCode.FAILED)


def _number(steps: str) -> int | None:
    """Return the number of steps, None for a file; raises CannotTell."""
    if not steps.lstrip("-").isdigit():
        return None
    if int(steps) <= 0:
        raise CannotTell(f"--steps must be at least 1, not {steps}.")
    return int(steps)


def _carried_out(target: Target, file: Path) -> ExitCode:
    """Carry out the steps in a file, show them, and say what they violate; raises BadSteps."""
    sequence = target.limits.all_timed(read(file, target.actions, target.limits.block_time))
    system = target.system(next(iter(target.markets)))
    found = system.carry_out(sequence)
    first = found[0].property_id if found else None
    frames = list(replay(system, sequence, None if first == MODEL else first))
    Console().print(frames_shown(frames, system.market), "")
    for each in found:
        sentence = target.properties.get(each.property_id, "The vault does what its reference does.")
        click.echo(f"{each.property_id}: {sentence}\n{each.message}")
    if not found:
        click.echo(f"{len(sequence)} steps violate nothing.")
    return ExitCode.FAILED if found else ExitCode.CLEAN


def _tried(search: Search, steps: int) -> SearchResult:
    """Try N steps, and as many again while an action was never accepted, a few times."""
    result = SearchResult(search.seed)
    for _ in range(MOST_TIMES):
        budget = Budget(None, None, steps)
        with search_progress(budget) as progress:
            found = search.run(budget, progress)
        result.add(found)
        result.is_interrupted = found.is_interrupted
        if result.fault or found.is_interrupted or not never_accepted(result, search.target):
            break
    return result


def _show(result: SearchResult, search: Search) -> None:
    """Print the actions, the properties, what would win more of them, and what is wrong."""
    console, target = Console(), search.target
    console.print(acceptance_table(result, target), "")
    if result.fault:
        return
    console.print(properties_table(result, target), "")
    console.print(gains_table(search.system(next(iter(search.markets)))), "")
    click.echo(f"{target.name}: {result.steps:,} steps, seed {result.seed}")
    for unseen in result.unseen.values():
        click.echo(f"adapter: {unseen}.")
    for action in never_accepted(result, target):
        click.echo(f"adapter: {action} was never accepted.")
