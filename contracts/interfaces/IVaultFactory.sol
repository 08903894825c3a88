// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {MarketConfig} from "./VaultTypes.sol";

/// @title IVaultFactory
/// @notice Deploys markets, each a vault and its pool, at predictable addresses, and lists them.
/// @dev The factory pins the hashes of both creation codes and is handed the codes themselves: they are too big to be stored in
/// it. So every listed market runs the code that the factory was made for; its token, feed and roles are the deployer's choice.
interface IVaultFactory {
    /// @notice Thrown when the same configuration was deployed with the same salt already.
    error MarketExists(address vault);

    /// @notice Thrown when a creation code is not the one that was pinned.
    error WrongCode(bytes32 hash);

    /// @notice Thrown when fewer markets than that were created.
    error NoSuchMarket(uint256 index);

    /// @notice Emitted when a market exists.
    event MarketCreated(
        address indexed vault,
        address indexed pool,
        address indexed collateral,
        address feed
    );

    /// @notice Deploys a vault, which deploys its pool; anyone may call.
    /// @dev WrongCode (vault's, then pool's), MarketExists, then whatever the vault's constructor refuses.
    /// @param salt Makes markets of the same configuration different.
    /// @param vaultCode The creation code of IsolatedMarginVault, without arguments.
    /// @param poolCode The creation code of LiquidityPool, without arguments.
    function createMarket(
        MarketConfig calldata config,
        bytes32 salt,
        bytes calldata vaultCode,
        bytes calldata poolCode
    ) external returns (address vault, address pool);

    /// @notice Returns the address of the vault that `createMarket` would deploy.
    /// @dev WrongCode.
    function predictVault(
        MarketConfig calldata config,
        bytes32 salt,
        bytes calldata vaultCode,
        bytes calldata poolCode
    ) external view returns (address vault);

    /// @notice Returns the number of markets created here.
    function vaultCount() external view returns (uint256);

    /// @notice Returns the `index`-th market created here, counted from zero; NoSuchMarket beyond the last.
    function vaultAt(uint256 index) external view returns (address vault);

    /// @notice Returns whether a vault was created here.
    function isVault(address vault) external view returns (bool);

    /// @notice Returns the hash of the creation code that every vault runs.
    function vaultCodeHash() external view returns (bytes32);

    /// @notice Returns the hash of the creation code that every pool runs.
    function poolCodeHash() external view returns (bytes32);
}
