// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SignedMath} from "@openzeppelin/contracts/utils/math/SignedMath.sol";
import {IVaultErrors} from "../interfaces/IVaultErrors.sol";
import {Liquidation, RiskParameters, Tier} from "../interfaces/VaultTypes.sol";
import {PPM, ROUNDING_MARGIN} from "./Constants.sol";
import {Draft, Totals} from "./Draft.sol";
import {FixedPoint} from "./FixedPoint.sol";
import {MarginMath} from "./MarginMath.sol";
import {PoolMath} from "./PoolMath.sol";
import {TradeMath} from "./TradeMath.sol";

/// @title LiquidationMath
/// @notice How much of a position is liquidated, and who gets what.
library LiquidationMath {
    using FixedPoint for int256;
    using FixedPoint for uint256;
    using MarginMath for Draft;
    using PoolMath for Draft;
    using TradeMath for Draft;

    /// @notice Liquidates as much of a settled position as brings it back to its target, or all of it; in a settled market all
    /// of any.
    /// @dev NotLiquidatable.
    function liquidate(Draft memory draft) internal pure returns (Liquidation memory result) {
        int256 equity = draft.equity();
        uint256 held = draft.notional();
        uint256 required = MarginMath.maintenanceMargin(draft.parameters, held);
        if (equity >= int256(required) && !draft.ledger.settled) revert IVaultErrors.NotLiquidatable(equity, required);

        result.fill = draft.realise(_sizeToClose(draft, equity, held));
        _chargeFee(draft, result);
        _coverDeficit(draft, result);
        if (draft.position.size == 0) result.toClaimable = draft.empty();
    }

    /// @dev The smallest size whose closing brings equity back to the target, roundings included; the whole size when nothing
    /// smaller does, or when less than minNotional would stay.
    function _sizeToClose(Draft memory draft, int256 equity, uint256 held) private pure returns (uint256 size) {
        uint256 whole = int256(draft.position.size).magnitude();
        if (draft.ledger.settled) return whole;
        int256 excess = _excess(draft, equity, int256(held));
        if (excess >= int256(held)) return whole;

        size = uint256(excess).mulDivUp(draft.scale, draft.priceWad);
        if (size >= whole || draft.notional(whole - size) < draft.parameters.minNotional) return whole;
    }

    /// @dev The notional to close. Where the tier's line leads into a lower tier, the lower tier's line decides.
    function _excess(Draft memory draft, int256 equity, int256 held) private pure returns (int256 excess) {
        Tier[] memory tiers = draft.parameters.tiers;
        uint256 tier = MarginMath.tierOf(tiers, uint256(held));
        excess = _excessInTier(draft, equity, held, tier);
        while (tier > 0 && held - excess < int256(tiers[tier].notionalFloor)) {
            excess = _excessInTier(draft, equity, held, --tier);
        }
    }

    /// @dev With every asset of notional closed, the target falls by the tier's rate and equity by the fee, until the fee is all
    /// that margin and pool hold: the smaller of both solutions. Rounded up, with ROUNDING_MARGIN for the roundings of value,
    /// kept quote, fee and requirement.
    function _excessInTier(
        Draft memory draft,
        int256 equity,
        int256 held,
        uint256 tier
    ) private pure returns (int256) {
        RiskParameters memory parameters = draft.parameters;
        uint256 buffered = PPM + parameters.bufferPpm;
        uint256 rate = parameters.tiers[tier].maintenanceRatePpm * buffered;
        uint256 deduction = MarginMath.maintenanceDeduction(parameters.tiers, tier) * buffered;
        int256 missing = held * int256(rate) - int256(deduction) - (equity - ROUNDING_MARGIN) * int256(PPM * PPM);
        int256 mostFee = int256((draft.free() + draft.position.margin) * PPM * PPM);
        int256 withFullFee = missing.ceilDiv(rate - parameters.liquidationFeePpm * PPM);
        return SignedMath.min(withFullFee, (missing + mostFee).ceilDiv(rate));
    }

    /// @dev The fee is what margin can pay of it. Insurance adds what is missing to the liquidator's reward, but brings it to one
    /// trading fee at most: who is liquidated on purpose has paid as much for the other half of a hedged pair.
    function _chargeFee(Draft memory draft, Liquidation memory result) private pure {
        Totals memory ledger = draft.ledger;
        uint256 margin = draft.position.margin;
        uint256 closed = result.fill.sizeClosed;
        uint256 fee = draft.notional(closed).mulDivUp(draft.parameters.liquidationFeePpm, PPM);
        uint256 reward = fee.mulDivDown(draft.parameters.liquidatorSharePpm, PPM);

        result.fee = Math.min(fee, margin);
        result.rewardFromMargin = Math.min(reward, result.fee);
        result.toInsurance = result.fee - result.rewardFromMargin;
        draft.position.margin = uint128(margin - result.fee);
        ledger.insurance += result.toInsurance;
        uint256 insured = Math.min(reward, draft.tradingFee(closed));
        uint256 missing = Math.saturatingSub(insured, result.rewardFromMargin);
        result.rewardFromInsurance = Math.min(missing, ledger.insurance);
        ledger.insurance -= result.rewardFromInsurance;
    }

    /// @dev Insurance bears what it holds beyond the rewards that all open positions may need: one trading fee on each side.
    function _coverDeficit(Draft memory draft, Liquidation memory result) private pure {
        Totals memory ledger = draft.ledger;
        uint256 open = draft.notional(ledger.long.size) + draft.notional(ledger.short.size);
        uint256 heldBack = open.mulDivUp(draft.parameters.tradingFeePpm, PPM);
        result.covered = Math.min(result.fill.deficit, Math.saturatingSub(ledger.insurance, heldBack));
        result.poolLoss = result.fill.deficit - result.covered;
        ledger.insurance -= result.covered;
    }
}
