"""What every worker of a campaign is asked to do, as data for another process."""

from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

from ringfence.engine.subject import Subject
from ringfence.engine.workers.searcher import Searcher
from ringfence.vaults.isolated_margin.markets import MarketSetup

SEED_BITS: Final = 64


@dataclass(frozen=True, slots=True)
class Job:
    """A vault, the markets to search it in, and the folder of the corpus that all workers share, if any."""

    subject: Subject
    setups: tuple[MarketSetup, ...]
    corpus: Path | None = None

    def searcher(self, seed: int) -> Searcher:
        """Start a worker's search; raises BadCorpus."""
        return Searcher(self.subject, self.setups, seed, self.corpus)


def seed_of(campaign_seed: int, worker: int, life: int) -> int:
    """Return the seed of a worker: another one for each worker, and for whoever takes a dead one's place."""
    return Random(f"{campaign_seed}/{worker}/{life}").getrandbits(SEED_BITS)
