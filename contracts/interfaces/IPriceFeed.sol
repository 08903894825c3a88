// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title IPriceFeed
/// @notice The part of a Chainlink-style feed that a vault reads: the price of one whole base asset in whole collateral tokens.
interface IPriceFeed {
    /// @notice Returns the decimals of `answer`; read once, when the vault is deployed.
    function decimals() external view returns (uint8);

    /// @notice Returns the last answer. A revert, or less than 160 bytes, counts as answer 0.
    /// @return roundId Not used.
    /// @return answer The price, scaled by `10 ** decimals()`.
    /// @return startedAt Not used.
    /// @return updatedAt The timestamp of `answer`.
    /// @return answeredInRound Not used.
    function latestRoundData()
        external
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);
}
