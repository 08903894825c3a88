// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IIsolatedMarginVault} from "vault/interfaces/IIsolatedMarginVault.sol";
import {Position} from "vault/interfaces/VaultTypes.sol";
import {Laws} from "./Laws.sol";
import {vm} from "../Vm.sol";

/// @title TradingHandler
/// @notice What traders and their operators do.
abstract contract TradingHandler is Laws {
    uint256 internal constant FAR = 1e6;
    bytes32 private constant SET_OPERATOR =
        keccak256(
            "SetOperator(address owner,address operator,uint8 permissions,uint64 expiry,uint256 nonce,uint256 deadline)"
        );
    bytes32 private constant DOMAIN =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");

    function open(uint256 seed) external drawing(seed) {
        bool isLong = _draw(2) == 0;
        _open(_trader(), isLong, _wholeSize(isLong, 0));
    }

    function openAny(uint256 seed) external drawing(seed) {
        bool isLong = _draw(2) == 0;
        _open(_trader(), isLong, _room(isLong) * (1 + _draw(PPM)) / PPM);
    }

    function openTooMuch(uint256 seed) external drawing(seed) {
        bool isLong = _draw(2) == 0;
        _open(_trader(), isLong, _refusedSize(isLong, 0));
    }

    function openAbsurdly(uint256 seed) external drawing(seed) {
        _openSigned(_trader(), _draw(2) == 0 ? type(int256).min : type(int256).max, 0, _draw(2) == 0 ? 0 : 2 ** 255);
    }

    function openWithTooLittle(uint256 seed) external drawing(seed) {
        bool isLong = _draw(2) == 0;
        uint256 size = _wholeSize(isLong, 0);
        uint256 margin = _marginNeeded(0, isLong, size) * (3 + 2 * _draw(3)) / 10;
        _openSigned(_trader(), _signed(isLong, size), margin, isLong ? type(uint256).max : 0);
    }

    function oppose(uint256 seed) external drawing(seed) {
        bool isLong = _draw(2) == 0;
        uint256 size = _wholeSize(isLong, 0);
        _open(_trader(), isLong, size);
        _open(_trader(), !isLong, size);
    }

    function increase(uint256 seed) external drawing(seed) {
        uint256 id = _position();
        Position memory live = vault.position(id);
        bool isLong = live.size >= 0;
        uint256 size =
            _draw(4) == 0 ? _refusedSize(isLong, _magnitude(live.size)) : _wholeSize(isLong, _magnitude(live.size));
        address caller = _caller(id);
        _increase(caller, id, size, _margin(caller, id, isLong, size));
    }

    function increaseLate(uint256 seed) external drawing(seed) {
        _waitLong();
        uint256 id = _position();
        int256 size = vault.position(id).size;
        uint256 added = _wholeSize(size >= 0, _magnitude(size));
        _increase(vault.position(id).owner, id, added, 8 * _marginNeeded(id, size >= 0, added));
    }

    function decrease(uint256 seed) external drawing(seed) {
        uint256 id = _position();
        _decrease(_caller(id), id, _part(_magnitude(vault.position(id).size)));
    }

    function close(uint256 seed) external drawing(seed) {
        uint256 id = _position();
        _close(_caller(id), id);
    }

    function addMargin(uint256 seed) external drawing(seed) {
        uint256 id = _position();
        uint256 limit = setup.parameters.minNotional;
        if (_isLive(id) && _hasPrice() && _isLiquidatable(id)) {
            limit = uint256(int256(lens.maintenanceMargin(vault, id)) - lens.equity(vault, id));
        }
        address payer = _anyone();
        uint256 assets = _amount(limit);
        address owner = _draw(10) == 0 ? who[STRANGER] : vault.position(id).owner;
        bool isOwners = owner == vault.position(id).owner;
        bool isDue = _isLive(id) && isOwners && assets > 0 && assets + vault.position(id).margin <= MAX_ASSETS;
        isDue = isDue && token.balanceOf(payer) >= assets && token.allowance(payer, address(vault)) >= assets;
        bytes memory data = abi.encodeCall(IIsolatedMarginVault.addMargin, (id, assets, owner));
        (bool success,) = _act(payer, address(vault), id, data);
        if (isDue) _law(success, "EXI-2");
        _law(!success || isOwners, "ACC-3");
    }

    function removeMargin(uint256 seed) external drawing(seed) {
        uint256 id = _position();
        uint256 limit = _isLive(id) && _hasPrice() ? lens.maxRemovable(vault, id) : 0;
        _remove(_caller(id), id, _amount(limit));
    }

    function empty(uint256 seed) external drawing(seed) {
        uint256 id = _position();
        _remove(_caller(id), id, _offByOne(vault.position(id).margin));
    }

    function takeMarginLate(uint256 seed) external drawing(seed) {
        _waitLong();
        uint256 id = _position();
        _remove(vault.position(id).owner, id, 1);
        _remove(vault.position(id).owner, id, _share(vault.position(id).margin));
    }

    function claim(uint256 seed) external drawing(seed) {
        address account = _draw(5) == 0 ? who[STRANGER] : _trader();
        _claim(account, _receiver());
    }

    function collectOwed(uint256 seed) external drawing(seed) {
        _collect(_anyone(), _draw(5) == 0 ? who[STRANGER] : _trader());
    }

    function setOperator(uint256 seed) external drawing(seed) {
        address operator = _draw(3) < 2 ? who[OPERATOR] : _trader();
        uint8 permissions = [7, 7, 7, 5, 5, 1, 2, 4, 0, 8][_draw(10)];
        bytes memory data = abi.encodeCall(IIsolatedMarginVault.setOperator, (operator, permissions, _expiry()));
        _act(_trader(), address(vault), 0, data);
    }

    /// @dev ACC-1: a signature is the owner's, and good for once.
    function setOperatorWithSig(uint256 seed) external drawing(seed) {
        uint256 key = TRADER + _draw(3);
        uint256 signer = _draw(5) == 0 ? STRANGER : key;
        address carrier = _draw(2) == 0 ? who[signer] : _anyone();
        bytes memory data = _signedOperator(who[key], signer, carrier == who[key] ? who[OPERATOR] : carrier);
        (bool success,) = _act(carrier, address(vault), 0, data);
        _law(success == (signer == key), "ACC-1");
        (success,) = _act(carrier, address(vault), 0, data);
        _law(!success, "ACC-1");
    }

    function sendAnOperator(uint256 seed) external drawing(seed) {
        uint256 id = _position();
        address owner = vault.position(id).owner;
        if (owner == address(0)) return;
        _act(owner, address(vault), 0, abi.encodeCall(IIsolatedMarginVault.setOperator, (who[OPERATOR], 7, _expiry())));
        if (_hasPrice()) _remove(who[OPERATOR], id, _share(lens.maxRemovable(vault, id)));
        _close(who[OPERATOR], id);
    }

    function intrude(uint256 seed) external drawing(seed) {
        uint256 id = _position();
        address caller = _anyone();
        _remove(caller, id, 1);
        _close(caller, id);
    }

    // ------------------------------------------------------------------------------------------ round trips

    /// @dev VAL-1: in and out at one price and time earns nothing, however it is split.
    function openAndClose(uint256 seed) external drawing(seed) {
        bool isLong = _draw(2) == 0;
        address trader = _trader();
        uint256 before = _fortune(trader);
        uint256 size = _wholeSize(isLong, 0);
        uint256 id = vault.ledger().nextId;
        if (!_openSigned(
                trader, _signed(isLong, size), 4 * _marginNeeded(0, isLong, size), isLong ? type(uint256).max : 0
            )) return;
        uint256 more = _draw(2) == 0 ? 0 : 1 + size / (2 + _draw(7));
        if (more > 0) _increase(trader, id, more, _marginNeeded(id, isLong, more));
        if (_draw(2) == 0) _decrease(trader, id, 1 + size / (2 + _draw(7)));
        _close(trader, id);
        if (!_isLive(id)) _law(_fortune(trader) <= before, "VAL-1");
    }

    /// @dev VAL-3: closing in parts pays and owes at most what closing at once does.
    function closeInParts(uint256 seed) external drawing(seed) {
        uint256 id = _position();
        address owner = vault.position(id).owner;
        if (owner == address(0) || !_hasPrice()) return;
        uint256 size = _magnitude(vault.position(id).size);
        uint256 first = 1 + _draw(size);
        uint256 mark = vm.snapshotState();
        _close(owner, id);
        (uint256 atOnce, bool isClosed, string memory seen) = (_fortune(owner), !_isLive(id), broken);
        vm.revertToStateAndDelete(mark);
        if (bytes(seen).length > 0) broken = seen;
        _decrease(owner, id, first);
        if (_isLive(id)) _close(owner, id);
        if (isClosed && !_isLive(id)) _law(_fortune(owner) <= atOnce, "VAL-3");
    }

    // ------------------------------------------------------------------------------------------ actions

    function _signed(bool isLong, uint256 size) internal pure returns (int256) {
        return isLong ? int256(size) : -int256(size);
    }

    /// @dev Now and then a limit that is just met or missed, or a deadline that has passed.
    function _terms(bool isBuying) internal returns (uint256 limitPriceWad, uint256 deadline, bool isMet) {
        uint256 drawn = _draw(17);
        (limitPriceWad, deadline, isMet) = (isBuying ? type(uint256).max : 0, vm.getBlockTimestamp() + FAR, drawn < 15);
        if (drawn == 14) (limitPriceWad, deadline) = (_price(), vm.getBlockTimestamp());
        if (drawn == 15) limitPriceWad = isBuying ? _price() - 1 : _price() + 1;
        if (drawn == 16) deadline = vm.getBlockTimestamp() - 1;
    }

    function _open(address trader, bool isLong, uint256 size) internal {
        uint256 margin = _margin(trader, 0, isLong, size);
        (uint256 limit, uint256 deadline, bool isMet) = _terms(isLong);
        bytes memory data = abi.encodeCall(IIsolatedMarginVault.open, (_signed(isLong, size), margin, limit, deadline));
        _opened(trader, data, isMet);
    }

    function _openSigned(address trader, int256 size, uint256 margin, uint256 limit) internal returns (bool) {
        uint256 deadline = vm.getBlockTimestamp() + FAR;
        return _opened(trader, abi.encodeCall(IIsolatedMarginVault.open, (size, margin, limit, deadline)), true);
    }

    function _opened(address trader, bytes memory data, bool isMet) private returns (bool success) {
        bool isPossible = isMet && _hasPrice() && !vault.ledger().paused;
        uint256 id = vault.ledger().nextId;
        bytes memory answer;
        (success, answer) = _act(trader, address(vault), id, data);
        if (!success) return false;
        _law(isPossible, "LIQ-7");
        _law(abi.decode(answer, (uint256)) == id && vault.position(id).owner == trader, "ISO-1");
        _isSafe(id);
    }

    function _increase(address caller, uint256 id, uint256 size, uint256 margin) internal {
        bool isLong = vault.position(id).size >= 0;
        bool isPossible = _hasPrice() && _isLive(id) && _isAllowed(caller, id, 2) && !vault.ledger().paused;
        int256 pnl = isPossible ? lens.pnl(vault, id) : int256(0);
        (uint256 limit, uint256 deadline, bool isMet) = _terms(isLong);
        bytes memory data = abi.encodeCall(IIsolatedMarginVault.increase, (id, size, margin, limit, deadline));
        (bool success,) = _act(caller, address(vault), id, data);
        if (!success) return;
        _law(isPossible && isMet, "ACC-1");
        _isSafe(id);
        int256 gained = lens.pnl(vault, id) - pnl;
        _law(gained <= 0 && gained >= -2, "VAL-2");
    }

    function _decrease(address caller, uint256 id, uint256 size) internal {
        bool isPossible = _hasPrice() && _isLive(id) && _isAllowed(caller, id, 1);
        (uint256 limit, uint256 deadline, bool isMet) = _terms(vault.position(id).size < 0);
        bytes memory data = abi.encodeCall(IIsolatedMarginVault.decrease, (id, size, limit, deadline));
        address owner = vault.position(id).owner;
        uint256 wallet = token.balanceOf(owner);
        (bool success,) = _act(caller, address(vault), id, data);
        if (!success) return;
        _law(isPossible && isMet, "ACC-1");
        _law(token.balanceOf(owner) >= wallet, "ISO-5");
        _isSafe(id);
    }

    /// @dev EXI-1: whoever's equity is not negative gets out, with what is left of margin at least.
    function _close(address caller, uint256 id) internal {
        Position memory live = vault.position(id);
        bool isAllowed = _isLive(id) && _isAllowed(caller, id, 1);
        int256 equity = isAllowed && _hasPrice() ? lens.equity(vault, id) : int256(-1);
        uint256 fee = equity >= 0 ? _fee(_magnitude(live.size)) : 0;
        (uint256 limit, uint256 deadline, bool isMet) = _terms(live.size < 0);
        (uint256 wallet, uint256 fortune) = (token.balanceOf(live.owner), _fortune(live.owner));
        bytes memory data = abi.encodeCall(IIsolatedMarginVault.close, (id, limit, deadline));
        (bool success,) = _act(caller, address(vault), id, data);
        if (!isAllowed) _law(!success, "ACC-1");
        else _law(success == (isMet && equity >= 0), "EXI-1");
        if (!success) return;
        _law(token.balanceOf(live.owner) >= wallet, "ISO-5");
        uint256 due = equity < int256(uint256(live.margin)) ? _notNegative(equity) : live.margin;
        _law(_fortune(live.owner) + fee >= fortune + due, "EXI-1");
    }

    /// @dev The lens tells to the last unit what may be taken out.
    function _remove(address caller, uint256 id, uint256 assets) internal {
        bool isPossible = _hasPrice() && _isLive(id) && assets > 0;
        isPossible = isPossible && lens.maxRemovable(vault, id) >= assets;
        bool isAllowed = _isLive(id) && _isAllowed(caller, id, 4);
        bytes memory data = abi.encodeCall(IIsolatedMarginVault.removeMargin, (id, assets));
        (bool success,) = _act(caller, address(vault), id, data);
        _law(!success || isAllowed, "ACC-1");
        if (isAllowed) _law(success == isPossible, "VIEW");
        if (success) _isSafe(id);
    }

    /// @dev EXI-2: needs no price, and is never paused.
    function _claim(address account, address to) internal {
        uint256 claimable = vault.claimable(account);
        uint256 before = token.balanceOf(to);
        (bool success,) = _act(account, address(vault), 0, abi.encodeCall(IIsolatedMarginVault.claim, (to)));
        _law(success == (claimable > 0 && to != address(0) && to != address(vault) && to != address(pool)), "EXI-2");
        if (success) _law(token.balanceOf(to) == before + claimable, "EXI-2");
    }

    function _collect(address caller, address account) internal {
        uint256 due = _min(vault.owed(account), token.balanceOf(address(pool)));
        uint256 before = token.balanceOf(account);
        bytes memory data = abi.encodeCall(IIsolatedMarginVault.collectOwed, (account));
        (bool success,) = _act(caller, address(vault), 0, data);
        _law(success == (due > 0), "EXI-2");
        if (success) _law(token.balanceOf(account) == before + due, "EXI-2");
    }

    function _signedOperator(address owner, uint256 signer, address operator) private view returns (bytes memory) {
        uint256 nonce = vault.nonces(owner);
        uint256 deadline = vm.getBlockTimestamp() + FAR;
        bytes32 message = keccak256(abi.encode(SET_OPERATOR, owner, operator, 7, type(uint64).max, nonce, deadline));
        bytes32 domain = keccak256(
            abi.encode(DOMAIN, keccak256("IsolatedMarginVault"), keccak256("1"), block.chainid, address(vault))
        );
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(signer, keccak256(abi.encodePacked(hex"1901", domain, message)));
        bytes memory signature = abi.encodePacked(r, s, v);
        return abi.encodeCall(
            IIsolatedMarginVault.setOperatorWithSig,
            (owner, operator, 7, type(uint64).max, nonce, deadline, signature)
        );
    }

    /// @dev Returns 1, or three, six, eight or nine tenths.
    function _share(uint256 whole) internal returns (uint256) {
        uint256 drawn = _draw(5);
        return drawn == 0 ? 1 : whole * [uint256(3), 6, 8, 9][drawn - 1] / 10;
    }

    /// @dev Mostly far away, else now or a second ago.
    function _expiry() internal returns (uint64) {
        uint256 drawn = _draw(8);
        return drawn > 1 ? type(uint64).max : uint64(vm.getBlockTimestamp() - drawn);
    }

    function _waitLong() internal {
        vm.warp(vm.getBlockTimestamp() + (_draw(2) == 0 ? 1 days : 30 days));
        if (!feed.isBroken()) feed.set(_answer(), vm.getBlockTimestamp());
    }
}
