// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

interface IToken {
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

struct Position {
    address owner;
    bool isLong;
    uint256 notional; // assets at the entry price
    uint256 collateral; // assets
    uint256 entryPrice;
}

struct Exit {
    address owner;
    uint256 notBefore; // timestamp
}

/// @notice Positions open at once; they close in two steps, each a function of its own. Profits come out of the
/// liquidity, as far as it goes.
contract LaterCloses {
    error NotOwner();
    error Unhealthy();
    error Healthy();
    error NothingOpen();
    error Waiting();
    error NotAsked();
    error TooSoon();

    uint256 public constant EXIT_DELAY = 30; // seconds
    IToken public immutable token;
    address public immutable keeper = msg.sender;
    mapping(uint256 id => Position) public positions;
    mapping(uint256 id => Exit) public exits;
    uint256 public price;
    uint256 public liquidity;
    uint256 public nextPositionId = 1;

    constructor(IToken token_, uint256 price_) {
        token = token_;
        price = price_;
    }

    function setPrice(uint256 price_) external {
        require(msg.sender == keeper && price_ > 0, "not the keeper");
        price = price_;
    }

    function addLiquidity(uint256 amount) external {
        liquidity += amount;
        token.transferFrom(msg.sender, address(this), amount);
    }

    function openPosition(bool isLong, uint256 notional, uint256 collateral) external returns (uint256 id) {
        if (notional == 0 || collateral * 10 < notional) revert Unhealthy();
        id = nextPositionId++;
        positions[id] = Position(msg.sender, isLong, notional, collateral, price);
        token.transferFrom(msg.sender, address(this), collateral);
    }

    function closePosition(uint256 id) external {
        if (positions[id].notional == 0) revert NothingOpen();
        if (positions[id].owner != msg.sender) revert NotOwner();
        if (exits[id].owner != address(0)) revert Waiting();
        exits[id] = Exit(msg.sender, block.timestamp + EXIT_DELAY);
    }

    function completeExit(uint256 id) external {
        Exit memory exit = exits[id];
        if (exit.owner == address(0)) revert NotAsked();
        if (block.timestamp < exit.notBefore) revert TooSoon();
        _end(id, exit.owner);
    }

    function liquidate(uint256 id) external {
        Position memory held = positions[id];
        if (held.notional == 0) revert NothingOpen();
        if (_worth(held) * 20 >= held.notional) revert Healthy();
        _end(id, held.owner);
    }

    function _end(uint256 id, address to) private {
        Position memory held = positions[id];
        uint256 payout = _worth(held);
        delete positions[id];
        delete exits[id];
        liquidity = liquidity + held.collateral - payout;
        token.transfer(to, payout);
    }

    function _worth(Position memory held) private view returns (uint256) {
        int256 change = (int256(price) - int256(held.entryPrice)) * (held.isLong ? int256(1) : -1);
        int256 worth = int256(held.collateral) + (int256(held.notional) * change) / int256(held.entryPrice);
        uint256 most = held.collateral + liquidity;
        if (worth < 0) return 0;
        return uint256(worth) < most ? uint256(worth) : most;
    }
}
