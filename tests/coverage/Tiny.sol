// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

// Everything that a mark can be put into. No "1" below is a count; ✓ is three bytes.
contract Tiny {
    uint256 public total;

    modifier positive(uint256 x) {
        require(x > 0, "zero");
        _;
    }

    function add(uint256 x) external positive(x) returns (uint256) {
        if (x > 10 && !(x == 13 || x == 14)) total += x;
        else if (x == 5) total += 5; // ✓; and a semicolon; in a comment
        else total += 1;
        return total;
    }

    function pick(bool isFirst) external pure returns (uint256) {
        return isFirst ? 1 : 2;
    }

    function refuse(uint256 x) external pure {
        if (x == 7) revert("seven");
        revert("other");
    }

    function sum(uint256 n) external pure returns (uint256 s) {
        for (uint256 i; i < n; ++i) s += i;
        while (s > 100) {
            --s;
        }
        do s += 1; while (s < 3);
        unchecked {
            s += 0;
        }
        assembly {
            s := add(s, 0)
        }
        if (n == 9) return 0;
    }

    function isPositive(address other) external view returns (bool) {
        try Tiny(other).pick(true) returns (uint256 first) {
            return first > 0;
        } catch Error(string memory) {
            return false;
        } catch {
            return false;
        }
    }

    function nothing() external {}
}
