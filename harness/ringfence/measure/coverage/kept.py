"""What a corpus reaches: its programs as they are, one after another, on vault and model."""

from collections import deque
from collections.abc import Iterable
from pathlib import Path

from ringfence.engine.comparison import Mismatched
from ringfence.engine.corpus.corpus import BadCorpus, Corpus
from ringfence.measure.coverage.marked import MarkedVault
from ringfence.measure.coverage.search import CannotGoOn
from ringfence.vaults.isolated_margin.markets import MarketSetup


class CorpusRuns:
    """The programs of a folder."""

    def __init__(self, setups: Iterable[MarketSetup], folder: Path) -> None:
        """Compile and read; raises BadCorpus, ArtifactMissing, DoesNotCompile."""
        self._setups = {setup.name: setup for setup in setups}
        if not folder.is_dir():
            raise BadCorpus(f"{folder}: there is no such folder.")
        self._vault = MarkedVault()
        self.marking = self._vault.made.marking
        self._waiting = deque(
            Corpus(self._vault.target.code, self._setups.values(), folder, self._vault.target.actions).fresh()
        )

    def run(self) -> int:
        """Do a program; return its steps, 0 when none is left. Raises CannotGoOn when the model disagrees."""
        if not self._waiting:
            return 0
        entry = self._waiting.popleft()
        try:
            market = self._vault.markets.get(entry.market)
            if market is None:
                self._vault.target.comparison(entry.market)
                market = self._vault.markets[entry.market]
            market.restart()
            for step in entry.sequence:
                market.apply(step)
        except Mismatched:
            told = f"Vault and model disagree on a program of the corpus in market {entry.market}"
            raise CannotGoOn(f"{told}: ringfence campaign tells where.") from None
        return len(entry.sequence)

    def hits(self) -> frozenset[int]:
        """Return the numbers of the points reached so far."""
        return self._vault.hits()
