"""Which branches a call sequence takes: what a search stores sequences for, besides events."""

from collections.abc import Iterable

from ringfence.engine.guard import ValidatedVault
from ringfence.measure.coverage.marks import hits_of
from ringfence.measure.coverage.reached import Reached, Way
from ringfence.measure.coverage.target import InstrumentedTarget
from ringfence.types.actions import CallSequence


class InstrumentedMarket:
    """A market with marks, for the vault alone: what the model says of a sequence was said before."""

    def __init__(self, target: InstrumentedTarget, market: str) -> None:
        vault = target.system(market).vault
        assert isinstance(vault, ValidatedVault)
        self._vault, self._mark, self._chain = vault, vault.snapshot(), vault.bench.chain

    def hits(self, sequence: CallSequence) -> frozenset[int]:
        """Carry out a sequence; return all points reached since the market was deployed."""
        self._vault.restore(self._mark)
        for step in sequence:
            self._vault.apply(step)
        return hits_of(self._chain)


class BranchTracer:
    """Carries out sequences again on instrumented contracts; whether one is new takes a millisecond more."""

    def __init__(self, name: str) -> None:
        """Compile the vault of an adapter's name; raises AdapterFault."""
        self._target = InstrumentedTarget(name)
        self._points = self._target.instrumentation.points
        self._markets: dict[str, InstrumentedMarket] = {}
        self._known: set[int] = set()

    def new(self, market: str, sequence: CallSequence) -> frozenset[Way]:
        """Return the ways that a sequence goes and none before it went, in any market."""
        if market not in self._markets:
            self._markets[market] = InstrumentedMarket(self._target, market)
        found = self._markets[market].hits(sequence) - self._known
        self._known |= found
        return self._ways(found)

    def all(self, market: str, sequence: CallSequence) -> frozenset[Way]:
        """Return all ways that a sequence goes, those of the opening included."""
        return self._ways(InstrumentedMarket(self._target, market).hits(sequence))

    def reached(self) -> Reached:
        """Return what all sequences that it was shown have reached."""
        return Reached(self._points, self._target.instrumentation.texts, frozenset(self._known))

    def _ways(self, hits: Iterable[int]) -> frozenset[Way]:
        points = (self._points[number] for number in hits)
        return frozenset(point for point in points if isinstance(point, Way))
