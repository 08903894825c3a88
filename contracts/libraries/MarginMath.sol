// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SignedMath} from "@openzeppelin/contracts/utils/math/SignedMath.sol";
import {RiskParameters, Status, Tier} from "../interfaces/VaultTypes.sol";
import {BP, PPM} from "./Constants.sol";
import {Draft} from "./Draft.sol";
import {FixedPoint} from "./FixedPoint.sol";

/// @title MarginMath
/// @notice What a settled position is worth and what it must hold. No storage, no calls, no clock.
/// @dev Rounds against the trader: what they own rounds down, what they must hold rounds up.
library MarginMath {
    using FixedPoint for int256;
    using FixedPoint for uint256;

    // ------------------------------------------------------------------------------------------ what it is worth

    /// @notice Returns a size at the draft's price in assets, rounded up.
    function notional(Draft memory draft, uint256 size) internal pure returns (uint256) {
        return size.mulDivUp(draft.priceWad, draft.scale);
    }

    /// @notice Returns the notional of the whole position in assets, rounded up.
    function notional(Draft memory draft) internal pure returns (uint256) {
        return notional(draft, int256(draft.position.size).magnitude());
    }

    /// @notice Returns what selling `size` yields in assets, rounded toward minus infinity.
    function value(Draft memory draft, int256 size) internal pure returns (int256) {
        return (size * int256(draft.priceWad)).floorDiv(draft.scale);
    }

    /// @notice Returns what buying `size` costs in assets, rounded toward plus infinity.
    function cost(Draft memory draft, int256 size) internal pure returns (int256) {
        return (size * int256(draft.priceWad)).ceilDiv(draft.scale);
    }

    /// @notice Returns unrealised profit in assets, rounded toward minus infinity.
    function pnl(Draft memory draft) internal pure returns (int256) {
        return value(draft, draft.position.size) + draft.position.quote;
    }

    /// @notice Returns margin plus unrealised profit, in assets.
    function equity(Draft memory draft) internal pure returns (int256) {
        return int256(uint256(draft.position.margin)) + pnl(draft);
    }

    /// @notice Returns margin less unrealised loss, in assets: unrealised profit never backs new risk or a withdrawal.
    function guardedEquity(Draft memory draft) internal pure returns (int256) {
        return int256(uint256(draft.position.margin)) + SignedMath.min(pnl(draft), 0);
    }

    /// @notice Returns the health of the position: at best Liquidatable in a settled market.
    function status(Draft memory draft) internal pure returns (Status) {
        int256 worth = equity(draft);
        uint256 held = notional(draft);
        if (worth < 0) return Status.Bankrupt;
        bool isUnsafe = worth < int256(maintenanceMargin(draft.parameters, held));
        if (isUnsafe || draft.ledger.settled) return Status.Liquidatable;
        if (worth < int256(target(draft.parameters, held))) return Status.MarginCall;
        return Status.Healthy;
    }

    // ------------------------------------------------------------------------------------------ what it must hold

    /// @notice Returns the assets that the position must have when its risk grows, rounded up: by the tiers, and by the rate
    /// that its side's size asked for when it last grew.
    function required(Draft memory draft) internal pure returns (uint256) {
        uint256 held = notional(draft);
        return Math.max(initialMargin(draft.parameters, held), held.mulDivUp(draft.position.rateBp, BP));
    }

    /// @notice Returns the assets that the tiers ask of a position of this notional when its risk grows, rounded up.
    function initialMargin(RiskParameters memory parameters, uint256 held) internal pure returns (uint256) {
        return _requirement(parameters.tiers, held, _initialRatePpm);
    }

    /// @notice Returns the assets below which a position of this notional is liquidatable, rounded up.
    function maintenanceMargin(RiskParameters memory parameters, uint256 held) internal pure returns (uint256) {
        return _requirement(parameters.tiers, held, _maintenanceRatePpm);
    }

    /// @notice Returns maintenance margin plus buffer, in assets, rounded up.
    function target(RiskParameters memory parameters, uint256 held) internal pure returns (uint256) {
        return maintenanceMargin(parameters, held).mulDivUp(PPM + parameters.bufferPpm, PPM);
    }

    /// @notice Returns the tier of a notional: the last whose floor it exceeds, or 0.
    function tierOf(Tier[] memory tiers, uint256 held) internal pure returns (uint256 tier) {
        uint256 last = tiers.length - 1;
        while (tier < last && held > tiers[tier + 1].notionalFloor) ++tier;
    }

    /// @notice Returns the maintenance margin that `tier` saves by its lower tiers, in assets * PPM: what makes the requirement
    /// continuous at every floor.
    function maintenanceDeduction(Tier[] memory tiers, uint256 tier) internal pure returns (uint256) {
        return _deduction(tiers, tier, _maintenanceRatePpm);
    }

    function _requirement(
        Tier[] memory tiers,
        uint256 held,
        function(Tier memory) pure returns (uint256) ratePpm
    ) private pure returns (uint256) {
        uint256 tier = tierOf(tiers, held);
        return (held * ratePpm(tiers[tier]) - _deduction(tiers, tier, ratePpm)).divUp(PPM);
    }

    function _deduction(
        Tier[] memory tiers,
        uint256 tier,
        function(Tier memory) pure returns (uint256) ratePpm
    ) private pure returns (uint256 deduction) {
        for (uint256 i = 1; i <= tier; ++i) {
            deduction += tiers[i].notionalFloor * (ratePpm(tiers[i]) - ratePpm(tiers[i - 1]));
        }
    }

    function _initialRatePpm(Tier memory tier) private pure returns (uint256) {
        return tier.initialRatePpm;
    }

    function _maintenanceRatePpm(Tier memory tier) private pure returns (uint256) {
        return tier.maintenanceRatePpm;
    }
}
