// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title SeveralCalls
/// @notice Makes calls in one transaction, one after the other, and goes on when one fails.
contract SeveralCalls {
    function execute(
        address[] calldata targets,
        bytes[] calldata payloads
    ) external returns (bool[] memory succeeded, bytes[] memory outputs) {
        succeeded = new bool[](targets.length);
        outputs = new bytes[](targets.length);
        for (uint256 i; i < targets.length; ++i) {
            (succeeded[i], outputs[i]) = targets[i].call(payloads[i]);
        }
    }
}
