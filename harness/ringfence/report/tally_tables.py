"""A tally as tables for a terminal."""

from collections.abc import Iterable

from rich.table import Table

from ringfence.engine.tally import DONE, Tally, all_errors
from ringfence.vaults.isolated_margin.actions import ALPHABET
from ringfence.vaults.isolated_margin.out_of_reach import OUT_OF_REACH
from ringfence.vaults.isolated_margin.situations import Situation


def tables(tally: Tally) -> tuple[Table, Table, Table]:
    """Return the actions by their outcomes, the situations, and the errors by the actions that met them."""
    return _actions(tally), _situations(tally), _errors(tally)


def _actions(tally: Tally) -> Table:
    rows = []
    for action in ALPHABET:
        ends = tally.of(action.__name__)
        refusals = {error: count for error, count in ends.items() if error != DONE}
        rows.append((action.__name__, f"{ends.get(DONE, 0):,}", _listed(refusals)))
    return _table(("action", "done", "refused"), rows)


def _situations(tally: Tally) -> Table:
    counts = [(str(situation), f"{tally.situations[situation]:,}") for situation in Situation]
    return _table(("situation", "reached"), counts)


def _errors(tally: Tally) -> Table:
    rows = []
    for contract, error in all_errors():
        reason = OUT_OF_REACH.get((contract, error), "")
        rows.append((contract, error, _listed(tally.met(contract, error)) or f"[dim]{reason}[/dim]"))
    return _table(("contract", "error", "met by"), rows)


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.items())


def _table(heads: Iterable[str], rows: Iterable[tuple[str, ...]]) -> Table:
    table = Table(box=None, pad_edge=False)
    for head in heads:
        table.add_column(head, justify="right" if head in ("done", "reached") else "left", overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table
