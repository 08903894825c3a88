"""What the explorer reaches of our contracts, views and deployments included."""

from collections.abc import Iterable
from typing import Final

from ringfence.engine.budget import Budget
from ringfence.engine.search import Search
from ringfence.measure.coverage.making import Making
from ringfence.measure.coverage.marked import MarkedMarket, MarkedVault
from ringfence.measure.coverage.search import CannotGoOn
from ringfence.vaults.isolated_margin.markets import MarketSetup
from ringfence.vaults.isolated_margin.questions import Questions

MARKETS_A_RUN: Final = 3  # made by the factory
RUNS_A_QUESTION: Final = 4  # all views of a market take as long as a run


class OurSearch:
    """Explores vault and model; makes a market after every run, and asks every view now and then."""

    def __init__(self, setups: Iterable[MarketSetup], seed: int) -> None:
        """Compile; raises ArtifactMissing, DoesNotCompile."""
        self._vault = MarkedVault()
        self.marking = self._vault.made.marking
        names = tuple(setup.name for setup in setups)
        self._search = Search(self._vault.target, seed, markets=names, is_checked=False)
        self._making = Making(self._vault.made, seed)
        self._runs = 0

    def run(self) -> int:
        """Make one run, or trim one; raises CannotGoOn when vault and model differ."""
        done = self._search.run(Budget(1, None))
        if done.is_interrupted:
            raise KeyboardInterrupt
        for found in done.findings.values():
            first = (found.cause.differences or ("",))[0]
            raise CannotGoOn(f"Vault and model differ in market {found.market.name}: {first}.")
        for _ in range(MARKETS_A_RUN):
            _refuse(self._making.differences())
        self._runs += 1
        if self._runs % RUNS_A_QUESTION == 0:
            for market in self._vault.markets.values():
                _refuse(self._questions(market).differences(market.model.market))
        return done.steps

    def hits(self) -> frozenset[int]:
        """Return the numbers of the points reached so far."""
        return self._vault.hits() | self._making.hits()

    def _questions(self, market: MarkedMarket) -> Questions:
        return Questions(market.workspace)


def _refuse(differences: Iterable[str]) -> None:
    """Raise CannotGoOn for the first difference."""
    for difference in differences:
        raise CannotGoOn(f"Vault and model answer differently: {difference}.")
