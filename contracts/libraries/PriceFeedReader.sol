// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IPriceFeed} from "../interfaces/IPriceFeed.sol";
import {IVaultErrors} from "../interfaces/IVaultErrors.sol";
import {FEED_GAS, MAX_PRICE} from "./Constants.sol";

/// @title PriceFeedReader
/// @notice Reads a Chainlink-style feed as priceWad, rounded down; no answer of a feed can make it panic.
library PriceFeedReader {
    /// @dev `latestRoundData()`, and its five words: roundId, answer, startedAt, updatedAt, answeredInRound.
    bytes4 private constant SELECTOR = IPriceFeed.latestRoundData.selector;
    uint256 private constant ANSWER_BYTES = 160;

    /// @dev What a call may cost, a cold account included, before 63 of 64 parts of the gas are passed on.
    uint256 private constant CALL_GAS = 5000;

    /// @notice Returns the feed's price.
    /// @dev InvalidPrice (answer <= 0), StalePrice, InvalidPrice (scaled to zero or above MAX_PRICE).
    function read(address feed, uint256 decimals, uint256 maxAge) internal view returns (uint256 priceWad) {
        (int256 answer, uint256 updatedAt) = _latest(feed, gasleft());
        if (answer <= 0) revert IVaultErrors.InvalidPrice(answer);
        if (!_isPast(updatedAt) || block.timestamp - updatedAt > maxAge) {
            revert IVaultErrors.StalePrice(updatedAt, block.timestamp);
        }
        priceWad = toWad(uint256(answer), decimals);
        if (priceWad == 0) revert IVaultErrors.InvalidPrice(answer);
    }

    /// @notice Returns the feed's price, or 0 where `read` reverts.
    function tryRead(address feed, uint256 decimals, uint256 maxAge) internal view returns (uint256) {
        (uint256 priceWad, uint256 updatedAt) = _usable(feed, decimals, gasleft());
        return priceWad == 0 || block.timestamp - updatedAt > maxAge ? 0 : priceWad;
    }

    /// @notice Returns the price of the feed's answer and the time it is of, however old; a price of 0 when it is not usable.
    /// @dev InsufficientGas: nobody can starve a feed into silence.
    function readAny(address feed, uint256 decimals) internal view returns (uint256 priceWad, uint256 updatedAt) {
        if (gasleft() < (FEED_GAS * 64) / 63 + CALL_GAS) revert IVaultErrors.InsufficientGas();
        return _usable(feed, decimals, FEED_GAS);
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

    /// @dev Usable is an answer that nothing but its age can refuse.
    function _usable(
        address feed,
        uint256 decimals,
        uint256 gasLimit
    ) private view returns (uint256 priceWad, uint256 updatedAt) {
        int256 answer;
        (answer, updatedAt) = _latest(feed, gasLimit);
        if (answer > 0 && _isPast(updatedAt)) priceWad = toWad(uint256(answer), decimals);
    }

    /// @dev A low-level call, so that a broken feed is an answer of 0 instead of a revert without a name. Whole words are taken:
    /// narrower types would revert on dirty high bits. Five are copied, however many are returned.
    function _latest(address feed, uint256 gasLimit) private view returns (int256 answer, uint256 updatedAt) {
        bytes4 selector = SELECTOR;
        assembly ("memory-safe") {
            let words := mload(0x40)
            mstore(words, selector)
            let success := staticcall(gasLimit, feed, words, 4, words, ANSWER_BYTES)
            if and(success, gt(returndatasize(), sub(ANSWER_BYTES, 1))) {
                answer := mload(add(words, 32))
                updatedAt := mload(add(words, 96))
            }
        }
    }

    function _isPast(uint256 updatedAt) private view returns (bool) {
        return updatedAt != 0 && updatedAt <= block.timestamp;
    }
}
