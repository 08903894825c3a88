// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @title MockToken
/// @notice An ordinary collateral token that anyone may mint.
contract MockToken is ERC20, ERC20Permit {
    uint8 private immutable _DECIMALS;

    constructor(uint8 decimals_) ERC20("Mock Token", "MOCK") ERC20Permit("Mock Token") {
        _DECIMALS = decimals_;
    }

    function mint(address account, uint256 assets) external {
        _mint(account, assets);
    }

    function decimals() public view override returns (uint8) {
        return _DECIMALS;
    }
}
