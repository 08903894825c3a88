"""Which speculative properties are looked at, after each step of a run and at its end."""

from math import inf
from random import Random
from typing import Final

from ringfence.engine.system import System

AFTER_STEPS: Final = 0.06  # of all speculative checks, after each step
AT_ENDS: Final = 0.15  # of them, where they have taken more than their share
SHARE: Final = 0.2  # of what the EVM is sent and asked


class Speculation:
    """Chooses checks of one system at random. ``share`` of the EVM's work is what they may take.

    Where steps are compared with a reference model, few are looked at by properties: there is no limit.
    """

    def __init__(self, random: Random, system: System, *, is_limited: bool) -> None:
        self._random, self._system = random, system
        self._share = SHARE if is_limited else inf

    def after_step(self) -> bool:
        """Return whether to make a check after a step."""
        return self._random.random() < AFTER_STEPS and self._is_affordable

    def at_end(self) -> bool:
        """Return whether to make a check at the end of a run."""
        return self._is_affordable or self._random.random() < AT_ENDS

    @property
    def _is_affordable(self) -> bool:
        return self._system.tried <= self._share * self._system.messages
