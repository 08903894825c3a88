"""List the properties: id, sentence, and with an adapter whether its vault can be held to them."""

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ringfence.properties import Checker


@click.command(help=__doc__, short_help="List the properties, and which apply to a vault.")
@click.option("--adapter", metavar="FILE.PY:CLASS", help="A vault of yours: path/to/file.py:Class.")
def properties(adapter: str | None) -> None:
    """Print a row for each property."""
    from rich.console import Console
    from rich.table import Table

    from ringfence.cli.telling import one_sentence
    from ringfence.properties import LAWS

    with one_sentence():
        watch = _watch(adapter) if adapter else None
    table = Table(box=None, pad_edge=False)
    for head in ("id", "law", *(["applies"] if watch else [])):
        table.add_column(head, overflow="fold")
    for law in watch.properties.values() if watch else LAWS:
        table.add_row(law.id, law.sentence, *([_applies(law.id, watch)] if watch else []))
    Console().print(table)


def _watch(adapter: str) -> "Checker":
    from ringfence.engine.loading import load
    from ringfence.engine.start import exhibit

    return exhibit(load(adapter)).inspection.watch


def _applies(law: str, watch: "Checker") -> str:
    from ringfence.properties.abilities import described

    lacking = ", ".join(described(watch.missing.get(law, ())))
    if law not in watch.applicable:
        return f"not applicable, without {lacking}"
    return f"in part, without {lacking}" if lacking else "yes"
