"""Searches as a report tells them, whichever search it was."""

from ringfence.engine.campaign import Campaign, versions
from ringfence.engine.canary import Canaries
from ringfence.engine.patrol import Patrol
from ringfence.engine.search import Searched
from ringfence.engine.workers import Joint
from ringfence.properties import PROPERTIES
from ringfence.report.summary import LawResult, Shown, Summary, law_result

INTERRUPTED = "It was interrupted."


def of_campaign(
    done: Campaign, laws: Patrol | None, vault: str, markets: tuple[str, ...], found: tuple[Shown, ...]
) -> Summary:
    """Return the summary of a search on our vault: for disagreements with its model, and for broken laws."""
    canaries = laws.canaries if laws else Canaries()
    unreached = () if found or done.is_interrupted else tuple(done.tally.missing())
    return Summary(
        vault=vault,
        versions=done.versions,
        seed=done.seed,
        markets=markets,
        seconds=done.seconds,
        runs=done.tally.runs,
        steps=done.tally.steps + (laws.steps if laws else 0),
        outcomes=done.tally.outcomes,
        findings=found,
        laws=_law_results(laws, found) if laws else (),
        situations={str(name): count for name, count in done.tally.situations.items()},
        missing=(*unreached, *canaries.complaints),
        fault=INTERRUPTED if done.is_interrupted else "",
        canaries=canaries,
    )


def of_workers(
    done: Joint, laws: Patrol, vault: str, markets: tuple[str, ...], found: tuple[Shown, ...]
) -> Summary:
    """Return the summary of a search on our vault by many workers."""
    together = Campaign(done.seed, done.seconds, done.tally, versions(), None, done.is_interrupted)
    return of_campaign(together, laws, vault, markets, found)


def _law_results(laws: Patrol, found: tuple[Shown, ...]) -> tuple[LawResult, ...]:
    broken = {shown.finding.law for shown in found}
    return tuple(
        law_result(
            law.id,
            law.sentence,
            tested=laws.tested.get(law.id, 0),
            is_broken=law.id in broken,
            lacking=frozenset(),
        )
        for law in PROPERTIES
    )


def of_own_vault(done: Searched, vault: str, found: tuple[Shown, ...]) -> Summary:
    """Return the summary of a search for laws that a user's vault breaks."""
    broken = {shown.finding.law for shown in found}
    return Summary(
        vault=vault,
        versions=versions(),
        seed=done.seed,
        markets=tuple(shown.finding.market.name for shown in found),
        seconds=done.seconds,
        runs=done.runs,
        steps=done.steps,
        outcomes=done.outcomes,
        findings=found,
        laws=tuple(
            law_result(
                law,
                sentence,
                tested=done.tested.get(law, 0),
                is_broken=law in broken,
                lacking=done.not_applicable.get(law, frozenset()),
            )
            for law, sentence in done.sentences.items()
        ),
        missing=(*map(str, done.unseen), *done.canaries.complaints),
        fault=done.fault or (INTERRUPTED if done.is_interrupted else ""),
        canaries=done.canaries,
    )
