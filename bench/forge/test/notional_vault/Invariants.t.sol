// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Runner} from "../Runner.sol";
import {Handler} from "./Handler.sol";

/// @title Invariants
/// @notice The notional vault under forge.
contract Invariants is Runner {
    function setUp() external {
        Handler handler = new Handler();
        _call(address(handler));
        _add(handler.open.selector, 8);
        _add(handler.addMargin.selector, 2);
        _add(handler.close.selector, 4);
        _add(handler.liquidate.selector, 4);
        _add(handler.liquidateAll.selector, 1);
        _add(handler.provide.selector, 1);
        _add(handler.move.selector, 4);
        _add(handler.moveToMaintenance.selector, 3);
        _add(handler.wait.selector, 1);
        _add(handler.intrude.selector, 1);
    }
}
