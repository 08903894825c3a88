// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {KeeperHandler} from "./KeeperHandler.sol";
import {PoolHandler} from "./PoolHandler.sol";
import {Given, Stage} from "./Stage.sol";
import {Runner} from "../Runner.sol";
import {vm} from "../Vm.sol";

/// @title Handler
/// @notice Everything that anybody does.
contract Handler is KeeperHandler, PoolHandler {
    constructor(Given memory given) Stage(given) {}
}

/// @title Invariants
/// @notice No law was broken. What comes up more often is listed more often, as in the machines of the harness.
contract Invariants is Runner {
    Handler private handler;

    function setUp() external {
        string memory file = vm.envString("RINGFENCE_GIVEN");
        handler = new Handler(abi.decode(vm.parseBytes(vm.readFile(file)), (Given)));
        _call(address(handler));
        _weighTrading();
        _weighPool();
        _weighKeeping();
    }

    function _weighTrading() private {
        _add(handler.open.selector, 6);
        _add(handler.openAny.selector, 4);
        _add(handler.openTooMuch.selector, 1);
        _add(handler.openAbsurdly.selector, 1);
        _add(handler.openWithTooLittle.selector, 1);
        _add(handler.oppose.selector, 4);
        _add(handler.increase.selector, 3);
        _add(handler.increaseLate.selector, 1);
        _add(handler.decrease.selector, 3);
        _add(handler.close.selector, 1);
        _add(handler.addMargin.selector, 1);
        _add(handler.removeMargin.selector, 2);
        _add(handler.empty.selector, 1);
        _add(handler.takeMarginLate.selector, 3);
        _add(handler.claim.selector, 1);
        _add(handler.collectOwed.selector, 3);
        _add(handler.setOperator.selector, 1);
        _add(handler.setOperatorWithSig.selector, 2);
        _add(handler.sendAnOperator.selector, 1);
        _add(handler.intrude.selector, 1);
        _add(handler.openAndClose.selector, 2);
        _add(handler.closeInParts.selector, 2);
    }

    function _weighPool() private {
        _add(handler.deposit.selector, 1);
        _add(handler.mint.selector, 1);
        _add(handler.withdraw.selector, 1);
        _add(handler.withdrawOwn.selector, 1);
        _add(handler.redeem.selector, 1);
        _add(handler.transferShares.selector, 1);
        _add(handler.transferSharesFrom.selector, 1);
        _add(handler.depositAndLeave.selector, 1);
        _add(handler.depositFirst.selector, 1);
        _add(handler.approve.selector, 1);
        _add(handler.donate.selector, 1);
        _add(handler.donateToTheTrigger.selector, 1);
        _add(handler.pause.selector, 1);
        _add(handler.unpause.selector, 3);
        _add(handler.pay.selector, 1);
        _add(handler.lockOrUnlock.selector, 1);
    }

    function _weighKeeping() private {
        _add(handler.liquidate.selector, 4);
        _add(handler.deleverage.selector, 2);
        _add(handler.fundInsurance.selector, 1);
        _add(handler.moveToLevel.selector, 3);
        _add(handler.moveToTrigger.selector, 1);
        _add(handler.move.selector, 2);
        _add(handler.moveAnywhere.selector, 1);
        _add(handler.jump.selector, 1);
        _add(handler.returnHome.selector, 2);
        _add(handler.answerAtTheEdge.selector, 1);
        _add(handler.age.selector, 1);
        _add(handler.letTimePass.selector, 2);
        _add(handler.fallSilent.selector, 1);
        _add(handler.breakFeed.selector, 1);
        _add(handler.squeeze.selector, 4);
        _add(handler.flee.selector, 2);
        _add(handler.insure.selector, 2);
        _add(handler.squeezeThePool.selector, 3);
        _add(handler.takeMargin.selector, 2);
        _add(handler.leave.selector, 3);
        _add(handler.reduceTooLate.selector, 1);
        _add(handler.ruin.selector, 3);
        _add(handler.squeezeOut.selector, 1);
        _add(handler.liquidateLate.selector, 1);
        _add(handler.liquidateBlacklisted.selector, 1);
        _add(handler.lookAtLiquidationPrice.selector, 1);
    }
}
