// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {IIsolatedMarginVault} from "../../interfaces/IIsolatedMarginVault.sol";

/// @title WatchfulWallet
/// @notice A contract account that signs anything, as long as the vault that asks has not acted on it yet.
contract WatchfulWallet is IERC1271 {
    IIsolatedMarginVault private immutable _VAULT;

    constructor(IIsolatedMarginVault vault) {
        _VAULT = vault;
    }

    function isValidSignature(bytes32, bytes calldata) external view override returns (bytes4) {
        return _VAULT.nonces(address(this)) == 0 ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }
}
