// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Ownable, Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {Create2} from "@openzeppelin/contracts/utils/Create2.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IIsolatedMarginVault} from "./interfaces/IIsolatedMarginVault.sol";
import {ILiquidityPool} from "./interfaces/ILiquidityPool.sol";
import {
    Decrease,
    Deleverage,
    Fill,
    Ledger,
    Liquidation,
    MarketConfig,
    Permission,
    Position,
    RiskParameters,
    Round,
    Tier
} from "./interfaces/VaultTypes.sol";
import {CarryMath} from "./libraries/CarryMath.sol";
import {CollateralTransfer} from "./libraries/CollateralTransfer.sol";
import {
    DECREASE,
    INCREASE,
    MAX_COLLATERAL_DECIMALS,
    MAX_FEED_DECIMALS,
    MAX_TIERS,
    REMOVE
} from "./libraries/Constants.sol";
import {DeleverageMath} from "./libraries/DeleverageMath.sol";
import {Draft, Drafts, Totals} from "./libraries/Draft.sol";
import {FixedPoint} from "./libraries/FixedPoint.sol";
import {LiquidationMath} from "./libraries/LiquidationMath.sol";
import {ParameterWords} from "./libraries/ParameterWords.sol";
import {PoolMath} from "./libraries/PoolMath.sol";
import {PriceFeedReader} from "./libraries/PriceFeedReader.sol";
import {RiskParametersLib} from "./libraries/RiskParametersLib.sol";
import {StoredPosition, StoredPositions} from "./libraries/StoredPosition.sol";
import {TradeMath} from "./libraries/TradeMath.sol";

/// @title IsolatedMarginVault
/// @notice Storage and effects of one market; the arithmetic is in libraries/, the contract with the reader in interfaces/.
contract IsolatedMarginVault is IIsolatedMarginVault, Ownable2Step, EIP712 {
    using CarryMath for Draft;
    using CollateralTransfer for IERC20;
    using DeleverageMath for Draft;
    using Drafts for Draft;
    using FixedPoint for int256;
    using LiquidationMath for Draft;
    using ParameterWords for RiskParameters;
    using ParameterWords for Tier[];
    using ParameterWords for uint256;
    using PoolMath for Draft;
    using PriceFeedReader for address;
    using SafeCast for int256;
    using SafeCast for uint256;
    using StoredPositions for StoredPosition;
    using TradeMath for Draft;

    // ------------------------------------------------------------------------------------------ storage

    /// @dev The ledger, packed by what an action writes together. MAX_SIZE and MAX_PRICE need 110 and 107 bits.
    struct Books {
        uint112 longSize;
        uint112 shortSize;
        uint32 lastAccrual; // seconds since deployment
        uint112 lastPrice; // priceWad
        uint128 insurance; // assets
        bool settled;
        bool isSilent; // whether deadSince is above zero
        int128 carryLong;
        int128 carryShort;
        uint128 longMargin; // assets
        uint128 shortMargin; // assets
        uint184 totalOwed; // assets
        uint32 nextId;
        uint32 freshAt; // seconds since deployment
        bool paused;
        int256 longQuote; // assets
        int256 longBasis;
        int256 shortQuote; // assets
        int256 shortBasis;
        uint128 longFresh; // assets
        uint128 shortFresh; // assets
        uint256 deadSince; // timestamp, in a word that most actions leave alone: see isSilent
    }

    /// @dev The word is made when an account first opens, so that a liquidation, which fills it, never pays for a new one.
    /// Claims are part of what the vault holds, and token supplies are below 2**127.
    struct Account {
        uint128 claimable; // assets
        bool hasTraded;
    }

    bytes32 private constant SET_OPERATOR_TYPEHASH =
        keccak256(
            "SetOperator(address owner,address operator,uint8 permissions,uint64 expiry,uint256 nonce,uint256 deadline)"
        );

    Books private _books;
    mapping(uint256 id => StoredPosition) private _positions;
    mapping(address account => Account) private _accounts;

    /// @inheritdoc IIsolatedMarginVault
    mapping(bool isLong => Round) public rounds;
    /// @inheritdoc IIsolatedMarginVault
    mapping(address account => uint256 assets) public owed;
    /// @inheritdoc IIsolatedMarginVault
    mapping(address account => uint256) public nonces;
    mapping(address owner => mapping(address operator => Permission)) private _operators;
    /// @inheritdoc IIsolatedMarginVault
    address public guardian;

    /// @dev 1 while an action runs; a word, since a bool would be read before it is written.
    uint256 private transient _lock;

    // ------------------------------------------------------------------------------------------ immutables

    /// @inheritdoc IIsolatedMarginVault
    address public immutable collateral;
    /// @inheritdoc IIsolatedMarginVault
    address public immutable pool;
    /// @inheritdoc IIsolatedMarginVault
    address public immutable feed;
    /// @inheritdoc IIsolatedMarginVault
    uint8 public immutable collateralDecimals;
    /// @inheritdoc IIsolatedMarginVault
    uint8 public immutable feedDecimals;

    uint256 private immutable _SCALE; // assets = size * priceWad / _SCALE
    uint256 private immutable _DEPLOYED_AT; // timestamp

    uint256 private immutable _TIER_0;
    uint256 private immutable _TIER_1;
    uint256 private immutable _TIER_2;
    uint256 private immutable _TIER_3;
    uint256 private immutable _TIER_4;
    uint256 private immutable _TIER_5;
    uint256 private immutable _TIER_6;
    uint256 private immutable _TIER_7;
    uint256 private immutable _SHARES;
    uint256 private immutable _LIMITS;
    uint256 private immutable _MIN_NOTIONAL;
    uint256 private immutable _MAX_OPEN_INTEREST;
    uint256 private immutable _SKEW_SCALE;
    uint256 private immutable _MAX_PRICE_AGE;

    // ------------------------------------------------------------------------------------------ deployment

    /// @param poolCreationCode The creation code of LiquidityPool. The vault deploys its own pool, so that each can hold the
    /// other's address as an immutable.
    constructor(
        MarketConfig memory config,
        bytes memory poolCreationCode
    ) Ownable(config.owner) EIP712("IsolatedMarginVault", "1") {
        collateral = config.collateral;
        collateralDecimals = _readDecimals(config.collateral, MAX_COLLATERAL_DECIMALS, "collateral");
        feed = config.feed;
        feedDecimals = _readDecimals(config.feed, MAX_FEED_DECIMALS, "feed");
        RiskParameters memory parameters = config.parameters;
        RiskParametersLib.validate(parameters);

        _SCALE = 10 ** (36 - uint256(collateralDecimals));
        _DEPLOYED_AT = block.timestamp;
        _books.nextId = 1;

        uint256[MAX_TIERS] memory tiers = parameters.tiers.packTiers();
        _TIER_0 = tiers[0];
        _TIER_1 = tiers[1];
        _TIER_2 = tiers[2];
        _TIER_3 = tiers[3];
        _TIER_4 = tiers[4];
        _TIER_5 = tiers[5];
        _TIER_6 = tiers[6];
        _TIER_7 = tiers[7];
        _SHARES = parameters.packShares();
        _LIMITS = parameters.packLimits();
        _MIN_NOTIONAL = parameters.minNotional;
        _MAX_OPEN_INTEREST = parameters.maxOpenInterest;
        _SKEW_SCALE = parameters.skewScale;
        _MAX_PRICE_AGE = parameters.maxPriceAge;

        _nameGuardian(config.guardian);
        bytes memory arguments = abi.encode(config.collateral, config.poolName, config.poolSymbol);
        pool = Create2.deploy(0, 0, bytes.concat(poolCreationCode, arguments));
    }

    /// @dev InvalidParameter(name) when `target` doesn't answer `decimals()` with a number up to `maximum`.
    function _readDecimals(address target, uint256 maximum, string memory name) private view returns (uint8) {
        (bool success, bytes memory word) = target.staticcall(abi.encodeWithSignature("decimals()"));
        if (!success || word.length < 32) revert InvalidParameter(name);
        uint256 decimals = abi.decode(word, (uint256));
        if (decimals > maximum) revert InvalidParameter(name);
        return uint8(decimals);
    }

    // ------------------------------------------------------------------------------------------ guards

    modifier locked() {
        _takeLock();
        _;
        _lock = 0;
    }

    modifier onlyPool() {
        if (msg.sender != pool) revert NotPool(msg.sender);
        _;
    }

    function _takeLock() private {
        if (_lock != 0) revert ReentrantCall();
        _lock = 1;
    }

    /// @dev NoPosition.
    function _live(uint256 id) private view returns (Position memory live) {
        live = _positions[id].load();
        if (live.owner == address(0)) revert NoPosition(id);
    }

    /// @dev NoPosition, NotAuthorised. Of an operator `permission` is asked, the owner needs none.
    function _authorised(uint256 id, uint8 permission) private view returns (Position memory live) {
        live = _live(id);
        if (msg.sender == live.owner) return live;
        Permission storage given = _operators[live.owner][msg.sender];
        bool isAllowed = given.permissions & permission != 0 && block.timestamp <= given.expiry;
        if (!isAllowed) revert NotAuthorised(msg.sender, id);
    }

    /// @dev MarketSettled.
    function _checkUnsettled() private view {
        if (_books.settled) revert MarketSettled();
    }

    /// @dev MarketSettled, MarketPaused.
    function _checkRunning() private view {
        _checkUnsettled();
        if (_books.paused) revert MarketPaused();
    }

    function _checkDeadline(uint256 deadline) private view {
        if (block.timestamp > deadline) revert Expired(deadline, block.timestamp);
    }

    function _checkLimit(bool isBuying, uint256 priceWad, uint256 limitPriceWad) private pure {
        bool isWorse = isBuying ? priceWad > limitPriceWad : priceWad < limitPriceWad;
        if (isWorse) revert PriceLimit(priceWad, limitPriceWad);
    }

    // ------------------------------------------------------------------------------------------ trading

    /// @inheritdoc IIsolatedMarginVault
    function open(
        int256 size,
        uint256 margin,
        uint256 limitPriceWad,
        uint256 deadline
    ) external locked returns (uint256 id) {
        return _open(size, margin, limitPriceWad, deadline);
    }

    /// @inheritdoc IIsolatedMarginVault
    function openWithPermit(
        int256 size,
        uint256 margin,
        uint256 limitPriceWad,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external locked returns (uint256 id) {
        // Whoever saw the permit may have sent it already, so its failure alone is no reason to refuse.
        try IERC20Permit(collateral).permit(msg.sender, address(this), margin, deadline, v, r, s) {} catch {}
        return _open(size, margin, limitPriceWad, deadline);
    }

    function _open(
        int256 size,
        uint256 margin,
        uint256 limitPriceWad,
        uint256 deadline
    ) private returns (uint256 id) {
        _checkRunning();
        _checkDeadline(deadline);
        TradeMath.checkSize(size.magnitude());
        TradeMath.checkAssets(margin, 0);

        Draft memory draft = _draft(Position(msg.sender, 0, 0, 0, 0, 0, 0), size > 0);
        _checkLimit(size > 0, draft.priceWad, limitPriceWad);
        _accrue(draft);
        _readPool(draft);

        (uint256 poolFee, uint256 insuranceFee, uint256 fresh) = draft.grow(size, margin);

        id = _books.nextId++;
        _accounts[msg.sender].hasTraded = true;
        _store(id, draft);
        emit Opened(id, msg.sender, draft.position, draft.priceWad, poolFee, insuranceFee, fresh);

        _pull(margin);
        _exchange(int256(poolFee));
    }

    /// @inheritdoc IIsolatedMarginVault
    function increase(
        uint256 id,
        uint256 sizeDelta,
        uint256 margin,
        uint256 limitPriceWad,
        uint256 deadline
    ) external locked {
        Position memory live = _authorised(id, INCREASE);
        _checkRunning();
        _checkDeadline(deadline);
        TradeMath.checkSize(sizeDelta);
        TradeMath.checkAssets(margin, live.margin);

        Draft memory draft = _draft(live, live.size > 0);
        _checkLimit(draft.isLong, draft.priceWad, limitPriceWad);
        _accrue(draft);
        draft.settle();
        _readPool(draft);

        (uint256 poolFee, uint256 insuranceFee, uint256 fresh) = draft.grow(
            FixedPoint.withSignOf(sizeDelta, live.size),
            margin
        );

        _store(id, draft);
        emit Increased(
            id,
            live.owner,
            live,
            sizeDelta,
            margin,
            draft.priceWad,
            poolFee,
            insuranceFee,
            fresh
        );

        _pull(margin);
        _exchange(int256(poolFee));
    }

    /// @inheritdoc IIsolatedMarginVault
    function decrease(
        uint256 id,
        uint256 sizeDelta,
        uint256 limitPriceWad,
        uint256 deadline
    ) external locked returns (Decrease memory) {
        Position memory live = _authorised(id, DECREASE);
        return _decrease(id, live, sizeDelta, limitPriceWad, deadline);
    }

    /// @inheritdoc IIsolatedMarginVault
    function close(
        uint256 id,
        uint256 limitPriceWad,
        uint256 deadline
    ) external locked returns (Decrease memory) {
        Position memory live = _authorised(id, DECREASE);
        return _decrease(id, live, int256(live.size).magnitude(), limitPriceWad, deadline);
    }

    function _decrease(
        uint256 id,
        Position memory live,
        uint256 sizeDelta,
        uint256 limitPriceWad,
        uint256 deadline
    ) private returns (Decrease memory result) {
        address owner = live.owner;
        if (sizeDelta < int256(live.size).magnitude()) _checkUnsettled();
        _checkDeadline(deadline);
        TradeMath.checkPart(sizeDelta, live);

        Draft memory draft = _draft(live, live.size > 0);
        _checkLimit(!draft.isLong, draft.priceWad, limitPriceWad);
        _accrue(draft);
        draft.settle();
        draft.poolBalance = _poolBalance();

        result = draft.shrink(sizeDelta);

        _store(id, draft);
        _credit(owner, result.fill.owed, 0);
        emit Decreased(id, owner, draft.position, draft.priceWad, result);

        _exchange(_toPool(result.fill) + int256(result.poolFee));
        _push(owner, result.payout);
    }

    // ------------------------------------------------------------------------------------------ margin

    /// @inheritdoc IIsolatedMarginVault
    function addMargin(uint256 id, uint256 assets, address owner) external locked {
        Position memory live = _live(id);
        if (live.owner != owner) revert WrongOwner(id, live.owner);
        if (assets == 0) revert ZeroAmount();
        TradeMath.checkAssets(assets, live.margin);

        live.margin += uint128(assets);
        _positions[id].margin = live.margin;
        _addFresh(live.size > 0, assets);
        emit MarginAdded(id, owner, msg.sender, live, assets);

        _pull(assets);
    }

    /// @inheritdoc IIsolatedMarginVault
    function removeMargin(uint256 id, uint256 assets) external locked {
        Position memory live = _authorised(id, REMOVE);
        _checkUnsettled();
        if (assets == 0) revert ZeroAmount();
        TradeMath.checkAssets(assets, 0);

        Draft memory draft = _draft(live, live.size > 0);
        _accrue(draft);
        draft.settle();

        draft.withdraw(assets);

        _store(id, draft);
        emit MarginRemoved(id, live.owner, live, draft.priceWad, assets);

        _push(live.owner, assets);
    }

    /// @inheritdoc IIsolatedMarginVault
    function claim(address to) external locked returns (uint256 assets) {
        if (to == address(this) || to == pool) revert InvalidReceiver(to);
        assets = _accounts[msg.sender].claimable;
        if (assets == 0) revert NothingToClaim(msg.sender);

        _accounts[msg.sender].claimable = 0;
        emit Claimed(msg.sender, to, assets);

        _push(to, assets);
    }

    /// @inheritdoc IIsolatedMarginVault
    function collectOwed(address account) external locked returns (uint256 assets) {
        assets = owed[account];
        if (assets == 0) revert NothingOwed(account);
        uint256 balance = _poolBalance();
        if (balance == 0) revert PoolEmpty();

        if (assets > balance) assets = balance;
        owed[account] -= assets;
        _books.totalOwed -= uint184(assets);
        emit OwedCollected(account, msg.sender, assets);

        ILiquidityPool(pool).pay(account, assets);
    }

    /// @inheritdoc IIsolatedMarginVault
    function fundInsurance(uint256 assets) external locked {
        _checkUnsettled();
        if (assets == 0) revert ZeroAmount();
        TradeMath.checkAssets(assets, _books.insurance);

        _books.insurance += uint128(assets);
        emit InsuranceFunded(msg.sender, assets);

        _pull(assets);
    }

    // ------------------------------------------------------------------------------------------ operators

    /// @inheritdoc IIsolatedMarginVault
    function setOperator(address operator, uint8 permissions, uint64 expiry) external locked {
        _checkPermissions(permissions);
        _setOperator(msg.sender, operator, permissions, expiry);
    }

    /// @inheritdoc IIsolatedMarginVault
    function setOperatorWithSig(
        address owner,
        address operator,
        uint8 permissions,
        uint64 expiry,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external locked {
        _checkDeadline(deadline);
        _checkPermissions(permissions);
        if (nonce != nonces[owner]) revert InvalidNonce(nonce, nonces[owner]);
        bytes32 message = keccak256(
            abi.encode(SET_OPERATOR_TYPEHASH, owner, operator, permissions, expiry, nonce, deadline)
        );
        if (!SignatureChecker.isValidSignatureNow(owner, _hashTypedDataV4(message), signature)) {
            revert InvalidSignature();
        }

        _setOperator(owner, operator, permissions, expiry);
    }

    /// @dev ERC-5267, of constants: reading them from immutables takes more code.
    function eip712Domain()
        public
        view
        override
        returns (
            bytes1 fields,
            string memory name,
            string memory version,
            uint256 chainId,
            address verifyingContract,
            bytes32 salt,
            uint256[] memory extensions
        )
    {
        return (hex"0f", "IsolatedMarginVault", "1", block.chainid, address(this), 0, new uint256[](0));
    }

    function _checkPermissions(uint8 permissions) private pure {
        if (permissions > DECREASE + INCREASE + REMOVE) revert InvalidPermissions(permissions);
    }

    function _setOperator(address owner, address operator, uint8 permissions, uint64 expiry) private {
        uint256 nonce = ++nonces[owner];
        _operators[owner][operator] = Permission(permissions, expiry);
        emit OperatorSet(owner, operator, permissions, expiry, nonce);
    }

    // ------------------------------------------------------------------------------------------ keepers

    /// @inheritdoc IIsolatedMarginVault
    function liquidate(uint256 id) external locked returns (Liquidation memory result) {
        Position memory live = _live(id);
        address owner = live.owner;

        Draft memory draft = _draft(live, live.size > 0);
        _accrue(draft);
        draft.settle();
        draft.poolBalance = _poolBalance();

        result = draft.liquidate();

        _store(id, draft);
        _credit(owner, result.fill.owed, result.toClaimable);
        emit Liquidated(id, owner, msg.sender, draft.position, draft.priceWad, result);

        _exchange(_toPool(result.fill) + int256(result.covered));
        _push(msg.sender, result.rewardFromMargin + result.rewardFromInsurance);
    }

    /// @inheritdoc IIsolatedMarginVault
    function deleverage(uint256 id) external locked returns (Deleverage memory result) {
        Position memory live = _live(id);
        address owner = live.owner;
        _checkUnsettled();

        Draft memory draft = _draft(live, live.size > 0);
        _accrue(draft);
        draft.settle();
        _readPool(draft);

        Round memory last = rounds[draft.isLong];
        result = draft.deleverage(id, last);

        _store(id, draft);
        if (result.round.roundAt != last.roundAt) rounds[draft.isLong] = result.round;
        _credit(owner, result.fill.owed, result.toClaimable);
        emit Deleveraged(id, owner, msg.sender, draft.position, draft.priceWad, result);

        _exchange(_toPool(result.fill));
        _push(msg.sender, result.reward);
    }

    // ------------------------------------------------------------------------------------------ a dead feed

    /// @inheritdoc IIsolatedMarginVault
    function settleMarket() external locked {
        _checkUnsettled();
        (uint256 priceWad, uint256 updatedAt) = feed.readAny(feedDecimals);
        Draft memory draft = _draftAt(priceWad);
        uint256 deadSince = draft.ledger.deadSince;
        bool isReported = deadSince != 0;
        if (priceWad != 0 && block.timestamp - updatedAt <= draft.parameters.maxPriceAge) {
            if (!isReported) revert FeedAlive();
            return _report(0);
        }
        if (!isReported || (priceWad != 0 && updatedAt > deadSince)) return _report(block.timestamp);
        uint256 readyAt = deadSince + draft.parameters.settleAfter;
        if (block.timestamp < readyAt) revert SettlementTooEarly(readyAt, block.timestamp);

        // At the feed's last answer when that can be read, else at the last price that the vault used.
        Totals memory totals = draft.ledger;
        _readSums(totals, false);
        if (priceWad != 0 && updatedAt >= totals.lastAccrual) draft.accrue(updatedAt);

        _storeLedger(totals, false);
        _books.settled = true;
        _setDeadSince(0);
        emit Settled(totals.lastPrice, totals.lastAccrual, totals.long.carry, totals.short.carry);

        _exchange(0);
    }

    function _report(uint256 deadSince) private {
        _setDeadSince(deadSince);
        emit FeedReported(deadSince);
    }

    function _setDeadSince(uint256 deadSince) private {
        (_books.isSilent, _books.deadSince) = (deadSince != 0, deadSince);
    }

    // ------------------------------------------------------------------------------------------ roles

    /// @inheritdoc IIsolatedMarginVault
    function pause() external locked {
        if (msg.sender != guardian && msg.sender != owner()) revert NotGuardian(msg.sender);
        _setPaused(true);
    }

    /// @inheritdoc IIsolatedMarginVault
    function unpause() external locked onlyOwner {
        _setPaused(false);
    }

    /// @inheritdoc IIsolatedMarginVault
    function setGuardian(address guardian_) external locked onlyOwner {
        _nameGuardian(guardian_);
    }

    function _setPaused(bool paused) private {
        _books.paused = paused;
        emit PausedSet(msg.sender, paused);
    }

    function _nameGuardian(address guardian_) private {
        guardian = guardian_;
        emit GuardianSet(guardian_);
    }

    // ------------------------------------------------------------------------------------------ the pool's side

    /// @inheritdoc IIsolatedMarginVault
    function lock() external onlyPool {
        _takeLock();
    }

    /// @inheritdoc IIsolatedMarginVault
    function unlock() external onlyPool {
        _lock = 0;
    }

    // ------------------------------------------------------------------------------------------ state

    /// @inheritdoc IIsolatedMarginVault
    function position(uint256 id) external view returns (Position memory) {
        return _positions[id].load();
    }

    /// @inheritdoc IIsolatedMarginVault
    function operators(address owner, address operator) external view returns (Permission memory) {
        return _operators[owner][operator];
    }

    /// @inheritdoc IIsolatedMarginVault
    function claimable(address account) external view returns (uint256) {
        return _accounts[account].claimable;
    }

    /// @inheritdoc IIsolatedMarginVault
    function ledger() public view returns (Ledger memory totals) {
        Books storage books = _books;
        totals.longSize = books.longSize;
        totals.shortSize = books.shortSize;
        totals.longQuote = books.longQuote;
        totals.shortQuote = books.shortQuote;
        totals.longMargin = books.longMargin;
        totals.shortMargin = books.shortMargin;
        totals.longBasis = books.longBasis;
        totals.shortBasis = books.shortBasis;
        totals.longFresh = books.longFresh;
        totals.shortFresh = books.shortFresh;
        totals.freshAt = _DEPLOYED_AT + books.freshAt;
        totals.carryLong = books.carryLong;
        totals.carryShort = books.carryShort;
        totals.lastAccrual = _DEPLOYED_AT + books.lastAccrual;
        totals.lastPrice = books.lastPrice;
        totals.insurance = books.insurance;
        totals.totalOwed = books.totalOwed;
        totals.nextId = books.nextId;
        if (books.isSilent) totals.deadSince = books.deadSince;
        totals.paused = books.paused;
        totals.settled = books.settled;
    }

    /// @inheritdoc IIsolatedMarginVault
    function riskParameters() external view returns (RiskParameters memory parameters) {
        _readParameters(parameters);
    }

    // ------------------------------------------------------------------------------------------ drafts

    /// @dev InvalidPrice, StalePrice; neither in a settled market.
    function _price() private view returns (uint256 priceWad) {
        if (_books.settled) return _books.lastPrice;
        return feed.read(feedDecimals, _MAX_PRICE_AGE);
    }

    /// @dev InvalidPrice, StalePrice. With the sums of the position's side.
    function _draft(Position memory live, bool isLong) private view returns (Draft memory draft) {
        draft = _draftAt(_price());
        draft.take(live, isLong);
        _readSums(draft.ledger, isLong);
    }

    function _draftAt(uint256 priceWad) private view returns (Draft memory draft) {
        draft.priceWad = priceWad;
        draft.scale = _SCALE;
        _readTotals(draft.ledger);
        _readParameters(draft.parameters);
        draft.waive();
    }

    /// @dev What a fair value needs beside the sums of the draft's own side.
    function _readPool(Draft memory draft) private view {
        _readSums(draft.ledger, !draft.isLong);
        draft.poolBalance = _poolBalance();
    }

    /// @dev What every action reads; a side's other sums are left to those who need them.
    function _readTotals(Totals memory totals) private view {
        Books storage books = _books;
        totals.long.size = books.longSize;
        totals.short.size = books.shortSize;
        totals.long.margin = books.longMargin;
        totals.short.margin = books.shortMargin;
        totals.long.carry = books.carryLong;
        totals.short.carry = books.carryShort;
        totals.lastAccrual = _DEPLOYED_AT + books.lastAccrual;
        totals.lastPrice = books.lastPrice;
        totals.insurance = books.insurance;
        totals.totalOwed = books.totalOwed;
        totals.settled = books.settled;
        if (books.isSilent) totals.deadSince = books.deadSince;
        _readFresh(totals);
    }

    /// @dev Margin that came in earlier counts, and isn't read.
    function _readFresh(Totals memory totals) private view {
        // The very second is meant: what came in before it counts.
        // slither-disable-next-line incorrect-equality
        totals.hasFresh = _DEPLOYED_AT + _books.freshAt == block.timestamp;
        if (totals.hasFresh) (totals.long.fresh, totals.short.fresh) = (_books.longFresh, _books.shortFresh);
    }

    function _readSums(Totals memory totals, bool isLong) private view {
        Books storage books = _books;
        if (isLong) (totals.long.quote, totals.long.basis) = (books.longQuote, books.longBasis);
        else (totals.short.quote, totals.short.basis) = (books.shortQuote, books.shortBasis);
    }

    function _readParameters(RiskParameters memory parameters) private view {
        _SHARES.unpackShares(parameters);
        _LIMITS.unpackLimits(parameters);
        _readTiers(parameters.tiers);
        parameters.minNotional = _MIN_NOTIONAL;
        parameters.maxOpenInterest = _MAX_OPEN_INTEREST;
        parameters.skewScale = _SKEW_SCALE;
        parameters.maxPriceAge = _MAX_PRICE_AGE;
    }

    function _readTiers(Tier[] memory tiers) private view {
        _TIER_0.unpackTo(tiers, 0);
        _TIER_1.unpackTo(tiers, 1);
        _TIER_2.unpackTo(tiers, 2);
        _TIER_3.unpackTo(tiers, 3);
        _TIER_4.unpackTo(tiers, 4);
        _TIER_5.unpackTo(tiers, 5);
        _TIER_6.unpackTo(tiers, 6);
        _TIER_7.unpackTo(tiers, 7);
    }

    function _accrue(Draft memory draft) private {
        if (!draft.isDue(block.timestamp)) return;
        draft.accrue(block.timestamp);
        if (draft.ledger.deadSince != 0) _setDeadSince(0);
        emit Accrued(draft.priceWad, draft.ledger.long.carry, draft.ledger.short.carry);
    }

    function _store(uint256 id, Draft memory draft) private {
        if (draft.position.owner == address(0)) delete _positions[id];
        else _positions[id].store(draft.position);

        draft.sumMargin();
        _storeLedger(draft.ledger, draft.isLong);
    }

    /// @dev Most of the time both are zero, and their slots are left alone. What anyone is owed is far below 2**184.
    function _credit(address owner, uint256 owedAssets, uint256 claimableAssets) private {
        if (owedAssets > 0) {
            owed[owner] += owedAssets;
            _books.totalOwed += uint184(owedAssets);
        }
        if (claimableAssets > 0) _accounts[owner].claimable += uint128(claimableAssets);
    }

    /// @dev All conversions before all writes, so that the compiler makes one write of each slot.
    function _storeLedger(Totals memory totals, bool isLong) private {
        uint32 lastAccrual = (totals.lastAccrual - _DEPLOYED_AT).toUint32();
        uint128 insurance = totals.insurance.toUint128();
        int128 carryLong = totals.long.carry.toInt128();
        int128 carryShort = totals.short.carry.toInt128();

        Books storage books = _books;
        books.longSize = uint112(totals.long.size);
        books.shortSize = uint112(totals.short.size);
        books.lastAccrual = lastAccrual;
        books.lastPrice = uint112(totals.lastPrice);
        books.insurance = insurance;
        books.carryLong = carryLong;
        books.carryShort = carryShort;
        books.longMargin = uint128(totals.long.margin);
        books.shortMargin = uint128(totals.short.margin);
        if (isLong) (books.longQuote, books.longBasis) = (totals.long.quote, totals.long.basis);
        else (books.shortQuote, books.shortBasis) = (totals.short.quote, totals.short.basis);
        if (totals.hasFresh) _storeFresh(totals);
    }

    /// @dev Margin that comes in without a price.
    function _addFresh(bool isLong, uint256 assets) private {
        // Of an empty draft nothing but fresh margin is read, and stored.
        // slither-disable-next-line uninitialized-local
        Totals memory totals;
        _readFresh(totals);
        if (isLong) {
            _books.longMargin += uint128(assets);
            totals.long.fresh += assets;
        } else {
            _books.shortMargin += uint128(assets);
            totals.short.fresh += assets;
        }
        _storeFresh(totals);
    }

    /// @dev Most actions find none, and bring none in.
    function _storeFresh(Totals memory totals) private {
        _books.freshAt = (block.timestamp - _DEPLOYED_AT).toUint32();
        (_books.longFresh, _books.shortFresh) = (uint128(totals.long.fresh), uint128(totals.short.fresh));
    }

    // ------------------------------------------------------------------------------------------ transfers

    function _poolBalance() private view returns (uint256) {
        return IERC20(collateral).countedBalance(pool);
    }

    function _toPool(Fill memory fill) private pure returns (int256) {
        return fill.realised < 0 ? int256(fill.paid) : -int256(fill.paid);
    }

    /// @dev The net of all that moves between vault and pool: one transfer at most.
    function _exchange(int256 toPool) private {
        if (_books.settled) toPool += _release(toPool);
        if (toPool > 0) _push(pool, uint256(toPool));
        if (toPool < 0) ILiquidityPool(pool).pay(address(this), uint256(-toPool));
    }

    /// @dev What insurance gives to the pool when the last position of a settled market is gone: what the pool owes and has not
    /// after all else that moves.
    function _release(int256 toPool) private returns (int256) {
        Books storage books = _books;
        if (books.longSize != 0 || books.shortSize != 0) return 0;
        uint256 owing = Math.saturatingSub(books.totalOwed, uint256(int256(_poolBalance()) + toPool));
        uint256 assets = Math.min(books.insurance, owing);
        if (assets > 0) {
            books.insurance -= uint128(assets);
            emit InsuranceReleased(assets);
        }
        return int256(assets);
    }

    function _pull(uint256 assets) private {
        IERC20(collateral).pullExactly(assets);
    }

    function _push(address to, uint256 assets) private {
        IERC20(collateral).push(to, assets);
    }
}
