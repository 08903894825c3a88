// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {SignedMath} from "@openzeppelin/contracts/utils/math/SignedMath.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Position, RiskParameters} from "../interfaces/VaultTypes.sol";
import {WAD} from "./Constants.sol";
import {Draft, Drafts, Side, Totals} from "./Draft.sol";
import {FixedPoint} from "./FixedPoint.sol";

/// @title CarryMath
/// @notice Funding and borrowing, in one index per side: the heavier side pays the lighter, the pool keeps the rest.
/// @dev Both indices round up, so the pool can never pay net funding, and splitting an accrual never lowers an index.
library CarryMath {
    using Drafts for Draft;
    using FixedPoint for int256;
    using SafeCast for int256;

    /// @notice Returns whether an accrual would change anything: time or price moved since the last one, or the feed was
    /// reported dead. Never in a settled market.
    function isDue(Draft memory draft, uint256 timestamp) internal pure returns (bool) {
        Totals memory ledger = draft.ledger;
        if (ledger.settled) return false;
        bool moved = ledger.lastAccrual != timestamp || ledger.lastPrice != draft.priceWad;
        return moved || ledger.deadSince != 0;
    }

    /// @notice Brings both indices to `timestamp`, at the price of the last accrual: what is pending does not depend on
    /// today's price. Before the first accrual that is zero.
    function accrue(Draft memory draft, uint256 timestamp) internal pure {
        Totals memory ledger = draft.ledger;
        uint256 elapsed = timestamp - ledger.lastAccrual;
        int256 weight = int256(ledger.lastPrice * elapsed);
        int256 funding = fundingRateWad(ledger, draft.parameters);
        int256 borrow = int256(draft.parameters.borrowRateWad);
        ledger.long.carry += ((borrow + funding) * weight).ceilDiv(WAD);
        ledger.short.carry += ((borrow - funding) * weight).ceilDiv(WAD);
        ledger.lastAccrual = timestamp;
        ledger.lastPrice = draft.priceWad;
    }

    /// @notice Returns the rate that longs pay and shorts receive, per second, scaled by WAD, rounded toward zero.
    function fundingRateWad(Totals memory ledger, RiskParameters memory parameters) internal pure returns (int256) {
        int256 skew = int256(ledger.long.size) - int256(ledger.short.size);
        int256 skewWad = (skew * int256(WAD)) / int256(parameters.skewScale);
        skewWad = SignedMath.max(-int256(WAD), SignedMath.min(skewWad, int256(WAD)));
        return (int256(parameters.maxFundingRateWad) * skewWad) / int256(WAD);
    }

    /// @notice Moves what the position owes since it was last settled into its quote, rounded up; equity is unchanged.
    function settle(Draft memory draft) internal pure {
        Position memory position = draft.position;
        Side memory side = draft.side();
        int256 size = int256(int256(position.size).magnitude());
        int256 step = side.carry - position.carryEntry;
        int256 carryOwed = (size * step).ceilDiv(draft.scale);

        position.quote -= carryOwed;
        position.carryEntry = (step + position.carryEntry).toInt128();
        side.quote -= carryOwed;
        side.basis += size * step;
    }
}
