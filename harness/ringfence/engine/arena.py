"""Where machines run: every market is deployed once, and rewound for each run."""

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from ringfence.engine.lockstep import Lockstep, Mark
from ringfence.engine.tally import Tally
from ringfence.vaults.isolated_margin.markets import MarketSetup
from ringfence.vaults.isolated_margin.reference.reference import ReferenceVault

Pair: TypeAlias = Lockstep[Any, ReferenceVault]  # any rewindable vault
Start: TypeAlias = Callable[[MarketSetup], Pair]


class Arena:
    """Markets to run in, each a vault in step with its model, and the tally of all runs.

    ``market`` names the one entered last.
    """

    def __init__(self, start: Start, setups: Iterable[MarketSetup]) -> None:
        """``start`` deploys a market and runs its opening steps."""
        self.start = start
        self.setups = {setup.name: setup for setup in setups}
        self._markets: dict[str, tuple[Pair, Mark]] = {}
        self.tally = Tally()
        self.market = ""

    def enter(self, name: str) -> Pair:
        """Return a market just after its opening steps; raises Divergence if the two differ there."""
        self.market = name
        if name not in self._markets:
            pair = self.start(self.setups[name])
            self._markets[name] = pair, pair.snapshot()
        pair, mark = self._markets[name]
        pair.restore(mark)
        return pair
