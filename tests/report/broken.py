"""Our vault with a bug in Python, small enough for every chain, and vaults that can't be started."""

from dataclasses import replace
from typing import Final

from ringfence.types.actions import Step
from ringfence.types.outcome import Outcome
from ringfence.types.state import VaultState
from ringfence.vaults.isolated_margin.actions import AddMargin, FundInsurance
from ringfence.vaults.isolated_margin.adapter import IsolatedMargin
from ringfence.vaults.isolated_margin.contracts import Contracts
from ringfence.vaults.isolated_margin.markets import STANDARD

RETURNS_30_000_ZEROS: Final = bytes.fromhex("6175305ff3")  # PUSH2 30000 PUSH0 RETURN
LAST: Final = 4_321  # assets: what only one payment pays


class Forgetful(IsolatedMargin):
    """Loses one asset of all margin that is added."""

    forgets = staticmethod(lambda action: isinstance(action, AddMargin))

    def apply(self, step: Step) -> Outcome:
        """Pay in one asset less."""
        action = step.action
        if isinstance(action, AddMargin | FundInsurance) and self.forgets(action):
            return super().apply(Step(replace(action, assets=action.assets - 1), step.seconds))
        return super().apply(step)


class ForgetfulOfTheLast(Forgetful):
    """Loses one asset of a payment of 4,321."""

    forgets = staticmethod(lambda action: action.assets == LAST)


class MisreadsTheLast(IsolatedMargin):
    """Is sound, and observes one asset too few of insurance right after a payment of 4,321."""

    pays_last = False

    def apply(self, step: Step) -> Outcome:
        """Note what is paid."""
        self.pays_last = isinstance(step.action, FundInsurance) and step.action.assets == LAST
        return super().apply(step)

    def observe(self) -> VaultState:
        """Return the state, with the wrong insurance."""
        state = super().observe()
        totals = state.totals | {"insurance": state.totals["insurance"] - self.pays_last}
        return replace(state, totals=totals)


class ForgetfulAtTheOpening(Forgetful):
    """Loses one asset of the insurance that the standard market opens with."""

    forgets = staticmethod(lambda action: action.assets == STANDARD.insurance)


class Oversized(IsolatedMargin):
    """Has more code than a chain takes."""

    @classmethod
    def made_of(cls) -> Contracts:
        """Return our contracts with another vault."""
        contracts = Contracts.compiled()
        return replace(contracts, vault=replace(contracts.vault, bytecode=RETURNS_30_000_ZEROS))


class Dying(IsolatedMargin):
    """Is on a chain that is gone when margin is added, and has no reference model."""

    reference = None  # type: ignore[assignment]  # as in an adapter without one

    def apply(self, step: Step) -> Outcome:
        """Lose the connection."""
        if isinstance(step.action, AddMargin):
            raise ConnectionError("Connection refused")
        return super().apply(step)
