"""A search of a vault that is not ours as tables and sentences."""

from collections import Counter
from collections.abc import Iterator

from rich.table import Table

from ringfence.engine.search import Searched
from ringfence.properties.abilities import described


def laws_table(done: Searched) -> Table:
    """Return every law: how often it was put to the test, or what the vault lacks for it."""
    table = Table("law", "put to the test", box=None, pad_edge=False)
    for law in done.sentences:
        lacking = done.not_applicable.get(law)
        told = f"{done.tested[law]:,}" if law in done.tested else "[dim]not applicable[/dim]"
        table.add_row(
            law, told + (f" [dim](without {', '.join(described(lacking))})[/dim]" if lacking else "")
        )
    return table


def actions_table(done: Searched) -> Table:
    """Return every action by what came of it."""
    table = Table("action", "done", "refused", box=None, pad_edge=False)
    for action in sorted({action for action, _ in done.outcomes}):
        ends = Counter({end: count for (name, end), count in done.outcomes.items() if name == action})
        succeeded = ends.pop("done", 0)
        refusals = ", ".join(f"{error} {count:,}" for error, count in ends.most_common())
        table.add_row(action, f"{succeeded:,}", refusals)
    return table


def complaints(done: Searched) -> Iterator[str]:
    """Return why a run fails, what it found apart."""
    if done.fault:
        yield f"adapter: {done.fault}"
    yield from (f"adapter: {unseen}." for unseen in done.unseen)
    if done.complaint:
        yield f"corpus: {done.complaint}"
    if done.is_interrupted:
        yield "Interrupted; this is what was done."
    elif not done.caught and not done.fault:
        yield from (f"untested: {law} applies and was never put to the test." for law in done.untested)
        yield from (f"blind: {complaint}." for complaint in done.canaries.complaints)
