// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {TurningToken} from "./TurningToken.sol";

/// @title ReentrantToken
/// @notice Calls back in the middle of the next movement or permit, and records what came of it.
contract ReentrantToken is TurningToken {
    /// @notice Whom to call, with what; no one when zero.
    address public target;
    bytes public payload;

    /// @notice How often the call was made, whether the last one succeeded, and what it returned.
    uint256 public attempts;
    bool public succeeded;
    bytes public output;

    constructor(uint8 decimals_) TurningToken(decimals_) {}

    /// @notice Prepares one call back.
    function plan(address target_, bytes calldata payload_) external {
        target = target_;
        payload = payload_;
    }

    function permit(
        address owner,
        address spender,
        uint256 assets,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) public override {
        _callBack();
        super.permit(owner, spender, assets, deadline, v, r, s);
    }

    function _update(address from, address to, uint256 assets) internal override {
        super._update(from, to, assets);
        _callBack();
    }

    function _callBack() private {
        address callee = target;
        if (callee == address(0)) return;
        target = address(0); // before the call: once is enough, and no recursion
        attempts++;
        (succeeded, output) = callee.call(payload);
    }
}
