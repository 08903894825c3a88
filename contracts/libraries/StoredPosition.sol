// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Position} from "../interfaces/VaultTypes.sol";

/// @notice A position as it is kept, in three words. Nothing fits whole beside an owner, so the quote is in two parts.
/// @dev A size needs 111 bits. All that trading and carry can bring to a quote in a vault's life needs fewer than 180.
struct StoredPosition {
    address owner;
    int56 quoteHigh; // quote = quoteHigh * 2**128 + quoteLow
    uint40 deleveragedAt; // timestamp
    uint128 quoteLow;
    uint128 margin; // assets
    int112 size;
    int128 carryEntry;
    uint16 rateBp;
}

/// @title StoredPositions
/// @notice Packs positions, and unpacks them.
library StoredPositions {
    /// @notice Returns the position, all zero when there is none.
    function load(StoredPosition storage stored) internal view returns (Position memory position) {
        position.owner = stored.owner;
        position.quote = (int256(stored.quoteHigh) << 128) | int256(uint256(stored.quoteLow));
        position.margin = stored.margin;
        position.size = stored.size;
        position.carryEntry = stored.carryEntry;
        position.rateBp = stored.rateBp;
        position.deleveragedAt = stored.deleveragedAt;
    }

    /// @notice Keeps `position`.
    function store(StoredPosition storage stored, Position memory position) internal {
        int256 quote = position.quote;
        stored.owner = position.owner;
        stored.quoteHigh = int56(quote >> 128);
        stored.deleveragedAt = position.deleveragedAt;
        stored.quoteLow = uint128(uint256(quote));
        stored.margin = position.margin;
        stored.size = int112(position.size);
        stored.carryEntry = position.carryEntry;
        stored.rateBp = uint16(position.rateBp);
    }
}
