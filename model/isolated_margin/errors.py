"""Why a call is refused: one class per custom error of the vault, its pool and the token.

A ``Refusal`` is behaviour: the chain would revert with the same name and the same arguments, and
nothing has changed. ``NotAnInteger`` and ``OutOfDomain`` are not: they say that the Python caller
passed what no transaction can carry.

    Exception
      Refusal                  expected, compared with the chain
      TypeError
        NotAnInteger           a float, a bool, a string where the ABI has an integer
      ValueError
        OutOfDomain            an integer outside the type or domain of its argument
"""


class NotAnInteger(TypeError):
    """``(value)``: an argument that must be an ``int`` is something else (``bool`` included)."""


class OutOfDomain(ValueError):
    """``(value)``: an integer that its ABI type, or the domain of the rules, cannot hold."""


class Refusal(Exception):
    """A refused call; ``args`` are the custom error's arguments in the order of the ABI."""

    @property
    def name(self) -> str:
        """Return the custom error's name."""
        return type(self).__name__


# Whose call it is


class NoPosition(Refusal):
    """``(id)``: no live position has this id."""


class NotAuthorised(Refusal):
    """``(caller, id)``: neither the position's owner nor permitted this by the owner."""


class WrongOwner(Refusal):
    """``(id, actual)``: the position is not of the owner that the caller named."""


class NotGuardian(Refusal):
    """``(caller)``: neither the guardian nor the vault's owner."""


class NotPool(Refusal):
    """``(caller)``: only the vault's pool may call this."""


class NotVault(Refusal):
    """``(caller)``: only the pool's vault may call this."""


class MarketSettled(Refusal):
    """``()``: only leaving is left in a settled market."""


class MarketPaused(Refusal):
    """``()``: no new risk while the market is paused."""


class Expired(Refusal):
    """``(deadline, timestamp)``: the block came after the deadline."""


class ReentrantCall(Refusal):
    """``()``: a call from inside another call; the model, where a call is whole, never raises it."""


# Arguments


class ZeroSize(Refusal):
    """``()``: a trade of nothing."""


class ZeroAmount(Refusal):
    """``()``: a payment of nothing."""


class InvalidSize(Refusal):
    """``(size, maximum)``: a magnitude of zero (when reducing) or above the maximum."""


class AmountTooLarge(Refusal):
    """``(amount, maximum)``: an amount, or the total it would bring about, above the maximum."""


class InvalidParameter(Refusal):
    """``(name)``: a deployment with this parameter is refused."""


# Price


class InvalidPrice(Refusal):
    """``(answer)``: the feed failed (0) or its raw answer is outside (0, MAX_PRICE]."""


class StalePrice(Refusal):
    """``(updated_at, timestamp)``: the answer is too old, from the future, or was never given."""


class FeedAlive(Refusal):
    """``()``: the feed has a price, and had one."""


class SettlementTooEarly(Refusal):
    """``(ready_at, timestamp)``: the feed has not been silent for long enough."""


class InsufficientGas(Refusal):
    """``()``: too little gas for a feed to answer; the model, which has no gas, never raises it."""


class PriceLimit(Refusal):
    """``(price_wad, limit_price_wad)``: the price is worse than the caller accepts."""


# Risk


class OpenInterestExceeded(Refusal):
    """``(open_interest, maximum)``: the side's size after the trade, and its cap."""


class InsufficientLiquidity(Refusal):
    """``(notional, nav)``: the side's notional after the trade, and what the pool is worth."""


class PositionTooSmall(Refusal):
    """``(notional, minimum)``: the position that would stay is too small to be worth liquidating."""


class InsufficientMargin(Refusal):
    """``(margin, required)``: the margin cannot pay this."""


class BelowInitialMargin(Refusal):
    """``(guarded_equity, required)``: too little backs the position to add risk or withdraw."""


class Bankrupt(Refusal):
    """``(equity)``: the margin cannot bear the loss; only a liquidation closes the position."""


class Liquidatable(Refusal):
    """``(equity, maintenance_margin)``: what would stay could be liquidated at once."""


class NotLiquidatable(Refusal):
    """``(equity, maintenance_margin)``: the position still meets its requirement."""


class DeleverageNotNeeded(Refusal):
    """``(nav, notional)``: the pool can carry the side, or is not yet so small that deleveraging is due."""


class NotProfitable(Refusal):
    """``(pnl)``: there is no profit to realise."""


class AlreadyDeleveraged(Refusal):
    """``(id)``: the position was deleveraged in its side's round, or in this second, already."""


# Money that waits


class InvalidReceiver(Refusal):
    """``(to)``: the vault or its pool, where what is paid out would be nobody's."""


class NothingToClaim(Refusal):
    """``(account)``: the vault keeps nothing for this account."""


class NothingOwed(Refusal):
    """``(account)``: the pool owes this account nothing."""


class PoolEmpty(Refusal):
    """``()``: the pool has nothing to pay with."""


class UnsupportedToken(Refusal):
    """``(expected, received)``: a pull that did not deliver; an ordinary token never causes it."""


# Operators and their signatures


class InvalidPermissions(Refusal):
    """``(permissions)``: bits that permit nothing."""


class InvalidNonce(Refusal):
    """``(nonce, expected)``: the signature was used already, or signed for later."""


class InvalidSignature(Refusal):
    """``()``: not the owner's signature of this message."""


# The pool's shares


class SlippageExceeded(Refusal):
    """``(actual, limit)``: fewer shares or assets than the caller accepts, or more."""


class ERC4626ExceededMaxDeposit(Refusal):
    """``(receiver, assets, max)``: deposits are limited or closed."""


class ERC4626ExceededMaxMint(Refusal):
    """``(receiver, shares, max)``: deposits are limited or closed."""


class ERC4626ExceededMaxWithdraw(Refusal):
    """``(owner, assets, max)``: more than the owner has unlocked, or than may leave the pool."""


class ERC4626ExceededMaxRedeem(Refusal):
    """``(owner, shares, max)``: more than the owner has unlocked, or than may leave the pool."""


# OpenZeppelin's token and ownership


class ERC20InsufficientBalance(Refusal):
    """``(sender, balance, needed)``: the account does not hold what it would send."""


class ERC20InsufficientAllowance(Refusal):
    """``(spender, allowance, needed)``: the spender may not move that much."""


class ERC20InvalidReceiver(Refusal):
    """``(receiver)``: nobody receives."""


class ERC20InvalidApprover(Refusal):
    """``(approver)``: nobody approves."""


class ERC20InvalidSpender(Refusal):
    """``(spender)``: nobody would spend."""


class OwnableUnauthorizedAccount(Refusal):
    """``(account)``: not the owner, or not the owner-to-be."""


class OwnableInvalidOwner(Refusal):
    """``(owner)``: nobody owns."""
