"""A line of progress while a search goes on, on standard error."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from ringfence.engine.budget import Budget
from ringfence.engine.result import SearchResult


@contextmanager
def progress_bar(total: float | None) -> Iterator[Callable[[float, str], None]]:
    """Show how much of a total is done, and a text."""
    columns = BarColumn(), TextColumn("{task.fields[text]}"), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total, text="")
        yield lambda completed, text: bar.update(task, completed=completed, text=text)


@contextmanager
def search_progress(
    budget: Budget, more: Callable[[SearchResult], str] = lambda result: ""
) -> Iterator[Callable[[SearchResult], None]]:
    """Show how much of the budget is spent, what was done, and ``more``."""
    with progress_bar(budget.runs or budget.steps or budget.seconds) as show:
        begun = monotonic()

        def update(result: SearchResult) -> None:
            spent = result.runs if budget.runs else result.steps if budget.steps else monotonic() - begun
            show(spent, f"{result.steps:,} steps{more(result)}")

        yield update


@contextmanager
def worker_progress(budget: Budget) -> Iterator[Callable[[SearchResult], None]]:
    """Show steps a second, features, findings and the time left; name workers, and deaths at once."""
    text = TextColumn("{task.fields[text]}")
    console = Console(stderr=True)
    with Progress(BarColumn(), text, TimeRemainingColumn(), console=console, transient=True) as bar:
        task = bar.add_task("", total=budget.steps or budget.seconds, text="starting workers")

        def update(result: SearchResult) -> None:
            while result.news:
                console.print(result.news.pop(0), highlight=False, soft_wrap=True)
            spent = result.steps if budget.steps else result.seconds
            bar.update(task, completed=spent, text=progress_line(result))

        yield update


def progress_line(result: SearchResult) -> str:
    """Return what was done until now in a line."""
    rate = result.steps / max(result.seconds, 1e-9)
    deaths = f", {len(result.deaths)} died" if result.deaths else ""
    reached, findings = len(result.reached), len(result.findings)
    return f"{rate:,.0f} steps/s, {reached:,} features, {findings} findings{deaths}"
