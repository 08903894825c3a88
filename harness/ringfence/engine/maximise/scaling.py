"""Larger and smaller: amounts that belong together changed together, so that what was allowed still is."""

from dataclasses import replace
from random import Random
from typing import Any, Final

from ringfence.engine.generators.mutation import Plan
from ringfence.types.actions import Action

AMOUNTS: Final = ("size", "size_delta", "margin", "assets", "shares")
FACTORS: Final = ((11, 10), (3, 2), (2, 1), (5, 1), (9, 10), (1, 2), (101, 100), (99, 100))


def scaled(plan: Plan, random: Random) -> Plan:
    """Return a plan with all amounts of one step, or of all steps, times a factor."""
    times, parts = random.choice(FACTORS)
    chosen = random.choice((None, random.randrange(len(plan))))
    for index, each in enumerate(plan):
        if each is not None and chosen in (None, index):
            action = _scaled(each.step.action, times, parts)
            plan[index] = replace(each, step=replace(each.step, action=action))
    return plan


def _scaled(action: Action, times: int, parts: int) -> Action:
    changes: dict[str, Any] = {
        name: _whole(getattr(action, name) * times, parts) for name in AMOUNTS if hasattr(action, name)
    }
    return replace(action, **changes)


def _whole(dividend: int, divisor: int) -> int:
    """Return a quotient rounded to zero, in the range of the ABI's types."""
    magnitude = min(abs(dividend) // divisor, 2**255 - 1)
    return magnitude if dividend >= 0 else -magnitude
