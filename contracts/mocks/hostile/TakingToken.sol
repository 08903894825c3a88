// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {TurningToken} from "./TurningToken.sol";

/// @title TakingToken
/// @notice Burns all that the receiver of a transfer has, so that its balance falls.
contract TakingToken is TurningToken {
    constructor(uint8 decimals_) TurningToken(decimals_) {}

    function _update(address from, address to, uint256 assets) internal override {
        super._update(from, to, assets);
        if (hostile && from != address(0) && to != address(0)) super._update(to, address(0), balanceOf(to));
    }
}
