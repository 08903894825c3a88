"""A run as text: tables and survivors for a terminal, a page of docs/, and the sentence that it comes to."""

from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Final

import yaml
from jinja2 import Environment, PackageLoader, StrictUndefined
from rich.syntax import Syntax
from rich.table import Table

from ringfence.measure.mutation.counting import HEADS, NOT_RUN, Count
from ringfence.measure.mutation.matrix import kill_counts, kill_seconds
from ringfence.measure.mutation.operators import BY_NAME, EVERY_OPERATOR
from ringfence.measure.mutation.run import Results
from ringfence.properties import BY_ID

FILES: Final = files(__package__)
TEMPLATE: Final = "mutants.md.jinja"
REASONS: Final = "standing.yaml"
UNREASONED: Final = "**no reason is written down**"


def tables(results: Results) -> Iterator[Table]:
    """Yield the counts by file and by operator."""
    yield _table("file", results.by_file(), results.total)
    operators = {
        f"{name}{' (domain)' if BY_NAME[name].is_domain else ''}": count
        for name, count in results.by_operator().items()
    }
    yield _table("operator", operators, results.total)


def _table(title: str, counts: Mapping[str, Count], total: Count) -> Table:
    table = Table(title, box=None, header_style="bold")
    for name in HEADS:
        table.add_column(name, justify="right")
    for name, count in [*counts.items(), ("all", total)]:
        table.add_row(name, *count.cells)
    return table


def survivors(results: Results) -> Iterator[str | Syntax]:
    """Yield every survivor that is not listed as equivalent, with its diff."""
    for mutant in results.unexplained:
        fate = results.verdicts[mutant.id].fate
        yield f"{mutant.id} {fate}: {mutant.file}:{mutant.line}, {mutant.function}, {mutant.operator}"
        yield Syntax(mutant.diff(results.sources), "diff", background_color="default", word_wrap=True)


def sentence(results: Results) -> str:
    """Return what it all comes to."""
    total, (usual, longest) = results.total, kill_seconds(results.verdicts.values())
    counted = f"{total.killed} of {total.scored} that count were noticed"
    times = f"a kill took {usual:.1f} s of one core in the median and {longest:.0f} s at most"
    if total.ends[NOT_RUN]:
        missing = f"{total.ends[NOT_RUN]} of {total.ends.total()} were not run"
        return f"{missing}, so there is no score; {counted} so far."
    equivalent = total.ends["equivalent"]
    left = f"{equivalent} survivors are equivalent, {len(results.unexplained)} are not"
    others = f"; {total.score_of_others} of the others" if equivalent else ""
    return f"Score {total.score}: {counted}, {left}{others}; {times}."


def markdown(results: Results) -> str:
    """Return the page."""
    environment = Environment(
        loader=PackageLoader(__package__, ""), undefined=StrictUndefined, trim_blocks=True, autoescape=False
    )
    sentences = {operator.name: operator.sentence for operator in EVERY_OPERATOR}
    counts, reasons = kill_counts(results.verdicts.values()), reasons_to_stay()
    never = [each.id for each in counts if each.id in BY_ID and not each.alone]
    usual, longest = kill_seconds(results.verdicts.values())
    return environment.get_template(TEMPLATE).render(
        results=results,
        sentence=sentence(results),
        operators={f"{name}: {sentences[name]}": count for name, count in results.by_operator().items()},
        columns=HEADS,
        kill_counts=counts,
        never={each: reasons.get(each, UNREASONED) for each in never},
        usual=usual,
        longest=longest,
    )


def reasons_to_stay() -> dict[str, str]:
    """Return why properties stay that no mutant needs, by their ids."""
    text = (FILES / REASONS).read_text(encoding="utf-8")
    reasons: dict[str, str] = yaml.safe_load(text)
    return {each: " ".join(reason.split()) for each, reason in reasons.items()}
