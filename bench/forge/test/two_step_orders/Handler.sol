// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Exchange} from "examples/two-step-orders/contracts/Exchange.sol";
import {Kind, Order} from "examples/two-step-orders/contracts/Orders.sol";
import {PriceOracle} from "examples/two-step-orders/contracts/PriceOracle.sol";
import {Stablecoin} from "examples/two-step-orders/contracts/Stablecoin.sol";
import {Treasury} from "examples/two-step-orders/contracts/Treasury.sol";
import {Code} from "../Example.sol";
import {vm} from "../Vm.sol";
import {Books, Held} from "./Books.sol";

/// @title Handler
/// @notice What traders, keepers, providers and the oracle's owner do with the exchange, and what must come of it.
contract Handler is Books {
    constructor() {
        Code[] memory given = _given();
        token = Stablecoin(_deploy(given, "Stablecoin", ""));
        oracle = PriceOracle(_deploy(given, "PriceOracle", ""));
        exchange = Exchange(_deploy(given, "Exchange", abi.encode(token, oracle)));
        treasury = exchange.treasury();
        for (uint256 i; i < ACCOUNTS; ++i) {
            token.mint(who[i], FUNDS);
            vm.prank(who[i]);
            token.approve(address(treasury), type(uint256).max);
        }
        oracle.push(USUAL_PRICE);
        vm.prank(who[TRADERS]);
        exchange.provide(100_000e6);
        _books(0);
    }

    // ------------------------------------------------------------------------------------------ orders

    function requestOpen(uint256 seed) external drawing(seed) {
        (address trader, bool isLong) = (_trader(), _coin());
        _requestOpen(trader, isLong);
    }

    /// @dev An order, executed as soon as it can be.
    function openAtOnce(uint256 seed) external drawing(seed) {
        uint256 id = exchange.nextId();
        _requestOpen(_trader(), _coin());
        if (exchange.nextId() == id) return;
        vm.warp(vm.getBlockTimestamp() + 5);
        _execute(_anyone(), id);
    }

    function requestIncrease(uint256 seed) external drawing(seed) {
        _requestIncrease(_position());
    }

    function increaseAtOnce(uint256 seed) external drawing(seed) {
        uint256 id = _position();
        _requestIncrease(id);
        vm.warp(vm.getBlockTimestamp() + 5);
        _execute(_anyone(), id);
    }

    function requestClose(uint256 seed) external drawing(seed) {
        uint256 id = _position();
        _requestClose(_mostly(_held(id).owner), id);
    }

    function closeAtOnce(uint256 seed) external drawing(seed) {
        uint256 id = _position();
        _requestClose(_held(id).owner, id);
        vm.warp(vm.getBlockTimestamp() + 5);
        _execute(_anyone(), id);
    }

    function execute(uint256 seed) external drawing(seed) {
        _execute(_anyone(), _order());
    }

    /// @dev ORD-6: the owner takes an order back after a while, whatever the price is; nobody else does.
    function cancel(uint256 seed) external drawing(seed) {
        uint256 id = _order();
        Order memory order = _placed(id);
        address caller = _mostly(order.owner);
        uint256 balance = token.balanceOf(order.owner);
        bool isDue = order.kind != Kind.None && caller == order.owner;
        isDue = isDue && vm.getBlockTimestamp() >= order.placedAt + 5 minutes;
        bool success = _act(caller, abi.encodeCall(exchange.cancel, (id)), id);
        _law(success == isDue, "ORD-6 an order can be taken back after a while");
        if (!success) return;
        _law(token.balanceOf(order.owner) - balance == order.margin + EXECUTION_FEE, "ORD-6 and all of it");
        _law(_placed(id).kind == Kind.None, "ORD-6 taken back is gone");
    }

    // ------------------------------------------------------------------------------------------ margin and liquidation

    function addMargin(uint256 seed) external drawing(seed) {
        (address payer, uint256 id, uint256 assets) = (_anyone(), _position(), _amount(200e6));
        Held memory held = _held(id);
        bool isDue = held.notional > 0 && assets > 0 && assets <= token.balanceOf(payer);
        bool success = _act(payer, abi.encodeCall(Exchange.addMargin, (id, assets)), id);
        _law(success == isDue, "EXI-2 margin can be added");
        if (success) _law(_held(id).margin == held.margin + assets, "ISO-5 margin added is the position's");
    }

    function removeMargin(uint256 seed) external drawing(seed) {
        uint256 id = _position();
        Held memory held = _held(id);
        address caller = _mostly(held.owner);
        int256 spare = held.notional == 0 ? int256(0) : _equity(held) - int256(_up(held.notional, 10));
        uint256 assets = _amount(_positive(spare));
        uint256 balance = token.balanceOf(caller);
        bool isDue = held.notional > 0 && caller == held.owner && assets > 0 && assets <= held.margin && _isFresh();
        isDue = isDue && int256(assets) <= spare;
        bool success = _act(caller, abi.encodeCall(Exchange.removeMargin, (id, assets)), id);
        _law(success == isDue, "MAR-2 the owner takes margin above what is needed");
        if (!success) return;
        _law(token.balanceOf(caller) - balance == assets, "ISO-5 it is paid");
        _law(held.margin - _held(id).margin == assets, "ISO-5 it is taken off");
    }

    function liquidate(uint256 seed) external drawing(seed) {
        _liquidate(_anyone(), _position());
    }

    function provide(uint256 seed) external drawing(seed) {
        (address provider, uint256 assets) = (_provider(), _amount(5_000e6));
        uint256 liquidity = treasury.liquidity();
        if (!_act(provider, abi.encodeCall(Exchange.provide, (assets)), 0)) return;
        _law(treasury.liquidity() == liquidity + assets, "LPS-1 liquidity grows by what was provided");
    }

    // ------------------------------------------------------------------------------------------ price and time

    function move(uint256 seed) external drawing(seed) {
        _push(_moved(oracle.price(), USUAL_PRICE));
    }

    /// @dev Moves the price to where a position is liquidated, or one unit of its equity to either side.
    function moveToMaintenance(uint256 seed) external drawing(seed) {
        Held memory held = _held(_position());
        if (held.notional == 0) return _push(_moved(oracle.price(), USUAL_PRICE));
        int256 wanted = int256(_maintenance(held) + _borrowFee(held)) - int256(held.margin) + int256(_draw(5)) - 2;
        int256 change = wanted * int256(held.entry) / int256(held.notional);
        _push(_positive(int256(held.entry) + (held.isLong ? change : -change)));
    }

    /// @dev Moves the price to where a position earns the most that it can, or a little beyond.
    function moveToMaxProfit(uint256 seed) external drawing(seed) {
        Held memory held = _held(_position());
        if (held.notional == 0) return;
        int256 change = int256(held.maxProfit * held.entry / held.notional) + int256(_draw(5)) - 2;
        _push(_positive(int256(held.entry) + (held.isLong ? change : -change)));
    }

    function wait(uint256 seed) external drawing(seed) {
        vm.warp(vm.getBlockTimestamp() + [uint256(1), 5, 60, 300, 3_600, 3_601, 86_400, 30 days][_draw(8)]);
    }

    /// @dev The price is kept fresh while an order ages.
    function waitAndPush(uint256 seed) external drawing(seed) {
        vm.warp(vm.getBlockTimestamp() + [uint256(5), 300, 86_399, 86_400, 86_401, 30 days][_draw(6)]);
        _push(oracle.price());
    }

    /// @dev ACC-1: the treasury obeys the exchange alone, the oracle its keeper.
    function intrude(uint256 seed) external drawing(seed) {
        address caller = _anyone();
        bytes[8] memory calls = [
            abi.encodeCall(Treasury.take, (_trader(), 1)),
            abi.encodeCall(Treasury.pay, (caller, 1)),
            abi.encodeCall(Treasury.hold, (_trader(), 1)),
            abi.encodeCall(Treasury.release, (0)),
            abi.encodeCall(Treasury.settle, (1)),
            abi.encodeCall(Treasury.reserve, (0)),
            abi.encodeCall(Treasury.free, (0)),
            abi.encodeCall(PriceOracle.push, (USUAL_PRICE))
        ];
        uint256 drawn = _draw(8);
        (bool success,) = _send(caller, drawn == 7 ? address(oracle) : address(treasury), calls[drawn]);
        _law(!success, "ACC-1 only the exchange and the keeper");
    }

    // ------------------------------------------------------------------------------------------ with what must come of it

    function _requestOpen(address trader, bool isLong) private {
        uint256 notional = _notional();
        uint256 margin = _marginFor(notional);
        _request(trader, exchange.nextId(), abi.encodeCall(
            Exchange.requestOpen, (isLong, notional, margin, _limit(isLong))
        ), notional, margin);
    }

    function _requestIncrease(uint256 id) private {
        Held memory held = _held(id);
        address trader = _mostly(held.owner);
        bool mayOrder = held.notional > 0 && trader == held.owner && _placed(id).kind == Kind.None;
        uint256 notional = _notional();
        uint256 margin = _marginFor(notional);
        bytes memory data =
            abi.encodeCall(Exchange.requestIncrease, (id, notional, margin, _limit(held.isLong)));
        if (_request(trader, id, data, notional, margin)) _law(mayOrder, "ACC-1 the owner alone, one order at a time");
    }

    /// @dev ORD-2: an order takes its margin and the execution fee.
    function _request(address trader, uint256 id, bytes memory data, uint256 notional, uint256 margin)
        private
        returns (bool success)
    {
        uint256 balance = token.balanceOf(trader);
        success = _act(trader, data, id);
        if (!success) return false;
        _law(balance - token.balanceOf(trader) == margin + EXECUTION_FEE, "ORD-2 an order puts in its margin");
        bool isEnough = margin >= _up(notional, 10) + _up(notional * FEE_PPM, PPM) && notional >= 10e6;
        _law(isEnough, "MAR-1 an order has its margin");
        Order memory order = _placed(id);
        bool isKept = order.owner == trader && order.notional == notional && order.margin == margin;
        _law(isKept && order.placedAt == vm.getBlockTimestamp(), "ORD-1 an order is what was asked for");
    }

    function _requestClose(address caller, uint256 id) private {
        Held memory held = _held(id);
        bool isDue = held.notional > 0 && caller == held.owner && _placed(id).kind == Kind.None;
        bytes memory data = abi.encodeCall(Exchange.requestClose, (id, _limit(!held.isLong)));
        if (caller == address(0)) caller = who[0];
        bool success = _act(caller, data, id);
        _law(success == isDue, "EXI-1 the owner can order to close");
    }

    /// @dev ORD-3: in its time, within its limit; the keeper is paid.
    function _execute(address keeper, uint256 id) private {
        (Order memory order, Held memory held) = (_placed(id), _held(id));
        (uint256 age, uint256 price) = (vm.getBlockTimestamp() - order.placedAt, oracle.price());
        bool buys = order.isLong == (order.kind != Kind.Close);
        bool isDue = order.kind != Kind.None && age >= 5 && age <= 1 days && _isFresh();
        isDue = isDue && (buys ? price <= order.limit : price >= order.limit);
        uint256[2] memory balances = [token.balanceOf(keeper), token.balanceOf(order.owner)];
        bool success = _act(keeper, abi.encodeCall(exchange.execute, (id)), id);
        if (success) _law(isDue, "ORD-3 in its time, within its limit");
        if (success && keeper != order.owner) {
            _law(token.balanceOf(keeper) - balances[0] == EXECUTION_FEE, "ORD-3 the keeper is paid");
        }
        if (order.kind == Kind.Close) {
            _law(success == (isDue && _equity(held) >= 0), "EXI-1 an order to close is executed");
            uint256 paid = token.balanceOf(order.owner) - balances[1];
            if (success) _isClosed(id, held, keeper == order.owner ? paid - EXECUTION_FEE : paid);
        } else if (success) {
            _isAdded(id, order, held);
        }
    }

    /// @dev ORD-5.
    function _isClosed(uint256 id, Held memory held, uint256 paid) private {
        uint256 due = _positive(_equity(held) - int256(_up(held.notional * FEE_PPM, PPM)));
        _law(paid == due, "ORD-5 a close pays the equity less the fee");
        _law(_held(id).notional == 0, "EXI-1 closed is gone");
    }

    /// @dev ORD-4: what is added is worth its margin less the fee.
    function _isAdded(uint256 id, Order memory order, Held memory held) private {
        Held memory then = _held(id);
        uint256 added = order.margin - _up(order.notional * FEE_PPM, PPM);
        bool isSum = then.notional == held.notional + order.notional && then.margin == held.margin + added;
        _law(isSum && then.maxProfit == held.maxProfit + 4 * added, "VAL-1 a position is the sum of its orders");
        _law(then.owner == order.owner && then.isLong == order.isLong, "VAL-1 and its owner's");
        _law(_equity(then) >= int256(_up(then.notional, 10)), "MAR-1 a position has its margin");
        if (held.notional == 0) {
            _law(then.entry == oracle.price() && _borrowFee(then) == 0, "VAL-1 opened at the price");
            return;
        }
        int256 change = _equity(then) - _equity(held) - int256(added);
        _law(change <= 1, "ORD-4 an increase earns nothing");
        int256 unit = int256(then.notional * oracle.price() / then.entry / then.entry);
        _law(change >= -3 - unit, "ORD-4 an increase costs its fee alone");
    }

    /// @dev LIQ-1 to LIQ-5, ORD-6.
    function _liquidate(address caller, uint256 id) private {
        (Held memory held, Order memory order) = (_held(id), _placed(id));
        int256 equity = held.notional == 0 ? int256(0) : _equity(held);
        uint256[2] memory balances = [token.balanceOf(caller), token.balanceOf(held.owner)];
        bool isDue = held.notional > 0 && _isFresh() && equity < int256(_maintenance(held));
        bool success = _act(caller, abi.encodeCall(Exchange.liquidate, (id)), id);
        _law(success == isDue, "LIQ-1 below maintenance, and only then");
        if (!success) return;
        _law(_held(id).notional == 0, "LIQ-3 liquidated is gone");
        _law(_placed(id).kind == Kind.None, "ORD-6 an order does not outlive its position");
        uint256 back = order.kind == Kind.None ? 0 : order.margin + EXECUTION_FEE;
        uint256 left = _positive(equity);
        uint256 reward = _min(held.notional * 5_000 / PPM, left);
        if (caller == held.owner) return _isPaid(caller, balances[0], left + back);
        _isPaid(caller, balances[0], reward);
        _isPaid(held.owner, balances[1], left - reward + back);
    }

    function _isPaid(address account, uint256 before, uint256 due) private {
        _law(token.balanceOf(account) - before == due, "LIQ-4 reward, and what is left");
    }

    function _push(uint256 price) private {
        oracle.push(_within(price, 1e9, 1e15));
    }

    function _notional() private returns (uint256) {
        return _draw(12) == 0 ? _offByOne(10e6) : _between(10e6, 5_000e6);
    }

    function _marginFor(uint256 notional) private returns (uint256) {
        uint256 least = _up(notional, 10) + _up(notional * FEE_PPM, PPM);
        uint256 drawn = _draw(6);
        return drawn < 2 ? _offByOne(least) : drawn == 5 ? least * 5 : _between(least, least * 2);
    }

    /// @dev Returns the worst price that is accepted: any, one per cent from here, or this one.
    function _limit(bool buys) private returns (uint256) {
        (uint256 drawn, uint256 price) = (_draw(6), oracle.price());
        if (drawn < 4) return buys ? type(uint128).max : 0;
        uint256 slippage = drawn == 4 ? price / 100 : 0;
        return buys ? price + slippage : price - slippage;
    }
}
