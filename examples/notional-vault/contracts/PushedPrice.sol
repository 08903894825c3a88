// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @notice The price that a keeper pushes, in WAD. One that is too old is refused.
contract PushedPrice {
    error NotKeeper(address caller);
    error InvalidPrice(uint256 price);
    error StalePrice(uint256 pushedAt, uint256 timestamp);

    uint256 public constant MAX_AGE = 1 hours;
    uint256 public constant MAX_PRICE = 1e30;
    address public immutable keeper = msg.sender;
    uint128 public price;
    uint64 public pushedAt;

    function push(uint256 newPrice) external {
        if (msg.sender != keeper) revert NotKeeper(msg.sender);
        if (newPrice == 0 || newPrice > MAX_PRICE) revert InvalidPrice(newPrice);
        price = uint128(newPrice);
        pushedAt = uint64(block.timestamp);
    }

    function read() external view returns (uint256) {
        if (block.timestamp > pushedAt + MAX_AGE) revert StalePrice(pushedAt, block.timestamp);
        return price;
    }
}
