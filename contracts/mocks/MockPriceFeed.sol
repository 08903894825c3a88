// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IPriceFeed} from "../interfaces/IPriceFeed.sol";

/// @title MockPriceFeed
/// @notice A price feed that says what it is told, at a cost that doesn't depend on it.
contract MockPriceFeed is IPriceFeed {
    using SafeCast for uint256;

    error FeedBroken();

    uint8 public immutable decimals;
    bool public isBroken;
    uint248 private _updatedAt;
    int256 private _answer;

    constructor(uint8 decimals_) {
        decimals = decimals_;
    }

    /// @param answer The price, scaled by `10 ** decimals`.
    /// @param updatedAt The timestamp it claims to be from.
    function set(int256 answer, uint256 updatedAt) external {
        _answer = answer;
        _updatedAt = updatedAt.toUint248();
    }

    /// @notice Lets every read revert, or no longer.
    function setBroken(bool broken) external {
        isBroken = broken;
    }

    function latestRoundData()
        external
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)
    {
        if (isBroken) revert FeedBroken();
        return (1, _answer, _updatedAt, _updatedAt, 1);
    }
}
