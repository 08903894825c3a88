"""What a search has done, in one process or in many: the one type that reports are made from."""

from collections import Counter
from dataclasses import dataclass, field

from ringfence.engine.canary import Canaries
from ringfence.engine.features import Feature
from ringfence.engine.stats import Stats
from ringfence.engine.storage_watch import Place, Unseen
from ringfence.properties.abilities import Need
from ringfence.types.actions import CallSequence
from ringfence.types.finding import CauseKey, Finding


@dataclass(slots=True)
class SearchResult:
    """Counts, and the findings by their causes, in the order in which they came; ``seen`` says how often.

    ``markets`` has the steps of runs in each market, those to shrink what is kept apart.
    ``found_at`` are the steps and the seconds of processor time after which a cause was first seen.
    ``reached`` are features that were new. ``tested`` says how often each property was put to the test,
    ``lacking`` what the vault lacks for those that do not apply. ``unseen`` is storage that no observation
    shows. ``fault`` is what is wrong with the adapter, ``problem`` with corpus or workers. ``missing`` are
    sentences: what the search should have reached. ``deaths`` names every worker that died; ``news`` is for
    progress. ``best`` is the largest value of a quantity, ``best_sequence`` what leads to it.
    """

    seed: int
    workers: int = 1
    stats: Stats = field(default_factory=Stats)
    markets: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    processor_seconds: float = 0.0
    reached: list[Feature] = field(default_factory=list)
    entries: int = 0
    tested: Counter[str] = field(default_factory=Counter)
    applicable: frozenset[str] = frozenset()
    lacking: dict[str, frozenset[Need]] = field(default_factory=dict)
    unseen: dict[Place, Unseen] = field(default_factory=dict)
    words_checked: int = 0
    canaries: Canaries = field(default_factory=Canaries)
    findings: dict[CauseKey, Finding] = field(default_factory=dict)
    seen: Counter[CauseKey] = field(default_factory=Counter)
    found_at: dict[CauseKey, tuple[int, float]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    fault: str = ""
    problem: str = ""
    is_interrupted: bool = False
    deaths: list[str] = field(default_factory=list)
    news: list[str] = field(default_factory=list)
    best: int = 0
    best_sequence: CallSequence = ()

    @property
    def runs(self) -> int:
        """Return the runs."""
        return self.stats.runs

    @property
    def steps(self) -> int:
        """Return the steps, those to shrink findings apart."""
        return self.stats.steps

    @property
    def finding(self) -> Finding | None:
        """Return the first finding."""
        return next(iter(self.findings.values()), None)

    @property
    def untested(self) -> list[str]:
        """Return the properties that apply and were never put to the test."""
        return sorted(each for each in self.applicable if not self.tested[each])

    @property
    def not_applicable(self) -> dict[str, frozenset[Need]]:
        """Return the properties that the vault can't be held to, with the abilities that it lacks."""
        return {
            property_id: lacking
            for property_id, lacking in self.lacking.items()
            if property_id not in self.applicable
        }

    @property
    def is_clean(self) -> bool:
        """Return whether nothing is to be said of the vault, its adapter or the search."""
        is_whole = not (self.unseen or self.untested or self.missing or self.canaries.failures)
        ended_well = not (self.fault or self.problem or self.is_interrupted)
        return is_whole and ended_well and not self.findings

    def add(self, other: "SearchResult") -> None:
        """Bring in what another search has done, or this one since it was last asked."""
        self.stats.update(other.stats)
        self.markets.update(other.markets)
        self.processor_seconds += other.processor_seconds
        known = set(self.reached)
        self.reached += [feature for feature in other.reached if feature not in known]
        self.entries = max(self.entries, other.entries)
        self.tested.update(other.tested)
        self.applicable |= other.applicable
        self.lacking |= other.lacking
        for place, unseen in other.unseen.items():
            self.unseen.setdefault(place, unseen)
        self.words_checked += other.words_checked
        self.canaries = self.canaries.both(other.canaries)
        for cause, finding in other.findings.items():
            self.findings.setdefault(cause, finding)
            self.found_at.setdefault(cause, other.found_at[cause])
        self.seen.update(other.seen)
        self.fault = self.fault or other.fault
        self.problem = other.problem or self.problem
        if other.best > self.best:
            self.best, self.best_sequence = other.best, other.best_sequence
