// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @notice The price that a keeper pushes, with 10 decimals. It is good for an hour.
contract PriceOracle {
    error PriceOutOfRange(uint256 price);
    error StalePrice(uint256 pushedAt, uint256 timestamp);

    uint256 public constant MAX_AGE = 1 hours;
    uint256 public constant MIN_PRICE = 1e8;
    uint256 public constant MAX_PRICE = 1e16;
    address public immutable keeper = msg.sender;
    uint256 public price;
    uint256 public pushedAt;

    function push(uint256 newPrice) external {
        require(msg.sender == keeper, "not the keeper");
        if (newPrice < MIN_PRICE || newPrice > MAX_PRICE) revert PriceOutOfRange(newPrice);
        price = newPrice;
        pushedAt = block.timestamp;
    }

    function current() external view returns (uint256) {
        if (block.timestamp > pushedAt + MAX_AGE) revert StalePrice(pushedAt, block.timestamp);
        return price;
    }
}
