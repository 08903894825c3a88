// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Runner} from "../Runner.sol";
import {Handler} from "./Handler.sol";

/// @title Invariants
/// @notice The lending market under forge.
contract Invariants is Runner {
    function setUp() external {
        Handler handler = new Handler();
        _call(address(handler));
        _add(handler.supply.selector, 2);
        _add(handler.requestWithdrawal.selector, 3);
        _add(handler.serveWithdrawal.selector, 2);
        _add(handler.collectReserve.selector, 1);
        _add(handler.open.selector, 6);
        _add(handler.borrow.selector, 2);
        _add(handler.addCollateral.selector, 1);
        _add(handler.removeCollateral.selector, 2);
        _add(handler.repay.selector, 2);
        _add(handler.close.selector, 2);
        _add(handler.liquidate.selector, 4);
        _add(handler.liquidateAll.selector, 1);
        _add(handler.move.selector, 2);
        _add(handler.moveToLiquidation.selector, 3);
        _add(handler.wait.selector, 3);
        _add(handler.accrue.selector, 1);
    }
}
