// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {TurningToken} from "./TurningToken.sol";

/// @title BlacklistToken
/// @notice Refuses every movement from or to the accounts on its list.
contract BlacklistToken is TurningToken {
    /// @notice Thrown when a listed account would send or receive.
    error Blacklisted(address account);

    /// @notice Whether an account is on the list.
    mapping(address account => bool) public isBlacklisted;

    constructor(uint8 decimals_) TurningToken(decimals_) {}

    /// @notice Puts `account` on the list or takes it off.
    function blacklist(address account, bool listed) external {
        isBlacklisted[account] = listed;
    }

    function _update(address from, address to, uint256 assets) internal override {
        require(!isBlacklisted[from], Blacklisted(from));
        require(!isBlacklisted[to], Blacklisted(to));
        super._update(from, to, assets);
    }
}
