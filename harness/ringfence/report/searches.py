"""A search as a report shows it."""

from ringfence.engine.result import SearchResult
from ringfence.engine.target import Target
from ringfence.engine.versions import versions
from ringfence.report.summary import Shown, Summary, property_result

INTERRUPTED = "It was interrupted."


def summary_of(result: SearchResult, target: Target, found: tuple[Shown, ...]) -> Summary:
    """Return the summary of a search."""
    violated = {shown.finding.property_id for shown in found}
    unreached = () if found or result.is_interrupted else tuple(result.missing)
    return Summary(
        vault=target.name,
        versions=versions(),
        seed=result.seed,
        markets=tuple(target.markets),
        seconds=result.seconds,
        runs=result.runs,
        steps=result.steps,
        outcomes=result.stats.outcomes,
        findings=found,
        properties=tuple(
            property_result(
                property_id,
                sentence,
                tested=result.tested[property_id],
                is_broken=property_id in violated,
                lacking=result.not_applicable.get(property_id, frozenset()),
            )
            for property_id, sentence in target.properties.items()
        ),
        situations=dict(result.stats.events),
        missing=(*unreached, *map(str, result.unseen.values()), *result.canaries.failures),
        fault=result.fault or (INTERRUPTED if result.is_interrupted else ""),
        canaries=result.canaries,
    )
