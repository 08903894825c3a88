// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

interface IHandler {
    function broken() external view returns (string memory);
}

/// @title Runner
/// @notice No property was violated. What should come up more often is listed more often.
abstract contract Runner {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    address private _called;
    bytes4[] private _weighted;

    /// @notice Returns what forge calls.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = _called;
    }

    /// @notice Returns the functions that forge calls, as often as they should come up.
    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(_called, _weighted);
    }

    /// @notice After every call, no property is violated.
    function invariant_everyPropertyHolds() external view {
        string memory broken = IHandler(_called).broken();
        require(bytes(broken).length == 0, broken);
    }

    function _call(address handler) internal {
        _called = handler;
    }

    function _add(bytes4 selector, uint256 times) internal {
        for (uint256 i; i < times; ++i) {
            _weighted.push(selector);
        }
    }
}
