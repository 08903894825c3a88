"""What must fail in every search: a law that each step breaks, and a vault that is one token off.

A search that sees no violation of that law, or takes that vault for its model, would see nothing else.
"""

from dataclasses import dataclass, replace

from ringfence.engine.lockstep import Divergence, Lockstep
from ringfence.types.actions import Step
from ringfence.types.adapter import RewindableVault
from ringfence.types.outcome import Outcome
from ringfence.types.state import VaultState


@dataclass(frozen=True, slots=True)
class Canaries:
    """Whether a search saw what must fail; None where it had nothing to see it by: no step, or no model."""

    law: bool | None = None
    comparison: bool | None = None

    @property
    def complaints(self) -> list[str]:
        """Return a sentence for each that was not seen."""
        unseen = [what for what, seen in self.told.items() if seen is False]
        return [f"a canary was not seen, {what}: this search would have found nothing" for what in unseen]

    @property
    def told(self) -> dict[str, bool | None]:
        """Return both, each by what it is."""
        return {"a law that every step breaks": self.law, "a vault that is one token off": self.comparison}


class Doctored:
    """A vault whose first account is seen with one token too many."""

    def __init__(self, vault: RewindableVault) -> None:
        self._vault = vault

    def apply(self, step: Step) -> Outcome:
        """Do what the vault does."""
        return self._vault.apply(step)

    def observe(self) -> VaultState:
        """Return what the vault says, and one token more."""
        return doctored(self._vault.observe())

    def snapshot(self) -> object:
        """Return the vault's mark."""
        return self._vault.snapshot()

    def restore(self, mark: object) -> None:
        """Go back to the vault's mark."""
        self._vault.restore(mark)


def doctored(state: VaultState) -> VaultState:
    """Return a state in which the first account has one token more; where none is seen, an unknown total."""
    for role, account in state.accounts.items():
        richer = replace(account, tokens=account.tokens + 1)
        return replace(state, accounts=state.accounts | {role: richer})
    return replace(state, totals=state.totals | {"canary": 1})


def is_blind(vault: RewindableVault, model: RewindableVault) -> bool:
    """Return whether the comparison takes a vault that is one token off for its model."""
    try:
        Lockstep(Doctored(vault), model)
    except Divergence:
        return False
    return True
