"""One program in the standard market that uses every action, most of them refused once and done once."""

from typing import Final

from ringfence.evm.signing import Flaw
from ringfence.types.actions import Action
from ringfence.types.roles import (
    GUARDIAN,
    LIQUIDATORS,
    OPERATOR,
    OWNER,
    POOL,
    PROVIDERS,
    STRANGER,
    TOKEN,
    TRADERS,
    VAULT,
)
from ringfence.vaults.isolated_margin import actions
from ringfence.vaults.isolated_margin.markets import INFINITE, SIZE

LONG, SHORT, WHALE = TRADERS
LIQUIDATOR = LIQUIDATORS[0]
PROVIDER = PROVIDERS[1]
TOKENS: Final = 10**6
DOLLARS: Final = 10**8
BUY, SELL = INFINITE, 0  # limits that every price keeps
NEVER: Final = INFINITE
DONE: Final = ""


def permission(nonce: int, flaw: Flaw) -> Action:
    """Return the short trader's signed permission for the operator, handed in by a stranger."""
    return actions.SetOperatorWithSig(STRANGER, SHORT, OPERATOR, 1, 2**40, nonce, NEVER, SHORT, flaw)


def whale(flaw: Flaw) -> Action:
    """Return the large short, opened with a permit."""
    return actions.OpenWithPermit(WHALE, -1_500 * SIZE, 800_000 * TOKENS, SELL, NEVER, WHALE, flaw)


EVERY_ACTION: Final[tuple[tuple[Action, str], ...]] = (
    # trading: position 1 is long, 2 short
    (actions.Open(LONG, 10 * SIZE, 2_000 * TOKENS, BUY, NEVER), DONE),
    (actions.Open(SHORT, -4 * SIZE, 300 * TOKENS, SELL, NEVER), "BelowInitialMargin"),
    (actions.Open(SHORT, -4 * SIZE, 1_000 * TOKENS, SELL, NEVER), DONE),
    (actions.Increase(LONG, 1, 2 * SIZE, 500 * TOKENS, BUY, NEVER), DONE),
    (actions.Increase(LONG, 1, 2 * SIZE, 0, 2_000 * SIZE - 1, NEVER), "PriceLimit"),
    (actions.Decrease(STRANGER, 2, SIZE, BUY, NEVER), "NotAuthorised"),
    (actions.Decrease(SHORT, 2, SIZE, BUY, NEVER), DONE),
    (actions.AddMargin(STRANGER, 2, TOKENS, LONG), "WrongOwner"),
    (actions.AddMargin(STRANGER, 2, TOKENS, SHORT), "ERC20InsufficientAllowance"),
    (actions.AddMargin(GUARDIAN, 2, 100 * TOKENS, SHORT), DONE),
    (actions.RemoveMargin(LONG, 1, 2_000 * TOKENS), "BelowInitialMargin"),
    (actions.RemoveMargin(LONG, 1, 50 * TOKENS), DONE),
    # operators
    (actions.SetOperator(LONG, OPERATOR, 8, 2**40), "InvalidPermissions"),
    (actions.SetOperator(LONG, OPERATOR, 7, 1), DONE),
    (actions.RemoveMargin(OPERATOR, 1, TOKENS), "NotAuthorised"),
    (actions.SetOperator(LONG, OPERATOR, 4, 2**40), DONE),
    (actions.Decrease(OPERATOR, 1, SIZE, SELL, NEVER), "NotAuthorised"),
    (actions.RemoveMargin(OPERATOR, 1, TOKENS), DONE),
    (permission(0, Flaw.WRONG_CHAIN), "InvalidSignature"),
    (permission(0, Flaw.MALLEABLE), "InvalidSignature"),
    (permission(0, Flaw.TRUNCATED), "InvalidSignature"),
    (permission(0, Flaw.NONE), DONE),
    (permission(0, Flaw.NONE), "InvalidNonce"),
    (actions.Decrease(OPERATOR, 2, SIZE, BUY, NEVER), DONE),
    # the pool
    (actions.Deposit(PROVIDER, 50_000 * TOKENS, PROVIDER), DONE),
    (actions.Mint(PROVIDER, 10**15, PROVIDER), DONE),
    (actions.Withdraw(PROVIDER, 10_000 * TOKENS, STRANGER, PROVIDER), DONE),
    (actions.Approve(PROVIDER, POOL, STRANGER, 10**15), DONE),
    (actions.Redeem(STRANGER, 10**15 + 1, STRANGER, PROVIDER), "ERC20InsufficientAllowance"),
    (actions.Redeem(STRANGER, 10**15, STRANGER, PROVIDER), DONE),
    (actions.TransferShares(PROVIDER, STRANGER, 10**14), DONE),
    (actions.Approve(STRANGER, POOL, OPERATOR, 10**14 + 1), DONE),
    (actions.TransferSharesFrom(OPERATOR, STRANGER, "", 10**14 + 2), "ERC20InsufficientAllowance"),
    (actions.TransferSharesFrom(OPERATOR, STRANGER, "", 10**14 + 1), "ERC20InvalidReceiver"),
    (actions.TransferSharesFrom(OPERATOR, STRANGER, PROVIDER, 10**14 + 1), "ERC20InsufficientBalance"),
    (actions.TransferSharesFrom(OPERATOR, "", PROVIDER, 0), "ERC20InvalidApprover"),
    (actions.TransferSharesFrom(OPERATOR, STRANGER, PROVIDER, 10**14), DONE),
    (actions.TransferSharesFrom(OPERATOR, STRANGER, PROVIDER, 2), "ERC20InsufficientAllowance"),
    # what vault and pool keep for each other
    (actions.Pay(STRANGER, STRANGER, TOKENS), "NotVault"),
    (actions.Pay(OWNER, VAULT, 0), "NotVault"),
    (actions.Lock(LONG), "NotPool"),
    (actions.Unlock(OWNER), "NotPool"),
    # gifts
    (actions.Donate(STRANGER, POOL, 7), DONE),
    (actions.Donate(OWNER, VAULT, 11), DONE),
    # a pause stops new risk alone
    (actions.Pause(STRANGER), "NotGuardian"),
    (actions.Pause(GUARDIAN), DONE),
    (actions.Open(LONG, SIZE, 2_000 * TOKENS, BUY, NEVER), "MarketPaused"),
    (actions.AddMargin(SHORT, 2, TOKENS, SHORT), DONE),
    (actions.Unpause(GUARDIAN), "OwnableUnauthorizedAccount"),
    (actions.Unpause(OWNER), DONE),
    # a permit, which alone lets the vault take the whale's tokens; position 3
    (actions.Approve(WHALE, TOKEN, VAULT, 0), DONE),
    (whale(Flaw.GARBAGE), "ERC20InsufficientAllowance"),
    (whale(Flaw.WRONG_NONCE), "ERC20InsufficientAllowance"),
    (whale(Flaw.NONE), DONE),
    # a fall: the long is reduced, then closed at a loss that its margin cannot carry
    (actions.Liquidate(LIQUIDATOR, 1), "NotLiquidatable"),
    (actions.SetPrice(OWNER, 1_840 * DOLLARS, 0), DONE),
    (actions.Liquidate(LIQUIDATOR, 1), DONE),
    (actions.SetPrice(OWNER, 1_500 * DOLLARS, 0), DONE),
    (actions.Close(LONG, 1, SELL, NEVER), "Bankrupt"),
    (actions.Liquidate(LIQUIDATOR, 1), DONE),
    (actions.Close(SHORT, 2, BUY, NEVER), DONE),
    # a crash: the pool is small beside the whale's side, then the whale's profit is more than the pool has
    (actions.Deleverage(LIQUIDATOR, 3), "DeleverageNotNeeded"),
    (actions.SetPrice(OWNER, 1_400 * DOLLARS, 0), DONE),
    (actions.Deleverage(LIQUIDATOR, 3), DONE),
    (actions.Deleverage(LIQUIDATOR, 3), "DeleverageNotNeeded"),
    (actions.SetPrice(OWNER, 200 * DOLLARS, 0), DONE),
    (actions.Deleverage(LIQUIDATOR, 3), DONE),
    (actions.Deleverage(LIQUIDATOR, 3), "AlreadyDeleveraged"),
    # insurance, and a dead feed, until the round is over
    (actions.FundInsurance(OWNER, 0), "ZeroAmount"),
    (actions.FundInsurance(OWNER, 1_000 * TOKENS), DONE),
    (actions.SettleMarket(STRANGER), "FeedAlive"),
    (actions.BreakFeed(OWNER, True), DONE),
    (actions.SettleMarket(STRANGER), DONE),
    (actions.SettleMarket(STRANGER), "SettlementTooEarly"),
    (actions.Open(LONG, SIZE, 2_000 * TOKENS, BUY, NEVER), "InvalidPrice"),
    (actions.BreakFeed(OWNER, False), DONE),
    (actions.SettleMarket(STRANGER), DONE),
    (actions.SetPrice(OWNER, 200 * DOLLARS, -100), DONE),
    (actions.Open(LONG, SIZE, 2_000 * TOKENS, BUY, NEVER), "StalePrice"),
    (actions.SetPrice(OWNER, 200 * DOLLARS, 0), DONE),
    (actions.Open(LONG, SIZE, 2_000 * TOKENS, BUY, NEVER), "InsufficientLiquidity"),
    (actions.SetPrice(OWNER, DOLLARS // 100, 0), DONE),
    # what is left is closed whole, and some of it stays owed
    (actions.Deleverage(LIQUIDATOR, 3), "PoolEmpty"),
    (actions.Donate(OWNER, POOL, 1_000 * TOKENS), DONE),
    (actions.Deleverage(LIQUIDATOR, 3), DONE),
    (actions.Deleverage(LIQUIDATOR, 3), "NoPosition"),
    (actions.Claim(LONG, LONG), "NothingToClaim"),
    (actions.Claim(WHALE, STRANGER), DONE),
    (actions.CollectOwed(LIQUIDATOR, WHALE), "PoolEmpty"),
    (actions.Deposit(PROVIDER, 1, PROVIDER), "ERC4626ExceededMaxDeposit"),
    (actions.Donate(OWNER, POOL, 1_000 * TOKENS), DONE),
    (actions.CollectOwed(LIQUIDATOR, WHALE), DONE),
    # new officers
    (actions.SetGuardian(OWNER, STRANGER), DONE),
    (actions.TransferOwnership(OWNER, GUARDIAN), DONE),
    (actions.AcceptOwnership(OWNER), "OwnableUnauthorizedAccount"),
    (actions.AcceptOwnership(GUARDIAN), DONE),
    (actions.RenounceOwnership(OWNER), "OwnableUnauthorizedAccount"),
    (actions.RenounceOwnership(GUARDIAN), DONE),
)
