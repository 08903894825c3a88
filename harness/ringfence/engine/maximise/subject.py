"""The vault that a search damages: ours in a market, or anyone's by an adapter."""

from dataclasses import dataclass
from random import Random
from typing import Any

from ringfence.engine.exhibit import OURS, Exhibit
from ringfence.engine.exhibit import exhibit as exhibit_of
from ringfence.engine.guard import Guarded
from ringfence.engine.loading import load
from ringfence.engine.maximise.course import Course, Drawer
from ringfence.engine.maximise.drawers import AdapterDrawer, RuleDrawer
from ringfence.engine.maximise.quantities import Quantity
from ringfence.engine.start import exhibit, setup_of
from ringfence.evm.chains.revm import RevmChain
from ringfence.properties.abilities import described
from ringfence.types.errors import RingfenceError
from ringfence.vaults.isolated_margin.markets import MarketSetup


class CannotDamage(RingfenceError):
    """The vault does not tell enough for a quantity. The message is one sentence."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A vault at its opening, what reports call it, and the market by which amounts are told."""

    name: str
    shown: Exhibit
    setup: MarketSetup

    @property
    def is_by_adapter(self) -> bool:
        """Return whether it is anyone's."""
        return self.name != OURS

    @staticmethod
    def ours(setup: MarketSetup) -> "Subject":
        """Return our vault in a market; raises CannotStart."""
        return Subject(OURS, exhibit_of(OURS, RevmChain(), setup), setup)

    @staticmethod
    def theirs(name: str) -> "Subject":
        """Return the vault of an adapter; raises AdapterFault."""
        adapter: Any = load(name)
        return Subject(name, exhibit(adapter), setup_of(adapter))

    def course(self, quantity: Quantity, most_ppm: int) -> Course:
        """Return where runs are made; raises CannotDamage."""
        lacking = quantity.needs - self.shown.inspection.abilities
        if lacking:
            offer = " and ".join(described(lacking))
            raise CannotDamage(
                f"{self.name} can't be searched for {quantity.name}: it does not offer {offer}."
            )
        return Course(self.shown, quantity, most_ppm)

    def drawer(self, random: Random) -> Drawer:
        """Return who draws on it."""
        vault = self.shown.inspection.subject.vault
        if isinstance(vault, Guarded):
            return AdapterDrawer(vault, random)
        return RuleDrawer(self.setup, random)
