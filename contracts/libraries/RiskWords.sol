// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Tier} from "../interfaces/VaultTypes.sol";
import {MAX_TIERS} from "./Constants.sol";

/// @dev A tier in one word, so that it fits an immutable: floor in the upper bits, then both rates with 20 bits each. The
/// bounds of RiskParametersLib, a floor below 2**127 and rates up to PPM < 2**20, make it lossless.
type TierWord is uint256;

/// @title RiskWords
/// @notice Packs tiers for immutables.
library RiskWords {
    uint256 private constant RATE_BITS = 20;
    uint256 private constant RATE_MASK = 2 ** RATE_BITS - 1;

    function pack(Tier[] memory tiers) internal pure returns (TierWord[MAX_TIERS] memory words) {
        for (uint256 i; i < tiers.length; ++i) {
            uint256 floorAndInitial = (tiers[i].notionalFloor << RATE_BITS) | tiers[i].initialRatePpm;
            words[i] = TierWord.wrap((floorAndInitial << RATE_BITS) | tiers[i].maintenanceRatePpm);
        }
    }

    function unpack(TierWord word) internal pure returns (Tier memory) {
        uint256 bits = TierWord.unwrap(word);
        return
            Tier({
                notionalFloor: bits >> (2 * RATE_BITS),
                initialRatePpm: (bits >> RATE_BITS) & RATE_MASK,
                maintenanceRatePpm: bits & RATE_MASK
            });
    }
}
