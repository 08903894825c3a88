"""What every worker of a campaign does, as data for another process: one search, a batch at a time."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from time import monotonic
from typing import Final

from ringfence.engine.budget import Budget
from ringfence.engine.loading import load
from ringfence.engine.objective import Violations
from ringfence.engine.proposals import GuidedProposals
from ringfence.engine.result import SearchResult
from ringfence.engine.search import Search
from ringfence.engine.target import DRAWN, Target
from ringfence.types.errors import AdapterFault
from ringfence.types.finding import CauseKey

SEED_BITS: Final = 64
MARKET_SEED_BITS: Final = 32  # of a search in a drawn market, and of the market
LONGEST: Final = 1.0  # seconds of a batch: a vault that is slow is heard of as often


@dataclass(frozen=True, slots=True)
class Job:
    """An adapter by name, and the folder of the corpus that all workers share, if any.

    ``against`` names the version of the vault that it is compared with, if it is.
    All causes of ``violations`` are looked for, but those ``known``.

    ``market`` is the only one that is searched, if not ``""``; with ``drawn`` each batch has another, that of
    its seed.

    Without ``is_timed`` a batch takes the time that its steps take, so that a seed repeats it.
    """

    adapter: str
    corpus: Path | None = None
    is_timed: bool = True
    violations: Violations = field(default_factory=Violations)
    known: frozenset[CauseKey] = frozenset()
    against: str = ""
    market: str = ""

    def __post_init__(self) -> None:
        """Load the adapter here too: what workers answer has its actions. What is wrong a worker says."""
        with suppress(AdapterFault):
            load(self.adapter)

    def start(self, seed: int) -> "Worked":
        """Start a worker's search; raises AdapterFault, BadCorpus, UnknownMarket."""
        return Worked(self, Target.named(self.adapter, self.against), seed)

    def search(self, target: Target, seed: int, known: Collection[CauseKey]) -> Search:
        """Start a search that goes on after findings; raises AdapterFault, BadCorpus, UnknownMarket."""
        name = f"{DRAWN}-{seed}" if self.market == DRAWN else self.market
        all_causes = replace(self.violations, is_met_by_one=False)
        markets = (name,) if name else ()
        return Search(target, seed, markets=markets, corpus=self.corpus, objective=all_causes, known=known)


class Worked:
    """A search that goes on from batch to batch, or one after the other in drawn markets."""

    def __init__(self, job: Job, target: Target, seed: int) -> None:
        self._job, self._target, self._seeds = job, target, Random(seed)
        self._longest = LONGEST if job.is_timed else None
        self._known = set(job.known)
        self._search = job.search(target, seed, self._known)

    def batch(self, steps: int) -> SearchResult:
        """Do some steps, or fewer when they take long, and a run that was begun to its end.

        What others have put into the corpus is taken in first.
        """
        begun = monotonic()
        if self._job.market == DRAWN:
            seed = self._seeds.getrandbits(MARKET_SEED_BITS)
            self._search = self._job.search(self._target, seed, self._known)
        proposals = self._search.proposals
        if isinstance(proposals, GuidedProposals):
            proposals.rescan()
        result = self._search.run(Budget(None, self._longest, steps))
        self._known.update(result.findings)
        result.seconds = monotonic() - begun
        return result


def seed_of(campaign_seed: int, worker: int, life: int) -> int:
    """Return the seed of a worker: another one for each worker, and for one that replaces a dead one."""
    return Random(f"{campaign_seed}/{worker}/{life}").getrandbits(SEED_BITS)
