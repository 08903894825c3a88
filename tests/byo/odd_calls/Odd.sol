// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// A token that returns nothing where the standard says a bool.
contract Coin {
    mapping(address => uint256) public balanceOf;

    function mint(uint256 value) external {
        balanceOf[msg.sender] += value;
    }

    function transfer(address to, uint256 value) external {
        balanceOf[msg.sender] -= value;
        balanceOf[to] += value;
    }
}

/// Calls of every odd form: overloads, structs, arrays, bytes.
contract Box {
    struct Order {
        address owner;
        uint256 assets;
    }

    struct Sides {
        int256 long;
        int256 short;
    }

    error Full(uint256 total, string reason);

    uint256 public total;
    bytes32 public tag;
    bytes public note;

    function put(uint256 assets, Order calldata order) external {
        total += assets + order.assets;
        if (total > 1_000_000_000) revert Full(total, "no more");
    }

    function put(Order[] calldata orders, uint16[2] calldata parts, bytes32 tag_, bytes calldata note_) external {
        for (uint256 i = 0; i < orders.length; ++i) total += orders[i].assets * parts[i];
        (tag, note) = (tag_, note_);
    }

    function sides() external view returns (int256 long, int256 short, Sides[1] memory both) {
        long = int256(total);
        short = -long;
        both[0] = Sides(long, short);
    }

    function named(address[] calldata who) external pure returns (uint256 count, string memory said) {
        return (who.length, "that many");
    }

    function said() external pure returns (string memory) {
        return "it's \"so\"";
    }
}
