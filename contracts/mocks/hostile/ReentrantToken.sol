// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {TurningToken} from "./TurningToken.sol";

/// @title ReentrantToken
/// @notice Calls back in the middle of one movement or permit of the coming ones, and records what came of it.
contract ReentrantToken is TurningToken {
    /// @notice Whom to call, with what; no one when zero.
    address public target;
    bytes public payload;

    /// @notice How many movements and permits there were since the plan, and in which one the call is made.
    uint256 public movements;
    uint256 public chosen;

    /// @notice How often the call was made since the plan, whether it succeeded, and what it returned.
    uint256 public attempts;
    bool public succeeded;
    bytes public output;

    constructor(uint8 decimals_) TurningToken(decimals_) {}

    /// @notice Prepares one call back, in the `chosen_`-th movement from now, counted from zero.
    function plan(address target_, bytes calldata payload_, uint256 chosen_) external {
        target = target_;
        payload = payload_;
        chosen = chosen_;
        movements = 0;
        attempts = 0;
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
        if (target == address(0) || movements++ != chosen) return;
        attempts++;
        (succeeded, output) = target.call(payload);
    }
}
