// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IVaultErrors} from "../interfaces/IVaultErrors.sol";
import {Deleverage, Position, Round} from "../interfaces/VaultTypes.sol";
import {PPM, ROUND, ROUND_LEAVES, WAD} from "./Constants.sol";
import {Draft, Drafts} from "./Draft.sol";
import {FixedPoint} from "./FixedPoint.sol";
import {MarginMath} from "./MarginMath.sol";
import {PoolMath} from "./PoolMath.sol";
import {TradeMath} from "./TradeMath.sol";

/// @title DeleverageMath
/// @notice How much of a winning position is closed when its side is more than the pool can carry: pro rata, in rounds.
library DeleverageMath {
    using Drafts for Draft;
    using FixedPoint for int256;
    using FixedPoint for uint256;
    using MarginMath for Draft;
    using PoolMath for Draft;
    using TradeMath for Draft;

    /// @notice Realises as much of a settled position as its side's round takes of it, and charges the caller's reward.
    /// @dev DeleverageNotNeeded, NotProfitable, AlreadyDeleveraged, PoolEmpty.
    /// @param last The side's last round, which goes on or is followed by a new one.
    function deleverage(
        Draft memory draft,
        uint256 id,
        Round memory last
    ) internal pure returns (Deleverage memory result) {
        Position memory position = draft.position;
        uint256 timestamp = draft.ledger.lastAccrual;
        uint256 side = draft.side().size;
        uint256 nav = draft.nav();
        uint256 keep = _sizeToKeep(draft, nav, side, last.roundAt == timestamp);
        int256 pnl = draft.pnl();
        if (pnl <= 0) revert IVaultErrors.NotProfitable(pnl);
        bool isOpen = last.roundAt == timestamp || (side > last.roundKeep && timestamp - last.roundAt < ROUND);
        bool isDone = position.deleveragedAt == timestamp || (isOpen && position.deleveragedAt >= last.roundAt);
        if (isDone) revert IVaultErrors.AlreadyDeleveraged(id);

        result.round = isOpen ? last : _begin(timestamp, side, keep);
        uint256 size = _share(draft, result.round.cutWad, side - keep, nav == 0 ? uint256(pnl) : 0);
        result.fill = draft.realise(size);
        result.reward = Math.min(draft.tradingFee(size), position.margin);
        position.margin -= uint128(result.reward);
        position.deleveragedAt = uint40(timestamp);
        if (position.size == 0) result.toClaimable = draft.empty();
    }

    /// @dev The share of a side that has to come down to `keep`, and the size at which its round ends early, both rounded up.
    function _begin(uint256 timestamp, uint256 side, uint256 keep) private pure returns (Round memory) {
        uint256 excess = side - keep;
        uint256 roundKeep = keep + excess.mulDivUp(1, ROUND_LEAVES);
        return Round(uint40(timestamp), uint64(excess.mulDivUp(WAD, side)), uint112(roundKeep));
    }

    /// @dev What a side may keep beside the pool, rounded down. DeleverageNotNeeded when it has no more, or is neither due nor
    /// in the second in which a round began.
    function _sizeToKeep(
        Draft memory draft,
        uint256 nav,
        uint256 side,
        bool isBegun
    ) private pure returns (uint256 keep) {
        uint256 targetPpm = draft.parameters.adlTargetPpm;
        uint256 sideNotional = draft.notional(side);
        // A pool that is worth more than the side needs keeps all of it: the quotient stays in the domain.
        uint256 worth = Math.min(nav * PPM, targetPpm * sideNotional);
        keep = Math.mulDiv(worth, draft.scale, targetPpm * draft.priceWad);
        bool isNeeded = side > keep && (isBegun || draft.isTooSmallFor(nav, sideNotional));
        if (!isNeeded) revert IVaultErrors.DeleverageNotNeeded(nav, sideNotional);
    }

    /// @dev The position's part of what has to go, rounded up, at most what has to go now; of a `profit` (zero unless the pool is
    /// worth nothing) what it can pay. Everything when less than minNotional would stay. PoolEmpty.
    function _share(
        Draft memory draft,
        uint256 cutWad,
        uint256 excess,
        uint256 profit
    ) private pure returns (uint256 size) {
        uint256 whole = int256(draft.position.size).magnitude();
        size = Math.min(whole.mulDivUp(cutWad, WAD), excess);
        if (profit > draft.free()) size = Math.min(size, whole.mulDivDown(draft.free(), profit));
        if (size == 0) revert IVaultErrors.PoolEmpty();
        if (draft.notional(whole - size) < draft.parameters.minNotional) return whole;
    }
}
