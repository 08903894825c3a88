// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SignedMath} from "@openzeppelin/contracts/utils/math/SignedMath.sol";
import {IIsolatedMarginVault} from "./interfaces/IIsolatedMarginVault.sol";
import {IVaultErrors} from "./interfaces/IVaultErrors.sol";
import {IVaultLens, OpenPreview} from "./interfaces/IVaultLens.sol";
import {
    Deleverage,
    Ledger,
    Liquidation,
    Position,
    Round,
    SideValue,
    SideView,
    Status
} from "./interfaces/VaultTypes.sol";
import {CarryMath} from "./libraries/CarryMath.sol";
import {DeleverageMath} from "./libraries/DeleverageMath.sol";
import {Draft, Drafts, Side} from "./libraries/Draft.sol";
import {FixedPoint} from "./libraries/FixedPoint.sol";
import {LiquidationMath} from "./libraries/LiquidationMath.sol";
import {LiquidationPrice} from "./libraries/LiquidationPrice.sol";
import {MarginMath} from "./libraries/MarginMath.sol";
import {MarketReader} from "./libraries/MarketReader.sol";
import {PoolMath} from "./libraries/PoolMath.sol";
import {PriceFeedReader} from "./libraries/PriceFeedReader.sol";
import {TradeMath} from "./libraries/TradeMath.sol";

/// @title VaultLens
/// @notice Runs the vault's own arithmetic on a draft that is thrown away, so that a view can't differ from execution.
contract VaultLens is IVaultLens {
    using CarryMath for Draft;
    using DeleverageMath for Draft;
    using Drafts for Draft;
    using FixedPoint for int256;
    using LiquidationMath for Draft;
    using LiquidationPrice for Draft;
    using MarginMath for Draft;
    using MarketReader for IIsolatedMarginVault;
    using PoolMath for Draft;
    using PriceFeedReader for address;
    using TradeMath for Draft;

    // ------------------------------------------------------------------------------------------ a position

    /// @inheritdoc IVaultLens
    function equity(IIsolatedMarginVault vault, uint256 id) external view returns (int256) {
        return _settled(vault, id).equity();
    }

    /// @inheritdoc IVaultLens
    function pnl(IIsolatedMarginVault vault, uint256 id) external view returns (int256) {
        return _settled(vault, id).pnl();
    }

    /// @inheritdoc IVaultLens
    function status(IIsolatedMarginVault vault, uint256 id) external view returns (Status) {
        return _settled(vault, id).status();
    }

    /// @inheritdoc IVaultLens
    function notional(IIsolatedMarginVault vault, uint256 id) external view returns (uint256) {
        return _settled(vault, id).notional();
    }

    /// @inheritdoc IVaultLens
    function maintenanceMargin(IIsolatedMarginVault vault, uint256 id) external view returns (uint256) {
        Draft memory draft = _settled(vault, id);
        return MarginMath.maintenanceMargin(draft.parameters, draft.notional());
    }

    /// @inheritdoc IVaultLens
    function initialMargin(IIsolatedMarginVault vault, uint256 id) external view returns (uint256) {
        return _settled(vault, id).required();
    }

    /// @inheritdoc IVaultLens
    function liquidationPrice(IIsolatedMarginVault vault, uint256 id) external view returns (uint256 priceWad) {
        Draft memory draft = _settled(vault, id);
        return draft.ledger.settled ? 0 : draft.liquidationPrice();
    }

    /// @inheritdoc IVaultLens
    function maxRemovable(IIsolatedMarginVault vault, uint256 id) external view returns (uint256 assets) {
        Draft memory draft = _settled(vault, id);
        if (draft.ledger.settled) return 0;
        int256 spare = draft.guardedEquity() - int256(draft.required());
        return Math.min(draft.position.margin, uint256(SignedMath.max(spare, 0)));
    }

    // ------------------------------------------------------------------------------------------ previews

    /// @inheritdoc IVaultLens
    function previewLiquidation(
        IIsolatedMarginVault vault,
        uint256 id
    ) external view returns (Liquidation memory) {
        return _settled(vault, id).liquidate();
    }

    /// @inheritdoc IVaultLens
    function previewDeleverage(
        IIsolatedMarginVault vault,
        uint256 id
    ) external view returns (Deleverage memory) {
        Draft memory draft = _settled(vault, id);
        if (draft.ledger.settled) revert IVaultErrors.MarketSettled();
        (uint40 roundAt, uint64 cutWad, uint112 roundKeep) = vault.rounds(draft.isLong);
        return draft.deleverage(id, Round(roundAt, cutWad, roundKeep));
    }

    /// @inheritdoc IVaultLens
    function previewOpen(
        IIsolatedMarginVault vault,
        int256 size,
        uint256 margin
    ) external view returns (OpenPreview memory preview) {
        if (vault.ledger().settled) revert IVaultErrors.MarketSettled();
        TradeMath.checkSize(size.magnitude());
        TradeMath.checkAssets(margin, 0);

        Draft memory draft = _accrued(vault);
        draft.isLong = size > 0;
        // What of the margin is fresh is no part of a preview.
        // slither-disable-next-line unused-return
        (uint256 poolFee, uint256 insuranceFee, ) = draft.grow(size, margin);

        preview.priceWad = draft.priceWad;
        preview.notional = draft.notional();
        preview.fee = poolFee + insuranceFee;
        preview.initialMargin = draft.required();
        preview.equity = draft.equity();
        preview.liquidationPriceWad = draft.liquidationPrice();
    }

    // ------------------------------------------------------------------------------------------ the market

    /// @inheritdoc IVaultLens
    function fairValue(IIsolatedMarginVault vault) external view returns (int256) {
        return _accrued(vault).fairValue();
    }

    /// @inheritdoc IVaultLens
    function sides(IIsolatedMarginVault vault) external view returns (SideView memory long, SideView memory short) {
        Draft memory draft = _accrued(vault);
        uint256 nav = draft.nav();
        long = _sideView(draft, draft.ledger.long, true, nav);
        short = _sideView(draft, draft.ledger.short, false, nav);
    }

    function _sideView(
        Draft memory draft,
        Side memory side,
        bool isLong,
        uint256 nav
    ) private pure returns (SideView memory) {
        SideValue memory value = draft.valueOf(side, isLong);
        return
            SideView({
                size: side.size,
                quote: side.quote,
                margin: side.margin,
                basis: side.basis,
                carry: side.carry,
                pnl: value.pnl,
                counted: value.counted,
                gap: value.gap,
                due: draft.isTooSmallFor(nav, draft.notional(side.size))
            });
    }

    /// @inheritdoc IVaultLens
    function settlement(
        IIsolatedMarginVault vault
    ) external view returns (uint256 deadSince, bool settled, uint256 readyAt) {
        Ledger memory ledger = vault.ledger();
        (deadSince, settled) = (ledger.deadSince, ledger.settled);
        if (deadSince != 0) readyAt = deadSince + vault.riskParameters().settleAfter;
    }

    // ------------------------------------------------------------------------------------------ drafts

    /// @dev The position as an action would find it. NoPosition, InvalidPrice, StalePrice.
    function _settled(IIsolatedMarginVault vault, uint256 id) private view returns (Draft memory draft) {
        Position memory position = vault.position(id);
        if (position.owner == address(0)) revert IVaultErrors.NoPosition(id);
        draft = _accrued(vault);
        draft.take(position, position.size > 0);
        draft.settle();
    }

    /// @dev The ledger as an action would find it, and no position. InvalidPrice, StalePrice; neither in a settled market.
    function _accrued(IIsolatedMarginVault vault) private view returns (Draft memory draft) {
        draft = vault.read();
        if (draft.ledger.settled) return draft;
        draft.priceWad = vault.feed().read(vault.feedDecimals(), draft.parameters.maxPriceAge);
        draft.accrue(block.timestamp);
    }
}
