// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// Positions of native ether, with a price that every move pays a fee for.
contract Till {
    error TooLittle(uint256 sent);
    error NotOwner();

    struct Held {
        address owner;
        uint256 size;
        uint256 margin;
    }

    uint256 public immutable float;
    uint256 public price;
    uint256 public fees;
    mapping(uint256 number => Held) public held;
    uint256 public count;

    constructor() payable {
        float = msg.value;
    }

    function push(uint256 price_) external payable {
        if (msg.value < 1 gwei) revert TooLittle(msg.value);
        (price, fees) = (price_, fees + msg.value);
    }

    function open(uint256 size) external payable returns (uint256) {
        if (msg.value < 100) revert TooLittle(msg.value);
        held[++count] = Held(msg.sender, size, msg.value);
        return count;
    }

    function close(uint256 number) external {
        Held memory closed = held[number];
        if (closed.owner != msg.sender) revert NotOwner();
        delete held[number];
        (bool sent,) = msg.sender.call{value: closed.margin}("");
        require(sent, "not sent");
    }
}
