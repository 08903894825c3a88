"""How long a search goes on."""

from dataclasses import dataclass

from ringfence.engine.tally import Tally


@dataclass(frozen=True, slots=True)
class Budget:
    """When to stop: once so many runs or steps were made, or so many seconds have passed."""

    runs: int | None
    seconds: float | None
    steps: int | None = None

    def is_spent(self, tally: Tally, seconds: float) -> bool:
        """Return whether to stop."""
        limits = ((self.runs, tally.runs), (self.steps, tally.steps), (self.seconds, seconds))
        return any(limit is not None and spent >= limit for limit, spent in limits)
