"""How long a search goes on."""

from dataclasses import dataclass

from ringfence.engine.stats import Stats


@dataclass(frozen=True, slots=True)
class Budget:
    """When to stop: once so many runs or steps were made, or so many seconds have passed."""

    runs: int | None
    seconds: float | None
    steps: int | None = None

    def is_spent(self, stats: Stats, seconds: float) -> bool:
        """Return whether to stop."""
        limits = ((self.runs, stats.runs), (self.steps, stats.steps), (self.seconds, seconds))
        return any(limit is not None and spent >= limit for limit, spent in limits)
