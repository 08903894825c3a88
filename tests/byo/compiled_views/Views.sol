// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

contract Child {
    uint256 public key = block.number;
}

/// Views of every shape that a compiled path must follow: packed words, loops, hashes, calls, time, refusals.
contract Views {
    error Unset(uint256 key);

    int128 public a;
    int64 public b;
    bool public flag;
    bytes4 public tag;
    address public who;
    uint256[] public list;
    mapping(uint256 key => mapping(address account => int256)) public nested;
    uint256 public key;
    string public name;
    uint64 public at;
    address public other;
    Child public made;

    function set(int128 a_, int64 b_, bool flag_, address who_, uint256 key_, string calldata name_) external {
        (a, b, flag, who, key, name) = (a_, b_, flag_, who_, key_ % 4, name_);
        tag = bytes4(uint32(key_));
        at = uint64(block.timestamp);
        nested[key][who_] = int256(a_) * b_;
        if (flag_) list.push(key_);
        else if (list.length > 0) list.pop();
    }

    function point(address other_) external {
        other = other_;
    }

    function make() external {
        made = new Child();
    }

    function fresh() external view returns (bool) {
        return block.timestamp <= at + 100;
    }

    function age() external view returns (uint256, uint256) {
        return (block.timestamp - at, block.number);
    }

    function total() public view returns (uint256 sum) {
        for (uint256 i; i < list.length; i++) sum += list[i];
    }

    function all() external view returns (uint256[] memory, string memory) {
        return (list, name);
    }

    function hashed() external view returns (bytes32, bytes32) {
        return (keccak256(abi.encode(key, a, at)), keccak256(abi.encodePacked(tag, who)));
    }

    function divided() external view returns (int256, int256, int256) {
        int256 by = b == 0 ? int256(1) : b;
        return (int256(a) / by, int256(a) % by, int256(a) >> 3);
    }

    function raised() external view returns (uint256) {
        unchecked {
            return 3 ** key * uint256(int256(a)) + (flag ? 1 : 2);
        }
    }

    function asked() external view returns (uint256) {
        return this.total() / (key + 1) + address(this).balance + Views(other).key();
    }

    function here() external view returns (int256) {
        return nested[key][who];
    }

    function required() external view returns (uint256) {
        require(flag, "no flag");
        if (key == 0) revert Unset(key);
        return uint256(at) - key;
    }

    function sender() external view returns (address, int256) {
        return (msg.sender, nested[key][msg.sender]);
    }

    function codeSize() external view returns (uint256) {
        return address(made).code.length;
    }

    function child() external view returns (uint256) {
        return made.key();
    }

    function left() external view returns (uint256) {
        return gasleft();
    }
}
