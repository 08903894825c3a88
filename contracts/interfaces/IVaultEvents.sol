// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Position, Decrease, Liquidation, Deleverage} from "./VaultTypes.sol";

/// @title IVaultEvents
/// @notice One event for every change of state, with the resulting position (zeros when closed) and every amount that moved.
/// @dev Together with the token's and the pool's events they rebuild the whole ledger. OpenZeppelin adds the ownership events.
interface IVaultEvents {
    /// @notice Emitted before an action's own event when time or price moved since the last accrual, or the feed was reported.
    event Accrued(uint256 priceWad, int256 carryLong, int256 carryShort);

    event Opened(
        uint256 indexed id,
        address indexed owner,
        Position position,
        uint256 priceWad,
        uint256 poolFee,
        uint256 insuranceFee,
        uint256 fresh
    );

    event Increased(
        uint256 indexed id,
        address indexed owner,
        Position position,
        uint256 sizeDelta,
        uint256 margin,
        uint256 priceWad,
        uint256 poolFee,
        uint256 insuranceFee,
        uint256 fresh
    );

    /// @notice Emitted by `decrease` and `close`.
    event Decreased(
        uint256 indexed id,
        address indexed owner,
        Position position,
        uint256 priceWad,
        Decrease decrease
    );

    event MarginAdded(
        uint256 indexed id,
        address indexed owner,
        address indexed payer,
        Position position,
        uint256 assets
    );

    event MarginRemoved(
        uint256 indexed id,
        address indexed owner,
        Position position,
        uint256 priceWad,
        uint256 assets
    );

    event Liquidated(
        uint256 indexed id,
        address indexed owner,
        address indexed liquidator,
        Position position,
        uint256 priceWad,
        Liquidation liquidation
    );

    event Deleveraged(
        uint256 indexed id,
        address indexed owner,
        address indexed caller,
        Position position,
        uint256 priceWad,
        Deleverage deleverage
    );

    event Claimed(address indexed account, address indexed to, uint256 assets);

    event OwedCollected(address indexed account, address indexed caller, uint256 assets);

    /// @param nonce The owner's next nonce after the call.
    event OperatorSet(
        address indexed owner,
        address indexed operator,
        uint8 permissions,
        uint64 expiry,
        uint256 nonce
    );

    event InsuranceFunded(address indexed payer, uint256 assets);

    event PausedSet(address indexed caller, bool paused);

    /// @notice Emitted when the clock of a dead feed starts, starts again or, with 0, stops by `settleMarket`.
    event FeedReported(uint256 deadSince);

    /// @notice Emitted once, when the market is settled at a price for ever; the indices stand from then on.
    event Settled(uint256 priceWad, uint256 lastAccrual, int256 carryLong, int256 carryShort);

    /// @notice Emitted after the event of what left a settled market without positions: insurance to pool, for what is owed.
    event InsuranceReleased(uint256 assets);

    /// @notice Emitted at deployment and whenever the owner names a guardian.
    event GuardianSet(address indexed guardian);
}
