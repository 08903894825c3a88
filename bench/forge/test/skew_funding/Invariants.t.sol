// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Runner} from "../Runner.sol";
import {Handler} from "./Handler.sol";

/// @title Invariants
/// @notice The market with funding by skew under forge.
contract Invariants is Runner {
    function setUp() external {
        Handler handler = new Handler();
        _call(address(handler));
        _add(handler.open.selector, 8);
        _add(handler.increase.selector, 3);
        _add(handler.decrease.selector, 3);
        _add(handler.close.selector, 3);
        _add(handler.closeAll.selector, 1);
        _add(handler.addMargin.selector, 1);
        _add(handler.removeMargin.selector, 2);
        _add(handler.liquidate.selector, 4);
        _add(handler.provide.selector, 1);
        _add(handler.withdraw.selector, 1);
        _add(handler.move.selector, 3);
        _add(handler.moveAfterATrade.selector, 2);
        _add(handler.moveToMaintenance.selector, 3);
        _add(handler.wait.selector, 1);
        _add(handler.waitAndPush.selector, 3);
    }
}
