// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SignedMath} from "@openzeppelin/contracts/utils/math/SignedMath.sol";
import {IVaultErrors} from "../interfaces/IVaultErrors.sol";
import {Deleverage} from "../interfaces/VaultTypes.sol";
import {PPM, WAD} from "./Constants.sol";
import {Draft} from "./Draft.sol";
import {FixedPoint} from "./FixedPoint.sol";
import {MarginMath} from "./MarginMath.sol";
import {PoolMath} from "./PoolMath.sol";
import {TradeMath} from "./TradeMath.sol";

/// @title DeleverageMath
/// @notice How much of a winning position is closed when traders' profit is more than the pool should carry.
library DeleverageMath {
    using FixedPoint for int256;
    using MarginMath for Draft;
    using PoolMath for Draft;
    using TradeMath for Draft;

    /// @notice Realises as much of a settled position's profit as brings traders' profit back to adlTargetPpm of the free pool.
    /// @dev DeleverageNotNeeded, NotProfitable.
    function deleverage(Draft memory draft) internal pure returns (Deleverage memory result) {
        int256 pnl = draft.pnl();
        if (!draft.isDeleveraging()) revert IVaultErrors.DeleverageNotNeeded(draft.netTraderPnl(), draft.free());
        if (pnl <= 0) revert IVaultErrors.NotProfitable(pnl);

        result.fill = draft.realise(_sizeToClose(draft, uint256(pnl)));
        if (draft.position.size == 0) result.toClaimable = draft.empty();
    }

    /// @notice Returns the rank of a settled position: profit per margin times leverage, scaled by WAD, rounded down at both
    /// divisions; 0 without profit.
    function score(Draft memory draft) internal pure returns (uint256) {
        int256 pnl = draft.pnl();
        if (pnl <= 0) return 0;
        uint256 returnWad = (uint256(pnl) * WAD) / Math.max(draft.position.margin, 1);
        return Math.mulDiv(returnWad, draft.notional(), uint256(draft.equity()));
    }

    /// @dev A part in proportion to the profit to realise, rounded up; the whole when less than minNotional would stay.
    function _sizeToClose(Draft memory draft, uint256 pnl) private pure returns (uint256 size) {
        uint256 whole = int256(draft.position.size).magnitude();
        uint256 profit = _profitToRealise(draft);
        if (profit >= pnl) return whole;

        size = Math.min(whole, Math.mulDiv(whole, profit, pnl, Math.Rounding.Ceil));
        if (size < whole && draft.notional(whole - size) < draft.parameters.minNotional) return whole;
    }

    /// @dev Realising x takes x off traders' profit and off the free pool alike.
    function _profitToRealise(Draft memory draft) private pure returns (uint256) {
        int256 netTraderPnl = draft.netTraderPnl();
        uint256 targetPpm = draft.parameters.adlTargetPpm;
        int256 excess = netTraderPnl * int256(PPM) - int256(targetPpm * draft.free());
        return uint256(SignedMath.min(netTraderPnl, excess.ceilDiv(PPM - targetPpm)));
    }
}
