// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title AlwaysReverts
/// @notice Refuses every call: a feed, a token or a wallet that is out of order.
contract AlwaysReverts {
    /// @notice Thrown by every call.
    error OutOfOrder();

    fallback() external {
        revert OutOfOrder();
    }
}
