// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Ledger, Position, RiskParameters} from "../interfaces/VaultTypes.sol";

/// @notice What an action works on: read once, changed in memory, stored once. A refusal leaves nothing to undo.
struct Draft {
    Position position;
    Ledger ledger;
    RiskParameters parameters;
    uint256 priceWad;
    uint256 scale; // assets = size * priceWad / scale
    uint256 poolBalance; // assets, measured before any transfer
}
