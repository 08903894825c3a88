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

    from ringfence.cli.messages import one_sentence
    from ringfence.properties import PROPERTIES

    with one_sentence():
        checker = _checker(adapter) if adapter else None
    table = Table(box=None, pad_edge=False)
    for head in ("id", "property", *(["applies"] if checker else [])):
        table.add_column(head, overflow="fold")
    for each in checker.properties.values() if checker else PROPERTIES:
        table.add_row(each.id, each.sentence, *([_applies(each.id, checker)] if checker else []))
    Console().print(table)


def _checker(adapter: str) -> "Checker":
    from ringfence.engine.target import Target

    target = Target.named(adapter)
    return target.system(next(iter(target.markets))).checker


def _applies(each: str, checker: "Checker") -> str:
    from ringfence.properties.abilities import described

    lacking = ", ".join(described(checker.missing.get(each, ())))
    if each not in checker.applicable:
        return f"not applicable, without {lacking}"
    return f"in part, without {lacking}" if lacking else "yes"
