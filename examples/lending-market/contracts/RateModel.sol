// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @notice Interest by utilisation: slow up to the kink, fast above it. No storage.
library RateModel {
    uint256 internal constant WAD = 1e18;
    uint256 internal constant KINK = 0.9e18;
    uint256 internal constant SLOPE = 1.5e9; // per second at full utilisation, WAD (about 5 % a year)
    uint256 internal constant STEEP_SLOPE = 60e9; // for what is above the kink, per second, WAD

    /// @notice Returns the interest on `borrowed` for `elapsed` seconds, in assets: what any loan pays, and what is
    /// added above the kink. Both rounded down.
    function interest(uint256 borrowed, uint256 supplied, uint256 elapsed)
        internal
        pure
        returns (uint256 plain, uint256 extra)
    {
        if (borrowed == 0) return (0, 0);
        uint256 utilisation = borrowed >= supplied ? WAD : (borrowed * WAD) / supplied;
        plain = (borrowed * ((utilisation * SLOPE) / WAD) * elapsed) / WAD;
        if (utilisation > KINK) extra = (borrowed * (((utilisation - KINK) * STEEP_SLOPE) / WAD) * elapsed) / WAD;
    }
}
