// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @notice Positions by number, margined in ether; the price is set here, and a keeper closes at a loss of 95 %.
contract EtherPerp {
    struct Position {
        address trader;
        bool isLong;
        uint256 size;
        uint256 margin;
        uint256 entryPrice;
    }

    uint256 public nextId = 1;
    uint256 public price;
    uint256 public liquidity;
    address private immutable OWNER = msg.sender;
    mapping(uint256 => Position) public positions;

    error TooLittleMargin();
    error NotTheTrader();
    error Healthy();

    constructor(uint256 price_) payable {
        require(msg.value > 0, "no liquidity");
        price = price_;
        liquidity = msg.value;
    }

    function setPrice(uint256 price_) external {
        require(msg.sender == OWNER && price_ > 0);
        price = price_;
    }

    function provide() external payable {
        liquidity += msg.value;
    }

    function open(bool isLong, uint256 size) external payable returns (uint256 id) {
        if (size == 0 || msg.value < (size * price) / 1e19) revert TooLittleMargin();
        id = nextId++;
        positions[id] = Position(msg.sender, isLong, size, msg.value, price);
    }

    function addMargin(uint256 id) external payable {
        require(positions[id].size > 0 && msg.value > 0);
        positions[id].margin += msg.value;
    }

    function close(uint256 id) external {
        if (positions[id].trader != msg.sender) revert NotTheTrader();
        _settle(id);
    }

    function liquidate(uint256 id) external {
        Position memory position = positions[id];
        if (position.size == 0 || equity(id) * 20 >= position.margin) revert Healthy();
        _settle(id);
    }

    /// @notice What a position is worth, at least nothing and at most what the pool can pay.
    function equity(uint256 id) public view returns (uint256) {
        Position memory position = positions[id];
        bool isUp = price > position.entryPrice;
        uint256 moved = isUp ? price - position.entryPrice : position.entryPrice - price;
        uint256 amount = (position.size * moved) / 1e18;
        if (isUp == position.isLong) return position.margin + (amount < liquidity ? amount : liquidity);
        return amount < position.margin ? position.margin - amount : 0;
    }

    function _settle(uint256 id) private {
        Position memory position = positions[id];
        uint256 paid = equity(id);
        delete positions[id];
        liquidity = liquidity + position.margin - paid;
        (bool sent,) = position.trader.call{value: paid}("");
        require(sent);
    }
}
