// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Collateral} from "examples/notional-vault/contracts/Collateral.sol";
import {Custody} from "examples/notional-vault/contracts/Custody.sol";
import {Position, PositionBook} from "examples/notional-vault/contracts/PositionBook.sol";
import {PushedPrice} from "examples/notional-vault/contracts/PushedPrice.sol";
import {Router} from "examples/notional-vault/contracts/Router.sol";
import {Code, Example} from "../Example.sol";
import {vm} from "../Vm.sol";

/// @title Handler
/// @notice What traders, liquidators, providers and the price's keeper do with the notional vault, and what holds.
contract Handler is Example {
    uint256 private constant USUAL_PRICE = 2_000e18;
    uint256 private constant FUNDS = 1_000_000e6;
    uint256 private constant FEE_PPM = 1_000;
    uint256 private constant MAINTENANCE_PPM = 50_000;
    uint256 private constant REWARD_PPM = 5_000;

    Collateral private token;
    PushedPrice private feed;
    Router private router;
    Custody private custody;
    PositionBook private book;

    mapping(address owner => mapping(bool isLong => bytes32 hash)) private _seen; // positions after the last action

    constructor() {
        Code[] memory given = _given();
        token = Collateral(_deploy(given, "Collateral", ""));
        feed = PushedPrice(_deploy(given, "PushedPrice", ""));
        router = Router(_deploy(given, "Router", abi.encode(token, feed)));
        (custody, book) = (router.custody(), router.book());
        for (uint256 i; i < ACCOUNTS; ++i) {
            token.mint(who[i], FUNDS);
            vm.prank(who[i]);
            token.approve(address(custody), type(uint256).max);
        }
        feed.push(USUAL_PRICE);
        vm.prank(who[TRADERS]);
        router.provide(20_000e6);
        _books(address(0), false);
    }

    // ------------------------------------------------------------------------------------------ actions

    function open(uint256 seed) external drawing(seed) {
        uint256 room = custody.liquidity() - custody.reserved();
        uint256 notional = _draw(8) == 0 ? _offByOne(room) : _between(10e6, _min(room, 5_000e6));
        if (_draw(20) == 0) notional = _offByOne(10e6);
        uint256 least = _leastMargin(notional);
        uint256 drawn = _draw(6);
        uint256 margin = drawn < 2 ? _offByOne(least) : drawn == 5 ? least * 5 : _between(least, least * 2);
        _open(_trader(), _coin(), notional, margin);
    }

    function addMargin(uint256 seed) external drawing(seed) {
        (address owner, bool isLong) = _position();
        (address payer, uint256 assets) = (_anyone(), _amount(200e6));
        Position memory held = book.position(owner, isLong);
        uint256 balance = token.balanceOf(payer);
        bool isDue = held.notional > 0 && assets > 0 && assets <= balance;
        bytes memory data = abi.encodeCall(Router.addMargin, (owner, isLong, assets));
        bool success = _act(payer, address(router), data, owner, isLong);
        _law(success == isDue, "EXI-2 margin can be added");
        if (!success) return;
        held.margin += uint128(assets);
        _law(_isSame(held, book.position(owner, isLong)), "ISO-5 margin added is the position's");
        _law(balance - token.balanceOf(payer) == assets, "ISO-5 the payer pays");
    }

    function close(uint256 seed) external drawing(seed) {
        (address owner, bool isLong) = _position();
        _close(_mostly(owner), owner, isLong);
    }

    function liquidate(uint256 seed) external drawing(seed) {
        (address owner, bool isLong) = _position();
        _liquidate(_anyone(), owner, isLong);
    }

    /// @dev Everyone who can be liquidated is, one after the other.
    function liquidateAll(uint256 seed) external drawing(seed) {
        for (uint256 i; i < TRADERS; ++i) {
            _liquidate(_anyone(), who[i], true);
            _liquidate(_anyone(), who[i], false);
        }
    }

    function provide(uint256 seed) external drawing(seed) {
        (address provider, uint256 assets) = (_provider(), _amount(5_000e6));
        uint256 liquidity = custody.liquidity();
        bytes memory data = abi.encodeCall(Router.provide, (assets));
        if (!_act(provider, address(router), data, address(0), false)) return;
        _law(custody.liquidity() == liquidity + assets, "LPS-1 liquidity grows by what was provided");
    }

    function move(uint256 seed) external drawing(seed) {
        _push(_moved(feed.price(), USUAL_PRICE));
    }

    /// @dev Moves the price to where a position is liquidated, or one unit of its equity to either side.
    function moveToMaintenance(uint256 seed) external drawing(seed) {
        (address owner, bool isLong) = _position();
        Position memory held = book.position(owner, isLong);
        if (held.notional == 0) return _push(_moved(feed.price(), USUAL_PRICE));
        int256 wanted = int256(_maintenance(held)) - int256(uint256(held.margin)) + int256(_draw(5)) - 2;
        int256 change = wanted * int256(uint256(held.entryPrice)) / int256(uint256(held.notional));
        _push(_positive(int256(uint256(held.entryPrice)) + (isLong ? change : -change)));
    }

    function wait(uint256 seed) external drawing(seed) {
        vm.warp(vm.getBlockTimestamp() + [uint256(1), 600, 3_600, 3_601][_draw(4)]);
    }

    /// @dev ACC-1: custody, book and price obey nobody but who they belong to.
    function intrude(uint256 seed) external drawing(seed) {
        (address caller, address owner, bool isLong) = (_anyone(), _trader(), _coin());
        uint256 drawn = _draw(8);
        address target = drawn < 5 ? address(custody) : drawn < 7 ? address(book) : address(feed);
        bytes memory data = drawn == 0
            ? abi.encodeCall(Custody.pay, (caller, 1))
            : drawn == 1
                ? abi.encodeCall(Custody.take, (owner, 1))
                : drawn == 2
                    ? abi.encodeCall(Custody.settle, (1))
                    : drawn == 3
                        ? abi.encodeCall(Custody.release, (0))
                        : drawn == 4
                            ? abi.encodeCall(Custody.reserve, (0))
                            : drawn == 5
                                ? abi.encodeCall(PositionBook.remove, (owner, isLong))
                                : drawn == 6
                                    ? abi.encodeCall(PositionBook.addMargin, (owner, isLong, 0))
                                    : abi.encodeCall(PushedPrice.push, (USUAL_PRICE));
        _law(!_act(caller, target, data, address(0), false), "ACC-1 only the router and the keeper");
    }

    // ------------------------------------------------------------------------------------------ with what must come of it

    function _open(address trader, bool isLong, uint256 notional, uint256 margin) private {
        uint256 fee = _up(notional * FEE_PPM, PPM);
        uint256 least = _leastMargin(notional);
        (uint256 balance, uint256 liquidity) = (token.balanceOf(trader), custody.liquidity());
        bool isDue = book.position(trader, isLong).notional == 0 && _isFresh() && margin >= least;
        isDue = isDue && notional >= 10e6 && notional <= liquidity - custody.reserved() && margin <= balance;
        bytes memory data = abi.encodeCall(Router.open, (isLong, notional, margin));
        bool success = _act(trader, address(router), data, trader, isLong);
        _law(success == isDue, "MAR-1 a position opens when it has its margin");
        if (!success) return;
        _law(balance - token.balanceOf(trader) == margin, "ISO-5 the trader pays the margin");
        _law(custody.liquidity() == liquidity + fee, "FEE-1 the fee is the liquidity's");
        _isOrdered(book.position(trader, isLong), isLong, notional, margin - fee);
    }

    /// @dev VAL-1: the price is worse for the trader by the spread.
    function _isOrdered(Position memory held, bool isLong, uint256 notional, uint256 margin) private {
        uint256 spread = feed.price() * 3_000 / PPM;
        uint256 entry = isLong ? feed.price() + spread : feed.price() - spread;
        bool isSame = held.notional == notional && held.margin == margin && held.entryPrice == entry;
        _law(isSame, "VAL-1 a position is what was ordered");
    }

    /// @dev EXI-1: only the owner closes, and always can while equity is left; is paid the equity less the fee.
    function _close(address caller, address owner, bool isLong) private {
        Position memory held = book.position(owner, isLong);
        int256 equity = held.notional == 0 ? int256(0) : _equity(held, isLong);
        uint256 balance = token.balanceOf(owner);
        bool isDue = held.notional > 0 && _isFresh() && caller == owner && equity >= 0;
        bytes memory data = abi.encodeCall(Router.close, (owner, isLong));
        bool success = _act(caller, address(router), data, owner, isLong);
        _law(success == isDue, "EXI-1 the owner can close");
        if (!success) return;
        uint256 payout = _positive(equity - int256(_up(uint256(held.notional) * FEE_PPM, PPM)));
        _law(token.balanceOf(owner) - balance == payout, "VAL-2 a close pays the equity less the fee");
        _law(book.position(owner, isLong).notional == 0, "EXI-1 closed is gone");
    }

    /// @dev LIQ-1 and LIQ-3.
    function _liquidate(address caller, address owner, bool isLong) private {
        Position memory held = book.position(owner, isLong);
        int256 equity = held.notional == 0 ? int256(0) : _equity(held, isLong);
        uint256[2] memory balances = [token.balanceOf(owner), token.balanceOf(caller)];
        bool isDue = held.notional > 0 && _isFresh() && equity < int256(_maintenance(held));
        bytes memory data = abi.encodeCall(Router.liquidate, (owner, isLong));
        bool success = _act(caller, address(router), data, owner, isLong);
        _law(success == isDue, "LIQ-1 below maintenance, and only then");
        if (!success) return;
        _law(book.position(owner, isLong).notional == 0, "LIQ-3 liquidated is gone");
        uint256 left = _positive(equity);
        uint256 reward = _min(uint256(held.notional) * REWARD_PPM / PPM, left);
        _isPaid(caller, balances[1], caller == owner ? left : reward);
        if (caller != owner) _isPaid(owner, balances[0], left - reward);
    }

    /// @dev LIQ-4 and LIQ-5: the liquidator gets the reward, the owner what is left.
    function _isPaid(address account, uint256 before, uint256 due) private {
        _law(token.balanceOf(account) - before == due, "LIQ-4 reward, and what is left");
    }

    function _push(uint256 price) private {
        feed.push(_within(price, 1e15, 1e24));
    }

    function _act(address caller, address target, bytes memory data, address owner, bool isLong)
        private
        returns (bool success)
    {
        bytes memory answer;
        (success, answer) = _send(caller, target, data);
        if (success) _books(owner, isLong);
        else _refusalIsNamed(answer);
    }

    /// @dev ISO-1, CUS-1, CUS-2, CUS-3, RES-1: only the named position changed, and every sum is right.
    function _books(address owner, bool isLong) private {
        (uint256 margins, uint256 longs, uint256 shorts) = (0, 0, 0);
        uint256 held = token.balanceOf(address(custody));
        for (uint256 i; i < ACCOUNTS; ++i) {
            held += token.balanceOf(who[i]);
            if (i >= TRADERS) continue;
            (uint256 margin, uint256 notional) = _look(who[i], true, who[i] == owner && isLong);
            (margins, longs) = (margins + margin, longs + notional);
            (margin, notional) = _look(who[i], false, who[i] == owner && !isLong);
            (margins, shorts) = (margins + margin, shorts + notional);
        }
        _law(held == ACCOUNTS * FUNDS, "CUS-2 no token is lost");
        (uint256 liquidity, uint256 reserved) = (custody.liquidity(), custody.reserved());
        _law(token.balanceOf(address(custody)) == liquidity + margins, "CUS-1 margins and liquidity are there");
        bool isSum = book.openInterest(true) == longs && book.openInterest(false) == shorts;
        _law(isSum, "CUS-3 open interest is the sum of positions");
        _law(reserved == longs + shorts && reserved <= liquidity, "RES-1 what may be earned is reserved");
    }

    function _look(address owner, bool isLong, bool mayChange) private returns (uint256 margin, uint256 notional) {
        Position memory held = book.position(owner, isLong);
        bytes32 hash = keccak256(abi.encode(held));
        if (hash != _seen[owner][isLong]) {
            _law(mayChange || _seen[owner][isLong] == 0, "ISO-1 no other position changes");
            _seen[owner][isLong] = hash;
        }
        return (held.margin, held.notional);
    }

    // ------------------------------------------------------------------------------------------ values

    /// @dev Draws a position; one that is open, if the first few drawn are.
    function _position() private returns (address owner, bool isLong) {
        for (uint256 i; i < 4; ++i) {
            (owner, isLong) = (_trader(), _coin());
            if (book.position(owner, isLong).notional > 0) break;
        }
    }

    function _isFresh() private view returns (bool) {
        return vm.getBlockTimestamp() <= feed.pushedAt() + 1 hours;
    }

    function _leastMargin(uint256 notional) private pure returns (uint256) {
        return _up(notional * 106_000, PPM) + _up(notional * FEE_PPM, PPM);
    }

    function _maintenance(Position memory held) private pure returns (uint256) {
        return _up(uint256(held.notional) * MAINTENANCE_PPM, PPM);
    }

    /// @dev Returns margin and profit, which is at most the notional.
    function _equity(Position memory held, bool isLong) private view returns (int256) {
        (int256 notional, int256 entry) = (int256(uint256(held.notional)), int256(uint256(held.entryPrice)));
        int256 change = int256(uint256(feed.price())) - entry;
        int256 pnl = _floor(notional * (isLong ? change : -change), entry);
        return int256(uint256(held.margin)) + (pnl > notional ? notional : pnl);
    }

    function _isSame(Position memory first, Position memory second) private pure returns (bool) {
        return keccak256(abi.encode(first)) == keccak256(abi.encode(second));
    }
}
