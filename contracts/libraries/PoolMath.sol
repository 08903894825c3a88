// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SignedMath} from "@openzeppelin/contracts/utils/math/SignedMath.sol";
import {Ledger} from "../interfaces/VaultTypes.sol";
import {PPM} from "./Constants.sol";
import {Draft} from "./Draft.sol";
import {FixedPoint} from "./FixedPoint.sol";
import {MarginMath} from "./MarginMath.sol";

/// @title PoolMath
/// @notice What the pool owes, may come to owe, and has left.
library PoolMath {
    using FixedPoint for int256;
    using FixedPoint for uint256;
    using MarginMath for Draft;

    /// @notice Returns the pool's assets that aren't owed to anyone.
    function free(Draft memory draft) internal pure returns (uint256) {
        return Math.saturatingSub(draft.poolBalance, draft.ledger.totalOwed);
    }

    /// @notice Returns what the pool would owe if everyone closed, in assets, rounded toward minus infinity.
    function netTraderPnl(Draft memory draft) internal pure returns (int256) {
        Ledger memory ledger = draft.ledger;
        int256 long = int256(ledger.longSize);
        int256 short = int256(ledger.shortSize);
        int256 carry = long * ledger.carryLong + short * ledger.carryShort - ledger.carryBasis;
        return draft.value(long - short) + ledger.quoteSum - carry.ceilDiv(draft.scale);
    }

    /// @notice Returns the assets that withdrawals must leave in the pool, rounded up.
    function reserved(Draft memory draft) internal pure returns (uint256) {
        uint256 side = draft.notional(Math.max(draft.ledger.longSize, draft.ledger.shortSize));
        uint256 profit = uint256(SignedMath.max(netTraderPnl(draft), 0));
        uint256 forSide = side.mulDivUp(PPM, draft.parameters.reservePpm);
        uint256 forProfit = profit.mulDivUp(PPM, draft.parameters.adlTriggerPpm);
        return draft.ledger.totalOwed + Math.max(forSide, forProfit);
    }

    /// @notice Returns whether traders' profit is above adlTriggerPpm of the free pool.
    function isDeleveraging(Draft memory draft) internal pure returns (bool) {
        return netTraderPnl(draft) * int256(PPM) > int256(draft.parameters.adlTriggerPpm * free(draft));
    }
}
