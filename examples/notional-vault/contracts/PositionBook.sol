// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

struct Position {
    uint128 notional; // assets at the entry price
    uint128 margin; // assets
    uint128 entryPrice; // WAD
}

/// @notice Who has what: one long and one short for each owner.
contract PositionBook {
    error NotRouter(address caller);
    error AlreadyOpen(address owner, bool isLong);
    error NotOpen(address owner, bool isLong);

    address public immutable router = msg.sender;
    mapping(bytes32 key => Position) private _positions;
    mapping(bool isLong => uint256 assets) public openInterest;

    modifier onlyRouter() {
        if (msg.sender != router) revert NotRouter(msg.sender);
        _;
    }

    function position(address owner, bool isLong) public view returns (Position memory) {
        return _positions[_key(owner, isLong)];
    }

    function existing(address owner, bool isLong) public view returns (Position memory held) {
        held = position(owner, isLong);
        if (held.notional == 0) revert NotOpen(owner, isLong);
    }

    function open(address owner, bool isLong, Position memory fresh) external onlyRouter {
        if (position(owner, isLong).notional != 0) revert AlreadyOpen(owner, isLong);
        _positions[_key(owner, isLong)] = fresh;
        openInterest[isLong] += fresh.notional;
    }

    function addMargin(address owner, bool isLong, uint128 assets) external onlyRouter {
        existing(owner, isLong);
        _positions[_key(owner, isLong)].margin += assets;
    }

    function remove(address owner, bool isLong) external onlyRouter returns (Position memory held) {
        held = existing(owner, isLong);
        delete _positions[_key(owner, isLong)];
        openInterest[isLong] -= held.notional;
    }

    function _key(address owner, bool isLong) private pure returns (bytes32) {
        return keccak256(abi.encode(owner, isLong));
    }
}
