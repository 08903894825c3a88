// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {TurningToken} from "./TurningToken.sol";

/// @title PausableToken
/// @notice Refuses every movement while it is turned hostile.
contract PausableToken is TurningToken {
    /// @notice Thrown when tokens should move while the token is paused.
    error TokenPaused();

    constructor(uint8 decimals_) TurningToken(decimals_) {}

    function _update(address from, address to, uint256 assets) internal override {
        require(!hostile, TokenPaused());
        super._update(from, to, assets);
    }
}
