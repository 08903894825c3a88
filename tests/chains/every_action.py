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
from ringfence.vaults.isolated_margin.actions import (
    AcceptOwnership,
    AddMargin,
    Approve,
    BreakFeed,
    Claim,
    Close,
    CollectOwed,
    Decrease,
    Deleverage,
    Deposit,
    Donate,
    FundInsurance,
    Increase,
    Liquidate,
    Lock,
    Mint,
    Open,
    OpenWithPermit,
    Pause,
    Pay,
    Redeem,
    RemoveMargin,
    RenounceOwnership,
    SetGuardian,
    SetOperator,
    SetOperatorWithSig,
    SetPrice,
    TransferOwnership,
    TransferShares,
    TransferSharesFrom,
    Unlock,
    Unpause,
    Withdraw,
)
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
    return SetOperatorWithSig(STRANGER, SHORT, OPERATOR, True, nonce, NEVER, SHORT, flaw)


def whale(flaw: Flaw) -> Action:
    """Return the large short, opened with a permit."""
    return OpenWithPermit(WHALE, -1_500 * SIZE, 800_000 * TOKENS, SELL, NEVER, WHALE, flaw)


EVERY_ACTION: Final[tuple[tuple[Action, str], ...]] = (
    # trading: position 1 is long, 2 short
    (Open(LONG, 10 * SIZE, 2_000 * TOKENS, BUY, NEVER), DONE),
    (Open(SHORT, -4 * SIZE, 300 * TOKENS, SELL, NEVER), "BelowInitialMargin"),
    (Open(SHORT, -4 * SIZE, 1_000 * TOKENS, SELL, NEVER), DONE),
    (Increase(LONG, 1, 2 * SIZE, 500 * TOKENS, BUY, NEVER), DONE),
    (Increase(LONG, 1, 2 * SIZE, 0, 2_000 * SIZE - 1, NEVER), "PriceLimit"),
    (Decrease(STRANGER, 2, SIZE, BUY, NEVER), "NotAuthorised"),
    (Decrease(SHORT, 2, SIZE, BUY, NEVER), DONE),
    (AddMargin(STRANGER, 2, TOKENS), "ERC20InsufficientAllowance"),
    (AddMargin(GUARDIAN, 2, 100 * TOKENS), DONE),
    (RemoveMargin(LONG, 1, 2_000 * TOKENS), "BelowInitialMargin"),
    (RemoveMargin(LONG, 1, 50 * TOKENS), DONE),
    # operators
    (SetOperator(LONG, OPERATOR, True), DONE),
    (RemoveMargin(OPERATOR, 1, TOKENS), DONE),
    (permission(0, Flaw.WRONG_CHAIN), "InvalidSignature"),
    (permission(0, Flaw.MALLEABLE), "InvalidSignature"),
    (permission(0, Flaw.TRUNCATED), "InvalidSignature"),
    (permission(0, Flaw.NONE), DONE),
    (permission(0, Flaw.NONE), "InvalidNonce"),
    (Decrease(OPERATOR, 2, SIZE, BUY, NEVER), DONE),
    # the pool
    (Deposit(PROVIDER, 50_000 * TOKENS, PROVIDER), DONE),
    (Mint(PROVIDER, 10**15, PROVIDER), DONE),
    (Withdraw(PROVIDER, 10_000 * TOKENS, STRANGER, PROVIDER), DONE),
    (Approve(PROVIDER, POOL, STRANGER, 10**15), DONE),
    (Redeem(STRANGER, 10**15 + 1, STRANGER, PROVIDER), "ERC20InsufficientAllowance"),
    (Redeem(STRANGER, 10**15, STRANGER, PROVIDER), DONE),
    (TransferShares(PROVIDER, STRANGER, 10**14), DONE),
    (Approve(STRANGER, POOL, OPERATOR, 10**14 + 1), DONE),
    (TransferSharesFrom(OPERATOR, STRANGER, "", 10**14 + 2), "ERC20InsufficientAllowance"),
    (TransferSharesFrom(OPERATOR, STRANGER, "", 10**14 + 1), "ERC20InvalidReceiver"),
    (TransferSharesFrom(OPERATOR, STRANGER, PROVIDER, 10**14 + 1), "ERC20InsufficientBalance"),
    (TransferSharesFrom(OPERATOR, "", PROVIDER, 0), "ERC20InvalidApprover"),
    (TransferSharesFrom(OPERATOR, STRANGER, PROVIDER, 10**14), DONE),
    (TransferSharesFrom(OPERATOR, STRANGER, PROVIDER, 2), "ERC20InsufficientAllowance"),
    # what vault and pool keep for each other
    (Pay(STRANGER, STRANGER, TOKENS), "NotVault"),
    (Pay(OWNER, VAULT, 0), "NotVault"),
    (Lock(LONG), "NotPool"),
    (Unlock(OWNER), "NotPool"),
    # gifts
    (Donate(STRANGER, POOL, 7), DONE),
    (Donate(OWNER, VAULT, 11), DONE),
    # a pause stops new risk alone
    (Pause(STRANGER), "NotGuardian"),
    (Pause(GUARDIAN), DONE),
    (Open(LONG, SIZE, 2_000 * TOKENS, BUY, NEVER), "MarketPaused"),
    (AddMargin(SHORT, 2, TOKENS), DONE),
    (Unpause(GUARDIAN), "OwnableUnauthorizedAccount"),
    (Unpause(OWNER), DONE),
    # a permit, which alone lets the vault take the whale's tokens; position 3
    (Approve(WHALE, TOKEN, VAULT, 0), DONE),
    (whale(Flaw.GARBAGE), "ERC20InsufficientAllowance"),
    (whale(Flaw.WRONG_NONCE), "ERC20InsufficientAllowance"),
    (whale(Flaw.NONE), DONE),
    # a fall: the long is reduced, then closed at a loss that its margin cannot carry
    (Liquidate(LIQUIDATOR, 1), "NotLiquidatable"),
    (SetPrice(OWNER, 1_840 * DOLLARS, 0), DONE),
    (Liquidate(LIQUIDATOR, 1), DONE),
    (SetPrice(OWNER, 1_500 * DOLLARS, 0), DONE),
    (Close(LONG, 1, SELL, NEVER), "Bankrupt"),
    (Liquidate(LIQUIDATOR, 1), DONE),
    (Close(SHORT, 2, BUY, NEVER), DONE),
    # a crash: the whale's profit is more than the pool has
    (Deleverage(LIQUIDATOR, 3), DONE),
    (SetPrice(OWNER, 200 * DOLLARS, 0), DONE),
    (Deleverage(LIQUIDATOR, 3), DONE),
    (Deleverage(LIQUIDATOR, 3), "NoPosition"),
    (Claim(LONG, LONG), "NothingToClaim"),
    (Claim(WHALE, STRANGER), DONE),
    (CollectOwed(LIQUIDATOR, WHALE), "PoolEmpty"),
    (Deposit(PROVIDER, 1, PROVIDER), "ERC4626ExceededMaxDeposit"),
    (Donate(OWNER, POOL, 1_000 * TOKENS), DONE),
    (CollectOwed(LIQUIDATOR, WHALE), DONE),
    # insurance, a dead feed, and new officers
    (FundInsurance(OWNER, 0), "ZeroAmount"),
    (FundInsurance(OWNER, 1_000 * TOKENS), DONE),
    (BreakFeed(OWNER, True), DONE),
    (Open(LONG, SIZE, 2_000 * TOKENS, BUY, NEVER), "InvalidPrice"),
    (BreakFeed(OWNER, False), DONE),
    (SetPrice(OWNER, 200 * DOLLARS, -100), DONE),
    (Open(LONG, SIZE, 2_000 * TOKENS, BUY, NEVER), "StalePrice"),
    (SetPrice(OWNER, 200 * DOLLARS, 0), DONE),
    (Open(LONG, SIZE, 2_000 * TOKENS, BUY, NEVER), "InsufficientLiquidity"),
    (SetGuardian(OWNER, STRANGER), DONE),
    (TransferOwnership(OWNER, GUARDIAN), DONE),
    (AcceptOwnership(OWNER), "OwnableUnauthorizedAccount"),
    (AcceptOwnership(GUARDIAN), DONE),
    (RenounceOwnership(OWNER), "OwnableUnauthorizedAccount"),
    (RenounceOwnership(GUARDIAN), DONE),
)
