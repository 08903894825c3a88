"""A search as a report shows it."""

from ringfence.engine.result import SearchResult
from ringfence.engine.target import Target
from ringfence.engine.versions import versions
from ringfence.report.summary import Shown, Summary, law_result

INTERRUPTED = "It was interrupted."


def summary_of(result: SearchResult, target: Target, found: tuple[Shown, ...]) -> Summary:
    """Return the summary of a search."""
    violated = {shown.finding.law for shown in found}
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
        laws=tuple(
            law_result(
                law,
                sentence,
                tested=result.tested[law],
                is_broken=law in violated,
                lacking=result.not_applicable.get(law, frozenset()),
            )
            for law, sentence in target.properties.items()
        ),
        situations=dict(result.stats.events),
        missing=(*unreached, *map(str, result.unseen.values()), *result.canaries.complaints),
        fault=result.fault or (INTERRUPTED if result.is_interrupted else ""),
        canaries=result.canaries,
    )
