// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Play} from "./Play.sol";
import {vm} from "./Vm.sol";

/// @notice The creation code of one contract of the vault under test.
struct Code {
    string name;
    bytes code;
}

/// @title Example
/// @notice What the handlers of all example vaults have: deployed contracts, accounts, and amounts to draw.
abstract contract Example is Play {
    uint256 internal constant GENESIS_TIME = 1_700_000_000;
    uint256 internal constant ACCOUNTS = 6; // three traders, two providers, a stranger
    uint256 internal constant TRADERS = 3;

    address[ACCOUNTS] internal who;

    modifier drawing(uint256 seed) {
        _seed(seed);
        _;
    }

    constructor() {
        vm.warp(GENESIS_TIME);
        for (uint256 i; i < ACCOUNTS; ++i) {
            who[i] = vm.addr(i + 1);
        }
    }

    /// @dev Returns the contracts that the runner wrote.
    function _given() internal view returns (Code[] memory) {
        return abi.decode(vm.parseBytes(vm.readFile(vm.envString("RINGFENCE_GIVEN"))), (Code[]));
    }

    /// @dev Deploys the contract of that name.
    function _deploy(Code[] memory given, string memory name, bytes memory arguments) internal returns (address) {
        for (uint256 i; i < given.length; ++i) {
            if (keccak256(bytes(given[i].name)) == keccak256(bytes(name))) {
                return _create(bytes.concat(given[i].code, arguments));
            }
        }
        revert(string.concat("no contract ", name));
    }

    function _trader() internal returns (address) {
        return who[_draw(TRADERS)];
    }

    function _provider() internal returns (address) {
        return who[TRADERS + _draw(2)];
    }

    function _anyone() internal returns (address) {
        return who[_draw(ACCOUNTS)];
    }

    /// @dev Returns the account, or seldom somebody else.
    function _mostly(address account) internal returns (address) {
        return _draw(6) == 0 ? _anyone() : account;
    }

    function _coin() internal returns (bool) {
        return _draw(2) == 0;
    }

    /// @dev Returns an amount between two, with both ends likely.
    function _between(uint256 least, uint256 most) internal returns (uint256) {
        if (most <= least) return least;
        uint256 drawn = _draw(8);
        if (drawn == 0) return least;
        if (drawn == 1) return most;
        return least + _draw(most - least + 1) / (drawn < 5 ? 1 : 100);
    }

    /// @dev Returns an amount of which some is refused: nothing, one, a limit and around it, a part.
    function _amount(uint256 limit) internal returns (uint256) {
        uint256 drawn = _draw(10);
        if (drawn == 0) return 0;
        if (drawn == 1) return 1;
        if (drawn < 5) return _offByOne(limit);
        return _between(1, limit);
    }

    /// @dev Returns a price moved from the last: a little, far, or to the half or the double.
    function _moved(uint256 price, uint256 usual) internal returns (uint256) {
        uint256 drawn = _draw(12);
        if (drawn == 0) return price * 2;
        if (drawn == 1) return price / 2;
        if (drawn < 4) return usual;
        uint256 most = drawn < 8 ? 30_000 : 300_000; // ppm
        return price * (PPM - most + _draw(2 * most + 1)) / PPM;
    }

    function _within(uint256 amount, uint256 least, uint256 most) internal pure returns (uint256) {
        return amount < least ? least : amount > most ? most : amount;
    }

    function _up(uint256 amount, uint256 divisor) internal pure returns (uint256) {
        return (amount + divisor - 1) / divisor;
    }

    function _min(uint256 first, uint256 second) internal pure returns (uint256) {
        return first < second ? first : second;
    }

    /// @dev Divides, rounded down.
    function _floor(int256 amount, int256 divisor) internal pure returns (int256) {
        return amount >= 0 ? amount / divisor : -((divisor - 1 - amount) / divisor);
    }

    /// @dev Returns a payout: no less than nothing.
    function _positive(int256 amount) internal pure returns (uint256) {
        return amount > 0 ? uint256(amount) : 0;
    }
}
