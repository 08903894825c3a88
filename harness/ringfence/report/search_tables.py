"""A search as tables and sentences for a terminal."""

from collections.abc import Iterable, Iterator

from rich.console import RenderableType
from rich.table import Table

from ringfence.engine.result import SearchResult
from ringfence.engine.stats import DONE
from ringfence.engine.system import MODEL
from ringfence.engine.target import Target
from ringfence.properties.abilities import briefly
from ringfence.types.totals import Total


def tables(result: SearchResult, target: Target) -> Iterator[Table]:
    """Yield the properties, the totals that some lack, the actions by their outcomes, and the rare events
    where the vault has some.
    """
    yield properties_table(result, target)
    if totals := {need for lacking in result.lacking.values() for need in lacking if isinstance(need, Total)}:
        yield table(("total not shown", "what it is"), [(each, each.meaning) for each in sorted(totals)])
    yield actions_table(result)
    if result.stats.events:
        rows = [(event, f"{count:,}") for event, count in sorted(result.stats.events.items())]
        yield table(("rare event", "reached"), rows)
    known = getattr(target.adapter, "error_rows", None)
    if known:
        yield table(("contract", "error", "met by"), known(result.stats))


def properties_table(result: SearchResult, target: Target) -> Table:
    """Return every property: how often it was put to the test, or what the vault lacks for it."""
    rows = []
    for property_id in target.properties:
        lacking = briefly(result.lacking.get(property_id, ()))
        why = f" [dim](without {lacking})[/dim]" if lacking else ""
        if tolerance := getattr(target.adapter, "tolerances", {}).get(property_id):
            why += f" (tolerated: {tolerance:,} units)"
        applies = property_id in result.applicable
        rows.append(
            (
                property_id,
                (f"{result.tested[property_id]:,}" if applies else "[dim]not applicable[/dim]") + why,
            )
        )
    if target.tolerances:
        units = ", ".join(f"{name} {units:,} units" for name, units in target.tolerances.items())
        rows.append((MODEL, f"each step (tolerated: {units})"))
    return table(("property", "put to the test"), rows)


def actions_table(result: SearchResult) -> Table:
    """Return every action by what came of it."""
    rows = []
    for action in sorted({action for action, _ in result.stats.outcomes}):
        ends = result.stats.of(action)
        refusals = ", ".join(f"{error} {count:,}" for error, count in ends.items() if error != DONE)
        rows.append((action, f"{ends.get(DONE, 0):,}", refusals))
    return table(("action", "done", "refused"), rows)


def problems(result: SearchResult) -> Iterator[str]:
    """Yield why a search fails, its findings apart."""
    if result.fault:
        yield f"adapter: {result.fault}"
    yield from (f"adapter: {unseen}." for unseen in result.unseen.values())
    yield from result.deaths
    if result.problem:
        yield f"campaign: {result.problem}"
    if result.is_interrupted:
        yield "Interrupted; this is what was done."
    elif not result.findings and not result.fault:
        yield from (f"untested: {each} applies and was never put to the test." for each in result.untested)
        yield from (f"missing: {each}" for each in result.missing)
        yield from (f"blind: {each}." for each in result.canaries.failures)


def table(heads: Iterable[str], rows: Iterable[tuple[RenderableType, ...]]) -> Table:
    """Return a table of a terminal; columns of counts are on the right."""
    made = Table(box=None, pad_edge=False)
    for head in heads:
        right = head in ("done", "reached", "tried", "accepted")
        made.add_column(head, justify="right" if right else "left", overflow="fold")
    for row in rows:
        made.add_row(*row)
    return made
