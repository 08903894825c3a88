// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {TurningToken} from "./TurningToken.sol";

/// @title FeeOnTransferToken
/// @notice Burns a hundredth of every transfer, rounded up, so that less arrives than was sent.
contract FeeOnTransferToken is TurningToken {
    constructor(uint8 decimals_) TurningToken(decimals_) {}

    function _update(address from, address to, uint256 assets) internal override {
        super._update(from, to, assets);
        if (hostile && from != address(0) && to != address(0)) super._update(to, address(0), (assets + 99) / 100);
    }
}
