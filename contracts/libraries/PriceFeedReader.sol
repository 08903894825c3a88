// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IPriceFeed} from "../interfaces/IPriceFeed.sol";
import {IVaultErrors} from "../interfaces/IVaultErrors.sol";
import {MAX_PRICE} from "./Constants.sol";

/// @title PriceFeedReader
/// @notice Reads a Chainlink-style feed as priceWad, rounded down; no answer of a feed can make it panic.
library PriceFeedReader {
    /// @dev Five words: roundId, answer, startedAt, updatedAt, answeredInRound.
    uint256 private constant ANSWER_BYTES = 160;

    /// @notice Returns the feed's price.
    /// @dev InvalidPrice (answer <= 0), StalePrice, InvalidPrice (scaled to zero or above MAX_PRICE).
    function read(address feed, uint256 decimals, uint256 maxAge) internal view returns (uint256 priceWad) {
        (int256 answer, uint256 updatedAt) = _latest(feed);
        if (answer <= 0) revert IVaultErrors.InvalidPrice(answer);
        if (!_isFresh(updatedAt, maxAge)) revert IVaultErrors.StalePrice(updatedAt, block.timestamp);
        priceWad = toWad(uint256(answer), decimals);
        if (priceWad == 0) revert IVaultErrors.InvalidPrice(answer);
    }

    /// @notice Returns the feed's price, or 0 where `read` reverts.
    function tryRead(address feed, uint256 decimals, uint256 maxAge) internal view returns (uint256) {
        (int256 answer, uint256 updatedAt) = _latest(feed);
        if (answer <= 0 || !_isFresh(updatedAt, maxAge)) return 0;
        return toWad(uint256(answer), decimals);
    }

    /// @notice Returns `answer` with 18 decimals, rounded down, or 0 when that is above MAX_PRICE.
    function toWad(uint256 answer, uint256 decimals) internal pure returns (uint256 priceWad) {
        if (decimals <= 18) {
            uint256 factor = _powerOfTen(18 - decimals);
            return answer > MAX_PRICE / factor ? 0 : answer * factor;
        }
        priceWad = answer / _powerOfTen(decimals - 18);
        if (priceWad > MAX_PRICE) return 0;
    }

    /// @dev Unchecked, since the exponent is at most 18 and a checked power costs 1,000 gas.
    function _powerOfTen(uint256 exponent) private pure returns (uint256) {
        unchecked {
            return 10 ** exponent;
        }
    }

    /// @dev A low-level call, so that a broken feed is an answer of 0 instead of a revert without a name.
    function _latest(address feed) private view returns (int256 answer, uint256 updatedAt) {
        (bool success, bytes memory words) = feed.staticcall(abi.encodeCall(IPriceFeed.latestRoundData, ()));
        if (!success || words.length < ANSWER_BYTES) return (0, 0);
        // Whole words: narrower types would revert on dirty high bits.
        (, answer, , updatedAt, ) = abi.decode(words, (uint256, int256, uint256, uint256, uint256));
    }

    function _isFresh(uint256 updatedAt, uint256 maxAge) private view returns (bool) {
        return updatedAt != 0 && updatedAt <= block.timestamp && block.timestamp - updatedAt <= maxAge;
    }
}
