"""Every law looking at our own vault for a while: how often each was put to the test, and what was found."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from ringfence.engine.canary import Canaries
from ringfence.engine.hunt import Catch, Hunt
from ringfence.evm.chains.revm import RevmChain
from ringfence.vaults.isolated_margin.fast import OwnVault
from ringfence.vaults.isolated_margin.market import market
from ringfence.vaults.isolated_margin.markets import MarketSetup

ENDLESS: Final = 10.0**9  # seconds


@dataclass(frozen=True, slots=True)
class Patrol:
    """``untested``: laws that apply and were never put to the test."""

    steps: int
    tested: dict[str, int]
    untested: tuple[str, ...]
    canaries: Canaries
    caught: Catch | None

    def complaints(self) -> list[str]:
        """Return why it proves less than it should, one sentence each."""
        never = [f"{law} applies and was never put to the test" for law in self.untested]
        return never + self.canaries.complaints


def patrol(
    setups: Sequence[MarketSetup], seed: int, *, seconds: float | None = None, steps: int | None = None
) -> Patrol:
    """Look until something is found, or the seconds of this process or the steps are spent.

    The explorer's comparison, word by word, has the canary of the other one too.
    """
    hunt = Hunt(lambda setup: market(RevmChain(), setup), setups, seed)
    caught = next(hunt.catches(None, ENDLESS if seconds is None else seconds, steps), None)
    canaries = hunt.canaries
    if any(OwnVault.compiled().direct(setup).is_blind for setup in setups):
        canaries = replace(canaries, comparison=False)
    return Patrol(hunt.steps, dict(hunt.tested), tuple(hunt.untested), canaries, caught)
