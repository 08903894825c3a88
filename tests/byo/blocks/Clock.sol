// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;

/// Positions that count in blocks: closed by anyone after 100 of them, at a price.
contract Clock {
    struct Position {
        address owner;
        uint256 size;
        uint256 margin;
        uint256 since;
    }

    error TooSoon(uint256 blocks);
    error NotOwner();

    mapping(uint256 id => Position position) public positions;
    mapping(address account => uint256 amount) public tokens;
    uint256 public opened;
    uint256 public price;
    uint256 public held;
    uint256 public lastBlock;
    uint256 public inLastBlock;
    uint256 public mostInOneBlock;
    bool public isLate;

    function mint(address account, uint256 amount) external {
        tokens[account] += amount;
    }

    function open(uint256 size, uint256 margin) external returns (uint256) {
        _count();
        tokens[msg.sender] -= margin;
        held += margin;
        positions[++opened] = Position(msg.sender, size, margin, block.number);
        return opened;
    }

    function close(uint256 id) external {
        _count();
        Position memory position = positions[id];
        if (position.owner != msg.sender) revert NotOwner();
        uint256 passed = block.number - position.since;
        if (passed < 100) revert TooSoon(passed);
        if (passed >= 150) isLate = true;
        delete positions[id];
        held -= position.margin;
        tokens[msg.sender] += position.margin;
    }

    function push(uint256 answer) external {
        _count();
        price = answer;
    }

    function _count() private {
        inLastBlock = block.number == lastBlock ? inLastBlock + 1 : 1;
        lastBlock = block.number;
        if (inLastBlock > mostInOneBlock) mostInOneBlock = inLastBlock;
    }
}
