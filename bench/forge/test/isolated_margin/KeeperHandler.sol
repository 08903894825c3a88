// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IIsolatedMarginVault} from "vault/interfaces/IIsolatedMarginVault.sol";
import {Deleverage, Ledger, Liquidation, Position} from "vault/interfaces/VaultTypes.sol";
import {TradingHandler} from "./TradingHandler.sol";
import {vm} from "../Vm.sol";

/// @title KeeperHandler
/// @notice Prices that move, time that passes, and whoever acts on it: at the very prices where something changes.
abstract contract KeeperHandler is TradingHandler {
    uint256 private constant ROUNDINGS = 64; // assets that a liquidation may leave above its target
    uint256 private constant LONGEST_WAIT = 4_294_967; // seconds: a thousand of them are a vault's life

    function liquidate(uint256 seed) external drawing(seed) {
        _liquidate(_keeper(), _loser());
    }

    function deleverage(uint256 seed) external drawing(seed) {
        _deleverage(_keeper(), _winner());
    }

    function fundInsurance(uint256 seed) external drawing(seed) {
        _fund(_anyone(), _amount(_uninsured(_loser())));
    }

    // ------------------------------------------------------------------------------------------ the world

    function moveToLevel(uint256 seed) external drawing(seed) {
        _move(_levelAnswer(_pressed()));
    }

    function moveToTrigger(uint256 seed) external drawing(seed) {
        _move(_triggerAnswer());
    }

    function move(uint256 seed) external drawing(seed) {
        _moveALittle();
    }

    function moveAnywhere(uint256 seed) external drawing(seed) {
        _move(_answerNow() * int256(PPM / 2 + _draw(3 * PPM / 2)) / int256(PPM));
    }

    function jump(uint256 seed) external drawing(seed) {
        _jump();
    }

    function returnHome(uint256 seed) external drawing(seed) {
        _move(setup.answer * [int256(1000), 999, 1001][_draw(3)] / 1000);
    }

    function answerAtTheEdge(uint256 seed) external drawing(seed) {
        int256 highest = _toAnswer(MAX_PRICE);
        _move([int256(0), 1, -1, highest, highest + 1, type(int256).min, type(int256).max][_draw(7)]);
    }

    function age(uint256 seed) external drawing(seed) {
        uint256 drawn = _draw(5);
        uint256 time = vm.getBlockTimestamp();
        uint256 oldest = setup.parameters.maxPriceAge;
        uint256 updatedAt =
            drawn == 0 ? _less(time, oldest) : drawn == 1 ? _less(time, oldest + 1) : drawn == 2 ? time + 1 : 0;
        if (!feed.isBroken()) feed.set(_answer(), drawn == 4 ? time : updatedAt);
    }

    function letTimePass(uint256 seed) external drawing(seed) {
        _wait([uint256(1), 12, 1 hours, 1 days, 30 days][_draw(5)]);
        if (!feed.isBroken()) feed.set(_answer(), vm.getBlockTimestamp());
    }

    function fallSilent(uint256 seed) external drawing(seed) {
        uint256 oldest = setup.parameters.maxPriceAge;
        _wait(_min([oldest, oldest + 1, 1, 12][_draw(4)], LONGEST_WAIT));
    }

    function breakFeed(uint256 seed) external drawing(seed) {
        feed.setBroken(_draw(2) == 0);
    }

    // ------------------------------------------------------------------------------------------ steps that belong together

    function squeeze(uint256 seed) external drawing(seed) {
        uint256 id = _pressed();
        _move(_levelAnswer(id));
        _liquidate(_keeper(), id);
    }

    function flee(uint256 seed) external drawing(seed) {
        uint256 id = _pressed();
        _move(_levelAnswer(id));
        _decrease(vault.position(id).owner, id, _part(_magnitude(vault.position(id).size)));
    }

    function insure(uint256 seed) external drawing(seed) {
        _jump();
        uint256 id = _loser();
        _fund(who[OWNER], _offByOne(_uninsured(id)));
        _liquidate(_keeper(), id);
    }

    function squeezeThePool(uint256 seed) external drawing(seed) {
        _move(_triggerAnswer());
        _deleverage(_keeper(), _winner());
    }

    function takeMargin(uint256 seed) external drawing(seed) {
        _moveALittle();
        uint256 id = _position();
        _remove(vault.position(id).owner, id, _share(vault.position(id).margin));
    }

    function leave(uint256 seed) external drawing(seed) {
        _jump();
        uint256 id = _position();
        address owner = vault.position(id).owner;
        _close(owner, id);
        if (_draw(2) == 0 || owner == address(0)) return;
        token.mint(address(pool), 1);
        ++supply;
        _collect(owner, owner);
    }

    function reduceTooLate(uint256 seed) external drawing(seed) {
        _jump();
        uint256 id = _loser();
        _decrease(vault.position(id).owner, id, _share(_magnitude(vault.position(id).size)));
    }

    function ruin(uint256 seed) external drawing(seed) {
        _jump();
        _liquidate(_keeper(), _loser());
    }

    function squeezeOut(uint256 seed) external drawing(seed) {
        address owner = _trader();
        bool isLong = _draw(2) == 0;
        uint256 id = vault.ledger().nextId;
        uint256 margin = _marginNeeded(0, isLong, _smallest());
        _openSigned(owner, _signed(isLong, _smallest()), margin, isLong ? type(uint256).max : 0);
        _move(_levelAnswer(id));
        _liquidate(_keeper(), id);
        if (_draw(2) == 0) _claim(owner, owner);
    }

    function liquidateLate(uint256 seed) external drawing(seed) {
        uint256 id = _pressed();
        _move(_levelAnswer(id));
        _wait(_min(setup.parameters.maxPriceAge + _draw(2), LONGEST_WAIT));
        _liquidate(_keeper(), id);
    }

    /// @dev LIQ-1: an owner that can't receive tokens is liquidated all the same.
    function liquidateBlacklisted(uint256 seed) external drawing(seed) {
        _jump();
        uint256 id = _loser();
        address owner = vault.position(id).owner;
        if (owner == address(0)) return;
        token.blacklist(owner, true);
        _liquidate(who[LIQUIDATOR], id);
        token.blacklist(owner, false);
    }

    /// @dev LIQ-2: liquidatable at the liquidation price, safe one unit of the feed better.
    function lookAtLiquidationPrice(uint256 seed) external drawing(seed) {
        uint256 id = _position();
        if (!_isLive(id) || !_hasPrice()) return;
        int256 kept = _answer();
        uint256 priceWad = lens.liquidationPrice(vault, id);
        int256 better = vault.position(id).size > 0 ? int256(1) : int256(-1);
        int256 boundary = _toAnswer(priceWad);
        bool isExact = priceWad > 0 && _toPrice(boundary) == priceWad;
        if (isExact) {
            feed.set(boundary, vm.getBlockTimestamp());
            _law(_isLiquidatable(id), "LIQ-2");
            if (boundary + better > 0 && _toPrice(boundary + better) > 0) {
                feed.set(boundary + better, vm.getBlockTimestamp());
                _law(!_isLiquidatable(id), "LIQ-2");
            }
        }
        feed.set(kept, vm.getBlockTimestamp());
    }

    // ------------------------------------------------------------------------------------------ actions

    struct Eve {
        Position position;
        uint256 liquidatable; // others, a bit each
        uint256[] possessions;
        uint256 insurance;
        uint256 wallet; // the keeper's
    }

    /// @dev Returns what laws about a keeper's action compare with.
    function _eve(address keeper, uint256 id, bool isDue) private view returns (Eve memory eve) {
        eve.position = vault.position(id);
        eve.liquidatable = isDue ? _liquidatable(id) : 0;
        eve.possessions = _possessions();
        eve.insurance = vault.ledger().insurance;
        eve.wallet = token.balanceOf(keeper);
    }

    /// @dev LIQ-1 to LIQ-6, ISO-3 and ISO-4.
    function _liquidate(address keeper, uint256 id) internal {
        bool isDue = _isLive(id) && _hasPrice() && _isLiquidatable(id);
        Eve memory eve = _eve(keeper, id, isDue);
        bytes memory data = abi.encodeCall(IIsolatedMarginVault.liquidate, (id));
        (bool success, bytes memory answer) = _act(keeper, address(vault), id, data);
        _law(success == isDue, "LIQ-1");
        if (!success) return;
        _othersAreLeftAlone(id, eve);
        int256 insured = int256(vault.ledger().insurance) - int256(eve.insurance);
        int256 rewarded = int256(token.balanceOf(keeper)) - int256(eve.wallet);
        _feesAddUp(abi.decode(answer, (Liquidation)), eve.position, insured, rewarded);
        if (_isLive(id)) _isBackAtTarget(id);
    }

    /// @dev ISO-3, ISO-4.
    function _othersAreLeftAlone(uint256 id, Eve memory eve) private {
        _nothingIsTaken(eve.possessions);
        _law(_liquidatable(id) & ~eve.liquidatable == 0, "ISO-4");
    }

    /// @dev LIQ-3, LIQ-4, LIQ-6.
    function _isBackAtTarget(uint256 id) private {
        (int256 equity, int256 target) = (lens.equity(vault, id), int256(_target(id)));
        _law(equity >= target, "LIQ-3");
        _law(equity <= target + int256(ROUNDINGS + _price() / scale), "LIQ-4");
        _law(!_isLiquidatable(id), "LIQ-6");
    }

    /// @dev ADL-1, ISO-3 and ISO-4.
    function _deleverage(address keeper, uint256 id) internal {
        uint256 most = _isLive(id) && _hasPrice() && lens.pnl(vault, id) > 0 ? _mostClosed(id) : 0;
        Eve memory eve = _eve(keeper, id, most > 0);
        bytes memory data = abi.encodeCall(IIsolatedMarginVault.deleverage, (id));
        (bool success, bytes memory answer) = _act(keeper, address(vault), id, data);
        if (!success) return;
        _othersAreLeftAlone(id, eve);
        _law(abi.decode(answer, (Deleverage)).fill.sizeClosed <= most, "ADL-1");
    }

    /// @dev Returns the largest size that deleveraging may take off a position, roundings included; 0 unless its side is due.
    function _mostClosed(uint256 id) private view returns (uint256) {
        uint256 size = _magnitude(vault.position(id).size);
        bool isLong = vault.position(id).size > 0;
        uint256 side = isLong ? vault.ledger().longSize : vault.ledger().shortSize;
        uint256 worth = _notNegative(lens.fairValue(vault));
        (uint40 roundAt, uint64 cutWad, ) = vault.rounds(isLong);
        bool isDue = worth * PPM < setup.parameters.adlTriggerPpm * _notional(side) + ROUNDINGS * PPM;
        if (!isDue && roundAt != block.timestamp) return 0;
        uint256 kept = _less(worth, ROUNDINGS) * PPM * scale / (setup.parameters.adlTargetPpm * _price());
        uint256 excess = _less(side, kept);
        uint256 cut = _up(excess * 1e18, side);
        if (block.timestamp - roundAt < 30 && cutWad > cut) cut = cutWad;
        uint256 part = _min(_up(size * cut, 1e18), excess);
        return part >= size || _notional(size - part) < setup.parameters.minNotional ? size : part;
    }

    function _fund(address account, uint256 assets) internal {
        _act(account, address(vault), 0, abi.encodeCall(IIsolatedMarginVault.fundInsurance, (assets)));
    }

    /// @dev Returns what insurance lacks for a position's deficit; where it lacks nothing, the smallest notional.
    function _uninsured(uint256 id) private view returns (uint256) {
        int256 equity = _isLive(id) && _hasPrice() ? lens.equity(vault, id) : int256(0);
        uint256 missing = equity < 0 ? _less(uint256(-equity), vault.ledger().insurance) : 0;
        return missing > 0 ? missing : setup.parameters.minNotional;
    }

    // ------------------------------------------------------------------------------------------ prices and time

    function _pressed() internal returns (uint256) {
        uint256[] memory ids = _liveIds();
        if (ids.length == 0) return vault.ledger().nextId;
        uint256 drawn = _draw(4);
        if (drawn == 0) return ids[ids.length - 1];
        return drawn == 1 ? _worst(ids) : _largest(ids, drawn == 2);
    }

    function _move(int256 answer) internal {
        if (feed.isBroken()) feed.setBroken(false);
        feed.set(answer, vm.getBlockTimestamp());
        if (pool.totalSupply() > 0) _poolIsPricedFairly();
    }

    function _answerNow() internal view returns (int256) {
        return _toAnswer(_price());
    }

    function _moveALittle() internal {
        _move(_answerNow() * [int256(99), 101, 95, 105, 80, 125][_draw(6)] / 100);
    }

    function _jump() internal {
        _move(setup.answer * [int256(5), 20, 2, 50, 100][_draw(5)] / 10);
    }

    function _wait(uint256 time) internal {
        vm.warp(vm.getBlockTimestamp() + time);
        vm.roll(vm.getBlockNumber() + 1);
    }
}
