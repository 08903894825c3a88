// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {RiskParameters, Tier} from "../interfaces/VaultTypes.sol";
import {MAX_TIERS} from "./Constants.sol";

/// @title ParameterWords
/// @notice Packs risk parameters into words for immutables, each of which is 33 bytes of code.
/// @dev The bounds of RiskParametersLib make it lossless.
library ParameterWords {
    /// @notice Returns what is a share, in 32 bits each.
    function packShares(RiskParameters memory parameters) internal pure returns (uint256) {
        return
            parameters.tradingFeePpm |
            (parameters.insuranceSharePpm << 32) |
            (parameters.liquidationFeePpm << 64) |
            (parameters.liquidatorSharePpm << 96) |
            (parameters.bufferPpm << 128) |
            (parameters.reservePpm << 160) |
            (parameters.oiScalePpm << 192) |
            (parameters.liquidityFeePpm << 224);
    }

    function unpackShares(uint256 word, RiskParameters memory parameters) internal pure {
        parameters.tradingFeePpm = uint32(word);
        parameters.insuranceSharePpm = uint32(word >> 32);
        parameters.liquidationFeePpm = uint32(word >> 64);
        parameters.liquidatorSharePpm = uint32(word >> 96);
        parameters.bufferPpm = uint32(word >> 128);
        parameters.reservePpm = uint32(word >> 160);
        parameters.oiScalePpm = uint32(word >> 192);
        parameters.liquidityFeePpm = word >> 224;
    }

    /// @notice Returns what limits carry, deleveraging and settlement, and the number of tiers.
    function packLimits(RiskParameters memory parameters) internal pure returns (uint256) {
        return
            parameters.maxFundingRateWad |
            (parameters.borrowRateWad << 48) |
            (parameters.adlTriggerPpm << 96) |
            (parameters.adlTargetPpm << 144) |
            (parameters.settleAfter << 192) |
            (parameters.tiers.length << 224);
    }

    /// @dev Makes room for the tiers.
    function unpackLimits(uint256 word, RiskParameters memory parameters) internal pure {
        parameters.maxFundingRateWad = uint48(word);
        parameters.borrowRateWad = uint48(word >> 48);
        parameters.adlTriggerPpm = uint48(word >> 96);
        parameters.adlTargetPpm = uint48(word >> 144);
        parameters.settleAfter = uint32(word >> 192);
        parameters.tiers = new Tier[](word >> 224);
    }

    /// @notice Returns a word a tier, empty behind the last.
    function packTiers(Tier[] memory tiers) internal pure returns (uint256[MAX_TIERS] memory words) {
        for (uint256 i; i < tiers.length; ++i) {
            Tier memory tier = tiers[i];
            words[i] = tier.maintenanceRatePpm | (tier.initialRatePpm << 32) | (tier.notionalFloor << 64);
        }
    }

    /// @notice Fills the tier of an index, when there are as many.
    function unpackTo(uint256 word, Tier[] memory tiers, uint256 index) internal pure {
        if (index >= tiers.length) return;
        Tier memory tier = tiers[index];
        tier.maintenanceRatePpm = uint32(word);
        tier.initialRatePpm = uint32(word >> 32);
        tier.notionalFloor = word >> 64;
    }
}
