// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SignedMath} from "@openzeppelin/contracts/utils/math/SignedMath.sol";

/// @title FixedPoint
/// @notice Divisions that say which way they round: Down and Up for magnitudes, floor (to minus infinity) and ceil (to plus
/// infinity) for signed numbers. Solidity's own signed division truncates.
/// @dev Divisors are never zero: they are sizes of live positions, prices, or parameters checked at deployment.
library FixedPoint {
    /// @notice Returns x * y / divisor rounded down; the domain keeps x * y in 256 bits.
    function mulDivDown(uint256 x, uint256 y, uint256 divisor) internal pure returns (uint256) {
        return (x * y) / divisor;
    }

    /// @notice Returns x * y / divisor rounded up; the domain keeps x * y in 256 bits.
    function mulDivUp(uint256 x, uint256 y, uint256 divisor) internal pure returns (uint256) {
        return Math.ceilDiv(x * y, divisor);
    }

    /// @notice Returns x / divisor rounded up.
    function divUp(uint256 x, uint256 divisor) internal pure returns (uint256) {
        return Math.ceilDiv(x, divisor);
    }

    /// @notice Returns x / divisor rounded toward minus infinity. Unchecked: what has a remainder is smaller than x.
    function floorDiv(int256 x, uint256 divisor) internal pure returns (int256 quotient) {
        unchecked {
            quotient = x / int256(divisor);
            if (x % int256(divisor) < 0) quotient -= 1;
        }
    }

    /// @notice Returns x / divisor rounded toward plus infinity. Unchecked: what has a remainder is smaller than x.
    function ceilDiv(int256 x, uint256 divisor) internal pure returns (int256 quotient) {
        unchecked {
            quotient = x / int256(divisor);
            if (x % int256(divisor) > 0) quotient += 1;
        }
    }

    /// @notice Returns x * part / whole rounded toward minus infinity, where part <= whole; the product may need 512 bits.
    function shareFloor(int256 x, uint256 part, uint256 whole) internal pure returns (int256) {
        uint256 share = Math.mulDiv(SignedMath.abs(x), part, whole, x < 0 ? Math.Rounding.Ceil : Math.Rounding.Floor);
        return withSignOf(share, x);
    }

    /// @notice Returns |x|.
    function magnitude(int256 x) internal pure returns (uint256) {
        return SignedMath.abs(x);
    }

    /// @notice Returns `size`, below 2**255, with the sign of `direction`.
    function withSignOf(uint256 size, int256 direction) internal pure returns (int256) {
        unchecked {
            return direction < 0 ? -int256(size) : int256(size);
        }
    }
}
