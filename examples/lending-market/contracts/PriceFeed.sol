// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @notice What the collateral is worth in what is lent, with 8 decimals, as its owner last said.
contract PriceFeed {
    error NotOwner(address caller);
    error AnswerOutOfRange(int256 answer);

    int256 public constant MAX_ANSWER = 1e16;
    address public immutable owner = msg.sender;
    int256 public latestAnswer;

    function setAnswer(int256 answer) external {
        if (msg.sender != owner) revert NotOwner(msg.sender);
        if (answer <= 0 || answer > MAX_ANSWER) revert AnswerOutOfRange(answer);
        latestAnswer = answer;
    }
}
