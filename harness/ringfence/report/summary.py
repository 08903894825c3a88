"""What a search did, for a report: what ran, what was put to the test, what was found."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

from ringfence.engine.canary import Canaries
from ringfence.engine.replay import Frame, replay
from ringfence.engine.result import SearchResult
from ringfence.engine.system import System
from ringfence.engine.target import Target
from ringfence.engine.versions import versions
from ringfence.properties.abilities import described
from ringfence.report.code_place import CodePlace, code_place
from ringfence.report.files import to_json
from ringfence.report.foundry import NotExportable, foundry_test
from ringfence.report.python_test import python_test
from ringfence.types.finding import Finding

INTERRUPTED: Final = "It was interrupted."


class PropertyStatus(StrEnum):
    """How a property stands after a search."""

    BROKEN = "broken"
    UNTESTED = "never put to the test"
    HELD = "held"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True)
class PropertyResult:
    """A property, how often it was tested, and how it stands; ``why`` is what the vault lacks."""

    id: str
    sentence: str
    tested: int
    standing: PropertyStatus
    why: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding with the frames of its call sequence; ``solidity`` is empty where ``reason`` says why.

    ``site`` is where its last step reverts, ``""`` where it does not or nothing shows where; ``place`` is
    where it is in the code.
    """

    finding: Finding
    frames: tuple[Frame, ...]
    solidity: str
    reason: str
    site: str
    place: CodePlace

    @property
    def sources(self) -> list[tuple[str, str]]:
        """Return what the finding can be stored as, by title."""
        return [
            ("As a finding", to_json(self.finding)),
            ("As a pytest test", python_test(self.finding, Path())),
            ("As a Foundry test", self.solidity) if self.solidity else ("Not as a Foundry test", self.reason),
        ]


def shown(finding: Finding, system: System, site: str = "") -> Shown:
    """Return a finding to be shown; ``system`` is its vault, ``site`` where its last step reverts."""
    frames = tuple(replay(system, finding.sequence, finding.property_id))
    solidity, reason = "", ""
    try:
        solidity = foundry_test(finding)
    except NotExportable as refusal:
        reason = str(refusal)
    return Shown(finding, frames, solidity, reason, site, code_place(system, finding, site))


@dataclass(frozen=True, slots=True)
class Summary:
    """All that a report shows. ``outcomes`` counts actions by how they ended, ``done`` or an error.

    ``missing`` are sentences: what a search should have come across and did not, canaries among them.
    ``fault`` is why it ended early, ``""`` if it did not.
    """

    vault: str
    versions: Mapping[str, str]
    seed: int | None
    markets: tuple[str, ...]
    seconds: float
    runs: int
    steps: int
    outcomes: Mapping[tuple[str, str], int]
    findings: tuple[Shown, ...]
    properties: tuple[PropertyResult, ...] = ()
    events: Mapping[str, int] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    fault: str = ""
    canaries: Canaries = field(default_factory=Canaries)

    @property
    def verdict(self) -> str:
        """Return what it all comes to, in one sentence."""
        steps = f"{self.steps:,} step{'' if self.steps == 1 else 's'}"
        if self.findings:
            count = len(self.findings)
            return f"{count} finding{'' if count == 1 else 's'} in {steps}"
        if self.fault:
            return f"Ended early, after {steps}"
        if self.missing or any(each.standing is PropertyStatus.UNTESTED for each in self.properties):
            return f"Nothing found in {steps}, but not everything was tried"
        return f"Nothing found in {steps}"

    @property
    def grade(self) -> str:
        """Return ``bad``, ``unclear`` or ``good``."""
        if self.findings:
            return "bad"
        untested = any(each.standing is PropertyStatus.UNTESTED for each in self.properties)
        return "unclear" if self.fault or self.missing or untested else "good"


def summary_of(result: SearchResult, target: Target, found: tuple[Shown, ...]) -> Summary:
    """Return the summary of a search."""
    unreached = () if found or result.is_interrupted else tuple(result.missing)
    violated = {shown.finding.property_id for shown in found}
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
        properties=tuple(_result_of(each, result, target, violated) for each in target.properties),
        events=dict(result.stats.events),
        missing=(*unreached, *map(str, result.unseen.values()), *result.canaries.failures),
        fault=result.fault or (INTERRUPTED if result.is_interrupted else ""),
        canaries=result.canaries,
    )


def _result_of(
    property_id: str, result: SearchResult, target: Target, violated: Set[str | None]
) -> PropertyResult:
    lacking = result.not_applicable.get(property_id, frozenset())
    tested = result.tested[property_id]
    if property_id in violated:
        standing = PropertyStatus.BROKEN
    elif lacking:
        standing = PropertyStatus.NOT_APPLICABLE
    else:
        standing = PropertyStatus.HELD if tested else PropertyStatus.UNTESTED
    why = f"needs {', '.join(described(lacking))}" if lacking else ""
    return PropertyResult(property_id, target.properties[property_id], tested, standing, why)
