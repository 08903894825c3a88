"""What a search has done, as JSON takes it."""

from ringfence.engine.result import SearchResult
from ringfence.engine.target import Target
from ringfence.engine.versions import versions
from ringfence.properties.abilities import described


def plain(result: SearchResult, target: Target) -> dict[str, object]:
    """Return what was done as JSON takes it."""
    findings = [
        {
            "property": cause.property_id,
            "action": cause.action,
            "detail": cause.detail,
            "site": cause.site,
            "seen": result.seen[cause],
            "market": finding.market.name,
            "also": finding.also,
            "mismatches": list(map(str, finding.cause.differences)),
            "sequence": [repr(step) for step in finding.sequence],
        }
        for cause, finding in result.findings.items()
    ]
    return {
        "seed": result.seed,
        "vault": target.name,
        "versions": versions(),
        "workers": result.workers,
        "runs": result.runs,
        "steps": result.steps,
        "markets": dict(result.markets),
        "checked": result.stats.checked,
        "evm_calls": result.stats.messages,
        "evm_calls_of_trials": result.stats.tried,
        "interrupted": result.is_interrupted,
        "died": result.deaths,
        "fault": result.fault,
        "tested": dict(result.tested),
        "untested": result.untested,
        "not_applicable": {name: described(lacking) for name, lacking in result.not_applicable.items()},
        "unseen_storage": list(map(str, result.unseen.values())),
        "canaries": result.canaries.seen_by_kind,
        "features": len(result.reached),
        "events": dict(result.stats.events),
        "missing": result.missing,
        "outcomes": {f"{action}: {end}": n for (action, end), n in sorted(result.stats.outcomes.items())},
        "errors": {
            f"{of}.{error}: {action}": n for (of, error, action), n in sorted(result.stats.errors.items())
        },
        "findings": findings,
    }
