// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @notice Lenders who wait to be paid, first come, first served: a ring of a few places.
abstract contract WithdrawalQueue {
    error QueueFull(uint256 waiting);
    error QueueEmpty();

    struct Request {
        address lender;
        uint256 shares;
    }

    uint256 public constant PLACES = 8;
    uint256 public head; // requests served
    uint256 public tail; // requests made
    Request[8] private _ring;

    /// @notice Returns every place of the ring; those that wait are from `head` to `tail`, modulo `PLACES`.
    function places() external view returns (Request[8] memory) {
        return _ring;
    }

    function _enqueue(address lender, uint256 shares) internal {
        if (tail - head >= PLACES) revert QueueFull(tail - head);
        _ring[tail % PLACES] = Request(lender, shares);
        tail++;
    }

    function _dequeue() internal returns (Request memory first) {
        if (head == tail) revert QueueEmpty();
        first = _ring[head % PLACES];
        delete _ring[head % PLACES];
        head++;
    }
}
