"""When an action happens and what the feed says then, followed from the actions alone."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ringfence.types.kinds import Kind

if TYPE_CHECKING:  # parameters of actions look at moments
    from ringfence.types.actions import Step


@dataclass(frozen=True, slots=True)
class Moment:
    """A block's time in seconds, and the feed's last answer in its own decimals."""

    timestamp: int
    answer: int
    updated_at: int
    broken: bool

    def at(self, step: "Step", *, done: bool) -> "Moment":
        """Return the moment of ``step``; what it says to the feed counts only when it was ``done``."""
        now, action = self.timestamp + step.seconds, step.action
        if done and action.kind is Kind.MOVES_PRICE:
            return Moment(now, action.answer_set, max(0, now - action.age_set), self.broken)
        if done and action.kind is Kind.BREAKS_FEED:
            return Moment(now, self.answer, self.updated_at, action.flag_set)
        return Moment(now, self.answer, self.updated_at, self.broken) if step.seconds else self
