// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title BurnsGas
/// @notice Answers no call and burns all the gas that it was given.
contract BurnsGas {
    fallback() external {
        for (;;) {}
    }
}
