// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IVaultErrors} from "../interfaces/IVaultErrors.sol";
import {RiskParameters, Tier} from "../interfaces/VaultTypes.sol";
import {
    MAX_ASSETS,
    MAX_LIQUIDITY_FEE_PPM,
    MAX_OPEN_INTEREST_PER_SKEW_SCALE,
    MAX_RATE_WAD,
    MAX_RESERVE_PPM,
    MAX_SETTLE_AFTER,
    MAX_SIZE,
    MAX_TIERS,
    MIN_MAINTENANCE_MARGIN,
    MIN_SETTLE_AFTER,
    OLDEST_PRICE_AGE,
    PPM
} from "./Constants.sol";
import {MarginMath} from "./MarginMath.sol";

/// @title RiskParametersLib
/// @notice Refuses terms under which a property of the vault would not hold.
library RiskParametersLib {
    /// @dev InvalidParameter(name) of the first that is refused, in the order of the struct.
    function validate(RiskParameters memory parameters) internal pure {
        _checkTiers(parameters.tiers);
        _checkFees(parameters);
        _checkLimits(parameters);
        _checkCarry(parameters);
        _checkDeleveraging(parameters);
        _checkFeed(parameters.maxPriceAge, parameters.settleAfter);
    }

    function _checkTiers(Tier[] memory tiers) private pure {
        _check(tiers.length != 0 && tiers.length <= MAX_TIERS, "tiers");
        Tier memory previous = Tier(0, 0, 0);
        for (uint256 i; i < tiers.length; ++i) {
            Tier memory tier = tiers[i];
            bool isRising = i == 0 ? tier.notionalFloor == 0 : tier.notionalFloor > previous.notionalFloor;
            _check(isRising && tier.notionalFloor <= MAX_ASSETS, "notionalFloor");
            _check(
                tier.maintenanceRatePpm != 0 && tier.maintenanceRatePpm >= previous.maintenanceRatePpm,
                "maintenanceRatePpm"
            );
            bool isHigher = tier.initialRatePpm > tier.maintenanceRatePpm;
            bool isFalling = tier.initialRatePpm < previous.initialRatePpm;
            _check(isHigher && tier.initialRatePpm <= PPM && !isFalling, "initialRatePpm");
            previous = tier;
        }
    }

    /// @dev A liquidation fee below the maintenance rate can be paid out of maintenance margin, and lets every partial
    /// liquidation improve health; a trading fee below it does the same for what pays one.
    function _checkFees(RiskParameters memory parameters) private pure {
        uint256 lowestPpm = parameters.tiers[0].maintenanceRatePpm;
        uint256 feePpm = parameters.liquidationFeePpm;
        uint256 sharePpm = parameters.liquidatorSharePpm;
        _check(parameters.tradingFeePpm != 0 && parameters.tradingFeePpm < lowestPpm, "tradingFeePpm");
        _check(parameters.insuranceSharePpm <= PPM, "insuranceSharePpm");
        _check(feePpm != 0 && feePpm < lowestPpm, "liquidationFeePpm");
        _check(sharePpm != 0 && sharePpm <= PPM, "liquidatorSharePpm");
    }

    function _checkLimits(RiskParameters memory parameters) private pure {
        uint256 minNotional = parameters.minNotional;
        _check(parameters.bufferPpm != 0 && parameters.bufferPpm <= PPM, "bufferPpm");
        _check(
            minNotional != 0 &&
                minNotional <= MAX_ASSETS &&
                MarginMath.maintenanceMargin(parameters, minNotional) >= MIN_MAINTENANCE_MARGIN,
            "minNotional"
        );
        _check(parameters.maxOpenInterest != 0 && parameters.maxOpenInterest <= MAX_SIZE, "maxOpenInterest");
        _check(parameters.reservePpm != 0 && parameters.reservePpm <= MAX_RESERVE_PPM, "reservePpm");
        _check(parameters.oiScalePpm <= PPM, "oiScalePpm");
    }

    function _checkCarry(RiskParameters memory parameters) private pure {
        uint256 skewScale = parameters.skewScale;
        _check(
            skewScale <= MAX_SIZE &&
                skewScale * MAX_OPEN_INTEREST_PER_SKEW_SCALE >= parameters.maxOpenInterest,
            "skewScale"
        );
        _check(parameters.maxFundingRateWad <= MAX_RATE_WAD, "maxFundingRateWad");
        _check(parameters.borrowRateWad <= MAX_RATE_WAD, "borrowRateWad");
    }

    /// @dev A target within the reserve: nothing that may be opened or withdrawn is near deleveraging.
    function _checkDeleveraging(RiskParameters memory parameters) private pure {
        uint256 triggerPpm = parameters.adlTriggerPpm;
        uint256 targetPpm = parameters.adlTargetPpm;
        _check(triggerPpm != 0 && triggerPpm < targetPpm, "adlTriggerPpm");
        _check(targetPpm <= PPM ** 2 / parameters.reservePpm, "adlTargetPpm");
        _check(parameters.liquidityFeePpm <= MAX_LIQUIDITY_FEE_PPM, "liquidityFeePpm");
    }

    /// @dev A market can't be settled before a price of its feed would be too old twice over.
    function _checkFeed(uint256 maxPriceAge, uint256 settleAfter) private pure {
        _check(maxPriceAge != 0 && maxPriceAge <= OLDEST_PRICE_AGE, "maxPriceAge");
        uint256 shortest = Math.max(MIN_SETTLE_AFTER, 2 * maxPriceAge);
        _check(settleAfter >= shortest && settleAfter <= MAX_SETTLE_AFTER, "settleAfter");
    }

    function _check(bool isValid, string memory name) private pure {
        if (!isValid) revert IVaultErrors.InvalidParameter(name);
    }
}
