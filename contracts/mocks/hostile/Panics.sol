// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Panics
/// @notice Panics for one argument in 2**256 and for every amount above a limit: planted, so that the hunt for panics can be seen to find them.
contract Panics {
    /// @notice Overflows for `assets` = 2**256 - 1 alone.
    function overflowsAtTheEdge(uint256 assets) external pure returns (uint256) {
        return assets + 1;
    }

    /// @notice Never panics.
    function isHarmless(uint256 assets) external pure returns (bool) {
        return assets > 0;
    }
}
