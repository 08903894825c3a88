// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {vm} from "./Vm.sol";

/// @title Play
/// @notice What every handler has: draws that follow from one seed, and the first property that was violated.
abstract contract Play {
    uint256 internal constant PPM = 1e6;
    uint256 internal constant BP = 1e4;
    uint256 internal constant WAD = 1e18;
    bytes4 private constant PANIC = 0x4e487b71;

    /// @notice The id of the property that was violated first; empty while none is.
    string public broken;

    uint256 private _entropy;

    function _law(bool holds, string memory id) internal virtual {
        if (!holds && bytes(broken).length == 0) broken = id;
    }

    /// @dev DOM-1: a refusal says why, and no arithmetic fails.
    function _refusalIsNamed(bytes memory answer) internal {
        _law(answer.length >= 4 && bytes4(answer) != PANIC, "DOM-1");
    }

    /// @dev Has `caller` call `target`.
    function _send(address caller, address target, bytes memory data)
        internal
        returns (bool success, bytes memory answer)
    {
        vm.prank(caller);
        (success, answer) = target.call(data);
    }

    function _create(bytes memory code) internal returns (address placed) {
        assembly {
            placed := create(0, add(code, 0x20), mload(code))
        }
        require(placed != address(0), "not deployed");
    }

    /// @dev Starts a call of a handler: what it draws follows from `seed`.
    function _seed(uint256 seed) internal {
        _entropy = seed;
    }

    /// @dev Returns a number below `count`, each as likely.
    function _draw(uint256 count) internal returns (uint256) {
        _entropy = uint256(keccak256(abi.encode(_entropy)));
        return _entropy % count;
    }

    /// @dev Returns a limit, or one unit to either side.
    function _offByOne(uint256 limit) internal returns (uint256) {
        uint256 drawn = _draw(3);
        return drawn == 0 ? limit : drawn == 1 ? limit + 1 : limit == 0 ? 0 : limit - 1;
    }
}
