// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @title TurningToken
/// @notice An ordinary token, free to mint, until anyone turns it hostile: what it does then is in the name of its heir.
/// @dev Turning lets a test build honest positions first and meet the behaviour at the step it is about.
abstract contract TurningToken is ERC20Permit {
    /// @notice Whether the behaviour in the heir's name is on.
    bool public hostile;

    uint8 private immutable _DECIMALS;

    constructor(uint8 decimals_) ERC20("Hostile", "HOST") ERC20Permit("Hostile") {
        _DECIMALS = decimals_;
    }

    /// @notice Switches the behaviour on or off.
    function turn(bool hostile_) external {
        hostile = hostile_;
    }

    /// @notice Gives `to` new tokens.
    function mint(address to, uint256 assets) external {
        _mint(to, assets);
    }

    function decimals() public view override returns (uint8) {
        return _DECIMALS;
    }
}
