// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title IVaultErrors
/// @notice Every refusal of vault, pool and lens, with the numbers that decided it.
/// @dev A token's own refusal is passed on as it is, and OpenZeppelin's contracts add theirs.
interface IVaultErrors {
    // ------------------------------------------------------------------------------------------ who may

    /// @notice Thrown when no live position has this id.
    error NoPosition(uint256 id);

    /// @notice Thrown when the caller is neither the position's owner nor an operator with the owner's permission for this.
    error NotAuthorised(address caller, uint256 id);

    /// @notice Thrown when margin is to be added to a position that is not of the owner that was named.
    error WrongOwner(uint256 id, address actual);

    /// @notice Thrown when the caller is neither guardian nor owner of the vault.
    error NotGuardian(address caller);

    /// @notice Thrown when a function for the pool is called by anyone else.
    error NotPool(address caller);

    /// @notice Thrown by the pool when a function for the vault is called by anyone else.
    error NotVault(address caller);

    /// @notice Thrown when a function is entered while another one of the same market is running.
    error ReentrantCall();

    // ------------------------------------------------------------------------------------------ when

    /// @notice Thrown when a market is settled, and only leaving it is left.
    error MarketSettled();

    /// @notice Thrown when opening or increasing while the vault is paused.
    error MarketPaused();

    /// @notice Thrown when block.timestamp is above the deadline; equal passes.
    error Expired(uint256 deadline, uint256 timestamp);

    // ------------------------------------------------------------------------------------------ arguments

    /// @notice Thrown when a position would be opened or increased by nothing.
    error ZeroSize();

    /// @notice Thrown when an amount of assets is zero.
    error ZeroAmount();

    /// @notice Thrown when a size is above what may be traded; for a decrease, when it is zero or above the position's.
    error InvalidSize(uint256 size, uint256 maximum);

    /// @notice Thrown when an amount, or the margin or insurance it would make, is above the maximum.
    error AmountTooLarge(uint256 amount, uint256 maximum);

    // ------------------------------------------------------------------------------------------ price

    /// @notice Thrown when the feed's answer is not positive, or scales to zero or above MAX_PRICE. A failing feed answers 0.
    error InvalidPrice(int256 answer);

    /// @notice Thrown when the feed's answer has no timestamp, one in the future, or one older than maxPriceAge.
    error StalePrice(uint256 updatedAt, uint256 timestamp);

    /// @notice Thrown when a market is to be settled whose feed has a price, and had one.
    error FeedAlive();

    /// @notice Thrown when the feed has not been silent for long enough.
    error SettlementTooEarly(uint256 readyAt, uint256 timestamp);

    /// @notice Thrown when a call to settle a market can't pass on what a feed may need to answer.
    error InsufficientGas();

    /// @notice Thrown when the price is worse for the trader than the limit; equal passes.
    error PriceLimit(uint256 priceWad, uint256 limitPriceWad);

    // ------------------------------------------------------------------------------------------ trading

    /// @notice Thrown when a side would grow above maxOpenInterest.
    error OpenInterestExceeded(uint256 openInterest, uint256 maximum);

    /// @notice Thrown when the notional a side would have is more than a pool worth `nav` may back.
    error InsufficientLiquidity(uint256 notional, uint256 nav);

    /// @notice Thrown when a position would be left with less than minNotional.
    error PositionTooSmall(uint256 notional, uint256 minimum);

    /// @notice Thrown when margin is less than the fee, or than the assets to be removed.
    error InsufficientMargin(uint256 margin, uint256 required);

    /// @notice Thrown when equity without unrealised profit would be below initial margin.
    error BelowInitialMargin(int256 guardedEquity, uint256 required);

    /// @notice Thrown when a position that can't pay its loss is to be decreased. After realising, `equity` is minus the deficit.
    error Bankrupt(int256 equity);

    /// @notice Thrown when a decrease would leave a position that may be liquidated.
    error Liquidatable(int256 equity, uint256 maintenanceMargin);

    // ------------------------------------------------------------------------------------------ keepers and payouts

    /// @notice Thrown when a healthy position is to be liquidated.
    error NotLiquidatable(int256 equity, uint256 maintenanceMargin);

    /// @notice Thrown when a pool worth `nav` can carry a side of this notional, or is not so small that deleveraging is due.
    error DeleverageNotNeeded(uint256 nav, uint256 notional);

    /// @notice Thrown when a position to be deleveraged has no profit.
    error NotProfitable(int256 pnl);

    /// @notice Thrown when a position was deleveraged in its side's round, or in this second, already.
    error AlreadyDeleveraged(uint256 id);

    /// @notice Thrown when a claim would be paid to the vault or to its pool, where it would be nobody's.
    error InvalidReceiver(address to);

    /// @notice Thrown when an account has nothing to claim.
    error NothingToClaim(address account);

    /// @notice Thrown when the pool owes an account nothing.
    error NothingOwed(address account);

    /// @notice Thrown when owed profit is collected from a pool without assets, or deleveraging would take what it can't pay.
    error PoolEmpty();

    // ------------------------------------------------------------------------------------------ signatures, tokens, deployment

    /// @notice Thrown when an operator is to be permitted what there is not: bits above DECREASE, INCREASE and REMOVE.
    error InvalidPermissions(uint8 permissions);

    /// @notice Thrown when a signed message's nonce is not the owner's next one.
    error InvalidNonce(uint256 nonce, uint256 expected);

    /// @notice Thrown when a signature is not the owner's, on this message, for this vault, on this chain.
    error InvalidSignature();

    /// @notice Thrown when a pull of `expected` assets changed the balance by something else.
    error UnsupportedToken(uint256 expected, uint256 received);

    /// @notice Thrown at deployment, with the name of the parameter.
    error InvalidParameter(string name);

    /// @notice Thrown by the pool when shares or assets would be fewer than the caller accepts, or more.
    error SlippageExceeded(uint256 actual, uint256 limit);
}
