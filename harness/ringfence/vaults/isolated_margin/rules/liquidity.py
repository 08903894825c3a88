"""What liquidity providers do, and whoever sends tokens where nobody asked for them."""

from ringfence.engine.generators.rules import rule
from ringfence.types.roles import NOBODY, POOL
from ringfence.vaults.isolated_margin.actions import (
    Approve,
    Deposit,
    Donate,
    Mint,
    Redeem,
    TransferShares,
    TransferSharesFrom,
    Withdraw,
)
from ringfence.vaults.isolated_margin.rules import choices as some
from ringfence.vaults.isolated_margin.rules.base import VaultRules
from ringfence.vaults.isolated_margin.rules.points import limits
from ringfence.vaults.isolated_margin.rules.points.amounts import Amount


class PoolRules(VaultRules):
    """Liquidity that comes and goes, up to what the pool allows and one more."""

    @rule(account=some.providers, amount=some.amounts, receiver=some.share_receivers)
    def deposit(self, account: str, amount: Amount, receiver: str) -> None:
        """Bring assets."""
        self.step(Deposit(account, amount.of(limits.depositable(self.scene, account)), receiver))

    @rule(account=some.providers, amount=some.amounts, receiver=some.share_receivers)
    def mint(self, account: str, amount: Amount, receiver: str) -> None:
        """Buy shares."""
        self.step(Mint(account, amount.of(limits.mintable(self.scene, account)), receiver))

    @rule(account=some.providers, amount=some.amounts, receiver=some.receivers, owner=some.share_owners)
    def withdraw(self, account: str, amount: Amount, receiver: str, owner: str) -> None:
        """Take assets out, perhaps of somebody else's shares."""
        self.step(Withdraw(account, amount.of(self.scene.pool.max_withdraw(owner)), receiver, owner))

    @rule(account=some.providers, amount=some.amounts)
    def withdraw_own(self, account: str, amount: Amount) -> None:
        """Take assets out."""
        self.step(Withdraw(account, amount.of(self.scene.pool.max_withdraw(account)), account, account))

    @rule(account=some.providers, amount=some.amounts, receiver=some.receivers, owner=some.share_owners)
    def redeem(self, account: str, amount: Amount, receiver: str, owner: str) -> None:
        """Give back shares, perhaps somebody else's."""
        self.step(Redeem(account, amount.of(self.scene.pool.max_redeem(owner)), receiver, owner))

    @rule(account=some.providers, to=some.receivers, amount=some.shares_moved)
    def transfer_shares(self, account: str, to: str, amount: Amount) -> None:
        """Move shares, locked ones too."""
        self.step(TransferShares(account, to, amount.of(self.scene.pool.balance_of(account))))

    @rule(
        account=some.providers,
        owner=some.share_owners,
        receiver=some.receivers,
        allowance=some.off_by_one,
        amount=some.shares_moved,
    )
    def transfer_shares_from(
        self, account: str, owner: str, receiver: str, allowance: Amount, amount: Amount
    ) -> None:
        """Have the owner allow somebody to move shares, who moves as many or more, locked ones too."""
        held = self.scene.pool.balance_of(owner)
        if owner != NOBODY:
            self.step(Approve(owner, POOL, account, allowance.of(held)))
        self.step(TransferSharesFrom(account, owner, receiver, amount.of(held)))

    @rule(account=some.providers, amount=some.amounts, to=some.receivers)
    def deposit_and_leave(self, account: str, amount: Amount, to: str) -> None:
        """Bring assets, and move all shares in the same block if they can be."""
        self.step(Deposit(account, amount.of(limits.depositable(self.scene, account)), account))
        self.step(TransferShares(account, to, self.scene.pool.balance_of(account)))

    @rule(account=some.accounts, token=some.tokens, spender=some.spenders, amount=some.allowances)
    def approve(self, account: str, token: str, spender: str, amount: Amount) -> None:
        """Allow somebody to take tokens or shares."""
        self.step(Approve(account, token, spender, amount.of(self.scene.wallet(account))))

    @rule(account=some.accounts, to=some.recipients, amount=some.gifts)
    def donate(self, account: str, to: str, amount: Amount) -> None:
        """Send tokens outside of any function."""
        self.step(Donate(account, to, amount.of(self.scene.wallet(account))))

    @rule(account=some.providers, amount=some.off_by_one)
    def donate_to_the_trigger(self, account: str, amount: Amount) -> None:
        """Send the pool exactly what ends deleveraging, or one less."""
        self.step(Donate(account, POOL, amount.of(limits.assets_missing_to_trigger(self.scene))))
