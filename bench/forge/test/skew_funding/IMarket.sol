// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @notice A position of the market: a long's size is positive.
struct Position {
    address owner;
    int256 size;
    uint256 margin;
    uint256 cost;
    int256 entry;
}

/// @notice The market, which is written in Vyper.
interface IMarket {
    function open(bool isLong, uint256 size, uint256 margin) external returns (uint256 id);
    function increase(uint256 id, uint256 size) external;
    function decrease(uint256 id, uint256 size) external;
    function close(uint256 id) external;
    function add_margin(uint256 id, uint256 assets) external;
    function remove_margin(uint256 id, uint256 assets) external;
    function liquidate(uint256 id) external;
    function provide(uint256 assets) external;
    function withdraw(uint256 assets) external;

    function positions(uint256 id) external view returns (Position memory);
    function next_id() external view returns (uint256);
    function long_index() external view returns (int256);
    function short_index() external view returns (int256);
    function accrued_at() external view returns (uint256);
    function long_size() external view returns (int256);
    function short_size() external view returns (int256);
    function locked_price() external view returns (uint256);
    function locked_at() external view returns (uint256);
    function liquidity() external view returns (uint256);
    function reserved() external view returns (uint256);
    function insurance() external view returns (uint256);
    function volume(address account) external view returns (uint256);
}

/// @notice The price that a keeper pushes.
interface IPriceFeed {
    function push(uint256 price) external;
    function price() external view returns (uint256);
    function pushed_at() external view returns (uint256);
}

/// @notice The token, which anybody mints.
interface IDollar {
    function mint(address to, uint256 amount) external;
    function approve(address spender, uint256 amount) external returns (bool);
    function balanceOf(address account) external view returns (uint256);
}
