// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

// Units: assets, margin and quote in raw units of the collateral token; sizes in base asset with 18 decimals;
// ...Ppm in parts per million; ...Wad with 18 decimals; carry indices as prices, so assets = size * index / SCALE.

/// @notice The rates that hold for the part of a notional above `notionalFloor`.
struct Tier {
    uint256 notionalFloor; // assets
    uint256 initialRatePpm;
    uint256 maintenanceRatePpm;
}

/// @notice The terms of a market, fixed at deployment.
struct RiskParameters {
    Tier[] tiers;
    uint256 tradingFeePpm; // of the notional traded
    uint256 insuranceSharePpm; // of the trading fee
    uint256 liquidationFeePpm; // of the notional liquidated
    uint256 liquidatorSharePpm; // of the liquidation fee
    uint256 bufferPpm; // above maintenance margin: where a partial liquidation brings a position back to
    uint256 minNotional; // assets
    uint256 maxOpenInterest; // size, per side
    uint256 reservePpm; // of what the pool is worth: the largest notional of one side
    uint256 oiScalePpm; // of the notional: the initial margin when a side is at maxOpenInterest
    uint256 skewScale; // size: the skew at which the funding rate is at its maximum
    uint256 maxFundingRateWad; // per second
    uint256 borrowRateWad; // per second
    uint256 adlTriggerPpm; // of a side's notional: what the pool must be worth, or deleveraging starts
    uint256 adlTargetPpm; // of a side's notional: what the pool is worth of it after deleveraging
    uint256 liquidityFeePpm; // of what providers bring or take out, kept in the pool
    uint256 maxPriceAge; // seconds
    uint256 settleAfter; // seconds that a feed must be silent before its market may be settled
}

/// @notice Everything a market is deployed with.
struct MarketConfig {
    address collateral;
    address feed;
    address owner;
    address guardian;
    string poolName;
    string poolSymbol;
    RiskParameters parameters;
}

/// @notice What an operator may do with all positions of an owner.
struct Permission {
    uint8 permissions; // bits: DECREASE 1, INCREASE 2, REMOVE 4
    uint64 expiry; // the last timestamp at which it may
}

/// @notice One isolated position; all zero when there is none.
struct Position {
    address owner;
    int128 size; // long > 0, short < 0
    uint128 margin; // assets of its own
    int128 carryEntry; // its side's carry index when it was last settled
    int256 quote; // assets: its running balance against the pool, credits minus debits
    uint256 rateBp; // of the notional, 1e-4: the initial margin that its side's size asked for when it last grew
    uint40 deleveragedAt; // timestamp; 0: never
}

/// @notice A round of deleveraging of one side: what each of its positions may lose in it; all zero when there was none.
struct Round {
    uint40 roundAt; // timestamp: when it began
    uint64 cutWad; // of a position's size: the part of the side that had to go
    uint112 roundKeep; // size: the round ends early when the side is no larger
}

/// @notice The totals of a vault: of each side the sums over its positions, and its carry index.
struct Ledger {
    uint256 longSize; // sum of |size|
    uint256 shortSize;
    int256 longQuote; // assets
    int256 shortQuote;
    uint256 longMargin; // assets
    uint256 shortMargin;
    int256 longBasis; // sum of |size| * carryEntry
    int256 shortBasis;
    uint256 longFresh; // assets: margin that came in at freshAt, which counts from the next second on
    uint256 shortFresh;
    uint256 freshAt; // timestamp
    int256 carryLong;
    int256 carryShort;
    uint256 lastAccrual; // timestamp
    uint256 lastPrice; // priceWad
    uint256 insurance; // assets
    uint256 totalOwed; // assets
    uint256 nextId;
    uint256 deadSince; // timestamp: when the feed was reported dead, or its newest answer since; 0 while it isn't
    bool paused;
    bool settled; // true: the price is lastPrice, for ever
}

/// @notice What realising a part of a position moved.
struct Fill {
    uint256 sizeClosed;
    int256 realised; // assets: profit > 0, loss < 0
    uint256 paid; // assets: pool to margin when realised >= 0, margin to pool when realised < 0
    uint256 owed; // assets: profit that the pool could not pay at a whole close, added to owed[owner]
    uint256 deficit; // assets: loss that margin could not pay
}

/// @notice What a decrease or a close moved.
struct Decrease {
    Fill fill;
    uint256 poolFee; // assets: margin to pool
    uint256 insuranceFee; // assets: margin to insurance
    uint256 payout; // assets: margin to the owner's account, when closed whole
}

/// @notice What a liquidation moved.
struct Liquidation {
    Fill fill;
    uint256 fee; // assets: what left margin = rewardFromMargin + toInsurance
    uint256 rewardFromMargin; // assets: margin to liquidator
    uint256 toInsurance; // assets: margin to insurance
    uint256 rewardFromInsurance; // assets: insurance to liquidator, one trading fee at most
    uint256 covered; // assets: insurance to pool, for the deficit
    uint256 poolLoss; // assets: deficit - covered
    uint256 toClaimable; // assets: what was left of margin, when closed whole
}

/// @notice What an auto-deleveraging moved.
struct Deleverage {
    Fill fill;
    Round round; // that it belongs to
    uint256 reward; // assets: margin to caller
    uint256 toClaimable; // assets: what was left of margin, when closed whole
}

/// @notice What a side means for the pool, as of now.
struct SideValue {
    int256 pnl; // assets: what the pool would owe the side if it closed
    uint256 counted; // assets: the margins that can pay the side's loss, without what came in this second
    uint256 gap; // assets: the part of its loss that they can't pay
}

/// @notice The sums over the positions of a side and what it means for the pool, as of now.
struct SideView {
    uint256 size; // sum of |size|
    int256 quote; // assets
    uint256 margin; // assets
    int256 basis; // sum of |size| * carryEntry
    int256 carry; // index
    int256 pnl; // assets: see SideValue
    uint256 counted; // assets: see SideValue
    uint256 gap; // assets: see SideValue
    bool due; // true: the pool is worth too little beside the side's notional, so that it may be deleveraged
}

/// @notice What the pool is worth, as of now.
struct Exposure {
    bool live; // false: nobody comes or goes, as the feed has no price (lastPrice was used), or its clock runs
    int256 fairValue; // assets: what is the providers' if every side paid and got what it can
    uint256 unreserved; // assets that withdrawals may take
    bool underwater; // true: the sides' gaps are more than the pool takes deposits beside
    uint256 liquidityFeePpm; // what entering and leaving cost
    bool settled; // true: no deposits; withdrawals only when no position is left
}

/// @notice The health of a position, worst first.
enum Status {
    Bankrupt, // equity < 0
    Liquidatable, // equity < maintenance margin
    MarginCall, // equity < maintenance margin plus buffer
    Healthy
}
