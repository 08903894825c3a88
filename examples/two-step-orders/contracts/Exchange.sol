// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {Kind, Order, Orders} from "./Orders.sol";
import {PriceOracle} from "./PriceOracle.sol";
import {Stablecoin} from "./Stablecoin.sol";
import {Treasury} from "./Treasury.sol";

struct Position {
    address owner;
    bool isLong;
    uint256 notional; // assets at the entry price
    uint256 margin; // assets
    uint256 entry; // price
    uint256 maxProfit; // assets, reserved
    uint256 index; // of the borrowing fee, averaged over its notional
}

/// @notice Perpetual positions that are opened, increased and closed by orders, which keepers execute. A profit is
/// limited, and paid by the liquidity; a fee on the notional runs as long as a position is open.
contract Exchange is Orders {
    error NoPosition(uint256 id);
    error MarginTooLow(int256 margin, uint256 required);
    error NotLiquidatable(int256 equity, uint256 required);

    uint256 public constant PPM = 1e6;
    uint256 public constant INITIAL_PPM = 100_000; // of notional
    uint256 public constant MAINTENANCE_PPM = 50_000; // of notional
    uint256 public constant FEE_PPM = 800; // of notional, to open and to close
    uint256 public constant REWARD_PPM = 5_000; // of notional, to a liquidator at most
    uint256 public constant PROFIT_MULTIPLE = 4; // of the margin that a position is opened with
    uint256 public constant BORROW_RATE = 6e9; // of notional for each second, WAD (about 19 % a year)
    uint256 public constant MIN_NOTIONAL = 10e6;
    uint256 public constant MAX_ASSETS = 1e15;

    mapping(uint256 id => Position) public positions;
    mapping(bool isLong => uint256 notional) public openInterest;
    uint256 public weight; // the sum of notional times index
    uint256 public nextId = 1;

    constructor(Stablecoin token, PriceOracle oracle_) Orders(new Treasury(token), oracle_) {}

    function provide(uint256 assets) external {
        _requireWithin(assets, 1);
        treasury.settle(int256(assets));
        treasury.take(msg.sender, assets);
    }

    // Orders

    function requestOpen(bool isLong, uint256 notional, uint256 margin, uint256 limit) external returns (uint256 id) {
        id = nextId++;
        _request(Kind.Open, id, isLong, notional, margin, limit);
    }

    function requestIncrease(uint256 id, uint256 notional, uint256 margin, uint256 limit) external {
        _request(Kind.Increase, id, _owned(id).isLong, notional, margin, limit);
    }

    function requestClose(uint256 id, uint256 limit) external {
        Position memory held = _owned(id);
        _place(id, Order(Kind.Close, msg.sender, held.isLong, 0, 0, limit, block.timestamp));
    }

    function execute(uint256 id) external {
        (Order memory order, uint256 price) = _take(id);
        if (order.kind == Kind.Close) _close(id, price);
        else _add(id, order, price);
    }

    // Margin and liquidation

    function addMargin(uint256 id, uint256 assets) external {
        _requireWithin(assets, 1);
        _existing(id).margin += assets;
        treasury.take(msg.sender, assets);
    }

    function removeMargin(uint256 id, uint256 assets) external {
        Position storage held = _owned(id);
        require(assets > 0 && assets <= held.margin, "bad amount");
        held.margin -= assets;
        _requireMargin(held, oracle.current());
        treasury.pay(msg.sender, assets);
    }

    /// @notice Close a position below its maintenance margin; an order that waits for it is given back.
    function liquidate(uint256 id) external {
        Position memory held = _existing(id);
        int256 equity = equityOf(held, oracle.current());
        uint256 required = _up(held.notional * MAINTENANCE_PPM, PPM);
        if (equity >= int256(required)) revert NotLiquidatable(equity, required);
        uint256 left = equity > 0 ? uint256(equity) : 0;
        uint256 reward = (held.notional * REWARD_PPM) / PPM;
        if (reward > left) reward = left;
        _remove(id, held, left);
        if (orders[id].kind != Kind.None) _refund(id, orders[id]);
        treasury.pay(msg.sender, reward);
        treasury.pay(held.owner, left - reward);
    }

    // Views

    /// @notice Returns margin and profit, which is limited, less the borrowing fee; rounded down.
    function equityOf(Position memory held, uint256 price) public view returns (int256) {
        int256 pnl = _unlimitedPnl(held, price);
        if (pnl > int256(held.maxProfit)) pnl = int256(held.maxProfit);
        return int256(held.margin) + pnl - int256(borrowFeeOf(held));
    }

    function borrowFeeOf(Position memory held) public view returns (uint256) {
        return _up(held.notional * (index() - held.index), 1e18);
    }

    /// @notice Returns what all positions together owe for borrowing.
    function feesDue() external view returns (uint256) {
        return ((openInterest[true] + openInterest[false]) * index() - weight) / 1e18;
    }

    function index() public view returns (uint256) {
        return block.timestamp * BORROW_RATE;
    }

    /// @notice Returns all positions and orders by their ids, from 1; empty ones are gone.
    function everything() external view returns (Position[] memory held, Order[] memory placed) {
        held = new Position[](nextId - 1);
        placed = new Order[](nextId - 1);
        for (uint256 id = 1; id < nextId; id++) {
            held[id - 1] = positions[id];
            placed[id - 1] = orders[id];
        }
    }

    // Parts

    function _request(Kind kind, uint256 id, bool isLong, uint256 notional, uint256 margin, uint256 limit) private {
        _requireWithin(notional, MIN_NOTIONAL);
        _requireWithin(margin, 0);
        uint256 required = _up(notional * INITIAL_PPM, PPM) + _up(notional * FEE_PPM, PPM);
        if (margin < required) revert MarginTooLow(int256(margin), required);
        _place(id, Order(kind, msg.sender, isLong, notional, margin, limit, block.timestamp));
    }

    /// @dev Adds to a position what was ordered, or makes one. The entry price is that of the sum, rounded against
    /// the trader. A profit at its limit is not raised by a higher one.
    function _add(uint256 id, Order memory order, uint256 price) private {
        Position storage held = positions[id];
        if (held.notional > 0) require(_unlimitedPnl(held, price) <= int256(held.maxProfit), "profit at its limit");
        uint256 fee = _up(order.notional * FEE_PPM, PPM);
        uint256 maxProfit = PROFIT_MULTIPLE * (order.margin - fee);
        uint256 notional = held.notional + order.notional;
        uint256 averaged = _up(held.notional * held.index + order.notional * index(), notional);
        weight = weight - held.notional * held.index + notional * averaged;
        held.entry = held.notional == 0 ? price : _blended(held, order.notional, price);
        held.owner = order.owner;
        held.isLong = order.isLong;
        held.notional = notional;
        held.margin += order.margin - fee;
        held.maxProfit += maxProfit;
        held.index = averaged;
        openInterest[order.isLong] += order.notional;
        _requireMargin(held, price);
        treasury.reserve(maxProfit);
        treasury.settle(int256(fee));
    }

    function _blended(Position memory held, uint256 notional, uint256 price) private pure returns (uint256) {
        uint256 amount = held.entry * price * (held.notional + notional);
        uint256 divisor = held.notional * price + notional * held.entry;
        return held.isLong ? _up(amount, divisor) : amount / divisor;
    }

    function _close(uint256 id, uint256 price) private {
        Position memory held = _existing(id);
        int256 equity = equityOf(held, price);
        require(equity >= 0, "insolvent");
        uint256 fee = _up(held.notional * FEE_PPM, PPM);
        uint256 payout = uint256(equity) > fee ? uint256(equity) - fee : 0;
        _remove(id, held, payout);
        treasury.pay(held.owner, payout);
    }

    /// @dev What the margin has more than `payout` is the liquidity's.
    function _remove(uint256 id, Position memory held, uint256 payout) private {
        delete positions[id];
        openInterest[held.isLong] -= held.notional;
        weight -= held.notional * held.index;
        treasury.free(held.maxProfit);
        treasury.settle(int256(held.margin) - int256(payout));
    }

    function _unlimitedPnl(Position memory held, uint256 price) private pure returns (int256) {
        int256 entry = int256(held.entry);
        int256 earned = int256(held.notional) * (held.isLong ? int256(price) - entry : entry - int256(price));
        return earned >= 0 ? earned / entry : -((entry - 1 - earned) / entry);
    }

    function _requireMargin(Position memory held, uint256 price) private view {
        int256 equity = equityOf(held, price);
        uint256 required = _up(held.notional * INITIAL_PPM, PPM);
        if (equity < int256(required)) revert MarginTooLow(equity, required);
    }

    function _owned(uint256 id) private view returns (Position storage held) {
        held = _existing(id);
        require(msg.sender == held.owner, "not the owner");
    }

    function _existing(uint256 id) private view returns (Position storage held) {
        held = positions[id];
        if (held.notional == 0) revert NoPosition(id);
    }

    function _requireWithin(uint256 amount, uint256 least) private pure {
        require(amount >= least && amount <= MAX_ASSETS, "out of range");
    }

    function _up(uint256 amount, uint256 divisor) private pure returns (uint256) {
        return (amount + divisor - 1) / divisor;
    }
}
