// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SignedMath} from "@openzeppelin/contracts/utils/math/SignedMath.sol";
import {SideValue} from "../interfaces/VaultTypes.sol";
import {PPM} from "./Constants.sol";
import {Draft, Side} from "./Draft.sol";
import {FixedPoint} from "./FixedPoint.sol";
import {MarginMath} from "./MarginMath.sol";

/// @title PoolMath
/// @notice What the pool is worth beside its traders, and what of it is free.
/// @dev Realising anything at the mark leaves the fair value as it is, but for roundings: so trading at one price and time moves
/// neither the price of a share nor what may be opened or withdrawn.
library PoolMath {
    using FixedPoint for int256;
    using FixedPoint for uint256;
    using MarginMath for Draft;

    /// @notice Returns the pool's assets that aren't owed to anyone.
    function free(Draft memory draft) internal pure returns (uint256) {
        return Math.saturatingSub(draft.poolBalance, draft.ledger.totalOwed);
    }

    /// @notice Returns what a side means for the pool: its profit rounds up by less than two assets a position.
    function valueOf(Draft memory draft, Side memory side, bool isLong) internal pure returns (SideValue memory value) {
        int256 size = int256(side.size);
        int256 carry = (size * side.carry - side.basis).ceilDiv(draft.scale);
        value.pnl = draft.value(isLong ? size : -size) + side.quote - carry;
        value.counted = Math.saturatingSub(side.margin, side.fresh);
        value.gap = uint256(SignedMath.max(-value.pnl - int256(value.counted), 0));
    }

    /// @notice Returns the pool's assets less what it owes and less what each side would get, or plus what each side can pay.
    function fairValue(Draft memory draft) internal pure returns (int256 fair) {
        SideValue memory long = valueOf(draft, draft.ledger.long, true);
        SideValue memory short = valueOf(draft, draft.ledger.short, false);
        fair = int256(draft.poolBalance) - int256(draft.ledger.totalOwed);
        fair -= SignedMath.max(long.pnl, -int256(long.counted));
        fair -= SignedMath.max(short.pnl, -int256(short.counted));
    }

    /// @notice Returns what the providers' shares are worth together, in assets.
    function nav(Draft memory draft) internal pure returns (uint256) {
        return uint256(SignedMath.max(fairValue(draft), 0));
    }

    /// @notice Returns whether the losses that margins can't pay are more than the liquidity fee on a pool worth `nav`.
    function isUnderwater(Draft memory draft, uint256 nav_) internal pure returns (bool) {
        uint256 gaps = valueOf(draft, draft.ledger.long, true).gap + valueOf(draft, draft.ledger.short, false).gap;
        return gaps * PPM > draft.parameters.liquidityFeePpm * nav_;
    }

    /// @notice Returns the assets that withdrawals may take of a pool worth `nav`, rounded down; of a settled market, once no
    /// position is left.
    function unreserved(Draft memory draft, uint256 nav_) internal pure returns (uint256) {
        uint256 largest = Math.max(draft.ledger.long.size, draft.ledger.short.size);
        if (draft.ledger.settled) return largest == 0 ? free(draft) : 0;
        uint256 larger = draft.notional(largest);
        uint256 backing = larger.mulDivUp(PPM, draft.parameters.reservePpm);
        return Math.saturatingSub(Math.min(nav_, free(draft)), backing);
    }

    /// @notice Returns whether a pool worth `nav` is below adlTriggerPpm of a side's notional.
    function isTooSmallFor(Draft memory draft, uint256 nav_, uint256 sideNotional) internal pure returns (bool) {
        return nav_ * PPM < draft.parameters.adlTriggerPpm * sideNotional;
    }
}
