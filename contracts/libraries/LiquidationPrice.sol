// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {MAX_PRICE} from "./Constants.sol";
import {Draft} from "./Draft.sol";
import {FixedPoint} from "./FixedPoint.sol";
import {MarginMath} from "./MarginMath.sol";

/// @title LiquidationPrice
/// @notice The exact price at which a settled position becomes liquidatable, carry held fixed.
/// @dev A long's equity less its maintenance margin is not monotonic in the price: with the notional
/// N = ceil(size * price / scale), the long is worth N where that division is exact and N - 1 elsewhere. It is monotonic in N,
/// since maintenance rates are below 1. So the search runs over N, and the price follows from N.
library LiquidationPrice {
    using FixedPoint for int256;
    using FixedPoint for uint256;

    /// @notice Returns the highest price in [1, MAX_PRICE] at which a long, the lowest at which a short is liquidatable; 0 if
    /// there is none.
    function liquidationPrice(Draft memory draft) internal pure returns (uint256 priceWad) {
        return draft.position.size > 0 ? _ofLong(draft) : _ofShort(draft);
    }

    /// @dev The highest price of the last liquidatable N may be exact, and then one asset too good: the price below it isn't
    /// exact, unless all prices are.
    function _ofLong(Draft memory draft) private pure returns (uint256 priceWad) {
        uint256 size = int256(draft.position.size).magnitude();
        bool isAlwaysExact = size % draft.scale == 0;
        uint256 held = _lastLiquidatable(draft, isAlwaysExact ? int256(0) : int256(1));
        priceWad = Math.min(held.mulDivDown(draft.scale, size), MAX_PRICE);

        bool isExact = (size * priceWad) % draft.scale == 0;
        if (priceWad == 0 || isAlwaysExact || !isExact) return priceWad;
        held = (size * priceWad) / draft.scale;
        return _isLiquidatable(draft, int256(held), held) ? priceWad : priceWad - 1;
    }

    /// @dev A short is worth -N at every price: it is safe up to the last price of its last safe N.
    function _ofShort(Draft memory draft) private pure returns (uint256 priceWad) {
        uint256 size = int256(draft.position.size).magnitude();
        priceWad = _lastSafe(draft).mulDivDown(draft.scale, size) + 1;
        if (priceWad > MAX_PRICE) return 0;
    }

    /// @dev The highest N at which a long worth N - `rounding` is liquidatable, or 0.
    function _lastLiquidatable(Draft memory draft, int256 rounding) private pure returns (uint256 low) {
        uint256 high = _highestNotional(draft);
        while (low < high) {
            uint256 middle = low + (high - low + 1) / 2;
            if (_isLiquidatable(draft, int256(middle) - rounding, middle)) low = middle;
            else high = middle - 1;
        }
    }

    /// @dev The highest N at which a short is safe, or 0.
    function _lastSafe(Draft memory draft) private pure returns (uint256 low) {
        uint256 high = _highestNotional(draft);
        while (low < high) {
            uint256 middle = low + (high - low + 1) / 2;
            if (_isLiquidatable(draft, -int256(middle), middle)) high = middle - 1;
            else low = middle;
        }
    }

    function _highestNotional(Draft memory draft) private pure returns (uint256) {
        return int256(draft.position.size).magnitude().mulDivUp(MAX_PRICE, draft.scale);
    }

    function _isLiquidatable(Draft memory draft, int256 value, uint256 held) private pure returns (bool) {
        int256 equity = int256(uint256(draft.position.margin)) + draft.position.quote + value;
        return equity < int256(MarginMath.maintenanceMargin(draft.parameters, held));
    }
}
