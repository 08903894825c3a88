"""The search for the largest value of a quantity: a search with an objective of its own, and annealing."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from ringfence.engine.budget import Budget
from ringfence.engine.maximise.annealing import Annealing, reaching
from ringfence.engine.maximise.bounds import Bounds
from ringfence.engine.maximise.quantities import Quantity
from ringfence.engine.objective import Maximum
from ringfence.engine.result import SearchResult
from ringfence.engine.search import Search
from ringfence.engine.shrink import shrink
from ringfence.engine.system import System
from ringfence.engine.target import Target
from ringfence.properties.abilities import described
from ringfence.types.actions import CallSequence
from ringfence.types.errors import RingfenceError


class CannotMaximise(RingfenceError):
    """The vault does not tell enough for a quantity. The message is one sentence."""


@dataclass(frozen=True, slots=True)
class MaximumSearch:
    """A search of one market for the largest value of a quantity, in assets."""

    search: Search
    quantity: Quantity
    market: str

    @staticmethod
    def of(
        target: Target, market: str, quantity: Quantity, bounds: Bounds, seed: int, *, climbing: bool = True
    ) -> "MaximumSearch":
        """Prepare a search within bounds; raises CannotMaximise."""
        if bounds.is_next_price_known:
            if quantity.informed is None:
                raise CannotMaximise(f"{quantity.name} is the same whether the next price is known or not.")
            quantity = replace(quantity, values=quantity.informed)
        search = Search(
            target,
            seed,
            markets=(market,),
            objective=Maximum(quantity, bounds),
            proposals=lambda search: Annealing(search, quantity, climbing=climbing),
            is_compared=False,
        )
        system = search.system(market)
        lacking = quantity.needs - system.abilities
        if lacking:
            needed = " and ".join(described(lacking))
            raise CannotMaximise(
                f"{target.name} can't be searched for {quantity.name}: it does not offer {needed}."
            )
        system.checker = system.checker.only()  # no property looks: the worst may violate none
        return MaximumSearch(search, quantity, market)

    @property
    def system(self) -> System:
        """Return the system that is searched."""
        return self.search.system(self.market)

    def run(
        self, budget: Budget, progress: Callable[[SearchResult], None] = lambda result: None
    ) -> SearchResult:
        """Search until the budget is spent."""
        return self.search.run(budget, progress)

    def value_of(self, sequence: CallSequence) -> int:
        """Return what a sequence comes to; 0 for one that the objective does not allow."""
        allowed = reaching(self.search, self.quantity, 0)(sequence) is not None
        return self.quantity.worst(self.system.transitions)[0] if allowed else 0

    def shrunk(self, sequence: CallSequence, value: int) -> CallSequence:
        """Return the shortest and plainest sequence that comes to ``value`` at least."""
        attempt = reaching(self.search, self.quantity, value)
        return shrink(sequence, attempt, self.system.market)
