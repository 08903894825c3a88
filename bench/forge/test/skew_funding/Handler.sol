// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Code} from "../Example.sol";
import {vm} from "../Vm.sol";
import {Books} from "./Books.sol";
import {IDollar, IMarket, IPriceFeed, Position} from "./IMarket.sol";

/// @title Handler
/// @notice What traders, liquidators, the backer and the price's keeper do with the market, and what must come of it.
contract Handler is Books {
    constructor() {
        Code[] memory given = _given();
        token = IDollar(_deploy(given, "Dollar", ""));
        feed = IPriceFeed(_deploy(given, "PriceFeed", ""));
        market = IMarket(_deploy(given, "Market", abi.encode(token, feed)));
        for (uint256 i; i < ACCOUNTS; ++i) {
            token.mint(who[i], FUNDS);
            vm.prank(who[i]);
            token.approve(address(market), type(uint256).max);
        }
        token.mint(address(this), FUNDS);
        token.approve(address(market), type(uint256).max);
        feed.push(USUAL_PRICE);
        market.provide(200_000e6);
        _books(0);
    }

    // ------------------------------------------------------------------------------------------ trading

    function open(uint256 seed) external drawing(seed) {
        (address trader, bool isLong, uint256 size) = (_trader(), _coin(), _size());
        uint256 cost = _up(size * feed.price(), VALUE_SCALE);
        uint256 least = _up(cost * 101_000, PPM);
        uint256 drawn = _draw(6);
        uint256 margin = drawn < 2 ? _offByOne(least) : drawn == 5 ? least * 5 : _between(least, least * 2);
        uint256 id = market.next_id();
        uint256[2] memory before = [token.balanceOf(trader), market.volume(trader)];
        if (!_act(trader, abi.encodeCall(IMarket.open, (isLong, size, margin)), id, true)) return;
        Position memory held = market.positions(id);
        bool isOrdered = held.owner == trader && held.size == (isLong ? int256(size) : -int256(size));
        _law(isOrdered && market.next_id() == id + 1, "VAL-1 a position is what was ordered");
        _law(before[0] - token.balanceOf(trader) == margin, "ISO-5 the trader pays the margin");
        _law(market.volume(trader) == before[1] + held.cost, "FEE-2 what is opened counts");
        _law(margin - held.margin == _fee(before[1], held.cost), "FEE-1 less the fee");
        _law(held.cost >= MIN_COST && held.cost <= MAX_COST, "MAR-3 no position is too small");
        _hasMargin(held, 100_000, "MAR-1 a position has its margin");
    }

    /// @dev VAL-1: what is added changes the worth by its fee and a rounding alone.
    function increase(uint256 seed) external drawing(seed) {
        uint256 id = _id();
        Position memory held = market.positions(id);
        (address caller, uint256 size) = (_mostly(held.owner), _size());
        int256 equity = held.size == 0 ? int256(0) : _equity(held);
        if (!_act(caller, abi.encodeCall(IMarket.increase, (id, size)), id, true)) return;
        _law(caller == held.owner && held.size != 0, "ACC-1 the owner alone trades");
        Position memory then = market.positions(id);
        uint256 added = then.cost - held.cost;
        uint256 fee = _fee(market.volume(held.owner) - added, added);
        _law(_magnitude(then.size) == _magnitude(held.size) + size, "VAL-1 a position grows by the size");
        _isWorth(_equity(then), equity - int256(fee), "VAL-1 an increase costs its fee alone");
        _hasMargin(then, 100_000, "MAR-1 a position has its margin");
    }

    /// @dev VAL-2, FUN-3: what a part has earned is paid to the margin.
    function decrease(uint256 seed) external drawing(seed) {
        uint256 id = _id();
        Position memory held = market.positions(id);
        address caller = _mostly(held.owner);
        uint256 size = _amount(_magnitude(held.size));
        int256 equity = held.size == 0 ? int256(0) : _equity(held);
        if (!_act(caller, abi.encodeCall(IMarket.decrease, (id, size)), id, true)) return;
        _law(caller == held.owner && held.size != 0, "ACC-1 the owner alone trades");
        Position memory then = market.positions(id);
        uint256 fee = _fee(market.volume(held.owner), _up(size * _price(), VALUE_SCALE));
        _law(_magnitude(then.size) + size == _magnitude(held.size), "VAL-2 a position shrinks by the size");
        _isWorth(_equity(then), equity - int256(fee), "VAL-2 a decrease costs its fee alone");
        _law(then.cost >= MIN_COST, "MAR-3 no position is too small");
        _hasMargin(then, 50_000, "MAR-3 what is left is healthy");
    }

    function close(uint256 seed) external drawing(seed) {
        uint256 id = _id();
        _close(_mostly(market.positions(id).owner), id);
    }

    /// @dev EXI-1: everyone is paid, one after the other.
    function closeAll(uint256 seed) external drawing(seed) {
        uint256[] memory open_ = ids;
        for (uint256 i; i < open_.length; ++i) {
            _close(market.positions(open_[i]).owner, open_[i]);
        }
    }

    function addMargin(uint256 seed) external drawing(seed) {
        (address payer, uint256 id, uint256 assets) = (_anyone(), _id(), _amount(3_000e6));
        Position memory held = market.positions(id);
        bool isDue = held.size != 0 && assets > 0 && assets <= token.balanceOf(payer);
        bool success = _act(payer, abi.encodeCall(IMarket.add_margin, (id, assets)), id, false);
        _law(success == isDue, "EXI-2 margin can be added");
        if (success) _law(market.positions(id).margin == held.margin + assets, "ISO-5 it is the position's");
    }

    function removeMargin(uint256 seed) external drawing(seed) {
        uint256 id = _id();
        Position memory held = market.positions(id);
        address caller = _mostly(held.owner);
        int256 spare = held.size == 0 ? int256(0) : _equity(held) - int256(_up(_value(held.size, _price()), 10));
        uint256 assets = _amount(_positive(spare));
        uint256 balance = token.balanceOf(caller);
        bool isDue = held.size != 0 && caller == held.owner && assets > 0 && assets <= held.margin;
        isDue = isDue && _price() > 0 && int256(assets) <= spare;
        bool success = _act(caller, abi.encodeCall(IMarket.remove_margin, (id, assets)), id, true);
        _law(success == isDue, "MAR-2 the owner takes margin above what is needed");
        if (success) _law(token.balanceOf(caller) - balance == assets, "ISO-5 it is paid");
    }

    function liquidate(uint256 seed) external drawing(seed) {
        _liquidate(_anyone(), _id());
    }

    // ------------------------------------------------------------------------------------------ the pool's backer

    function provide(uint256 seed) external drawing(seed) {
        (address provider, uint256 assets) = (_anyone(), _amount(50_000e6));
        uint256 liquidity = market.liquidity();
        if (!_act(provider, abi.encodeCall(IMarket.provide, (assets)), 0, false)) return;
        _law(market.liquidity() == liquidity + assets, "LPS-1 liquidity grows by what was provided");
    }

    function withdraw(uint256 seed) external drawing(seed) {
        address caller = _draw(4) == 0 ? _anyone() : address(this);
        uint256 free = market.liquidity() - market.reserved();
        uint256 assets = _draw(3) == 0 ? _amount(free) : free / 4;
        bool isDue = caller == address(this) && assets <= free;
        bool success = _act(caller, abi.encodeCall(IMarket.withdraw, (assets)), 0, false);
        _law(success == isDue, "LPS-2 the backer takes what is free");
    }

    // ------------------------------------------------------------------------------------------ price and time

    function move(uint256 seed) external drawing(seed) {
        _push(_moved(feed.price(), USUAL_PRICE));
    }

    /// @dev Moves the price and trades go on in the same block.
    function moveAfterATrade(uint256 seed) external drawing(seed) {
        uint256 id = _id();
        address owner = market.positions(id).owner;
        _act(owner, abi.encodeCall(IMarket.remove_margin, (id, 1)), id, true);
        _push(_moved(feed.price(), USUAL_PRICE));
        _close(owner, id);
    }

    /// @dev Moves the price to where a position is liquidated, or one unit of its equity to either side.
    function moveToMaintenance(uint256 seed) external drawing(seed) {
        Position memory held = market.positions(_id());
        if (held.size == 0 || _price() == 0) return _push(_moved(feed.price(), USUAL_PRICE));
        vm.warp(vm.getBlockTimestamp() + 1);
        int256 spare = _equity(held) - int256(_up(_value(held.size, _price()), 20)) + int256(_draw(5)) - 2;
        int256 change = spare * int256(VALUE_SCALE) / held.size;
        _push(_positive(int256(feed.price()) - change * 100 / (held.size > 0 ? int256(95) : int256(105))));
    }

    function wait(uint256 seed) external drawing(seed) {
        vm.warp(vm.getBlockTimestamp() + [uint256(1), 60, 3_600, 3_601, 86_400][_draw(5)]);
    }

    /// @dev Funding runs up while the price stays.
    function waitAndPush(uint256 seed) external drawing(seed) {
        vm.warp(vm.getBlockTimestamp() + [uint256(1), 60, 3_600, 86_400][_draw(4)]);
        _push(feed.price());
    }

    // ------------------------------------------------------------------------------------------ with what must come of it

    /// @dev EXI-1, VAL-2: the owner closes while equity is left, and is paid it less the fee.
    function _close(address caller, uint256 id) private {
        Position memory held = market.positions(id);
        int256 equity = held.size == 0 ? int256(0) : _equity(held);
        uint256 balance = token.balanceOf(held.owner);
        bool isDue = held.size != 0 && caller == held.owner && _price() > 0 && equity >= 0;
        bool success = _act(caller, abi.encodeCall(IMarket.close, (id)), id, true);
        _law(success == isDue, "EXI-1 the owner can close");
        if (!success) return;
        int256 fee = int256(_fee(market.volume(held.owner), _value(held.size, _price())));
        _law(token.balanceOf(held.owner) - balance == _positive(equity - fee), "VAL-2 a close pays equity less fee");
        _law(market.positions(id).size == 0, "EXI-1 closed is gone");
    }

    /// @dev LIQ-1, LIQ-3.
    function _liquidate(address caller, uint256 id) private {
        Position memory held = market.positions(id);
        int256 equity = held.size == 0 ? int256(0) : _equity(held);
        uint256[3] memory before = [token.balanceOf(caller), token.balanceOf(held.owner), market.insurance()];
        bool isDue = held.size != 0 && _price() > 0;
        isDue = isDue && equity < int256(_up(_value(held.size, _price()), 20));
        bool success = _act(caller, abi.encodeCall(IMarket.liquidate, (id)), id, true);
        _law(success == isDue, "LIQ-1 below maintenance, and only then");
        if (!success) return;
        _law(market.positions(id).size == 0, "LIQ-3 liquidated is gone");
        _isPaidOut(caller, held, equity, before);
    }

    /// @dev LIQ-4, LIQ-5, INS-1: reward, rest and insurance.
    function _isPaidOut(address caller, Position memory held, int256 equity, uint256[3] memory before) private {
        uint256 left = _positive(equity);
        uint256 penalty = _min(left, _up(held.cost, 100));
        uint256 reward = penalty / 2;
        uint256 insured = _min(before[2] + penalty - reward, INSURANCE_TARGET);
        if (reward < 1e6) {
            uint256 added = _min(1e6 - reward, insured);
            (reward, insured) = (reward + added, insured - added);
        }
        insured -= _min(_positive(-equity), insured);
        _law(market.insurance() == insured, "INS-1 insurance pays reward, then loss");
        if (caller == held.owner) {
            _law(token.balanceOf(caller) - before[0] == reward + left - penalty, "LIQ-5 one's own");
            return;
        }
        _law(token.balanceOf(caller) - before[0] == reward, "LIQ-4 the reward");
        _law(token.balanceOf(held.owner) - before[1] == left - penalty, "LIQ-5 what is left is the owner's");
    }

    /// @dev A worth is what is due, or a few roundings less; a limited gain that trades may free is not looked at.
    function _isWorth(int256 worth, int256 due, string memory id) private {
        _law(worth <= due && worth + 4 >= due, id);
    }

    function _hasMargin(Position memory held, uint256 ppm, string memory id) private {
        _law(_equity(held) >= int256(_up(_value(held.size, _price()) * ppm, PPM)), id);
    }

    function _push(uint256 price) private {
        feed.push(_within(price, 1e7, 1e13));
    }

    function _size() private returns (uint256) {
        uint256 least = _up(MIN_COST * VALUE_SCALE, feed.price());
        return _draw(12) == 0 ? _offByOne(least) : _between(least, MAX_COST * VALUE_SCALE / feed.price());
    }
}
