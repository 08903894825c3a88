"""How long a search goes on."""

from dataclasses import dataclass
from math import inf

from ringfence.engine.stats import Stats


@dataclass(frozen=True, slots=True)
class Budget:
    """When to stop: after N runs, N steps or N seconds, whatever comes first."""

    runs: int | None = None
    seconds: float | None = None
    steps: int | None = None

    def deadline(self, begun: float) -> float:
        """Return when the seconds are spent, on the clock that showed ``begun``."""
        return inf if self.seconds is None else begun + self.seconds

    def is_spent(self, stats: Stats, seconds: float) -> bool:
        """Return whether to stop."""
        limits = ((self.runs, stats.runs), (self.steps, stats.steps), (self.seconds, seconds))
        return any(limit is not None and spent >= limit for limit, spent in limits)
