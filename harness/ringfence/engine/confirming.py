"""From a difference that was seen to one that is told: replayed step by step, and made short."""

import re
from collections.abc import Iterable
from typing import Final

from ringfence.engine.arena import Arena
from ringfence.engine.disagreement import Disagreement, kind_of, replayed, shortened
from ringfence.engine.lockstep import Divergence
from ringfence.engine.subject import Subject
from ringfence.types.actions import CallSequence
from ringfence.types.errors import RingfenceError
from ringfence.vaults.isolated_margin.markets import MarketSetup

WHICH: Final = re.compile(r"\[.*?\]")  # of many positions or accounts


class Unconfirmed(RingfenceError):
    """A difference that a replay does not show. The message is one sentence."""


class Confirming:
    """Tells differences of one vault, each cause once."""

    def __init__(self, subject: Subject, setups: Iterable[MarketSetup]) -> None:
        self._arena = Arena(subject.pair, setups)
        self._causes: set[tuple[str, str]] = set()

    def opening(self, market: str) -> Disagreement:
        """Return how vault and model differ at a market's opening; raises Unconfirmed."""
        try:
            self._arena.enter(market)
        except Divergence as divergence:
            return Disagreement(market, (), divergence.differences)
        raise Unconfirmed(f"Vault and model seemed to differ at the opening of market {market}.")

    def disagreement(self, market: str, program: CallSequence) -> Disagreement | None:
        """Return the short program that a program's difference makes; None when its cause is known.

        When it is interrupted while it shortens, it returns the program as it is. Raises Unconfirmed.
        """
        _, divergence = replayed(self._arena, market, program)
        if divergence is None:
            told = "\n".join(map(repr, program))
            raise Unconfirmed(f"Vault and model seemed to differ in market {market} after\n{told}")
        cause = _cause(divergence)
        if cause in self._causes:
            return None
        self._causes.add(cause)
        try:
            return shortened(self._arena, divergence)
        except KeyboardInterrupt:
            return Disagreement(market, program, divergence.differences)


def _cause(divergence: Divergence) -> tuple[str, str]:
    """Return the last action and the first thing that differs, whichever position or account it is of."""
    action, thing = kind_of(divergence)
    return action, WHICH.sub("", thing)
