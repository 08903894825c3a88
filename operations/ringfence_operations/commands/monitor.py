"""Show a deployed market live.

Positions by distance from liquidation, margin calls, skew, funding, insurance and the pool.
"""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import click

from ringfence_operations.commands.operation import Operation
from ringfence_operations.commands.options import following, next_to

if TYPE_CHECKING:
    from ringfence_operations.follow.snapshot import Snapshot
    from ringfence_operations.monitor.book import Book

Show: TypeAlias = "Callable[[Book], None]"
Report: TypeAlias = Callable[[str], None]
SHOWN = 10
PAGE = 110  # columns, where there is no terminal to fit in


@click.command(cls=Operation, help=__doc__)
@following
@click.option("--json", "as_json", is_flag=True, help="Print each book as a line of JSON, for machines.")
@click.option("--metrics-port", type=click.IntRange(0, 65_535), help="Serve Prometheus metrics at this port.")
@click.option("--top", type=click.IntRange(1), default=SHOWN, help="Positions to show.")
def monitor(
    manifest: Path,
    network: str,
    checkpoint: Path | None,
    every: float,
    once: bool,
    as_json: bool,
    metrics_port: int | None,
    top: int,
) -> None:
    """Follow a market and show it."""
    from ringfence_operations.follow.loop import follow, stoppable
    from ringfence_operations.follow.watcher import Watcher
    from ringfence_operations.market.manifest import load
    from ringfence_operations.monitor.book import book_of
    from ringfence_operations.monitor.metrics import Metrics, served
    from ringfence_operations.node.connection import connected

    with stoppable() as stop, connected(network) as node:
        market = load(manifest, node.chain_id)
        watcher = Watcher(node, market, checkpoint or next_to(manifest, "monitor.json"))
        metrics = Metrics(market.vault.address)
        serving = nullcontext() if metrics_port is None else served(metrics, metrics_port)
        with serving, _display(as_json, once, top) as (show, report):

            def act(snapshot: "Snapshot") -> None:
                book = book_of(market, snapshot)
                metrics.show(book)
                show(book)

            follow(watcher, act, stop, None if once else every, report)


@contextmanager
def _display(as_json: bool, once: bool, top: int) -> Iterator[tuple[Show, Report]]:
    """Give what shows a book, as JSON, on a page, or on a screen that changes, and what prints a sentence."""
    from rich.console import Console
    from rich.live import Live
    from ringfence.types.codec import encode

    from ringfence_operations.monitor.screen import screen

    if as_json or once:
        console = Console(width=None if sys.stdout.isatty() else PAGE)
        show = (lambda book: click.echo(json.dumps(encode(book)))) if as_json else None
        yield (
            show or (lambda book: console.print(screen(book, top))),
            lambda sentence: click.echo(sentence, err=True),
        )
        return
    live = Live(auto_refresh=False)

    def refresh(book: "Book") -> None:
        live.start()
        live.update(screen(book, top), refresh=True)

    try:
        yield refresh, live.console.print
    finally:
        live.stop()
