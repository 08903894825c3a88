// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {AggregatorV3Interface, IERC20} from "./Interfaces.sol";

/// @notice Trades by ids that opening returns; token and feed are interfaces, and no view shows a trade.
contract MarginDesk {
    error NotTrader(address caller);
    error Undercollateralised(int256 equity, uint256 required);
    error StaleRound(uint256 updatedAt);

    struct Trade {
        address trader;
        bool isShort;
        uint128 collateral;
        uint128 quantity; // 18 decimals
        uint256 openPrice;
    }

    uint256 public constant MAX_STALENESS = 1 hours;
    IERC20 public immutable collateralToken;
    AggregatorV3Interface public immutable priceFeed;
    uint256 public immutable maintenanceMarginBps;
    address public immutable feeRecipient;
    mapping(uint256 => Trade) private trades;
    uint256 private lastTradeId = 100;
    uint256 private bank;

    constructor(IERC20 collateralToken_, address priceFeed_, uint256 maintenanceMarginBps_, address feeRecipient_) {
        require(maintenanceMarginBps_ > 0 && maintenanceMarginBps_ < 10_000 && feeRecipient_ != address(0));
        collateralToken = collateralToken_;
        priceFeed = AggregatorV3Interface(priceFeed_);
        maintenanceMarginBps = maintenanceMarginBps_;
        feeRecipient = feeRecipient_;
    }

    function addLiquidity(uint256 amount) external {
        bank += amount;
        collateralToken.transferFrom(msg.sender, address(this), amount);
    }

    function enterPosition(uint128 collateralAmount, uint128 quantity, bool isShort) external returns (uint256 tradeId) {
        tradeId = ++lastTradeId;
        trades[tradeId] = Trade(msg.sender, isShort, collateralAmount, quantity, _price());
        require(quantity > 0, "no quantity");
        _check(trades[tradeId], 2 * maintenanceMarginBps);
        collateralToken.transferFrom(msg.sender, address(this), collateralAmount);
    }

    function increaseCollateral(uint256 tradeId, uint128 amount) external {
        _of(tradeId).collateral += amount;
        collateralToken.transferFrom(msg.sender, address(this), amount);
    }

    function exitPosition(uint256 tradeId) external {
        if (_of(tradeId).trader != msg.sender) revert NotTrader(msg.sender);
        _settle(tradeId, msg.sender);
    }

    function liquidatePosition(uint256 tradeId) external {
        Trade memory held = _of(tradeId);
        int256 equity = _equity(held);
        uint256 required = (_notional(held) * maintenanceMarginBps) / 10_000;
        require(equity < int256(required), "healthy");
        _settle(tradeId, held.trader);
    }

    function _settle(uint256 tradeId, address to) private {
        Trade memory held = trades[tradeId];
        int256 equity = _equity(held);
        uint256 paid = equity > 0 ? uint256(equity) : 0;
        if (paid > held.collateral + bank) paid = held.collateral + bank;
        delete trades[tradeId];
        bank = bank + held.collateral - paid;
        collateralToken.transfer(to, paid);
    }

    function _of(uint256 tradeId) private view returns (Trade storage held) {
        held = trades[tradeId];
        require(held.trader != address(0), "no trade");
    }

    function _check(Trade memory held, uint256 bps) private view {
        int256 equity = _equity(held);
        uint256 required = (_notional(held) * bps) / 10_000;
        if (equity < int256(required)) revert Undercollateralised(equity, required);
    }

    function _notional(Trade memory held) private view returns (uint256) {
        return (uint256(held.quantity) * _price()) / 10 ** priceFeed.decimals();
    }

    function _equity(Trade memory held) private view returns (int256) {
        int256 move = int256(_price()) - int256(held.openPrice);
        int256 pnl = (int256(uint256(held.quantity)) * (held.isShort ? -move : move)) / int256(10 ** priceFeed.decimals());
        return int256(uint256(held.collateral)) + pnl;
    }

    function _price() private view returns (uint256) {
        (, int256 answer, , uint256 updatedAt, ) = priceFeed.latestRoundData();
        if (block.timestamp - updatedAt > MAX_STALENESS) revert StaleRound(updatedAt);
        return uint256(answer);
    }
}
