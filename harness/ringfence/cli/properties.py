"""List the properties: id, sentence, and with an adapter whether its vault can be held to them."""

import click
from rich.console import Console

from ringfence.cli.messages import one_sentence
from ringfence.engine.target import Target
from ringfence.properties import PROPERTIES, Checker
from ringfence.properties.abilities import described
from ringfence.report.search_tables import table


@click.command(help=__doc__)
@click.option("--adapter", metavar="FILE.PY:CLASS", help="A vault of yours: path/to/file.py:Class.")
def properties(adapter: str | None) -> None:
    """Print a row for each property."""
    with one_sentence():
        checker = _checker(adapter) if adapter else None
    heads = ("id", "property", *(["applies"] if checker else []))
    every = checker.properties.values() if checker else PROPERTIES
    rows = [(each.id, each.sentence, *([_applies(each.id, checker)] if checker else [])) for each in every]
    Console().print(table(heads, rows))


def _checker(adapter: str) -> Checker:
    target = Target.named(adapter)
    return target.system(next(iter(target.markets))).checker


def _applies(each: str, checker: Checker) -> str:
    lacking = ", ".join(described(checker.missing.get(each, ())))
    if each not in checker.applicable:
        return f"not applicable, without {lacking}"
    return f"in part, without {lacking}" if lacking else "yes"
