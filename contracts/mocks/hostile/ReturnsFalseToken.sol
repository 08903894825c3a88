// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {TurningToken} from "./TurningToken.sol";

/// @title ReturnsFalseToken
/// @notice Moves nothing and says so by returning false, as early tokens did instead of reverting.
contract ReturnsFalseToken is TurningToken {
    constructor(uint8 decimals_) TurningToken(decimals_) {}

    function transfer(address to, uint256 assets) public override returns (bool) {
        return !hostile && super.transfer(to, assets);
    }

    function transferFrom(address from, address to, uint256 assets) public override returns (bool) {
        return !hostile && super.transferFrom(from, to, assets);
    }
}
