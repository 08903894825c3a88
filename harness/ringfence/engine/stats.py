"""What runs have tried and what came of it: every action by its outcome, and the rare events reached."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from ringfence.types.actions import Action
from ringfence.types.outcome import Outcome, Refused

DONE: Final = "done"


@dataclass(slots=True)
class Stats:
    """Counts of many runs: ``outcomes`` by action and error (or ``done``), ``errors`` by the contract that
    refused, error and action, and the rare ``events`` reached. ``checked`` counts those of the steps that
    every property looked at, ``messages`` what the EVM was sent and asked for those, ``tried`` the part of it
    that properties tried. ``refused`` has each action's first refusal, by the action's name.
    """

    runs: int = 0
    steps: int = 0
    checked: int = 0
    messages: int = 0
    tried: int = 0
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    errors: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    refused: dict[str, tuple[Action, Refused]] = field(default_factory=dict)

    def note(self, action: Action, outcome: Outcome, events: Iterable[str], contract: str = "") -> None:
        """Count one step; ``contract`` is the one that refused it, where that is known."""
        self.steps += 1
        if isinstance(outcome, Refused):
            self.outcomes[action.name, outcome.label] += 1
            self.errors[contract, outcome.error, action.name] += 1
            self.refused.setdefault(action.name, (action, outcome))
        else:
            self.outcomes[action.name, DONE] += 1
        for event in events:
            self.events[event] += 1

    def update(self, other: "Stats") -> None:
        """Add the counts of other runs."""
        self.runs += other.runs
        self.steps += other.steps
        self.checked += other.checked
        self.messages += other.messages
        self.tried += other.tried
        self.outcomes.update(other.outcomes)
        self.errors.update(other.errors)
        self.events.update(other.events)
        self.refused = other.refused | self.refused

    @property
    def messages_a_step(self) -> tuple[float, float]:
        """Return the EVM calls for each checked step, without and of what properties tried."""
        steps = max(1, self.checked)
        return (self.messages - self.tried) / steps, self.tried / steps

    def of(self, action: str) -> dict[str, int]:
        """Return how often an action ended how: ``done`` first, then the errors, the most frequent first."""
        ends = {end: count for (name, end), count in self.outcomes.items() if name == action}
        return dict(sorted(ends.items(), key=lambda item: (item[0] != DONE, -item[1], item[0])))

    def met(self, contract: str, error: str) -> dict[str, int]:
        """Return which actions met an error of a contract, and how often."""
        return {
            action: count for (*of, action), count in sorted(self.errors.items()) if of == [contract, error]
        }
