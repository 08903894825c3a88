"""Workers on a vault that is not ours: each loads its adapter, and tells all that one search does."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import process_time
from typing import ClassVar, Final

from ringfence.engine.canary import Canaries
from ringfence.engine.features import Feature
from ringfence.engine.loading import load
from ringfence.engine.search import Caught, Search, Searched
from ringfence.engine.storage_watch import Place, Unseen
from ringfence.engine.workers.together import Together
from ringfence.properties.abilities import Need

LONGEST: Final = 1.0  # seconds of a turn: a vault that is slow is heard of as often


@dataclass(frozen=True, slots=True)
class AdaptedTurn:
    """What one turn has done. ``seconds`` are those of its processor."""

    searched: Searched
    seconds: float = 0.0

    @property
    def counted(self) -> int:
        """Return the steps."""
        return self.searched.steps

    @property
    def reached(self) -> list[Feature]:
        """Return the features that were new to this worker."""
        return self.searched.reached

    @property
    def found(self) -> list[Caught]:
        """Return what was found; a violation that can't be shown is told by the fault."""
        caught = self.searched.caught
        return [caught] if caught and not self.searched.fault else []

    @property
    def tested(self) -> Counter[str]:
        """Return how often each law that applies was put to the test."""
        return Counter(self.searched.tested)

    @property
    def untested(self) -> list[str]:
        """Return the laws that apply and were not put to the test."""
        return self.searched.untested

    @property
    def canaries(self) -> Canaries:
        """Return whether what must fail was seen to."""
        return self.searched.canaries

    @property
    def complaint(self) -> str:
        """Return what is wrong with the corpus, if anything."""
        return f"corpus: {self.searched.complaint}" if self.searched.complaint else ""


class AdaptedSearcher:
    """Searches the vault of an adapter; its draws depend on the seed and on the corpus."""

    def __init__(self, name: str, seed: int, corpus: Path | None = None) -> None:
        """Load the adapter and start its vault; raises AdapterFault, BadCorpus."""
        self._search = Search(load(name), seed, corpus=corpus)

    def turn(self, steps: int) -> AdaptedTurn:
        """Search for so many steps or LONGEST; ends early when it finds something."""
        begun = process_time()
        searched = self._search.turn(LONGEST, steps)
        return AdaptedTurn(searched, process_time() - begun)


@dataclass(frozen=True, slots=True)
class AdaptedJob:
    """An adapter by its name, and the folder of the corpus that all workers share, if any."""

    adapter: str
    corpus: Path | None = None

    def searcher(self, seed: int) -> AdaptedSearcher:
        """Start a worker's search; raises AdapterFault, BadCorpus."""
        return AdaptedSearcher(self.adapter, seed, self.corpus)


@dataclass(slots=True)
class AdaptedJoint(Together[AdaptedTurn, Caught]):
    """What all workers have done together, with all that one search tells of a vault that is not ours."""

    runs: int = 0
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    sentences: dict[str, str] = field(default_factory=dict)
    not_applicable: dict[str, frozenset[Need]] = field(default_factory=dict)
    unseen: dict[Place, Unseen] = field(default_factory=dict)
    words_checked: int = 0
    fault: str | None = None

    steps_a_turn: ClassVar[int] = 100

    @property
    def steps(self) -> int:
        """Return the steps of all workers."""
        return self.outcomes.total()

    @property
    def counted(self) -> int:
        """Return the same: every step counts."""
        return self.steps

    @property
    def is_over(self) -> bool:
        """Return whether the adapter is at fault."""
        return self.fault is not None

    @property
    def searched(self) -> Searched:
        """Return it as one search would tell it; ``caught`` is the first of all findings."""
        return Searched(
            self.seed,
            runs=self.runs,
            steps=self.steps,
            seconds=self.seconds,
            outcomes=self.outcomes,
            sentences=self.sentences,
            tested={law: self.tested[law] for law in self.sentences if law in self.applicable},
            not_applicable=self.not_applicable,
            unseen=list(self.unseen.values()),
            canaries=self.canaries,
            words_checked=self.words_checked,
            caught=next(iter(self.findings.values()), None),
            fault=self.fault,
            is_interrupted=self.is_interrupted,
        )

    def _take(self, turn: AdaptedTurn) -> Sequence[Caught]:
        done = turn.searched
        self.runs += done.runs
        self.outcomes.update(done.outcomes)
        self.sentences, self.not_applicable = done.sentences, done.not_applicable
        for unseen in done.unseen:
            self.unseen.setdefault((unseen.contract, unseen.slot), unseen)
        self.words_checked += done.words_checked
        self.fault = self.fault or done.fault
        return turn.found
