// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Runner} from "../Runner.sol";
import {Handler} from "./Handler.sol";

/// @title Invariants
/// @notice The exchange under forge.
contract Invariants is Runner {
    function setUp() external {
        Handler handler = new Handler();
        _call(address(handler));
        _add(handler.requestOpen.selector, 3);
        _add(handler.openAtOnce.selector, 6);
        _add(handler.requestIncrease.selector, 2);
        _add(handler.increaseAtOnce.selector, 3);
        _add(handler.requestClose.selector, 3);
        _add(handler.closeAtOnce.selector, 2);
        _add(handler.execute.selector, 5);
        _add(handler.cancel.selector, 2);
        _add(handler.addMargin.selector, 1);
        _add(handler.removeMargin.selector, 2);
        _add(handler.liquidate.selector, 4);
        _add(handler.provide.selector, 1);
        _add(handler.move.selector, 3);
        _add(handler.moveToMaintenance.selector, 3);
        _add(handler.moveToMaxProfit.selector, 1);
        _add(handler.wait.selector, 2);
        _add(handler.waitAndPush.selector, 2);
        _add(handler.intrude.selector, 1);
    }
}
