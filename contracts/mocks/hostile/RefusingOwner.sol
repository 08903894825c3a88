// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {ITokenReceiver} from "./HookToken.sol";

/// @title RefusingOwner
/// @notice A contract that owns positions, does what anyone asks of it, and refuses every token sent to it.
contract RefusingOwner is ITokenReceiver {
    using Address for address;

    /// @notice Thrown when tokens arrive.
    error NoTokensPlease(uint256 assets);

    /// @notice Calls `target` with `payload`, and fails as it fails.
    function execute(address target, bytes calldata payload) external returns (bytes memory) {
        return target.functionCall(payload);
    }

    function tokensReceived(address, uint256 assets) external pure override {
        revert NoTokensPlease(assets);
    }
}
