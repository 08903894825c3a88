"""A run as a page of docs/: the score, and what earned it."""

from importlib.resources import files
from typing import Final

import yaml
from jinja2 import Environment, PackageLoader, StrictUndefined

from ringfence.measure.mutation.counting import HEADS
from ringfence.measure.mutation.matrix import kill_counts, kill_seconds
from ringfence.measure.mutation.operators import EVERY_OPERATOR
from ringfence.measure.mutation.run import Results
from ringfence.measure.mutation.summary import sentence
from ringfence.properties import BY_ID

FILES: Final = files(__package__)
TEMPLATE: Final = "mutants.md.jinja"
REASONS: Final = "standing.yaml"
UNREASONED: Final = "**no reason is written down**"


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
