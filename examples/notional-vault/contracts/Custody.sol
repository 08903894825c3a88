// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {Collateral} from "./Collateral.sol";

/// @notice Holds every token: the margins of all positions, and the liquidity that pays profits.
contract Custody {
    error NotRouter(address caller);
    error NotEnoughLiquidity(uint256 free, uint256 needed);

    Collateral public immutable token;
    address public immutable router;
    uint256 public liquidity;
    uint256 public reserved; // of the liquidity, for what open positions may earn

    constructor(Collateral token_) {
        token = token_;
        router = msg.sender;
    }

    modifier onlyRouter() {
        if (msg.sender != router) revert NotRouter(msg.sender);
        _;
    }

    function take(address from, uint256 assets) external onlyRouter {
        token.transferFrom(from, address(this), assets);
    }

    function pay(address to, uint256 assets) external onlyRouter {
        if (assets > 0) token.transfer(to, assets);
    }

    /// @notice Book a margin's loss to the liquidity when positive, a profit from it when negative.
    function settle(int256 assets) external onlyRouter {
        liquidity = uint256(int256(liquidity) + assets);
    }

    function reserve(uint256 assets) external onlyRouter {
        uint256 free = liquidity - reserved;
        if (assets > free) revert NotEnoughLiquidity(free, assets);
        reserved += assets;
    }

    function release(uint256 assets) external onlyRouter {
        reserved -= assets;
    }
}
