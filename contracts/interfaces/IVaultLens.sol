// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IIsolatedMarginVault} from "./IIsolatedMarginVault.sol";
import {Deleverage, Liquidation, SideView, Status} from "./VaultTypes.sol";

/// @notice What `open` would do.
struct OpenPreview {
    uint256 priceWad;
    uint256 notional; // assets
    uint256 fee; // assets: pool's and insurance's part
    uint256 initialMargin; // assets
    int256 equity; // assets, after the fee
    uint256 liquidationPriceWad; // 0: no price liquidates it
}

/// @title IVaultLens
/// @notice Everything about a vault that is computed: at the live price, with carry as of now, equal to what execution in the
/// same block would do. Stateless; the vault comes first in every function.
/// @dev NoPosition, then InvalidPrice and StalePrice; in a settled market the price is the one that it was settled at.
/// Warning: the lens believes what the vault says; of an address that isn't a vault of the factory, nothing is promised.
interface IVaultLens {
    /// @notice Returns margin + pnl, in assets.
    function equity(IIsolatedMarginVault vault, uint256 id) external view returns (int256);

    /// @notice Returns unrealised profit, carry and unpaid profit included, rounded toward minus infinity.
    function pnl(IIsolatedMarginVault vault, uint256 id) external view returns (int256);

    /// @notice Returns the position's health.
    function status(IIsolatedMarginVault vault, uint256 id) external view returns (Status);

    /// @notice Returns |size| at the price, in assets, rounded up.
    function notional(IIsolatedMarginVault vault, uint256 id) external view returns (uint256);

    /// @notice Returns the assets below which equity makes the position liquidatable, rounded up.
    function maintenanceMargin(IIsolatedMarginVault vault, uint256 id) external view returns (uint256);

    /// @notice Returns the assets that guarded equity may not leave behind, rounded up.
    function initialMargin(IIsolatedMarginVault vault, uint256 id) external view returns (uint256);

    /// @notice Returns the highest price in [1, MAX_PRICE] at which a long, the lowest at which a short is liquidatable; 0 if
    /// there is none, and in a settled market. Carry is taken as of now and held fixed.
    /// @dev Warning: a long may be safe at single prices below it, where size * price / SCALE is whole.
    function liquidationPrice(IIsolatedMarginVault vault, uint256 id) external view returns (uint256 priceWad);

    /// @notice Returns the assets that `removeMargin` would let go; none in a settled market.
    function maxRemovable(IIsolatedMarginVault vault, uint256 id) external view returns (uint256 assets);

    /// @notice Returns what `liquidate` would move.
    /// @dev NotLiquidatable.
    function previewLiquidation(IIsolatedMarginVault vault, uint256 id) external view returns (Liquidation memory);

    /// @notice Returns what `deleverage` would move.
    /// @dev DeleverageNotNeeded, NotProfitable, AlreadyDeleveraged, PoolEmpty.
    function previewDeleverage(IIsolatedMarginVault vault, uint256 id) external view returns (Deleverage memory);

    /// @notice Returns what `open` would do, or ends in its error; pause, limit, deadline and the caller's balance apart.
    function previewOpen(
        IIsolatedMarginVault vault,
        int256 size,
        uint256 margin
    ) external view returns (OpenPreview memory);

    /// @notice Returns when the feed was reported dead, whether the market is settled, and from when on it may be; no price is
    /// needed.
    /// @return deadSince Timestamp; 0 while no clock runs.
    /// @return settled True once it is.
    /// @return readyAt Timestamp; 0 while no clock runs.
    function settlement(
        IIsolatedMarginVault vault
    ) external view returns (uint256 deadSince, bool settled, uint256 readyAt);

    /// @notice Returns what is the providers' if every side paid and got what it can, in assets; may be negative.
    function fairValue(IIsolatedMarginVault vault) external view returns (int256);

    /// @notice Returns the sums of each side and what it means for the pool.
    function sides(IIsolatedMarginVault vault) external view returns (SideView memory long, SideView memory short);
}
