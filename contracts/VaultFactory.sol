// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Create2} from "@openzeppelin/contracts/utils/Create2.sol";
import {IIsolatedMarginVault} from "./interfaces/IIsolatedMarginVault.sol";
import {IVaultFactory} from "./interfaces/IVaultFactory.sol";
import {MarketConfig} from "./interfaces/VaultTypes.sol";

/// @title VaultFactory
/// @notice Deploys markets of one pinned code and lists them. It has no owner and no say in a market once that exists.
contract VaultFactory is IVaultFactory {
    /// @inheritdoc IVaultFactory
    bytes32 public immutable vaultCodeHash;
    /// @inheritdoc IVaultFactory
    bytes32 public immutable poolCodeHash;

    address[] private _vaults;

    /// @inheritdoc IVaultFactory
    mapping(address vault => bool) public isVault;

    constructor(bytes32 vaultCodeHash_, bytes32 poolCodeHash_) {
        vaultCodeHash = vaultCodeHash_;
        poolCodeHash = poolCodeHash_;
    }

    /// @inheritdoc IVaultFactory
    function createMarket(
        MarketConfig calldata config,
        bytes32 salt,
        bytes calldata vaultCode,
        bytes calldata poolCode
    ) external returns (address vault, address pool) {
        bytes memory initCode = _initCode(config, vaultCode, poolCode);
        address predicted = Create2.computeAddress(salt, keccak256(initCode));
        if (predicted.code.length != 0) revert MarketExists(predicted);

        vault = Create2.deploy(0, salt, initCode);
        _vaults.push(vault);
        isVault[vault] = true;
        pool = IIsolatedMarginVault(vault).pool();
        emit MarketCreated(vault, pool, config.collateral, config.feed);
    }

    /// @inheritdoc IVaultFactory
    function predictVault(
        MarketConfig calldata config,
        bytes32 salt,
        bytes calldata vaultCode,
        bytes calldata poolCode
    ) external view returns (address vault) {
        return Create2.computeAddress(salt, keccak256(_initCode(config, vaultCode, poolCode)));
    }

    /// @inheritdoc IVaultFactory
    function vaultCount() external view returns (uint256) {
        return _vaults.length;
    }

    /// @inheritdoc IVaultFactory
    function vaultAt(uint256 index) external view returns (address vault) {
        if (index >= _vaults.length) revert NoSuchMarket(index);
        return _vaults[index];
    }

    function _initCode(
        MarketConfig calldata config,
        bytes calldata vaultCode,
        bytes calldata poolCode
    ) private view returns (bytes memory) {
        _checkCode(vaultCode, vaultCodeHash);
        _checkCode(poolCode, poolCodeHash);
        return bytes.concat(vaultCode, abi.encode(config, poolCode));
    }

    function _checkCode(bytes calldata code, bytes32 expected) private pure {
        bytes32 hash = keccak256(code);
        if (hash != expected) revert WrongCode(hash);
    }
}
