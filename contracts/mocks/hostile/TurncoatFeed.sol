// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title TurncoatFeed
/// @notice Stands before another feed and answers as that one does, byte for byte, until anyone points it at a worse one.
/// @dev A vault's feed is fixed at deployment; this lets a test open positions with a good feed first.
contract TurncoatFeed {
    /// @notice Who really answers.
    address public behind;

    constructor(address behind_) {
        behind = behind_;
    }

    /// @notice Points at another feed.
    function turn(address behind_) external {
        behind = behind_;
    }

    fallback(bytes calldata question) external returns (bytes memory) {
        (bool success, bytes memory answer) = behind.staticcall(question);
        require(success, "no answer");
        return answer;
    }
}
