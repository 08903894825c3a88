// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Ledger, Liquidation, Position, SideView, Status} from "vault/interfaces/VaultTypes.sol";
import {Points} from "./Points.sol";
import {Vm, vm} from "../Vm.sol";

/// @title Laws
/// @notice What has to hold after every action, and of its own effect. The first law that is broken ends the run.
abstract contract Laws is Points {
    uint256 private constant POSITION_AND_MORE = 192; // bytes of an event that tells a position first

    mapping(uint256 id => bytes32 hash) private _seen; // positions after the last action

    function _law(bool holds, string memory id) internal override {
        if (!isBare) super._law(holds, id);
    }

    /// @dev Has `caller` call `target`. `id` is the only position that may change; the next id for an open.
    function _act(address caller, address target, uint256 id, bytes memory data)
        internal
        returns (bool success, bytes memory answer)
    {
        Ledger memory before = vault.ledger();
        if (!isBare) vm.recordLogs();

        (success, answer) = _send(caller, target, data);
        if (isBare) return (success, answer);
        if (!success) {
            _refusalIsNamed(answer);
            return (success, answer);
        }
        Ledger memory ledger = vault.ledger();
        _carryIsPaidToThePool(before, ledger);
        _eventsTellTheState();
        _booksAgree(id, ledger);
    }

    /// @dev CAR-1: what both sides pay is never less than nothing.
    function _carryIsPaidToThePool(Ledger memory before, Ledger memory ledger) private {
        int256 paid = int256(before.longSize) * (ledger.carryLong - before.carryLong);
        paid += int256(before.shortSize) * (ledger.carryShort - before.carryShort);
        _law(paid >= 0, "CAR-1");
    }

    /// @dev EVT-1: the position in an event is the one in storage.
    function _eventsTellTheState() private {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].emitter != address(vault) || logs[i].data.length < POSITION_AND_MORE) continue;
            Position memory told = abi.decode(logs[i].data, (Position));
            Position memory stored = vault.position(uint256(logs[i].topics[1]));
            bool isClosed = stored.owner == address(0) && told.size == 0;
            _law(isClosed || keccak256(abi.encode(told)) == keccak256(abi.encode(stored)), "EVT-1");
        }
    }

    struct Sums {
        uint256 longs;
        uint256 shorts;
        uint256 longMargins;
        uint256 shortMargins;
        int256 quotes;
        int256 basis;
    }

    /// @dev ISO-1, CUS-1, CUS-2, CUS-3.
    function _booksAgree(uint256 id, Ledger memory ledger) private {
        Sums memory sums = _sums(id, ledger.nextId);
        _law(sums.longs == ledger.longSize && sums.shorts == ledger.shortSize, "CUS-3");
        _law(sums.longMargins == ledger.longMargin && sums.shortMargins == ledger.shortMargin, "CUS-3");
        _law(sums.quotes == ledger.longQuote + ledger.shortQuote, "CUS-3");
        _law(sums.basis == ledger.longBasis + ledger.shortBasis, "CUS-3");
        (uint256 claimable, uint256 owed, uint256 held) = _accounts();
        uint256 custody = token.balanceOf(address(vault));
        uint256 margins = sums.longMargins + sums.shortMargins;
        _law(custody == margins + ledger.insurance + claimable + donated, "CUS-1");
        _law(held + custody + token.balanceOf(address(pool)) == supply, "CUS-2");
        _law(owed == ledger.totalOwed, "CUS-3");
    }

    /// @dev Adds all positions up; on the way ISO-1: only `id` may differ from what was seen last.
    function _sums(uint256 named, uint256 next) private returns (Sums memory sums) {
        for (uint256 id = 1; id < next; ++id) {
            Position memory each = vault.position(id);
            bytes32 hash = keccak256(abi.encode(each));
            if (_seen[id] != hash) {
                _law(id == named, "ISO-1");
                _seen[id] = hash;
            }
            if (each.owner == address(0)) continue;
            sums.quotes += each.quote;
            uint256 size = _magnitude(each.size);
            if (each.size > 0) (sums.longs, sums.longMargins) = (sums.longs + size, sums.longMargins + each.margin);
            else (sums.shorts, sums.shortMargins) = (sums.shorts + size, sums.shortMargins + each.margin);
            sums.basis += int256(size) * each.carryEntry;
        }
    }

    function _accounts() private view returns (uint256 claimable, uint256 owed, uint256 held) {
        for (uint256 key = 1; key <= ACCOUNTS; ++key) {
            claimable += vault.claimable(who[key]);
            owed += vault.owed(who[key]);
            held += token.balanceOf(who[key]);
        }
    }

    /// @dev LPS-1: what a side has won is a liability, what it has lost is an asset as far as its margins go.
    function _poolIsPricedFairly() internal {
        if (!_hasPrice()) return;
        int256 assets = int256(token.balanceOf(address(pool))) - int256(vault.ledger().totalOwed);
        (SideView memory long, SideView memory short) = lens.sides(vault);
        uint256 nav = _notNegative(assets - _due(long) - _due(short));
        _law(pool.totalAssets() == nav, "LPS-1 out");
        uint256 deposited = setup.parameters.minNotional;
        uint256 kept = deposited * (1e6 - setup.parameters.liquidityFeePpm) / 1e6;
        uint256 shares = kept * (pool.totalSupply() + 1e6) / (nav + 1);
        _law(pool.previewDeposit(deposited) == shares, "LPS-1 in");
    }

    function _due(SideView memory side) private pure returns (int256) {
        int256 most = -int256(side.counted);
        return side.pnl > most ? side.pnl : most;
    }

    function _notNegative(int256 value) internal pure returns (uint256) {
        return value < 0 ? 0 : uint256(value);
    }

    // ------------------------------------------------------------------------------------------ one position

    function _isLiquidatable(uint256 id) internal view returns (bool) {
        Status status = lens.status(vault, id);
        return status == Status.Bankrupt || status == Status.Liquidatable;
    }

    /// @dev LIQ-7: whoever takes risk or money out is not liquidatable after it.
    function _isSafe(uint256 id) internal {
        if (_isLive(id)) _law(!_isLiquidatable(id), "LIQ-7");
    }

    /// @dev Returns the other positions that are liquidatable, a bit each.
    function _liquidatable(uint256 id) internal view returns (uint256 found) {
        uint256 next = _min(vault.ledger().nextId, 256);
        for (uint256 other = 1; other < next; ++other) {
            if (other != id && _isLive(other) && _isLiquidatable(other)) found |= 1 << other;
        }
    }

    function _target(uint256 id) internal view returns (uint256) {
        return _up(lens.maintenanceMargin(vault, id) * (PPM + setup.parameters.bufferPpm), PPM);
    }

    /// @dev LIQ-5 for what a liquidation returned.
    function _feesAddUp(Liquidation memory done, Position memory before, int256 insurance, int256 wallet) internal {
        _law(done.fee == done.rewardFromMargin + done.toInsurance, "LIQ-5");
        _law(done.fill.deficit == done.covered + done.poolLoss, "LIQ-5");
        _law(wallet == int256(done.rewardFromMargin + done.rewardFromInsurance), "LIQ-5");
        int256 funded = int256(done.toInsurance) - int256(done.rewardFromInsurance) - int256(done.covered);
        _law(insurance == funded, "LIQ-5");
        if (done.fill.realised < 0) {
            _law(done.fill.paid + done.fee <= before.margin, "LIQ-5");
            _law(done.fill.paid + done.fill.deficit == uint256(-done.fill.realised), "LIQ-5");
        }
    }

    // ------------------------------------------------------------------------------------------ everyone

    /// @dev Returns what every account has: in its wallet, to claim, owed.
    function _possessions() internal view returns (uint256[] memory held) {
        held = new uint256[](3 * ACCOUNTS);
        for (uint256 i; i < ACCOUNTS; ++i) {
            held[3 * i] = token.balanceOf(who[i + 1]);
            held[3 * i + 1] = vault.claimable(who[i + 1]);
            held[3 * i + 2] = vault.owed(who[i + 1]);
        }
    }

    /// @dev ISO-3: nothing was taken from anybody.
    function _nothingIsTaken(uint256[] memory before) internal {
        uint256[] memory held = _possessions();
        for (uint256 i; i < held.length; ++i) {
            _law(held[i] >= before[i], "ISO-3");
        }
    }

    /// @dev Returns what an account has in its wallet, to claim and owed.
    function _fortune(address account) internal view returns (uint256) {
        return token.balanceOf(account) + vault.claimable(account) + vault.owed(account);
    }
}
