// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Ledger, Permission, Position, Tier} from "vault/interfaces/VaultTypes.sol";
import {Stage} from "./Stage.sol";
import {vm} from "../Vm.sol";

/// @title Points
/// @notice Where the vault's rules change their answer: positions, sizes, margins and prices to draw from.
abstract contract Points is Stage {
    enum Level {
        LIQUIDATION,
        BANKRUPTCY,
        MARGIN_CALL
    }

    // ------------------------------------------------------------------------------------------ price

    function _answer() internal view returns (int256 answer) {
        if (feed.isBroken()) return setup.answer;
        (, answer,,,) = feed.latestRoundData();
    }

    /// @dev Returns the price in WAD that the last answer means; the first one's for an answer that means none.
    function _price() internal view returns (uint256) {
        uint256 priceWad = _toPrice(_answer());
        return priceWad == 0 ? _toPrice(setup.answer) : priceWad;
    }

    function _toPrice(int256 answer) internal view returns (uint256) {
        if (answer <= 0 || uint256(answer) > MAX_PRICE * 10 ** setup.feedDecimals / WAD) return 0;
        return uint256(answer) * WAD / 10 ** setup.feedDecimals;
    }

    function _toAnswer(uint256 priceWad) internal view returns (int256) {
        return int256(priceWad * 10 ** setup.feedDecimals / WAD);
    }

    /// @dev Returns whether an action that reads the price gets one.
    function _hasPrice() internal view returns (bool) {
        if (feed.isBroken()) return false;
        (, int256 answer,, uint256 updatedAt,) = feed.latestRoundData();
        if (_toPrice(answer) == 0 || updatedAt == 0 || updatedAt > vm.getBlockTimestamp()) return false;
        return vm.getBlockTimestamp() - updatedAt <= setup.parameters.maxPriceAge;
    }

    // ------------------------------------------------------------------------------------------ positions

    function _isLive(uint256 id) internal view returns (bool) {
        return vault.position(id).owner != address(0);
    }

    function _liveIds() internal view returns (uint256[] memory ids) {
        uint256 next = vault.ledger().nextId;
        uint256[] memory all = new uint256[](next);
        uint256 count;
        for (uint256 id = 1; id < next; ++id) {
            if (_isLive(id)) all[count++] = id;
        }
        ids = new uint256[](count);
        for (uint256 i; i < count; ++i) {
            ids[i] = all[i];
        }
    }

    /// @dev Returns a position: the newest, the worst or the best three times as often as the others; sometimes none.
    function _position() internal returns (uint256) {
        uint256 drawn = _draw(14);
        uint256[] memory ids = _liveIds();
        if (drawn == 13) return type(uint256).max;
        if (drawn == 12 || ids.length == 0) return vault.ledger().nextId;
        if (drawn < 3) return ids[ids.length - 1];
        if (drawn < 6) return _worst(ids);
        if (drawn < 9) return _best(ids);
        return drawn == 9 ? ids[0] : _largest(ids, drawn == 10);
    }

    function _loser() internal returns (uint256) {
        uint256 drawn = _draw(8);
        uint256[] memory ids = _liveIds();
        if (drawn == 7 || ids.length == 0) return vault.ledger().nextId;
        return drawn < 5 ? _worst(ids) : drawn == 5 ? _largest(ids, true) : ids[ids.length - 1];
    }

    function _winner() internal returns (uint256) {
        uint256 drawn = _draw(9);
        uint256[] memory ids = _liveIds();
        if (drawn == 8 || ids.length == 0) return vault.ledger().nextId;
        if (drawn < 5) return _best(ids);
        return drawn == 5 ? _largest(ids, true) : drawn == 6 ? ids[ids.length - 1] : _worst(ids);
    }

    function _worst(uint256[] memory ids) internal view returns (uint256 worst) {
        int256 least = type(int256).max;
        uint256 priceWad = _price();
        for (uint256 i; i < ids.length; ++i) {
            Position memory each = vault.position(ids[i]);
            uint256 notional = _up(_magnitude(each.size) * priceWad, scale);
            int256 slack = int256(uint256(each.margin)) + _profit(each, priceWad);
            slack -= int256(_requirement(notional, false));
            if (slack < least) (least, worst) = (slack, ids[i]);
        }
    }

    function _best(uint256[] memory ids) internal view returns (uint256 best) {
        int256 most = type(int256).min;
        uint256 priceWad = _price();
        for (uint256 i; i < ids.length; ++i) {
            int256 profit = _profit(vault.position(ids[i]), priceWad);
            if (profit > most) (most, best) = (profit, ids[i]);
        }
    }

    /// @dev Returns about what a position has won, carry apart: good enough to choose by, and ten times faster than the lens.
    function _profit(Position memory live, uint256 priceWad) private view returns (int256) {
        return int256(live.size) * int256(priceWad) / int256(scale) + live.quote;
    }

    function _largest(uint256[] memory ids, bool isWanted) internal view returns (uint256 found) {
        found = ids[0];
        for (uint256 i = 1; i < ids.length; ++i) {
            bool isLarger = _magnitude(vault.position(ids[i]).size) > _magnitude(vault.position(found).size);
            if (isLarger == isWanted) found = ids[i];
        }
    }

    /// @dev Returns who acts on a position: mostly its owner, else an operator or a stranger.
    function _caller(uint256 id) internal returns (address) {
        uint256 drawn = _draw(10);
        address owner = vault.position(id).owner;
        if (drawn == 9 || owner == address(0)) return who[STRANGER];
        return drawn < 7 ? owner : who[OPERATOR];
    }

    /// @dev Of an operator the permission's bit is asked: 1 to decrease, 2 to increase, 4 to remove margin.
    function _isAllowed(address caller, uint256 id, uint8 bit) internal view returns (bool) {
        address owner = vault.position(id).owner;
        Permission memory given = vault.operators(owner, caller);
        return caller == owner || (given.permissions & bit != 0 && vm.getBlockTimestamp() <= given.expiry);
    }

    // ------------------------------------------------------------------------------------------ sizes

    function _magnitude(int256 size) internal pure returns (uint256) {
        return size < 0 ? uint256(-size) : uint256(size);
    }

    function _sizeWorth(uint256 assets) internal view returns (uint256) {
        return _min(assets * scale / _price(), 2 * MAX_SIZE);
    }

    function _smallest() internal view returns (uint256) {
        return _sizeWorth(setup.parameters.minNotional - 1) + 1;
    }

    function _floorOf(uint256 tier) internal view returns (uint256) {
        Tier[] storage tiers = setup.parameters.tiers;
        return _sizeWorth(tier < tiers.length ? tiers[tier].notionalFloor : 2 * setup.parameters.minNotional);
    }

    function _openInterestLeft(bool isLong) internal view returns (uint256) {
        Ledger memory ledger = vault.ledger();
        return _less(setup.parameters.maxOpenInterest, isLong ? ledger.longSize : ledger.shortSize);
    }

    function _liquidityLeft(bool isLong) internal view returns (uint256) {
        Ledger memory ledger = vault.ledger();
        uint256 free = _less(token.balanceOf(address(pool)), ledger.totalOwed);
        uint256 backed = _sizeWorth(free * setup.parameters.reservePpm / PPM);
        return _less(backed, isLong ? ledger.longSize : ledger.shortSize);
    }

    function _room(bool isLong) internal view returns (uint256) {
        uint256 left = _min(_min(_openInterestLeft(isLong), _liquidityLeft(isLong)), _sizeWorth(setup.tokens / 4));
        return left > 10 * _smallest() ? left : 10 * _smallest();
    }

    /// @dev Returns a size to trade on a side where `held` is held already: up to a limit, or a little beyond.
    function _wholeSize(bool isLong, uint256 held) internal returns (uint256) {
        uint256 drawn = _draw(21);
        if (drawn < 3) return _less(_smallest(), held) * [uint256(1), 2, 10][drawn];
        if (drawn < 7) return _room(isLong) / 10;
        if (drawn < 11) return _room(isLong) / 3;
        if (drawn == 11) return _room(isLong);
        if (drawn == 12) return _liquidityLeft(isLong);
        if (drawn == 13) return _openInterestLeft(isLong);
        uint256 left = _less(_floorOf(drawn < 18 ? 1 : 2), held);
        if (drawn == 14 || drawn == 18) return left;
        return drawn == 15 || drawn == 19 ? left + 1 : left * 5 / 4;
    }

    /// @dev Returns a size just outside a limit.
    function _refusedSize(bool isLong, uint256 held) internal returns (uint256) {
        uint256 drawn = _draw(7);
        if (drawn == 0) return _less(_less(_smallest(), held), 1);
        if (drawn == 1) return _liquidityLeft(isLong) + 1;
        if (drawn == 2) return _openInterestLeft(isLong) + 1;
        if (drawn == 3) return MAX_SIZE;
        if (drawn == 4) return MAX_SIZE + 1;
        return drawn == 5 ? 0 : 2 ** 255 - 1;
    }

    /// @dev Returns a size to take off a position of size `held`.
    function _part(uint256 held) internal returns (uint256) {
        uint256 drawn = _draw(10);
        if (drawn < 2) return held / 2;
        if (drawn == 2) return held / 10;
        if (drawn == 3) return 1;
        if (drawn == 4) return held;
        if (drawn == 5) return held + 1;
        if (drawn == 6) return 0;
        if (drawn == 7) return 2 ** 255;
        return _less(held, _smallest()) + (drawn == 8 ? 0 : 1);
    }

    // ------------------------------------------------------------------------------------------ margins

    function _notional(uint256 size) internal view returns (uint256) {
        return _up(_min(size, 2 * MAX_SIZE) * _price(), scale);
    }

    function _fee(uint256 size) internal view returns (uint256) {
        return _up(_notional(size) * setup.parameters.tradingFeePpm, PPM);
    }

    function _initialMargin(uint256 notional, uint256 rateBp) internal view returns (uint256) {
        uint256 tiered = _requirement(notional, true);
        uint256 scaled = _up(notional * rateBp, BP);
        return tiered > scaled ? tiered : scaled;
    }

    /// @dev Returns what a side asks for, of the notional, when it has grown by `size`.
    function _rateBp(bool isLong, uint256 size) private view returns (uint256) {
        uint256 cap = setup.parameters.maxOpenInterest;
        return _up((cap - _openInterestLeft(isLong) + size) * setup.parameters.oiScalePpm, cap * (PPM / BP));
    }

    function _requirement(uint256 notional, bool isInitial) private view returns (uint256) {
        Tier[] storage tiers = setup.parameters.tiers;
        (uint256 last, uint256 deduction) = (_rate(tiers[0], isInitial), 0);
        for (uint256 t = 1; t < tiers.length && notional > tiers[t].notionalFloor; ++t) {
            uint256 rate = _rate(tiers[t], isInitial);
            deduction += tiers[t].notionalFloor * (rate - last);
            last = rate;
        }
        return _up(notional * last - deduction, PPM);
    }

    function _rate(Tier storage tier, bool isInitial) private view returns (uint256) {
        return isInitial ? tier.initialRatePpm : tier.maintenanceRatePpm;
    }

    /// @dev Returns the least margin with which a position (0: a new one) may grow by `size`.
    function _marginNeeded(uint256 id, bool isLong, uint256 size) internal view returns (uint256) {
        if (size > MAX_SIZE) return MAX_ASSETS;
        Position memory live = vault.position(id);
        uint256 held = _magnitude(live.size);
        uint256 inexact = mulmod(size, _price(), scale) == 0 ? 0 : 1;
        int256 pnl = live.size != 0 && _hasPrice() ? lens.pnl(vault, id) : int256(0);
        int256 loss = pnl - int256(isLong || live.size != 0 ? inexact : 0);
        uint256 required = _initialMargin(_notional(held + size), _rateBp(isLong, size));
        int256 needed = int256(required + _fee(size)) - int256(uint256(live.margin));
        needed -= loss < 0 ? loss : int256(0);
        return needed < 0 ? 0 : uint256(needed);
    }

    /// @dev Returns a margin to bring: what is needed, more, one too few, or what has nothing to do with it.
    function _margin(address payer, uint256 id, bool isLong, uint256 size) internal returns (uint256) {
        uint256 drawn = _draw(26);
        uint256 needed = _marginNeeded(id, isLong, size);
        if (drawn < 12) return needed;
        if (drawn < 19) return needed * [uint256(5), 5, 6, 6, 8, 12, 40][drawn - 12] / 4;
        if (drawn == 19) return _less(needed, 1);
        uint256 missing = _less(_fee(size), vault.position(id).margin);
        if (drawn == 20) return missing;
        if (drawn == 21) return _less(missing, 1);
        if (drawn == 22) return token.balanceOf(payer) + 1;
        return drawn == 23 ? 0 : drawn == 24 ? MAX_ASSETS : MAX_ASSETS + 1;
    }

    // ------------------------------------------------------------------------------------------ prices

    /// @dev Returns the answer at which the status of a position changes, or one unit to either side.
    function _levelAnswer(uint256 id) internal returns (int256) {
        uint256 drawn = _draw(12);
        if (!_isLive(id) || !_hasPrice()) return _answer();
        uint256 priceWad = drawn < 6 ? lens.liquidationPrice(vault, id) : _levelPrice(id, Level(1 + drawn % 2));
        if (priceWad == 0) return _answer();
        return _toAnswer(priceWad) + (drawn < 3 ? int256(0) : int256(_draw(3)) - 1);
    }

    /// @dev Returns the price at which equity is zero, or about what ends the margin call; 0 where there is none.
    function _levelPrice(uint256 id, Level level) private view returns (uint256) {
        int256 spare = lens.equity(vault, id);
        if (level == Level.MARGIN_CALL) {
            spare -= int256(lens.maintenanceMargin(vault, id) * (PPM + setup.parameters.bufferPpm) / PPM);
        }
        int256 size = vault.position(id).size;
        int256 priceWad = int256(_price()) - spare * int256(scale) / size;
        return priceWad <= 0 || priceWad > int256(MAX_PRICE) ? 0 : uint256(priceWad);
    }

    /// @dev Returns the first answer at which the larger side is due for deleveraging, or one unit to either side.
    function _triggerAnswer() internal returns (int256) {
        if (!_hasPrice()) return _answer();
        Ledger memory ledger = vault.ledger();
        int256 skew = int256(ledger.longSize) - int256(ledger.shortSize);
        uint256 side = skew > 0 ? ledger.longSize : ledger.shortSize;
        int256 slope = skew * int256(PPM) + int256(setup.parameters.adlTriggerPpm * side);
        if (skew == 0 || slope == 0) return _answer();
        int256 worth = lens.fairValue(vault) * int256(scale) + skew * int256(_price());
        int256 priceWad = worth / slope * int256(PPM) + worth % slope * int256(PPM) / slope + (slope > 0 ? int256(1) : -1);
        if (priceWad < 1) priceWad = 1;
        return _toAnswer(_min(uint256(priceWad), MAX_PRICE)) + int256(_draw(3)) - 1;
    }

    // ------------------------------------------------------------------------------------------ arithmetic

    function _min(uint256 a, uint256 b) internal pure returns (uint256) {
        return a < b ? a : b;
    }

    function _less(uint256 a, uint256 b) internal pure returns (uint256) {
        return a < b ? 0 : a - b;
    }

    function _up(uint256 a, uint256 b) internal pure returns (uint256) {
        return (a + b - 1) / b;
    }
}
