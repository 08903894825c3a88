"""When an action happens and what the feed says then, followed from the actions alone."""

from dataclasses import dataclass, replace

from ringfence.types.actions import BreakFeed, SetPrice, Step


@dataclass(frozen=True, slots=True)
class Moment:
    """A block's time in seconds, and the feed's last answer in its own decimals."""

    timestamp: int
    answer: int
    updated_at: int
    broken: bool

    def at(self, step: Step, *, done: bool) -> "Moment":
        """Return the moment of ``step``; what it tells the feed counts only when it was ``done``."""
        now = self.timestamp + step.seconds
        match step.action if done else None:
            case SetPrice(_, answer, age):
                return Moment(now, answer, max(0, now - age), self.broken)
            case BreakFeed(_, broken):
                return Moment(now, self.answer, self.updated_at, broken)
            case _:
                return replace(self, timestamp=now) if step.seconds else self
