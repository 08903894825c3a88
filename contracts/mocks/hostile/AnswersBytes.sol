// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title AnswersBytes
/// @notice Answers every question with the same bytes, whatever the question's type of answer is.
/// @dev Too few of them, dirty words, absurd decimals, a wallet's half answer: the bytes decide, and they are the test's.
contract AnswersBytes {
    bytes private _answer;

    constructor(bytes memory answer_) {
        _answer = answer_;
    }

    fallback(bytes calldata) external returns (bytes memory) {
        return _answer;
    }
}
