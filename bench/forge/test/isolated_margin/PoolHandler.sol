// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {ILiquidityPool} from "vault/interfaces/ILiquidityPool.sol";
import {IIsolatedMarginVault} from "vault/interfaces/IIsolatedMarginVault.sol";
import {Ledger} from "vault/interfaces/VaultTypes.sol";
import {Laws} from "./Laws.sol";
import {vm} from "../Vm.sol";

/// @title PoolHandler
/// @notice What liquidity providers do, whoever sends tokens where nobody asked for them, and the vault's officers.
abstract contract PoolHandler is Laws {
    uint256 private constant SHARE = 1e12; // shares whose worth is watched

    function deposit(uint256 seed) external drawing(seed) {
        address provider = _provider();
        uint256 limit = _min(token.balanceOf(provider), pool.maxDeposit(provider));
        _onPool(provider, abi.encodeCall(IERC4626.deposit, (_amount(limit), _shareReceiver())));
    }

    function mint(uint256 seed) external drawing(seed) {
        address provider = _provider();
        uint256 limit = _min(token.balanceOf(provider), pool.maxDeposit(provider));
        uint256 shares = limit == 0 ? pool.totalSupply() : pool.previewDeposit(limit);
        _onPool(provider, abi.encodeCall(IERC4626.mint, (_amount(shares), _shareReceiver())));
    }

    function withdraw(uint256 seed) external drawing(seed) {
        (address provider, address owner) = (_provider(), _shareOwner());
        uint256 assets = _amount(pool.maxWithdraw(owner));
        _onPool(provider, abi.encodeCall(IERC4626.withdraw, (assets, _receiver(), owner)));
    }

    function withdrawOwn(uint256 seed) external drawing(seed) {
        address owner = _provider();
        _onPool(owner, abi.encodeCall(IERC4626.withdraw, (_amount(pool.maxWithdraw(owner)), owner, owner)));
    }

    function redeem(uint256 seed) external drawing(seed) {
        (address provider, address owner) = (_provider(), _shareOwner());
        _onPool(provider, abi.encodeCall(IERC4626.redeem, (_amount(pool.maxRedeem(owner)), _receiver(), owner)));
    }

    function transferShares(uint256 seed) external drawing(seed) {
        address owner = _provider();
        uint256 shares = _draw(2) == 0 ? pool.balanceOf(owner) : pool.balanceOf(owner) / 2;
        _act(owner, address(pool), 0, abi.encodeCall(IERC20.transfer, (_receiver(), shares)));
    }

    function transferSharesFrom(uint256 seed) external drawing(seed) {
        (address spender, address owner) = (_provider(), _shareOwner());
        uint256 shares = pool.balanceOf(owner);
        uint256 allowed = _offByOne(shares);
        if (owner != address(0)) _act(owner, address(pool), 0, abi.encodeCall(IERC20.approve, (spender, allowed)));
        (bool success,) =
            _act(spender, address(pool), 0, abi.encodeCall(IERC20.transferFrom, (owner, _receiver(), shares)));
        if (success) _law(shares <= allowed, "LPS-1 allowance");
    }

    /// @dev LPS-1: shares minted in this second can be passed on, and not redeemed in it by whom they were passed to.
    function depositAndLeave(uint256 seed) external drawing(seed) {
        address provider = _provider();
        uint256 limit = _min(token.balanceOf(provider), pool.maxDeposit(provider));
        bytes memory data = abi.encodeCall(IERC4626.deposit, (_amount(limit), provider));
        (bool success, bytes memory answer) = _onPool(provider, data);
        if (!success || abi.decode(answer, (uint256)) == 0) return;
        address receiver = _receiver();
        data = abi.encodeCall(IERC20.transfer, (receiver, pool.balanceOf(provider)));
        (success,) = _act(provider, address(pool), 0, data);
        if (!success) return;
        data = abi.encodeCall(IERC4626.redeem, (pool.balanceOf(receiver), receiver, receiver));
        (success,) = _act(receiver, address(pool), 0, data);
        _law(!success, "LPS-1 lock");
    }

    /// @dev LPS-1: a first deposit and a gift take nothing from whoever comes next.
    function depositFirst(uint256 seed) external drawing(seed) {
        if (pool.totalSupply() > 0 || !_hasPrice()) return;
        (address thief, address victim) = (who[PROVIDER], who[PROVIDER + 1]);
        uint256 before = token.balanceOf(thief);
        uint256 brought = setup.tokens / 10 ** (1 + _draw(8));
        _onPool(thief, abi.encodeCall(IERC4626.deposit, (1 + _draw(10), thief)));
        _act(thief, address(token), 0, abi.encodeCall(IERC20.transfer, (address(pool), brought + _draw(2))));
        _onPool(victim, abi.encodeCall(IERC4626.deposit, (brought * (1 + _draw(3)), victim)));
        vm.roll(vm.getBlockNumber() + 1);
        vm.warp(vm.getBlockTimestamp() + 1);
        uint256 shares = pool.maxRedeem(thief);
        if (shares > 0) _onPool(thief, abi.encodeCall(IERC4626.redeem, (shares, thief, thief)));
        _law(token.balanceOf(thief) <= before, "LPS-1 first deposit");
    }

    function approve(uint256 seed) external drawing(seed) {
        address account = _anyone();
        address spender = [address(vault), address(pool), who[PROVIDER], who[OPERATOR]][_draw(4)];
        address approved = _draw(3) == 0 ? address(pool) : address(token);
        uint256 drawn = _draw(9);
        uint256 amount = drawn < 6 ? type(uint256).max : drawn == 6 ? token.balanceOf(account) / 2 : drawn - 7;
        _act(account, approved, 0, abi.encodeCall(IERC20.approve, (spender, amount)));
    }

    function donate(uint256 seed) external drawing(seed) {
        address account = _anyone();
        uint256 balance = token.balanceOf(account);
        uint256 assets = [uint256(1), 1, balance / 10, balance / 2, 0, balance + 1][_draw(6)];
        uint256 drawn = _draw(9);
        if (drawn < 4) _give(account, address(pool), assets);
        else _give(account, drawn == 4 ? address(vault) : who[_draw(4)], assets);
    }

    /// @dev Sends the pool exactly what ends deleveraging, or one unit more or less.
    function donateToTheTrigger(uint256 seed) external drawing(seed) {
        Ledger memory ledger = vault.ledger();
        uint256 larger = _notional(ledger.longSize < ledger.shortSize ? ledger.shortSize : ledger.longSize);
        int256 needed = int256(_up(larger * setup.parameters.adlTriggerPpm, PPM));
        if (_hasPrice()) needed -= lens.fairValue(vault);
        _give(_provider(), address(pool), _offByOne(_notNegative(needed)));
    }

    // ------------------------------------------------------------------------------------------ officers and intruders

    function pause(uint256 seed) external drawing(seed) {
        address caller = who[[OWNER, GUARDIAN, STRANGER, STRANGER, STRANGER, STRANGER][_draw(6)]];
        (bool success,) = _act(caller, address(vault), 0, abi.encodeCall(IIsolatedMarginVault.pause, ()));
        _law(success == (caller != who[STRANGER]), "ACC-1");
    }

    function unpause(uint256 seed) external drawing(seed) {
        address caller = who[[OWNER, OWNER, OWNER, OWNER, OWNER, GUARDIAN, STRANGER][_draw(7)]];
        (bool success,) = _act(caller, address(vault), 0, abi.encodeCall(IIsolatedMarginVault.unpause, ()));
        _law(success == (caller == who[OWNER]), "ACC-1");
    }

    function pay(uint256 seed) external drawing(seed) {
        bytes memory data = abi.encodeCall(ILiquidityPool.pay, (_receiver(), token.balanceOf(address(pool))));
        (bool success,) = _act(_anyone(), address(pool), 0, data);
        _law(!success, "ACC-1");
    }

    function lockOrUnlock(uint256 seed) external drawing(seed) {
        bool isLock = _draw(2) == 0;
        bytes memory data =
            isLock ? abi.encodeCall(IIsolatedMarginVault.lock, ()) : abi.encodeCall(IIsolatedMarginVault.unlock, ());
        (bool success,) = _act(_anyone(), address(vault), 0, data);
        _law(!success, "ACC-1");
    }

    // ------------------------------------------------------------------------------------------ actions

    /// @dev LPS-1: whoever comes or goes leaves the others' shares worth what they were.
    function _onPool(address provider, bytes memory data) internal returns (bool success, bytes memory answer) {
        uint256 worth = pool.totalSupply() == 0 ? 0 : pool.convertToAssets(SHARE);
        (uint256 before, uint256 supplied) = (token.balanceOf(address(pool)), pool.totalSupply());
        (success, answer) = _act(provider, address(pool), 0, data);
        if (!success) return (success, answer);
        bool isMoved = token.balanceOf(address(pool)) != before || pool.totalSupply() != supplied;
        _law(!isMoved || _hasPrice(), "LPS-1 dead feed");
        if (pool.totalSupply() > 0) _law(pool.convertToAssets(SHARE) >= worth, "LPS-1 worth");
        _poolIsPricedFairly();
    }

    function _give(address account, address to, uint256 assets) internal {
        if (to == address(vault)) donated += assets;
        (bool success,) = _act(account, address(token), 0, abi.encodeCall(IERC20.transfer, (to, assets)));
        if (to == address(vault) && !success) donated -= assets;
    }

    function _shareReceiver() internal returns (address) {
        uint256 drawn = _draw(9);
        return
            drawn < 6 ? who[PROVIDER + drawn % 2] : drawn == 6 ? who[STRANGER] : drawn == 7 ? address(pool) : address(0);
    }

    function _shareOwner() internal returns (address) {
        uint256 drawn = _draw(6);
        return drawn < 4 ? who[PROVIDER + drawn % 2] : drawn == 4 ? who[STRANGER] : address(0);
    }
}
