// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {Collateral} from "./Collateral.sol";
import {Custody} from "./Custody.sol";
import {Position, PositionBook} from "./PositionBook.sol";
import {PushedPrice} from "./PushedPrice.sol";

/// @notice Where traders come in. Positions are sized by their notional and closed as a whole; a profit is at most
/// the notional, which is reserved for it.
contract Router {
    error NotOwner(address caller, address owner);
    error OutOfRange(uint256 amount, uint256 minimum, uint256 maximum);
    error NotEnoughMargin(uint256 margin, uint256 required);
    error Insolvent(int256 equity);
    error NotLiquidatable(int256 equity, uint256 required);

    uint256 public constant PPM = 1e6;
    uint256 public constant INITIAL_PPM = 100_000; // of notional (10%)
    uint256 public constant MAINTENANCE_PPM = 50_000; // of notional (5%)
    uint256 public constant FEE_PPM = 1_000; // of notional, at both ends (0.1%)
    uint256 public constant SPREAD_PPM = 3_000; // of the price, against whoever opens (0.3%)
    uint256 public constant REWARD_PPM = 5_000; // of notional, to a liquidator at most (0.5%)
    uint256 public constant MIN_NOTIONAL = 10e6;
    uint256 public constant MAX_ASSETS = 1e18;

    Custody public immutable custody;
    PositionBook public immutable book;
    PushedPrice public immutable feed;

    constructor(Collateral token, PushedPrice feed_) {
        custody = new Custody(token);
        book = new PositionBook();
        feed = feed_;
    }

    function provide(uint256 assets) external {
        _within(assets, 1, MAX_ASSETS);
        custody.settle(int256(assets));
        custody.take(msg.sender, assets);
    }

    function open(bool isLong, uint256 notional, uint256 margin) external {
        _within(notional, MIN_NOTIONAL, MAX_ASSETS);
        _within(margin, 0, MAX_ASSETS);
        uint256 price = feed.read();
        uint256 entry = isLong ? price + (price * SPREAD_PPM) / PPM : price - (price * SPREAD_PPM) / PPM;
        uint256 fee = _up(notional * FEE_PPM, PPM);
        uint256 required = _up(notional * (INITIAL_PPM + 2 * SPREAD_PPM), PPM) + fee;
        if (margin < required) revert NotEnoughMargin(margin, required);
        Position memory fresh = Position(uint128(notional), uint128(margin - fee), uint128(entry));
        book.open(msg.sender, isLong, fresh);
        custody.reserve(notional);
        custody.settle(int256(fee));
        custody.take(msg.sender, margin);
    }

    function addMargin(address owner, bool isLong, uint256 assets) external {
        _within(assets, 1, MAX_ASSETS);
        book.addMargin(owner, isLong, uint128(assets));
        custody.take(msg.sender, assets);
    }

    function close(address owner, bool isLong) external {
        if (msg.sender != owner) revert NotOwner(msg.sender, owner);
        Position memory held = book.existing(owner, isLong);
        int256 equity = equityOf(held, isLong);
        if (equity < 0) revert Insolvent(equity);
        uint256 fee = _up(held.notional * FEE_PPM, PPM);
        uint256 payout = uint256(equity) > fee ? uint256(equity) - fee : 0;
        _settle(owner, isLong, payout);
        custody.pay(owner, payout);
    }

    function liquidate(address owner, bool isLong) external {
        Position memory held = book.existing(owner, isLong);
        int256 equity = equityOf(held, isLong);
        uint256 required = _up(held.notional * MAINTENANCE_PPM, PPM);
        if (equity >= int256(required)) revert NotLiquidatable(equity, required);
        uint256 left = equity > 0 ? uint256(equity) : 0;
        uint256 reward = (held.notional * REWARD_PPM) / PPM;
        if (reward > left) reward = left;
        _settle(owner, isLong, left);
        custody.pay(msg.sender, reward);
        custody.pay(owner, left - reward);
    }

    /// @notice Margin and unrealised profit, at the pushed price; rounded down.
    function equityOf(Position memory held, bool isLong) public view returns (int256) {
        int256 move = int256(feed.read()) - int256(uint256(held.entryPrice));
        int256 earned = int256(uint256(held.notional)) * (isLong ? move : -move);
        int256 entry = int256(uint256(held.entryPrice));
        int256 pnl = earned >= 0 ? earned / entry : -((entry - 1 - earned) / entry);
        if (pnl > int256(uint256(held.notional))) pnl = int256(uint256(held.notional));
        return int256(uint256(held.margin)) + pnl;
    }

    /// @dev Takes the position off the book; what its margin has more than `payout` goes to the liquidity.
    function _settle(address owner, bool isLong, uint256 payout) private {
        Position memory held = book.remove(owner, isLong);
        custody.release(held.notional);
        custody.settle(int256(uint256(held.margin)) - int256(payout));
    }

    function _within(uint256 amount, uint256 minimum, uint256 maximum) private pure {
        if (amount < minimum || amount > maximum) revert OutOfRange(amount, minimum, maximum);
    }

    function _up(uint256 amount, uint256 divisor) private pure returns (uint256) {
        return (amount + divisor - 1) / divisor;
    }
}
