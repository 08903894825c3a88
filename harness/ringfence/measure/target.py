"""A vault as coverage and mutants are counted on it: its adapter, and what else that is measured by."""

from ringfence.engine.loading import load
from ringfence.engine.measurements import Measurements
from ringfence.engine.target import Target


class MeasuredTarget(Target):
    """A vault by its adapter's name, in all its markets and those that are there to measure by."""

    def __init__(self, name: str) -> None:
        """Load the adapter; raises AdapterFault."""
        super().__init__(load(name), name)
        self.measurements: Measurements = getattr(self.adapter, "measurements", None) or Measurements()
        self.markets |= {market.name: market for market in self.measurements.markets}
