// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title SettableFeed
/// @notice A price feed for vaults that nobody here has seen: it answers Chainlink's questions, and every other one
/// with its price and the time of that, as far as they are asked for.
contract SettableFeed {
    uint8 public immutable decimals;
    int256 public latestAnswer;
    uint256 public latestTimestamp;

    constructor(uint8 decimals_) {
        decimals = decimals_;
    }

    fallback(bytes calldata) external returns (bytes memory) {
        return abi.encode(latestAnswer, latestTimestamp);
    }

    /// @param answer The price, scaled by `10 ** decimals`; it is from now.
    function setAnswer(int256 answer) external {
        latestAnswer = answer;
        latestTimestamp = block.timestamp;
    }

    function latestRoundData()
        external
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)
    {
        return (1, latestAnswer, latestTimestamp, latestTimestamp, 1);
    }
}
