// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {TurningToken} from "./TurningToken.sol";

/// @title ITokenReceiver
/// @notice An account that is told of the tokens it gets, and may refuse them by reverting.
interface ITokenReceiver {
    function tokensReceived(address from, uint256 assets) external;
}

/// @title HookToken
/// @notice Tells registered receivers of what they get, as ERC-777 does: they can refuse by reverting.
contract HookToken is TurningToken {
    /// @notice Whether an account wants to be told.
    mapping(address account => bool) public isRegistered;

    constructor(uint8 decimals_) TurningToken(decimals_) {}

    /// @notice Registers the caller as a receiver.
    function register() external {
        isRegistered[msg.sender] = true;
    }

    function _update(address from, address to, uint256 assets) internal override {
        super._update(from, to, assets);
        if (isRegistered[to]) ITokenReceiver(to).tokensReceived(from, assets);
    }
}
