// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Position, RiskParameters} from "../interfaces/VaultTypes.sol";

/// @notice The sums over the positions of one side, longs or shorts, and its carry index.
struct Side {
    uint256 size; // sum of |size|
    int256 quote; // assets
    uint256 margin; // assets
    int256 basis; // sum of |size| * carryEntry
    int256 carry;
    uint256 fresh; // assets: margin that came in this second
}

/// @notice The totals that an action may change.
struct Totals {
    Side long;
    Side short;
    uint256 lastAccrual; // timestamp
    uint256 lastPrice; // priceWad
    uint256 insurance; // assets
    uint256 totalOwed; // assets
    bool hasFresh; // whether margin came in this second
    uint256 deadSince; // timestamp
    bool settled;
}

/// @notice What an action works on: read once, changed in memory, stored once. A refusal leaves nothing to undo.
struct Draft {
    Position position;
    Totals ledger;
    RiskParameters parameters;
    uint256 priceWad;
    uint256 scale; // assets = size * priceWad / scale
    uint256 poolBalance; // assets, measured before any transfer
    bool isLong; // the side that the position is, or was, on
    uint256 storedMargin; // assets: the position's margin in the side's sum
}

/// @title Drafts
/// @notice Finds the side that a draft's position is on.
library Drafts {
    /// @notice Takes a position of a side to work on.
    function take(Draft memory draft, Position memory position, bool isLong) internal pure {
        draft.position = position;
        draft.isLong = isLong;
        draft.storedMargin = position.margin;
    }

    /// @notice Returns the sums of the position's side.
    function side(Draft memory draft) internal pure returns (Side memory) {
        return draft.isLong ? draft.ledger.long : draft.ledger.short;
    }

    /// @notice Waives all fees, in a settled market: then nothing is kept back of insurance, either.
    function waive(Draft memory draft) internal pure {
        if (!draft.ledger.settled) return;
        draft.parameters.tradingFeePpm = 0;
        draft.parameters.liquidationFeePpm = 0;
        draft.parameters.liquidityFeePpm = 0;
    }

    /// @notice Has `assets` that came into the position's margin count from the next second on.
    function freshen(Draft memory draft, uint256 assets) internal pure {
        if (assets == 0) return;
        side(draft).fresh += assets;
        draft.ledger.hasFresh = true;
    }

    /// @notice Takes `assets` that margin pays out off what came in this second.
    function payOut(Draft memory draft, uint256 assets) internal pure {
        Side memory own = side(draft);
        own.fresh = Math.saturatingSub(own.fresh, assets);
    }

    /// @notice Brings the side's sum of margins up to the position's, once.
    function sumMargin(Draft memory draft) internal pure {
        Side memory own = side(draft);
        own.margin = own.margin + draft.position.margin - draft.storedMargin;
    }
}
