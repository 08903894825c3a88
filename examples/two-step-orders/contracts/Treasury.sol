// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {Stablecoin} from "./Stablecoin.sol";

/// @notice Holds every token: margins, what orders put in, and the liquidity that pays profits.
contract Treasury {
    error NotEnoughLiquidity(uint256 free, uint256 wanted);

    Stablecoin public immutable token;
    address public immutable exchange = msg.sender;
    uint256 public liquidity;
    uint256 public reserved; // of the liquidity, for the most that positions may earn
    uint256 public escrow; // of orders that wait

    constructor(Stablecoin token_) {
        token = token_;
    }

    modifier onlyExchange() {
        require(msg.sender == exchange, "not the exchange");
        _;
    }

    function take(address from, uint256 assets) external onlyExchange {
        token.transferFrom(from, address(this), assets);
    }

    function pay(address to, uint256 assets) external onlyExchange {
        token.transfer(to, assets);
    }

    function hold(address from, uint256 assets) external onlyExchange {
        escrow += assets;
        token.transferFrom(from, address(this), assets);
    }

    function release(uint256 assets) external onlyExchange {
        escrow -= assets;
    }

    /// @notice Book what a position lost to the liquidity; from it what one has earned, when negative.
    function settle(int256 assets) external onlyExchange {
        liquidity = uint256(int256(liquidity) + assets);
    }

    function reserve(uint256 assets) external onlyExchange {
        if (assets > liquidity - reserved) revert NotEnoughLiquidity(liquidity - reserved, assets);
        reserved += assets;
    }

    function free(uint256 assets) external onlyExchange {
        reserved -= assets;
    }
}
