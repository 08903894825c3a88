// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Example} from "../Example.sol";
import {vm} from "../Vm.sol";
import {IDollar, IMarket, IPriceFeed, Position} from "./IMarket.sol";

/// @title Books
/// @notice What holds after every action on the market: sums, funding, the price of the block, and isolation.
abstract contract Books is Example {
    uint256 internal constant USUAL_PRICE = 2_000e8;
    uint256 internal constant FUNDS = 1_000_000e6;
    uint256 internal constant DISCOUNT_VOLUME = 1_500_000e6; // which halves the fee
    uint256 internal constant MAX_COST = 200_000e6;
    uint256 internal constant INSURANCE_TARGET = 8_000e6;
    uint256 internal constant MIN_COST = 10e6;
    uint256 internal constant VALUE_SCALE = 1e20;
    int256 private constant RATE = 12e11; // of the price for each second, WAD

    struct Funding {
        int256 long;
        int256 short;
        uint256 at;
    }

    struct Sums {
        uint256 margins;
        uint256 costs;
        int256 longs;
        int256 shorts;
    }

    IDollar internal token;
    IPriceFeed internal feed;
    IMarket internal market;

    uint256[] internal ids; // of open positions
    mapping(uint256 id => bytes32 hash) private _seen; // positions after the last action

    /// @dev Has `caller` call the market; the position `id` alone may change. A trade accrues and locks a price.
    function _act(address caller, bytes memory data, uint256 id, bool isTrade) internal returns (bool success) {
        Funding memory due = isTrade ? _accrued() : _funding();
        uint256 price = isTrade ? _price() : market.locked_price();
        uint256 at = isTrade ? vm.getBlockTimestamp() : market.locked_at();
        bytes memory answer;
        (success, answer) = _send(caller, address(market), data);
        if (!success) {
            _refusalIsNamed(answer);
            return false;
        }
        Funding memory then = _funding();
        _law(then.long == due.long && then.short == due.short && then.at == due.at, "FUN-2 funding is accrued first");
        _law(market.locked_price() == price && market.locked_at() == at, "LOC-1 one price in a block");
        _law(!isTrade || price > 0, "LOC-1 no trade at a price that is too old");
        _books(id);
    }

    /// @dev ISO-1, CUS-1, CUS-2, CUS-3, FUN-1.
    function _books(uint256 named) internal {
        if (named != 0 && _seen[named] == 0) ids.push(named);
        Sums memory sums;
        for (uint256 i; i < ids.length;) {
            uint256 id = ids[i];
            Position memory held = market.positions(id);
            bytes32 hash = keccak256(abi.encode(held));
            if (hash != _seen[id]) {
                _law(id == named, "ISO-1 no other position changes");
                _seen[id] = hash;
            }
            sums.margins += held.margin;
            sums.costs += held.cost;
            if (held.size > 0) sums.longs += held.size;
            else sums.shorts -= held.size;
            if (held.size == 0) {
                ids[i] = ids[ids.length - 1];
                ids.pop();
            } else {
                ++i;
            }
        }
        _areRight(sums);
    }

    function _areRight(Sums memory sums) private {
        (uint256 liquidity, uint256 reserved) = (market.liquidity(), market.reserved());
        uint256 kept = token.balanceOf(address(market));
        _law(kept == liquidity + market.insurance() + sums.margins, "CUS-1 margins, liquidity, insurance are there");
        uint256 all = kept + token.balanceOf(address(this));
        for (uint256 i; i < ACCOUNTS; ++i) {
            all += token.balanceOf(who[i]);
        }
        _law(all == (ACCOUNTS + 1) * FUNDS, "CUS-2 no token is lost");
        bool isSum = market.long_size() == sums.longs && market.short_size() == sums.shorts;
        _law(isSum, "CUS-3 open interest is the sum of positions");
        _law(market.insurance() <= INSURANCE_TARGET, "INS-2 insurance has its target at most");
        _law(reserved == sums.costs && reserved <= liquidity, "FUN-1 what may be earned is reserved");
    }

    // ------------------------------------------------------------------------------------------ values

    /// @dev Draws the id of an open position; seldom of another.
    function _id() internal returns (uint256) {
        if (ids.length == 0 || _draw(20) == 0) return 1 + _draw(market.next_id());
        return ids[_draw(ids.length)];
    }

    /// @dev Returns the price that a trade would use; 0 where it is too old.
    function _price() internal view returns (uint256) {
        if (market.locked_at() == vm.getBlockTimestamp()) return market.locked_price();
        return vm.getBlockTimestamp() <= feed.pushed_at() + 1 hours ? feed.price() : 0;
    }

    function _funding() private view returns (Funding memory) {
        return Funding(market.long_index(), market.short_index(), market.accrued_at());
    }

    /// @dev Returns the indices up to now: the larger side pays by the skew, both rounded against the trader.
    function _accrued() internal view returns (Funding memory due) {
        due = _funding();
        int256 elapsed = int256(vm.getBlockTimestamp() - due.at);
        (int256 longs, int256 shorts) = (market.long_size(), market.short_size());
        due.at = vm.getBlockTimestamp();
        if (longs + shorts == 0) return due;
        int256 paid = int256(_price()) * 1e10 * RATE * elapsed * (longs - shorts);
        int256 scale = int256(WAD) * (longs + shorts);
        due.long -= _floor(-paid, scale);
        due.short -= _floor(paid, scale);
    }

    function _magnitude(int256 size) internal pure returns (uint256) {
        return uint256(size < 0 ? -size : size);
    }

    /// @dev Returns what a size is worth, rounded up.
    function _value(int256 size, uint256 price) internal pure returns (uint256) {
        return _up(_magnitude(size) * price, VALUE_SCALE);
    }

    /// @dev Returns what it costs to trade a value, by what the account has opened before.
    function _fee(uint256 volume, uint256 value) internal pure returns (uint256) {
        return _up(value * (volume >= DISCOUNT_VOLUME ? 500 : 1_000), PPM);
    }

    /// @dev Returns margin and what is earned, at most the cost, less the funding owed up to now.
    function _equity(Position memory held) internal view returns (int256) {
        (Funding memory due, uint256 price, int256 cost) = (_accrued(), _price(), int256(held.cost));
        int256 index = held.size > 0 ? due.long : due.short;
        int256 owed = -_floor(held.entry - int256(_magnitude(held.size)) * index, 1e30);
        int256 earned = held.size > 0
            ? int256(_magnitude(held.size) * price / VALUE_SCALE) - cost
            : cost - int256(_value(held.size, price));
        int256 gain = earned - owed;
        return int256(held.margin) + (gain > cost ? cost : gain);
    }
}
