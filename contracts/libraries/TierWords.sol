// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Tier} from "../interfaces/VaultTypes.sol";
import {MAX_TIERS} from "./Constants.sol";

/// @dev A tier in one word, so that it fits an immutable: floor in the upper bits, then both rates with 20 bits each. The
/// bounds of RiskParametersLib, a floor below 2**127 and rates up to PPM < 2**20, make it lossless.
type TierWord is uint256;

/// @title TierWords
/// @notice Packs tiers for immutables.
library TierWords {
    uint256 private constant RATE_BITS = 20;
    uint256 private constant BOTH_RATES_BITS = 40;
    uint256 private constant RATE_MASK = 0xfffff;

    function pack(Tier[] memory tiers) internal pure returns (TierWord[MAX_TIERS] memory words) {
        for (uint256 i; i < tiers.length; ++i) {
            Tier memory tier = tiers[i];
            uint256 bits = tier.notionalFloor << BOTH_RATES_BITS;
            words[i] = TierWord.wrap(bits | (tier.initialRatePpm << RATE_BITS) | tier.maintenanceRatePpm);
        }
    }

    function unpackTo(TierWord word, Tier memory tier) internal pure {
        uint256 bits = TierWord.unwrap(word);
        tier.notionalFloor = bits >> BOTH_RATES_BITS;
        tier.initialRatePpm = (bits >> RATE_BITS) & RATE_MASK;
        tier.maintenanceRatePpm = bits & RATE_MASK;
    }
}
