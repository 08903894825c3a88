// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title IRoundFeed
/// @notice What the guard asks of a price feed, and of a sequencer's uptime feed.
/// @dev Whole words, where Chainlink's interface has narrower ones: those would revert on dirty high bits.
interface IRoundFeed {
    function decimals() external view returns (uint256);

    function latestRoundData()
        external
        view
        returns (uint256 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint256 answeredInRound);
}

/// @title Terms
/// @notice What a guard is deployed with. Prices are in the guard's decimals, times in seconds.
/// @param feed The first price feed.
/// @param fallbackFeed The second one, of the same price; zero: there is none.
/// @param uptimeFeed A rollup's sequencer uptime feed (answer 0: up, `startedAt`: since when); zero: there is none.
/// @param gracePeriod How long after the sequencer's return no price is live.
/// @param lowerBound A price has to be above it: the higher `minAnswer` of the two feeds, or more.
/// @param upperBound A price has to be below it: the lower `maxAnswer` of the two feeds, or less.
/// @param maxDeviationPpm The largest difference of two live prices, of the lower one.
/// @param feedMaxAge The oldest that a live answer of the first feed may be.
/// @param fallbackMaxAge The same of the second feed.
struct Terms {
    address feed;
    address fallbackFeed;
    address uptimeFeed;
    uint256 gracePeriod;
    uint256 lowerBound;
    uint256 upperBound;
    uint256 maxDeviationPpm;
    uint256 feedMaxAge;
    uint256 fallbackMaxAge;
}

/// @title GuardedFeed
/// @notice A price feed in front of one or two others: their live and undisputed price, and otherwise what a vault refuses.
/// @dev No owner, no storage. The vault's `maxPriceAge` has to be `maxAge()`. README.md has the table of all cases.
contract GuardedFeed {
    /// @dev One feed's present price; none where `price` is 0.
    struct Answer {
        uint256 price;
        uint256 updatedAt;
        uint256 liveUntil;
    }

    enum Sequencer {
        Up,
        Returning,
        Down
    }

    uint256 private constant PPM = 1e6;
    uint256 private constant MAX_DECIMALS = 36;
    uint256 private constant MAX_AGE = 7 days;
    /// @dev A vault can be settled a day after its first report: a market in grace must not wait longer.
    uint256 private constant MAX_GRACE_PERIOD = 1 days;
    /// @dev Three reads fit into the 500,000 gas that a settlement gives, whatever the feeds do with it.
    uint256 private constant READ_GAS = 100_000;

    address public immutable feed;
    address public immutable fallbackFeed;
    address public immutable uptimeFeed;
    uint256 public immutable gracePeriod;
    uint256 public immutable lowerBound;
    uint256 public immutable upperBound;
    uint256 public immutable maxDeviationPpm;
    uint256 public immutable feedMaxAge;
    uint256 public immutable fallbackMaxAge;
    /// @notice The longer of the two ages, which has to be the vault's `maxPriceAge`.
    uint256 public immutable maxAge;
    /// @notice The larger of the two feeds' decimals, so that no price is rounded.
    uint8 public immutable decimals;
    uint256 private immutable _feedFactor;
    uint256 private immutable _fallbackFactor;

    /// @notice Thrown at deployment when an address is no feed, is one twice, or has more than 36 decimals.
    error InvalidFeed(address feed);
    /// @notice Thrown at deployment when a term is out of its range, or is given for a feed that there is not.
    error InvalidParameter(string name);
    /// @notice Thrown when there is less gas than a read is given: a feed must not seem dead for lack of it.
    error InsufficientGas();

    constructor(Terms memory terms) {
        _check(terms);
        uint256 ownDecimals = _decimalsOf(terms.feed);
        uint256 fallbackDecimals = terms.fallbackFeed == address(0) ? ownDecimals : _decimalsOf(terms.fallbackFeed);
        uint256 larger = ownDecimals > fallbackDecimals ? ownDecimals : fallbackDecimals;
        feed = terms.feed;
        fallbackFeed = terms.fallbackFeed;
        uptimeFeed = terms.uptimeFeed;
        gracePeriod = terms.gracePeriod;
        lowerBound = terms.lowerBound;
        upperBound = terms.upperBound;
        maxDeviationPpm = terms.maxDeviationPpm;
        feedMaxAge = terms.feedMaxAge;
        fallbackMaxAge = terms.fallbackMaxAge;
        maxAge = terms.feedMaxAge > terms.fallbackMaxAge ? terms.feedMaxAge : terms.fallbackMaxAge;
        decimals = uint8(larger);
        _feedFactor = 10 ** (larger - ownDecimals);
        _fallbackFactor = 10 ** (larger - fallbackDecimals);
    }

    /// @notice Returns a live price with its own time, a price that is not live with a time too old for the vault, or 0.
    /// @return roundId 0: two feeds' rounds can't be compared.
    /// @return answer The price, scaled by `10 ** decimals`.
    /// @return startedAt The same as `updatedAt`.
    /// @return updatedAt When a feed gave the price, or more than `maxAge` ago.
    /// @return answeredInRound 0.
    function latestRoundData()
        external
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)
    {
        (uint256 price, uint256 time) = _guarded();
        return (0, int256(price), time, time, 0);
    }

    /// @notice Returns three words of a feed's answer, and reverts in whatever way the feed fails.
    /// @dev For the guard itself, which catches that.
    function wordsOf(address source) external view returns (int256 answer, uint256 startedAt, uint256 updatedAt) {
        (, answer, startedAt, updatedAt, ) = IRoundFeed(source).latestRoundData();
    }

    function _guarded() private view returns (uint256 price, uint256 updatedAt) {
        Answer memory first = _priceOf(feed, _feedFactor, feedMaxAge);
        Answer memory second = _priceOf(fallbackFeed, _fallbackFactor, fallbackMaxAge);
        if (_areInDispute(first, second)) return (0, 0);

        // With nobody live it is the last price, for a settlement.
        if (!_isLive(first) && !_isLive(second)) return _aged(first.updatedAt < second.updatedAt ? second : first);

        Answer memory live = _isLive(first) ? first : second;
        Sequencer sequencer = _sequencer();
        if (sequencer == Sequencer.Down) return (0, 0);
        if (sequencer == Sequencer.Returning) return _aged(live);
        return (live.price, live.updatedAt);
    }

    /// @dev None when it can't be read, is not within the bounds, or has no time or a future one.
    function _priceOf(address source, uint256 factor, uint256 age) private view returns (Answer memory none) {
        if (source == address(0)) return none;
        (int256 answer, , uint256 updatedAt) = _latest(source);
        if (updatedAt == 0 || updatedAt > block.timestamp) return none;
        // Below zero it is above every bound as an unsigned number.
        if (uint256(answer) > upperBound / factor) return none;
        uint256 price = uint256(answer) * factor;
        if (price <= lowerBound || price >= upperBound) return none;
        return Answer(price, updatedAt, updatedAt + age);
    }

    /// @dev Two prices too far from each other, both live now or both when the newer one was given. That one feed falls
    /// silent and then the other doesn't end a dispute; that one answers alone for a while does.
    function _areInDispute(Answer memory first, Answer memory second) private view returns (bool) {
        if (first.price == 0 || second.price == 0 || _isLive(first) != _isLive(second)) return false;
        if (first.liveUntil < second.updatedAt || second.liveUntil < first.updatedAt) return false;
        (uint256 lower, uint256 higher) = first.price < second.price
            ? (first.price, second.price)
            : (second.price, first.price);
        return (higher - lower) * PPM > lower * maxDeviationPpm;
    }

    /// @dev So old that the vault refuses it: usable for a settlement, and for nothing else.
    function _aged(Answer memory last) private view returns (uint256 price, uint256 updatedAt) {
        uint256 tooOld = block.timestamp - maxAge - 1;
        return (last.price, last.updatedAt < tooOld ? last.updatedAt : tooOld);
    }

    /// @dev Down, too, when the uptime feed can't be read, has not begun (`startedAt` 0) or answers from the future: a
    /// market whose uptime feed is retired can be settled.
    function _sequencer() private view returns (Sequencer) {
        if (uptimeFeed == address(0)) return Sequencer.Up;
        (int256 status, uint256 since, ) = _latest(uptimeFeed);
        if (status != 0 || since == 0 || since > block.timestamp) return Sequencer.Down;
        return block.timestamp - since <= gracePeriod ? Sequencer.Returning : Sequencer.Up;
    }

    /// @dev Zeros for a feed that can't be read; it can't take more gas than a read is given.
    function _latest(address source) private view returns (int256 answer, uint256 startedAt, uint256 updatedAt) {
        // A call passes on 63/64 of what is left.
        if (gasleft() < READ_GAS + READ_GAS / 32) revert InsufficientGas();
        try this.wordsOf{gas: READ_GAS}(source) returns (int256 answer_, uint256 startedAt_, uint256 updatedAt_) {
            return (answer_, startedAt_, updatedAt_);
        } catch {
            return (0, 0, 0);
        }
    }

    function _isLive(Answer memory price) private view returns (bool) {
        return price.liveUntil >= block.timestamp;
    }

    function _decimalsOf(address source) private view returns (uint256 own) {
        (bool success, bytes memory word) = source.staticcall(abi.encodeCall(IRoundFeed.decimals, ()));
        if (!success || word.length < 32) revert InvalidFeed(source);
        own = abi.decode(word, (uint256));
        if (own > MAX_DECIMALS) revert InvalidFeed(source);
    }

    function _check(Terms memory terms) private view {
        bool hasFallback = terms.fallbackFeed != address(0);
        bool hasUptime = terms.uptimeFeed != address(0);
        if (hasFallback && terms.fallbackFeed == terms.feed) revert InvalidFeed(terms.fallbackFeed);
        if (hasUptime && terms.uptimeFeed.code.length == 0) revert InvalidFeed(terms.uptimeFeed);
        if (terms.uptimeFeed == terms.feed || (hasUptime && terms.uptimeFeed == terms.fallbackFeed))
            revert InvalidFeed(terms.uptimeFeed);
        _require(_isGiven(hasUptime, terms.gracePeriod, MAX_GRACE_PERIOD), "gracePeriod");
        _require(terms.upperBound <= uint256(type(int256).max) / PPM, "upperBound"); // so that no product overflows
        _require(terms.lowerBound < terms.upperBound, "lowerBound");
        _require(_isGiven(hasFallback, terms.maxDeviationPpm, PPM), "maxDeviationPpm");
        _require(_isGiven(true, terms.feedMaxAge, MAX_AGE), "feedMaxAge");
        _require(_isGiven(hasFallback, terms.fallbackMaxAge, MAX_AGE), "fallbackMaxAge");
    }

    /// @dev Zero for a feed that there is not; else from 1 to `most`.
    function _isGiven(bool hasFeed, uint256 term, uint256 most) private pure returns (bool) {
        return hasFeed ? term > 0 && term <= most : term == 0;
    }

    function _require(bool isFulfilled, string memory name) private pure {
        if (!isFulfilled) revert InvalidParameter(name);
    }
}
