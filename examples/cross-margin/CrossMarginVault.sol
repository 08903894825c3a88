// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @notice The token that margins are paid in, with 6 decimals. Anyone mints.
contract Collateral {
    error InsufficientBalance(address from, uint256 balance, uint256 needed);

    uint8 public constant decimals = 6;
    mapping(address account => uint256 assets) public balanceOf;

    function mint(address to, uint256 assets) external {
        balanceOf[to] += assets;
    }

    /// @dev Whoever calls may move anything: allowances are not what this example is about.
    function move(address from, address to, uint256 assets) external {
        if (balanceOf[from] < assets) revert InsufficientBalance(from, balanceOf[from], assets);
        balanceOf[from] -= assets;
        balanceOf[to] += assets;
    }
}

/// @notice A vault of cross margin: all that an account has here answers for each of its positions.
/// @dev Sizes have 18 decimals, prices are in assets per 1e18 of size with 18 decimals. No fee, no funding, whole closes only.
contract CrossMarginVault {
    error NoPosition(uint256 id);
    error NotOwner(address caller);
    error ZeroAmount();
    error TooLarge();
    error TooSmall(uint256 notional);
    error NotEnoughCollateral(int256 equity, uint256 required);
    error NotLiquidatable(int256 equity, uint256 required);
    error NothingToWithdraw();

    struct Position {
        address owner;
        int256 size;
        uint256 margin; // assets
        uint256 entryPrice;
    }

    uint256 private constant INITIAL_PPM = 100_000;
    uint256 private constant MAINTENANCE_PPM = 50_000;
    uint256 private constant PPM = 1e6;
    uint256 private constant SCALE = 1e30; // assets = size * price / SCALE
    uint256 private constant LEAST_NOTIONAL = 10e6;
    uint256 private constant MOST = 1e33;

    Collateral public immutable token;
    uint256 public price;
    uint256 public liquidity; // assets that pay profits and take losses
    uint256 public nextId = 1;
    mapping(uint256 id => Position) public positions;
    mapping(address account => uint256 assets) public free;

    constructor(Collateral token_) {
        token = token_;
    }

    function push(uint256 price_) external {
        if (price_ == 0) revert ZeroAmount();
        if (price_ > MOST) revert TooLarge();
        price = price_;
    }

    function provide(uint256 assets) external {
        token.move(msg.sender, address(this), assets);
        liquidity += assets;
    }

    /// @notice Opens a position, if all of the account's positions together have enough.
    function open(int256 size, uint256 margin) external returns (uint256 id) {
        if (size == 0) revert ZeroAmount();
        if (size > int256(MOST) || size < -int256(MOST) || margin > MOST) revert TooLarge();
        id = nextId++;
        positions[id] = Position(msg.sender, size, margin, price);
        if (_notional(size) < LEAST_NOTIONAL) revert TooSmall(_notional(size));
        _check(msg.sender, INITIAL_PPM);
        token.move(msg.sender, address(this), margin);
    }

    /// @notice Closes a position of the caller's; what it leaves is free collateral.
    function close(uint256 id) external {
        address owner = positions[id].owner;
        if (owner == address(0)) revert NoPosition(id);
        if (owner != msg.sender) revert NotOwner(msg.sender);
        _check(owner, 0);
        _settle(id);
    }

    /// @notice Closes a position of an account whose positions together have too little.
    function liquidate(uint256 id) external {
        address owner = positions[id].owner;
        if (owner == address(0)) revert NoPosition(id);
        (int256 equity, uint256 notional) = state(owner);
        uint256 required = (notional * MAINTENANCE_PPM) / PPM;
        if (equity >= int256(required)) revert NotLiquidatable(equity, required);
        _settle(id);
    }

    /// @notice Pays the caller's free collateral out.
    function withdraw(address to) external returns (uint256 assets) {
        assets = free[msg.sender];
        if (assets == 0) revert NothingToWithdraw();
        free[msg.sender] = 0;
        _check(msg.sender, INITIAL_PPM);
        token.move(address(this), to, assets);
    }

    /// @notice Returns what an account is worth, free collateral and all positions, and the notional of them all.
    function state(address account) public view returns (int256 equity, uint256 notional) {
        equity = int256(free[account]);
        for (uint256 id = 1; id < nextId; ++id) {
            Position storage held = positions[id];
            if (held.owner != account) continue;
            equity += int256(held.margin) + _pnl(held);
            notional += _notional(held.size);
        }
    }

    function _check(address account, uint256 ratePpm) private view {
        (int256 equity, uint256 notional) = state(account);
        uint256 required = (notional * ratePpm) / PPM;
        if (equity < int256(required)) revert NotEnoughCollateral(equity, required);
    }

    function _notional(int256 size) private view returns (uint256) {
        return (uint256(size < 0 ? -size : size) * price) / SCALE;
    }

    function _pnl(Position storage held) private view returns (int256) {
        return (held.size * (int256(price) - int256(held.entryPrice))) / int256(SCALE);
    }

    function _settle(uint256 id) private {
        Position memory closed = positions[id];
        int256 pnl = _pnl(positions[id]);
        delete positions[id];

        if (pnl >= 0) {
            uint256 profit = uint256(pnl) < liquidity ? uint256(pnl) : liquidity;
            liquidity -= profit;
            free[closed.owner] += closed.margin + profit;
        } else {
            uint256 loss = uint256(-pnl);
            uint256 paid = loss < closed.margin ? loss : closed.margin;
            free[closed.owner] += closed.margin - paid;
            liquidity += paid + _takeElsewhere(closed.owner, loss - paid);
        }
    }

    /// @dev What makes it cross margin: free collateral pays for any position, and so do the other positions' margins.
    function _takeElsewhere(address account, uint256 loss) private returns (uint256 taken) {
        taken = loss < free[account] ? loss : free[account];
        free[account] -= taken;
        for (uint256 id = 1; id < nextId && taken < loss; ++id) {
            Position storage other = positions[id];
            if (other.owner != account) continue;
            uint256 part = loss - taken < other.margin ? loss - taken : other.margin;
            other.margin -= part;
            taken += part;
        }
    }
}
