// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IVaultErrors} from "./IVaultErrors.sol";
import {IVaultEvents} from "./IVaultEvents.sol";
import {
    Decrease,
    Deleverage,
    Ledger,
    Liquidation,
    Permission,
    Position,
    RiskParameters
} from "./VaultTypes.sol";

/// @title IIsolatedMarginVault
/// @notice One market of isolated margin: one collateral token, one price feed, one liquidity pool, one insurance fund, one
/// fixed set of risk parameters. Collateral belongs to positions, not to accounts: a position's loss ends with its own margin.
///
/// @dev Units: `assets`, `margin` in raw units of the collateral; `size` in base asset with 18 decimals; `priceWad` in whole
/// collateral tokens per whole base asset with 18 decimals; assets = size * priceWad / 10 ** (36 - collateral decimals).
/// Rounding is against the trader: what they own or receive rounds down, what they owe or must hold rounds up.
///
/// @dev Every function that changes state ends in `ReentrantCall`, before any other check, while another one of this vault, or
/// a deposit or withdrawal of its pool, is running; only `lock`, `unlock` and the ownership functions look at the caller first.
/// Other refusals are checked in the order in which they are listed. What is outside the assumptions below, such as a margin
/// above 2**128 - 1 or an index after 2**32 seconds, ends in the errors of OpenZeppelin's SafeCast.
///
/// @dev Assumptions on the token; if one fails, money can be lost (safety):
/// - a transfer moves exactly its amount, or reverts, or returns false; a pull that delivers anything else is refused, but
///   the transfers from pool to vault and to accounts are not measured again;
/// - balances change by transfers only: no rebasing down, no seizure from vault or pool;
/// - its total supply stays below 2**127, its decimals are at most 18 and never change.
/// Assumptions on the token; if one fails, actions revert until it holds again (liveness):
/// - vault, pool and the receiver of a payout may send and receive; whether a liquidated owner may doesn't matter;
/// - `balanceOf` answers, and its transfers and `permit` don't call back into the market.
///
/// @dev Assumptions on the feed (safety): a fresh answer is the market's price; its decimals never change; it can't be moved by
/// anyone who trades here within `maxPriceAge`.
/// Assumptions on the feed (liveness): it answers at least every `maxPriceAge` seconds with a price in (0, 1e32] WAD. While it
/// doesn't, only `addMargin`, `claim`, `collectOwed`, `fundInsurance`, `settleMarket`, pausing and the operator functions work.
/// It answers within 500,000 gas: `settleMarket` takes what needs more for silence.
///
/// @dev Assumptions on the chain: timestamps never fall, and a vault lives for less than 2**32 seconds.
interface IIsolatedMarginVault is IVaultErrors, IVaultEvents {
    // ------------------------------------------------------------------------------------------ trading

    /// @notice Opens a position of the caller and pulls its margin from them.
    /// @dev MarketSettled, MarketPaused, Expired, ZeroSize, InvalidSize, AmountTooLarge(margin), InvalidPrice, StalePrice, PriceLimit,
    /// OpenInterestExceeded, InsufficientLiquidity, PositionTooSmall, InsufficientMargin, AmountTooLarge(insurance that the fee
    /// would make), BelowInitialMargin, UnsupportedToken.
    /// @param size Long > 0, short < 0.
    /// @param margin Assets, the trading fee included.
    /// @param limitPriceWad The worst acceptable price: a long's highest, a short's lowest.
    /// @param deadline The last timestamp at which this may happen.
    /// @return id Counts up from 1; never used again.
    function open(
        int256 size,
        uint256 margin,
        uint256 limitPriceWad,
        uint256 deadline
    ) external returns (uint256 id);

    /// @notice Opens a position as `open` does, after an ERC-2612 permit of exactly `margin` with the same deadline.
    /// @dev A permit that fails is ignored (somebody may have used it already): then the allowance decides.
    function openWithPermit(
        int256 size,
        uint256 margin,
        uint256 limitPriceWad,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external returns (uint256 id);

    /// @notice Adds `sizeDelta` to a position on its own side, and `margin`, pulled from the caller; `margin` may be zero.
    /// @dev NoPosition, NotAuthorised, MarketSettled, MarketPaused, Expired, ZeroSize, InvalidSize, AmountTooLarge(margin),
    /// AmountTooLarge(the position's margin + margin), then as `open` from the price on.
    function increase(
        uint256 id,
        uint256 sizeDelta,
        uint256 margin,
        uint256 limitPriceWad,
        uint256 deadline
    ) external;

    /// @notice Takes `sizeDelta` off a position and realises its share of profit or loss; all of it closes the position and
    /// pays its margin to its owner.
    /// @dev NoPosition, NotAuthorised, MarketSettled (a part), Expired, InvalidSize, InvalidPrice, StalePrice, PriceLimit, Bankrupt; when a part
    /// stays open: PositionTooSmall, Liquidatable. Profit that the pool can't pay stays in `quote`, or is owed after a close.
    function decrease(
        uint256 id,
        uint256 sizeDelta,
        uint256 limitPriceWad,
        uint256 deadline
    ) external returns (Decrease memory);

    /// @notice Decreases a position by everything. Works whenever its equity is not negative, pool empty or not; free of fee in a
    /// settled market.
    function close(uint256 id, uint256 limitPriceWad, uint256 deadline) external returns (Decrease memory);

    // ------------------------------------------------------------------------------------------ margin

    /// @notice Adds `assets`, pulled from the caller, to the margin of any live position of `owner`; needs no price.
    /// @dev NoPosition, WrongOwner, ZeroAmount, AmountTooLarge(assets), AmountTooLarge(the position's margin + assets), UnsupportedToken.
    /// @param owner Whose position it must be: a reorganisation of the chain may give `id` to somebody else's.
    function addMargin(uint256 id, uint256 assets, address owner) external;

    /// @notice Sends `assets` of a position's margin to its owner.
    /// @dev NoPosition, NotAuthorised, MarketSettled, ZeroAmount, AmountTooLarge, InvalidPrice, StalePrice, InsufficientMargin,
    /// BelowInitialMargin.
    function removeMargin(uint256 id, uint256 assets) external;

    /// @notice Sends all that is claimable by the caller to `to`; needs no price.
    /// @dev InvalidReceiver, NothingToClaim.
    function claim(address to) external returns (uint256 assets);

    /// @notice Makes the pool pay what it owes to `account`, as far as its balance goes; anyone may call; needs no price.
    /// @dev NothingOwed, PoolEmpty.
    function collectOwed(address account) external returns (uint256 assets);

    /// @notice Adds `assets`, pulled from the caller, to the insurance fund; nobody can take them out again.
    /// @dev MarketSettled, ZeroAmount, AmountTooLarge(assets), AmountTooLarge(insurance + assets), UnsupportedToken.
    function fundInsurance(uint256 assets) external;

    // ------------------------------------------------------------------------------------------ operators

    /// @notice Lets `operator` act on all of the caller's positions, instead of what it could before. Payouts go to the owner
    /// all the same. Uses up a nonce, so that no `SetOperator` signed before is valid any more.
    /// @dev InvalidPermissions. Warning: with INCREASE all margin can be lost to fees and the market.
    /// @param permissions Bits: DECREASE 1 for `decrease` and `close`, INCREASE 2, REMOVE 4 for `removeMargin`; 0 revokes.
    /// @param expiry The last timestamp at which it may act.
    function setOperator(address operator, uint8 permissions, uint64 expiry) external;

    /// @notice Sets an operator of `owner` by their EIP-712 or ERC-1271 signature.
    /// @dev Expired, InvalidPermissions, InvalidNonce, InvalidSignature. Domain: `eip712Domain()`; type:
    /// SetOperator(address owner,address operator,uint8 permissions,uint64 expiry,uint256 nonce,uint256 deadline).
    function setOperatorWithSig(
        address owner,
        address operator,
        uint8 permissions,
        uint64 expiry,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external;

    // ------------------------------------------------------------------------------------------ keepers

    /// @notice Closes as much of a position below maintenance margin as brings its equity back to maintenance margin plus
    /// buffer, or all of it; the caller is rewarded. Never paused. In a settled market: all of any position, without fee or
    /// reward.
    /// @dev NoPosition, InvalidPrice, StalePrice, NotLiquidatable. Remaining margin of a whole close becomes claimable.
    function liquidate(uint256 id) external returns (Liquidation memory);

    /// @notice Closes a part of a profitable position while its side is more than the pool can carry: the part of the side that
    /// had to go when the side's round began, once in a round. The caller is rewarded out of its margin. Never paused.
    /// @dev NoPosition, MarketSettled, InvalidPrice, StalePrice, DeleverageNotNeeded, NotProfitable, AlreadyDeleveraged, PoolEmpty.
    /// Remaining margin of a whole close becomes claimable.
    function deleverage(uint256 id) external returns (Deleverage memory);

    // ------------------------------------------------------------------------------------------ a dead feed

    /// @notice Settles the market when its feed has been silent for `settleAfter` seconds since that was reported: at the feed's
    /// last answer if that can still be read and is not older than the last accrual, else at the last price that the vault used.
    /// Before that reports that the feed is silent, or that it answers again. Anyone; never paused.
    /// @dev MarketSettled, InsufficientGas, FeedAlive, SettlementTooEarly. Without an error it did one of: start the clock, start
    /// it again since the feed gave a newer answer that is too old by now, stop it, settle.
    function settleMarket() external;

    // ------------------------------------------------------------------------------------------ roles

    /// @notice Stops `open` and `increase`, nothing else. Guardian or owner.
    /// @dev NotGuardian. Pausing twice is no error.
    function pause() external;

    /// @notice Ends a pause. Owner only; without a pause no error.
    function unpause() external;

    /// @notice Names the guardian. Owner only.
    function setGuardian(address guardian) external;

    // ------------------------------------------------------------------------------------------ the pool's side

    /// @notice Takes the market's lock for a deposit or withdrawal of the pool.
    /// @dev NotPool, ReentrantCall.
    function lock() external;

    /// @notice Returns the market's lock.
    /// @dev NotPool.
    function unlock() external;

    // ------------------------------------------------------------------------------------------ state

    /// @notice Returns a position; zeros when there is none.
    function position(uint256 id) external view returns (Position memory);

    /// @notice Returns the totals as of the last accrual.
    function ledger() external view returns (Ledger memory);

    /// @notice Returns the last round of deleveraging of a side; zeros when there was none.
    /// @return roundAt When it began.
    /// @return cutWad The part of each position's size that it takes.
    /// @return roundKeep The size at which the round ends early.
    function rounds(bool isLong) external view returns (uint40 roundAt, uint64 cutWad, uint112 roundKeep);

    /// @notice Returns the assets that `account` may claim.
    function claimable(address account) external view returns (uint256);

    /// @notice Returns the assets that the pool still owes to `account`.
    function owed(address account) external view returns (uint256);

    /// @notice Returns the nonce of the next `SetOperator` message of `account`.
    function nonces(address account) external view returns (uint256);

    /// @notice Returns what `operator` may do with the positions of `owner`, and until when.
    function operators(address owner, address operator) external view returns (Permission memory);

    /// @notice Returns the terms of this market; they never change.
    function riskParameters() external view returns (RiskParameters memory);

    /// @notice Returns the ERC-20 token that margin, fees and profits are in.
    function collateral() external view returns (address);

    /// @notice Returns the collateral's decimals, as of deployment.
    function collateralDecimals() external view returns (uint8);

    /// @notice Returns the ERC-4626 pool that is every trader's counterparty.
    function pool() external view returns (address);

    /// @notice Returns the price feed.
    function feed() external view returns (address);

    /// @notice Returns the feed's decimals, as of deployment.
    function feedDecimals() external view returns (uint8);

    /// @notice Returns who may pause beside the owner.
    function guardian() external view returns (address);
}
