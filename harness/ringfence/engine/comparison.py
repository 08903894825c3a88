"""A vault compared with its reference model, nothing decoded: an ability that makes a search fast."""

from typing import Any, Protocol

from ringfence.evm.workspace import Workspace
from ringfence.types.actions import Step
from ringfence.types.outcome import Outcome


class Mismatched(Exception):
    """Vault and reference model differ after a step. Where, only a replay shows."""


class FastComparison(Protocol):
    """A market and its reference model, at the market's opening when it is made."""

    @property
    def workspace(self) -> Workspace:
        """Return where the vault is deployed."""
        ...

    @property
    def model(self) -> Any:
        """Return the reference model."""
        ...

    @property
    def is_blind(self) -> bool:
        """Return whether a vault with one token too many would be taken for the model's."""
        ...

    def restart(self) -> None:
        """Go back to the opening."""
        ...

    def apply(self, step: Step) -> Outcome:
        """Carry out a step on both; raises Mismatched. What is compared at once is this method's choice.

        Of the outcome's events only those are there that features are read from.
        """
        ...

    def finish(self) -> None:
        """Compare all that was not; raises Mismatched."""
        ...
