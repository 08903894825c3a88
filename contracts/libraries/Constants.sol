// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

uint256 constant PPM = 1e6;
uint256 constant BP = 1e4;
uint256 constant PPM_PER_BP = 100;
uint256 constant WAD = 1e18;

/// @dev The highest price of a whole base asset, 1e14 whole collateral tokens.
uint256 constant MAX_PRICE = 1e32;

/// @dev The largest |size|, 1e15 whole base assets.
uint256 constant MAX_SIZE = 1e33;

/// @dev The largest amount of assets taken as an argument, or counted of the pool's balance.
uint256 constant MAX_ASSETS = 2 ** 127 - 1;

uint256 constant MAX_TIERS = 8;
uint256 constant MAX_COLLATERAL_DECIMALS = 18;
uint256 constant MAX_FEED_DECIMALS = 36;

/// @dev What an operator may be permitted, a bit each: `decrease` and `close`, `increase`, `removeMargin`.
uint8 constant DECREASE = 1;
uint8 constant INCREASE = 2;
uint8 constant REMOVE = 4;

/// @dev The highest funding and borrow rates: 0.01 % per second.
uint256 constant MAX_RATE_WAD = 1e14;

/// @dev The highest reserve: a side of 100 times what the pool is worth.
uint256 constant MAX_RESERVE_PPM = 1e8;

/// @dev The smallest skewScale: one thousandth of the open interest that a side may reach.
uint256 constant MAX_OPEN_INTEREST_PER_SKEW_SCALE = 1000;

/// @dev The oldest answer of a feed that a market may take for a price.
uint256 constant OLDEST_PRICE_AGE = 7 days;

/// @dev The bounds of how long a feed must be silent before its market may be settled, beside twice the age of a price.
uint256 constant MIN_SETTLE_AFTER = 1 days;
uint256 constant MAX_SETTLE_AFTER = 2 ** 32 - 1;

/// @dev What a feed's read is given when a market is settled.
uint256 constant FEED_GAS = 500_000;

/// @dev The largest fee on entering or leaving the pool, 5 %.
uint256 constant MAX_LIQUIDITY_FEE_PPM = 50_000;

/// @dev Seconds in which a position is deleveraged once, unless its side has come down to what the round was begun for.
uint256 constant ROUND = 30;

/// @dev A round ends early once one part in so many of what it was begun for is left: roundings and losers hardly ever let a side
/// come down all the way.
uint256 constant ROUND_LEAVES = 100;

/// @dev The smallest maintenance margin a position may need, so that the roundings of a liquidation stay far below it.
uint256 constant MIN_MAINTENANCE_MARGIN = 1000;

/// @dev Assets that a partial liquidation aims too high, for the roundings of its steps.
int256 constant ROUNDING_MARGIN = 8;
