"""The liquidity pool: the traders' counterparty, an ERC-4626 vault over the collateral.

Shares come and go at the pool's fair value; conversions round against the caller. Source of
the formulas: docs/rules.md.
"""

from collections.abc import Callable
from typing import Final

from isolated_margin import share_price
from isolated_margin.errors import (
    ERC20InvalidReceiver,
    ERC4626ExceededMaxDeposit,
    ERC4626ExceededMaxMint,
    ERC4626ExceededMaxRedeem,
    ERC4626ExceededMaxWithdraw,
    NotVault,
    SlippageExceeded,
)
from isolated_margin.events import DepositEvent, Paid, WithdrawEvent
from isolated_margin.exposure import Exposure
from isolated_margin.fixed import MAX_ASSETS, MAX_UINT256, uint256
from isolated_margin.shares import Shares
from isolated_margin.state import Clock
from isolated_margin.token import NOBODY, Log, Token

POOL: Final = "pool"
VAULT: Final = "vault"


class LiquidityPool(Shares):
    """Holds the providers' assets; pays at the vault's word.

    A view never refuses, but for a conversion whose result no word could hold: ``AmountTooLarge``
    with the largest amount that is sure to fit. With a dead feed views use the last accrual's price.
    A transfer of zero assets is skipped.
    """

    __slots__ = ("_exposure", "_token")

    def __init__(self, log: Log, token: Token, clock: Clock, exposure: Callable[[], Exposure]) -> None:
        super().__init__(log, POOL, clock)
        self._token = token
        self._exposure = exposure

    def balance(self) -> int:
        """Return the pool's assets as vault and pool count them, ``MAX_ASSETS`` at most."""
        return min(self._token.balance_of(POOL), MAX_ASSETS)

    def pay(self, caller: str, to: str, assets: int) -> None:
        """Send ``assets`` to ``to``; only the vault, which asks for no more than there is.

        Raises:
            NotVault: somebody else calls.
        """
        uint256(assets)
        if caller != VAULT:
            raise NotVault(caller)
        self._token.check_transfer(POOL, to, assets)
        self._log.append((POOL, Paid(to, assets)))
        self._token.transfer(POOL, to, assets)

    # What a share is worth

    def total_assets(self) -> int:
        """Return what the shares are worth together, in assets."""
        return self._exposure().nav

    def convert_to_shares(self, assets: int) -> int:
        """Return the shares worth ``assets``, rounded down."""
        return share_price.to_shares_down(assets, self.total_supply, self.total_assets())

    def convert_to_assets(self, shares: int) -> int:
        """Return the assets that ``shares`` are worth, rounded down."""
        return share_price.to_assets_down(shares, self.total_supply, self.total_assets())

    def preview_deposit(self, assets: int) -> int:
        """Return the shares that ``deposit`` would mint, rounded down."""
        return share_price.preview_deposit(assets, self.total_supply, *self._price())

    def preview_mint(self, shares: int) -> int:
        """Return the assets that ``mint`` would take, rounded up."""
        return share_price.preview_mint(shares, self.total_supply, *self._price())

    def preview_withdraw(self, assets: int) -> int:
        """Return the shares that ``withdraw`` would burn, rounded up."""
        return share_price.preview_withdraw(assets, self.total_supply, *self._price())

    def preview_redeem(self, shares: int) -> int:
        """Return the assets that ``redeem`` would pay, rounded down."""
        return share_price.preview_redeem(shares, self.total_supply, *self._price())

    # What may come and go

    def max_deposit(self, receiver: str) -> int:
        """Return the assets that anybody may deposit now; 0 while deposits are closed."""
        return share_price.max_deposit(self.balance(), self.total_supply, self._exposure())

    def max_mint(self, receiver: str) -> int:
        """Return the shares that anybody may mint now, rounded down; 0 while deposits are closed."""
        return share_price.max_mint(self.balance(), self.total_supply, self._exposure())

    def max_withdraw(self, owner: str) -> int:
        """Return the assets that the owner's unlocked shares can take out now, rounded down."""
        unlocked = self.unlocked_shares(owner)
        return share_price.max_withdraw(unlocked, self.total_supply, self._exposure())

    def max_redeem(self, owner: str) -> int:
        """Return the unlocked shares that the owner can redeem now, rounded down."""
        unlocked = self.unlocked_shares(owner)
        return share_price.max_redeem(unlocked, self.total_supply, self._exposure())

    # Deposits and withdrawals: without a limit, as ERC-4626 has them; with it, as ERC-5143

    def deposit(self, caller: str, assets: int, receiver: str, min_shares: int = 0) -> int:
        """Take ``assets`` from the caller, mint shares to ``receiver``; return them, rounded down.

        Raises:
            NotAnInteger, OutOfDomain: ``assets`` or ``min_shares`` is no ``uint256``.
            ERC4626ExceededMaxDeposit: deposits are closed, or limited below ``assets``.
            SlippageExceeded: fewer than ``min_shares``.
            ERC20InsufficientAllowance, ERC20InsufficientBalance: the token refuses.
            ERC20InvalidReceiver: ``receiver`` is nobody.
        """
        uint256(assets), uint256(min_shares)
        limit = self.max_deposit(receiver)
        if assets > limit:
            raise ERC4626ExceededMaxDeposit(receiver, assets, limit)
        shares = self.preview_deposit(assets)
        if shares < min_shares:
            raise SlippageExceeded(shares, min_shares)
        self._take_in(caller, receiver, assets, shares)
        return shares

    def mint(self, caller: str, shares: int, receiver: str, max_assets: int = MAX_UINT256) -> int:
        """Mint ``shares`` to ``receiver``, take assets from the caller; return them, rounded up.

        Raises:
            NotAnInteger, OutOfDomain: ``shares`` or ``max_assets`` is no ``uint256``.
            ERC4626ExceededMaxMint: deposits are closed, or limited below ``shares``.
            SlippageExceeded: more than ``max_assets``.
            ERC20InsufficientAllowance, ERC20InsufficientBalance: the token refuses.
            ERC20InvalidReceiver: ``receiver`` is nobody.
        """
        uint256(shares), uint256(max_assets)
        limit = self.max_mint(receiver)
        if shares > limit:
            raise ERC4626ExceededMaxMint(receiver, shares, limit)
        assets = self.preview_mint(shares)
        if assets > max_assets:
            raise SlippageExceeded(assets, max_assets)
        self._take_in(caller, receiver, assets, shares)
        return assets

    def withdraw(
        self, caller: str, assets: int, receiver: str, owner: str, max_shares: int = MAX_UINT256
    ) -> int:
        """Send ``assets`` to ``receiver``, burn the owner's shares; return them, rounded up.

        Raises:
            NotAnInteger, OutOfDomain: ``assets`` or ``max_shares`` is no ``uint256``.
            ERC4626ExceededMaxWithdraw: more than the owner can take out now.
            SlippageExceeded: more than ``max_shares``.
            ERC20InsufficientAllowance: the caller is not the owner, nor allowed as many shares.
            ERC20InvalidApprover: the owner is nobody.
            ERC20InvalidReceiver: ``receiver`` is nobody.
        """
        uint256(assets), uint256(max_shares)
        limit = self.max_withdraw(owner)
        if assets > limit:
            raise ERC4626ExceededMaxWithdraw(owner, assets, limit)
        shares = self.preview_withdraw(assets)
        if shares > max_shares:
            raise SlippageExceeded(shares, max_shares)
        self._send_out(caller, receiver, owner, assets, shares)
        return shares

    def redeem(self, caller: str, shares: int, receiver: str, owner: str, min_assets: int = 0) -> int:
        """Burn the owner's ``shares``, send assets to ``receiver``; return them, rounded down.

        Raises:
            NotAnInteger, OutOfDomain: ``shares`` or ``min_assets`` is no ``uint256``.
            ERC4626ExceededMaxRedeem: more than the owner can redeem now.
            SlippageExceeded: less than ``min_assets``.
            ERC20InsufficientAllowance: the caller is not the owner, nor allowed as many shares.
            ERC20InvalidApprover: the owner is nobody.
            ERC20InvalidReceiver: ``receiver`` is nobody.
        """
        uint256(shares), uint256(min_assets)
        limit = self.max_redeem(owner)
        if shares > limit:
            raise ERC4626ExceededMaxRedeem(owner, shares, limit)
        assets = self.preview_redeem(shares)
        if assets < min_assets:
            raise SlippageExceeded(assets, min_assets)
        self._send_out(caller, receiver, owner, assets, shares)
        return assets

    def _price(self) -> tuple[int, int]:
        exposure = self._exposure()
        return exposure.nav, exposure.liquidity_fee_ppm

    def _take_in(self, caller: str, receiver: str, assets: int, shares: int) -> None:
        if assets > 0:
            self._token.check_transfer_from(POOL, caller, POOL, assets)
        if receiver == NOBODY:
            raise ERC20InvalidReceiver(receiver)

        if assets > 0:
            self._token.transfer_from(POOL, caller, POOL, assets)
        self._mint(receiver, shares)
        self._log.append((POOL, DepositEvent(caller, receiver, assets, shares)))

    def _send_out(self, caller: str, receiver: str, owner: str, assets: int, shares: int) -> None:
        if caller != owner:
            self.check_allowance(caller, owner, shares)
        if assets > 0:
            self._token.check_transfer(POOL, receiver, assets)

        if caller != owner:
            self._spend_allowance(caller, owner, shares)
        self._burn(owner, shares)
        if assets > 0:
            self._token.transfer(POOL, receiver, assets)
        self._log.append((POOL, WithdrawEvent(caller, receiver, owner, assets, shares)))
