"""What an explorer needs of the vault that it explores."""

from collections.abc import Sequence
from typing import Any, Protocol

from ringfence.engine.arena import Pair
from ringfence.engine.contest import Contest
from ringfence.types.actions import Step
from ringfence.vaults.isolated_margin.markets import MarketSetup
from ringfence.vaults.isolated_margin.reference.reference import ReferenceVault


class Difference(Exception):
    """Vault and model are not the same after a step. What differs, only a replay tells."""


class Answer(Protocol):
    """What the model says came of a step: a refusal, or what was returned and logged."""

    @property
    def refusal(self) -> Any:
        """Return the model's Refusal; None when the step was carried out."""
        ...

    @property
    def value(self) -> object:
        """Return what the model's method returned."""
        ...

    @property
    def log(self) -> Sequence[tuple[str, Any]]:
        """Return the model's events, each with its emitter."""
        ...


class DirectMarket(Protocol):
    """A market and its model, compared without decoding anything."""

    @property
    def model(self) -> ReferenceVault:
        """Return the model."""
        ...

    def restart(self) -> None:
        """Go back to the opening."""
        ...

    def apply(self, step: Step) -> Answer:
        """Do a step on both; raises Difference. What is compared at once is this method's choice."""
        ...

    def finish(self) -> None:
        """Compare whatever was not; raises Difference."""
        ...


class Subject(Protocol):
    """A vault, started in any market: the fast way, the way that tells what differs, and under every law."""

    @property
    def code(self) -> str:
        """Return the hash of its creation code."""
        ...

    def direct(self, setup: MarketSetup) -> DirectMarket:
        """Start a market to explore; raises Difference when the two differ at its opening."""
        ...

    def pair(self, setup: MarketSetup) -> Pair:
        """Start a market in which a difference is told; raises Divergence."""
        ...

    def contest(self, setup: MarketSetup) -> Contest:
        """Start a market at which every law looks."""
        ...
