"""What owner and guardian do, and whoever would like to be them."""

from ringfence.engine.generators.rules import rule
from ringfence.vaults.isolated_margin.actions import (
    AcceptOwnership,
    Pause,
    RenounceOwnership,
    SetGuardian,
    TransferOwnership,
    Unpause,
)
from ringfence.vaults.isolated_margin.rules import choices as some
from ringfence.vaults.isolated_margin.rules.base import VaultRules
from ringfence.vaults.isolated_margin.rules.points.picks import Officer


class OfficerRules(VaultRules):
    """Pausing and the handing over of offices, by those who may and those who may not."""

    @rule(officer=some.pausers)
    def pause(self, officer: Officer) -> None:
        """Stop new risk."""
        self.step(Pause(officer.of(self.scene)))

    @rule(times=3, officer=some.owners)
    def unpause(self, officer: Officer) -> None:
        """Allow new risk again."""
        self.step(Unpause(officer.of(self.scene)))

    @rule(officer=some.owners, guardian=some.successors)
    def set_guardian(self, officer: Officer, guardian: str) -> None:
        """Name the guardian."""
        self.step(SetGuardian(officer.of(self.scene), guardian))

    @rule(officer=some.owners, new_owner=some.successors)
    def transfer_ownership(self, officer: Officer, new_owner: str) -> None:
        """Offer the ownership."""
        self.step(TransferOwnership(officer.of(self.scene), new_owner))

    @rule(officer=some.heirs)
    def accept_ownership(self, officer: Officer) -> None:
        """Take the ownership, offered or not."""
        self.step(AcceptOwnership(officer.of(self.scene)))

    @rule(officer=some.abdicators)
    def renounce_ownership(self, officer: Officer) -> None:
        """Leave the vault without an owner."""
        self.step(RenounceOwnership(officer.of(self.scene)))
