// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

interface IBank {
    function open(uint256 size) external payable returns (uint256 id);
    function close(uint256 id) external;
}

/// @notice Margins in ether, paid back in full when a position is closed.
contract Bank {
    error NotOwner(address caller, address owner);
    error NotPaid(address to);

    struct Held {
        address owner;
        uint256 size;
        uint256 margin;
    }

    Held[] private _held;

    function open(uint256 size) external payable returns (uint256 id) {
        require(size > 0 && msg.value > 0, "nothing to open");
        _held.push(Held(msg.sender, size, msg.value));
        return _held.length;
    }

    function close(uint256 id) external {
        Held memory gone = held(id);
        if (msg.sender != gone.owner) revert NotOwner(msg.sender, gone.owner);
        delete _held[id - 1];
        (bool paid, ) = msg.sender.call{value: gone.margin}("");
        if (!paid) revert NotPaid(msg.sender);
    }

    function held(uint256 id) public view returns (Held memory) {
        require(id > 0 && id <= _held.length, "no such position");
        return _held[id - 1];
    }

    function count() external view returns (uint256) {
        return _held.length;
    }
}

/// @notice An account of the test's own: it opens and closes, and closes again while it is paid.
contract Attacker {
    IBank private immutable _bank;
    uint256 private _closing;

    constructor(IBank bank) payable {
        _bank = bank;
    }

    function open(uint256 size, uint256 margin) external returns (uint256 id) {
        require(address(this).balance >= margin, "too poor");
        return _bank.open{value: margin}(size);
    }

    function close(uint256 id) external {
        _closing = id;
        _bank.close(id);
        _closing = 0;
    }

    receive() external payable {
        uint256 again = _closing;
        _closing = 0;
        if (again != 0) {
            try _bank.close(again) {} catch {}
        }
    }
}
