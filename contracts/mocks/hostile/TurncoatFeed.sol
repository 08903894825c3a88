// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {MockPriceFeed} from "../MockPriceFeed.sol";

/// @title TurncoatFeed
/// @notice Passes every question on to another feed and answers as that one does, byte for byte: first an ordinary one, then
/// whichever anyone points it at.
/// @dev A vault's feed is fixed at deployment; this lets a test open positions before the feed goes bad.
contract TurncoatFeed {
    /// @notice Who really answers.
    address public behind;

    constructor(uint8 decimals_) {
        behind = address(new MockPriceFeed(decimals_));
    }

    /// @notice Points at another feed.
    function turn(address behind_) external {
        behind = behind_;
    }

    fallback(bytes calldata question) external returns (bytes memory) {
        (bool success, bytes memory answer) = behind.call(question);
        require(success, "no answer");
        return answer;
    }
}
