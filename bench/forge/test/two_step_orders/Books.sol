// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Exchange} from "examples/two-step-orders/contracts/Exchange.sol";
import {Kind, Order} from "examples/two-step-orders/contracts/Orders.sol";
import {PriceOracle} from "examples/two-step-orders/contracts/PriceOracle.sol";
import {Stablecoin} from "examples/two-step-orders/contracts/Stablecoin.sol";
import {Treasury} from "examples/two-step-orders/contracts/Treasury.sol";
import {Example} from "../Example.sol";
import {vm} from "../Vm.sol";

/// @notice A position, as the exchange has it.
struct Held {
    address owner;
    bool isLong;
    uint256 notional;
    uint256 margin;
    uint256 entry;
    uint256 maxProfit;
    uint256 index;
}

/// @title Books
/// @notice What holds after every action on the exchange: sums, and that only the named position and order changed.
abstract contract Books is Example {
    uint256 internal constant USUAL_PRICE = 2_000e10;
    uint256 internal constant FUNDS = 1_000_000e6;
    uint256 internal constant FEE_PPM = 800;
    uint256 internal constant EXECUTION_FEE = 1e6;
    uint256 private constant BORROW_RATE = 6e9; // WAD a second

    struct Sums {
        uint256 margins;
        uint256 longs;
        uint256 shorts;
        uint256 maxProfits;
        uint256 weight;
        uint256 fees;
        uint256 escrow;
    }

    Stablecoin internal token;
    PriceOracle internal oracle;
    Exchange internal exchange;
    Treasury internal treasury;

    uint256[] private _ids; // of positions and orders that were there after the last action
    mapping(uint256 id => bytes32 hash) private _seen; // them

    /// @dev Has `caller` call the exchange; the position and the order `id` alone may change.
    function _act(address caller, bytes memory data, uint256 id) internal returns (bool success) {
        bytes memory answer;
        (success, answer) = _send(caller, address(exchange), data);
        if (success) _books(id);
        else _refusalIsNamed(answer);
    }

    /// @dev ISO-1, CUS-1, CUS-2, CUS-3, ORD-1, ORD-2.
    function _books(uint256 named) internal {
        if (named != 0 && _seen[named] == 0) _ids.push(named);
        Sums memory sums;
        for (uint256 i; i < _ids.length;) {
            uint256 id = _ids[i];
            (Held memory held, Order memory order) = (_held(id), _placed(id));
            bytes32 hash = keccak256(abi.encode(held, order));
            if (hash != _seen[id]) {
                _law(id == named, "ISO-1 no other position or order changes");
                _seen[id] = hash;
            }
            _law(order.kind == Kind.None || (order.kind == Kind.Open) == (held.notional == 0), "ORD-7 whose order");
            _sumUp(sums, held, order);
            if (held.notional == 0 && order.kind == Kind.None) {
                _ids[i] = _ids[_ids.length - 1];
                _ids.pop();
            } else {
                ++i;
            }
        }
        _areRight(sums);
    }

    function _sumUp(Sums memory sums, Held memory held, Order memory order) private view {
        if (order.kind != Kind.None) sums.escrow += order.margin + EXECUTION_FEE;
        sums.margins += held.margin;
        sums.maxProfits += held.maxProfit;
        sums.weight += held.notional * held.index;
        if (held.notional > 0) sums.fees += _borrowFee(held);
        if (held.isLong) sums.longs += held.notional;
        else sums.shorts += held.notional;
    }

    function _areRight(Sums memory sums) private {
        (uint256 liquidity, uint256 reserved) = (treasury.liquidity(), treasury.reserved());
        uint256 kept = token.balanceOf(address(treasury));
        _law(kept == liquidity + sums.escrow + sums.margins, "CUS-1 margins, escrow and liquidity are there");
        uint256 all = kept;
        for (uint256 i; i < ACCOUNTS; ++i) {
            all += token.balanceOf(who[i]);
        }
        _law(all == ACCOUNTS * FUNDS, "CUS-2 no token is lost");
        bool isSum = exchange.openInterest(true) == sums.longs && exchange.openInterest(false) == sums.shorts;
        _law(isSum && exchange.weight() == sums.weight, "CUS-3 totals are the sums of positions");
        _law(reserved == sums.maxProfits && reserved <= liquidity, "ORD-1 what may be earned is reserved");
        _law(treasury.escrow() == sums.escrow, "ORD-2 escrow is of orders");
        try exchange.feesDue() returns (uint256 due) {
            _law(due <= sums.fees && due + _ids.length + 1 >= sums.fees, "CAR-1 fees due are the positions'");
        } catch {
            _law(false, "CAR-1 fees due can be asked for");
        }
    }

    // ------------------------------------------------------------------------------------------ values

    /// @dev Draws an id; one of a position, if the first few drawn have one.
    function _position() internal returns (uint256 id) {
        for (uint256 i; i < 4; ++i) {
            id = _id();
            if (_held(id).notional > 0) break;
        }
    }

    /// @dev Draws an id; one of an order, if the first few drawn have one.
    function _order() internal returns (uint256 id) {
        for (uint256 i; i < 4; ++i) {
            id = _id();
            if (_placed(id).kind != Kind.None) break;
        }
    }

    function _id() private returns (uint256) {
        if (_ids.length == 0 || _draw(20) == 0) return 1 + _draw(exchange.nextId());
        return _ids[_draw(_ids.length)];
    }

    function _held(uint256 id) internal view returns (Held memory held) {
        (held.owner, held.isLong, held.notional, held.margin, held.entry, held.maxProfit, held.index) =
            exchange.positions(id);
    }

    function _placed(uint256 id) internal view returns (Order memory order) {
        (order.kind, order.owner, order.isLong, order.notional, order.margin, order.limit, order.placedAt) =
            exchange.orders(id);
    }

    function _isFresh() internal view returns (bool) {
        return vm.getBlockTimestamp() <= oracle.pushedAt() + 1 hours;
    }

    function _maintenance(Held memory held) internal pure returns (uint256) {
        return _up(held.notional * 50_000, PPM);
    }

    function _borrowFee(Held memory held) internal view returns (uint256) {
        return _up(held.notional * (vm.getBlockTimestamp() * BORROW_RATE - held.index), WAD);
    }

    /// @dev Returns margin and profit, which is limited, less the borrowing fee.
    function _equity(Held memory held) internal view returns (int256) {
        int256 change = int256(oracle.price()) - int256(held.entry);
        int256 pnl = _floor(int256(held.notional) * (held.isLong ? change : -change), int256(held.entry));
        int256 most = int256(held.maxProfit);
        return int256(held.margin) + (pnl > most ? most : pnl) - int256(_borrowFee(held));
    }
}
