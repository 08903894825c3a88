"""A run, told on a terminal."""

from collections.abc import Iterator

from rich.syntax import Syntax
from rich.table import Table

from ringfence.measure.mutation.counting import Row
from ringfence.measure.mutation.matrix import kill_seconds
from ringfence.measure.mutation.operators import BY_NAME
from ringfence.measure.mutation.run import Results

COLUMNS = ("mutants", "killed", "by test", "survived", "argued", "timed out", "equal", "stillborn", "score")


def tables(results: Results) -> Iterator[Table]:
    """Yield the counts by file and by operator."""
    yield _table("file", results.by_file(), results.total)
    named = {
        f"{name}{' (domain)' if BY_NAME[name].is_domain else ''}": row
        for name, row in results.by_operator().items()
    }
    yield _table("operator", named, results.total)


def _table(title: str, rows: dict[str, Row], total: Row) -> Table:
    table = Table(box=None, header_style="bold")
    table.add_column(title)
    for name in COLUMNS:
        table.add_column(name, justify="right")
    for name, row in [*rows.items(), ("all", total)]:
        table.add_row(name, *cells(row))
    return table


def cells(row: Row) -> list[str]:
    """Return a count as texts, in the order of the columns."""
    numbers = (
        *(row.selected, row.killed, row.killed_by_test, row.survived, row.argued),
        *(row.timed_out, row.equivalent, row.stillborn),
    )
    return [*map(str, numbers), row.score]


def survivors(results: Results) -> Iterator[str | Syntax]:
    """Yield every survivor that nobody has argued, with its diff."""
    for mutant in results.unargued:
        fate = results.verdicts[mutant.id].fate
        place = f"{mutant.file}:{mutant.line}, {mutant.function}, {mutant.operator}"
        yield f"{mutant.id} {fate}: {place}"
        yield Syntax(mutant.diff(results.sources), "diff", background_color="default", word_wrap=True)


def verdict(results: Results) -> str:
    """Return what it all comes to, in one sentence."""
    total, (usual, longest) = results.total, kill_seconds(results.verdicts.values())
    dead = total.killed + total.killed_by_test
    counted = f"{dead} of {total.scored} that count were noticed"
    times = f"a kill took {usual:.1f} s of one core in the median and {longest:.0f} s at most"
    if total.not_run:
        return f"{total.not_run} of {total.selected} were not run, so there is no score; {counted} so far."
    left = f"{total.argued} survivors are argued, {total.survived + total.timed_out} are not"
    others = f"; {total.score_of_others} of those that can be told from the vault" if total.argued else ""
    return f"Score {total.score}: {counted}, {left}{others}; {times}."
