"""What anybody may try and nobody may do: the calls that vault and pool keep for each other."""

from ringfence.engine.generators.rules import rule
from ringfence.vaults.isolated_margin.actions import Lock, Pay, Unlock
from ringfence.vaults.isolated_margin.rules import choices as some
from ringfence.vaults.isolated_margin.rules.base import VaultRules
from ringfence.vaults.isolated_margin.rules.points.amounts import Amount


class IntrusionRules(VaultRules):
    """Any account in the place of the vault, or of the pool."""

    @rule(account=some.accounts, to=some.receivers, amount=some.amounts)
    def pay(self, account: str, to: str, amount: Amount) -> None:
        """Send away what the pool has, or more."""
        self.step(Pay(account, to, amount.of(self.scene.pool.balance())))

    @rule(account=some.accounts)
    def lock(self, account: str) -> None:
        """Keep everybody else out of the vault."""
        self.step(Lock(account))

    @rule(account=some.accounts)
    def unlock(self, account: str) -> None:
        """Open the vault to calls from inside of others."""
        self.step(Unlock(account))
