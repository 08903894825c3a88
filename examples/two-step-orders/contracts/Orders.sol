// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {PriceOracle} from "./PriceOracle.sol";
import {Treasury} from "./Treasury.sol";

enum Kind {
    None,
    Open,
    Increase,
    Close
}

struct Order {
    Kind kind;
    address owner;
    bool isLong;
    uint256 notional; // assets
    uint256 margin; // assets, in escrow with the execution fee
    uint256 limit; // the worst price that its owner accepts
    uint256 placedAt;
}

/// @notice Orders wait for a keeper, one at most for each position: a few seconds at least, a day at most.
abstract contract Orders {
    error OrderPending(uint256 id);
    error NoOrder(uint256 id);
    error TooEarly(uint256 timestamp, uint256 earliest);
    error Expired(uint256 timestamp, uint256 latest);
    error Slippage(uint256 price, uint256 limit);

    uint256 public constant EXECUTION_FEE = 1e6; // to the keeper who executes it
    uint256 public constant EXECUTION_DELAY = 5;
    uint256 public constant CANCEL_DELAY = 5 minutes;
    uint256 public constant LIFETIME = 1 days;

    Treasury public immutable treasury;
    PriceOracle public immutable oracle;
    mapping(uint256 id => Order) public orders;

    constructor(Treasury treasury_, PriceOracle oracle_) {
        treasury = treasury_;
        oracle = oracle_;
    }

    function cancel(uint256 id) external {
        Order memory order = _pending(id);
        require(msg.sender == order.owner, "not the owner");
        uint256 earliest = order.placedAt + CANCEL_DELAY;
        if (block.timestamp < earliest) revert TooEarly(block.timestamp, earliest);
        _refund(id, order);
    }

    function _place(uint256 id, Order memory order) internal {
        if (orders[id].kind != Kind.None) revert OrderPending(id);
        orders[id] = order;
        treasury.hold(order.owner, order.margin + EXECUTION_FEE);
    }

    /// @dev Takes an order off its place when it can be executed now, and pays the caller for it.
    function _take(uint256 id) internal returns (Order memory order, uint256 price) {
        order = _pending(id);
        uint256 earliest = order.placedAt + EXECUTION_DELAY;
        uint256 latest = order.placedAt + LIFETIME;
        if (block.timestamp < earliest) revert TooEarly(block.timestamp, earliest);
        if (block.timestamp > latest) revert Expired(block.timestamp, latest);
        price = oracle.current();
        bool buys = order.isLong == (order.kind != Kind.Close);
        if (buys ? price > order.limit : price < order.limit) revert Slippage(price, order.limit);
        delete orders[id];
        treasury.release(order.margin + EXECUTION_FEE);
        treasury.pay(msg.sender, EXECUTION_FEE);
    }

    function _refund(uint256 id, Order memory order) internal {
        delete orders[id];
        treasury.release(order.margin + EXECUTION_FEE);
        treasury.pay(order.owner, order.margin + EXECUTION_FEE);
    }

    function _pending(uint256 id) private view returns (Order memory order) {
        order = orders[id];
        if (order.kind == Kind.None) revert NoOrder(id);
    }
}
