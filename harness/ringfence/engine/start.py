"""A vault that is not ours at its opening, under inspection, beside a reference if its author gives one."""

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ringfence.engine.exhibit import Exhibit
from ringfence.engine.guard import Guarded
from ringfence.engine.inspection import Inspection, Subject
from ringfence.engine.loading import load
from ringfence.evm.chains.base import Chain
from ringfence.evm.chains.revm import RevmChain
from ringfence.properties import PROPERTIES, Ability, Checker
from ringfence.properties.own import own_properties
from ringfence.types.actions import Step
from ringfence.types.adapter import RewindableVault
from ringfence.types.errors import AdapterFault
from ringfence.types.moment import Moment
from ringfence.types.outcome import Done, Outcome
from ringfence.types.roles import OWNER
from ringfence.types.state import VaultState
from ringfence.vaults.isolated_margin.actions import SetPrice
from ringfence.vaults.isolated_margin.markets import PLAIN, MarketSetup

ANY_SIZE = 2**20  # bytes of code: a vault compiled without the optimiser is let in


class Copied:
    """A reference that is rewound by copying it."""

    def __init__(self, reference: Any) -> None:
        self._reference = reference

    def apply(self, step: Step) -> Outcome:
        """Return what the reference says."""
        outcome: Outcome = self._reference.apply(step)
        return replace(outcome, events=()) if isinstance(outcome, Done) else outcome

    def observe(self) -> VaultState:
        """Return what the reference says."""
        state: VaultState = self._reference.observe()
        return state

    def snapshot(self) -> object:
        """Return a copy."""
        return copy.deepcopy(self._reference)

    def restore(self, mark: object) -> None:
        """Go back to a copy, which stays good."""
        self._reference = copy.deepcopy(mark)


def market(chain: Chain, setup: MarketSetup, name: str) -> Exhibit:
    """Start the adapter of a name on a chain: what a finding is replayed with."""
    return exhibit(load(name), lambda: chain)


def exhibit(adapter: Any, chain: Callable[[], Chain] = lambda: RevmChain(ANY_SIZE)) -> Exhibit:
    """Make the vault, push its first price, and have every law look at it; raises AdapterFault."""
    vault = Guarded(adapter, chain)
    moment = Moment(vault.timestamp, 0, 0, False)
    reference = _reference(vault)
    if SetPrice in vault.actions:
        step = Step(SetPrice(OWNER, vault.facts.answer, 0), 1)
        outcome = vault.apply(step)
        if not isinstance(outcome, Done):
            raise AdapterFault(f"{vault.name}.apply refused the first price, {step}: {outcome}.")
        moment = moment.at(step, done=True)
        if reference:
            reference.apply(step)
    valuation = vault if Ability.VALUATION in vault.abilities else None
    subject = Subject(vault, valuation, moment)
    properties = (*PROPERTIES, *own_properties(adapter, vault.ask))
    return Exhibit(Inspection(subject, Checker(properties, subject.abilities, subject.actions)), reference)


def setup_of(adapter: Any) -> MarketSetup:
    """Return a market by which a report tells amounts; what isn't stated is the plain market's."""
    facts = adapter.facts
    return replace(
        PLAIN,
        name=adapter.__name__,
        collateral_decimals=facts.decimals,
        feed_decimals=facts.price_decimals,
        answer=facts.answer,
        liquidity=0,
        insurance=0,
    )


def _reference(vault: Guarded) -> RewindableVault | None:
    make = getattr(vault, "reference", None)
    if make is None:
        return None
    made = make(vault.timestamp)
    own = hasattr(made, "snapshot") and hasattr(made, "restore")
    return made if own else Copied(made)
