// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {TurningToken} from "./TurningToken.sol";

/// @title LyingBalanceToken
/// @notice Says that everybody holds 2**256 - 1, and moves what they really hold.
contract LyingBalanceToken is TurningToken {
    constructor(uint8 decimals_) TurningToken(decimals_) {}

    function balanceOf(address account) public view override returns (uint256) {
        return hostile ? type(uint256).max : super.balanceOf(account);
    }
}
