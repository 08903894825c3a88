"""A progress bar for the blocks that are still to be followed, when they are many."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

MANY: Final = 1_000  # blocks


@contextmanager
def block_progress() -> Iterator[Callable[[int, int], None]]:
    """Give what shows how many blocks are done, of how many; on the error stream, if that is a terminal."""
    columns = TextColumn("blocks"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    progress = Progress(*columns, console=Console(stderr=True), transient=True)
    task = progress.add_task("", visible=False)

    def show(done: int, whole: int) -> None:
        if whole < MANY:
            return
        if not progress.live.is_started and done < whole:
            progress.start()
        progress.update(task, completed=done, total=whole, visible=True)
        if done >= whole and progress.live.is_started:
            progress.stop()

    try:
        yield show
    finally:
        if progress.live.is_started:  # else it would print an empty line
            progress.stop()
