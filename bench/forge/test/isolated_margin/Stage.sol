// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {IIsolatedMarginVault} from "vault/interfaces/IIsolatedMarginVault.sol";
import {ILiquidityPool} from "vault/interfaces/ILiquidityPool.sol";
import {IVaultLens} from "vault/interfaces/IVaultLens.sol";
import {Ledger, MarketConfig, Position, RiskParameters, Tier} from "vault/interfaces/VaultTypes.sol";
import {Play} from "../Play.sol";
import {vm} from "../Vm.sol";

interface IFeed {
    function set(int256 answer, uint256 updatedAt) external;
    function setBroken(bool broken) external;
    function isBroken() external view returns (bool);
    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80);
}

interface IToken is IERC20, IERC20Permit {
    function mint(address account, uint256 assets) external;
    function blacklist(address account, bool listed) external;
}

/// @notice A market before anyone acts, as the runner writes it. Kept is of it what handlers ask for.
struct MarketSetup {
    RiskParameters parameters;
    uint8 collateralDecimals;
    uint8 feedDecimals;
    int256 answer;
    uint256 tokens;
    uint256 liquidity;
    uint256 insurance;
}

/// @notice What to test: creation codes, and the markets to deploy of them.
struct Given {
    bytes vault;
    bytes pool;
    bytes lens;
    bytes token;
    bytes feed;
    MarketSetup[] markets;
    bool isBare; // true: act, and look at nothing
}

/// @title Stage
/// @notice Deploys every market once; a run plays in one of them, drawn by its first call.
abstract contract Stage is Play {
    struct Market {
        IIsolatedMarginVault vault;
        ILiquidityPool pool;
        IToken token;
        IFeed feed;
        MarketSetup setup;
    }

    uint256 internal constant MAX_PRICE = 1e32;
    uint256 internal constant MAX_SIZE = 1e33;
    uint256 internal constant MAX_ASSETS = 2 ** 127 - 1;
    uint256 internal constant GENESIS_TIME = 1_700_000_000;

    // Accounts by role, as keys: three traders, an operator, two liquidators, two providers, owner, guardian, a stranger.
    uint256 internal constant TRADER = 1;
    uint256 internal constant OPERATOR = 4;
    uint256 internal constant LIQUIDATOR = 5;
    uint256 internal constant PROVIDER = 7;
    uint256 internal constant OWNER = 9;
    uint256 internal constant GUARDIAN = 10;
    uint256 internal constant STRANGER = 11;
    uint256 internal constant FUNDED = 10;
    uint256 internal constant ACCOUNTS = 11;

    Market[] internal markets;
    address[12] internal who; // by key; 0 is the zero address
    IVaultLens internal lens;

    // The market of this run
    IIsolatedMarginVault internal vault;
    ILiquidityPool internal pool;
    IToken internal token;
    IFeed internal feed;
    MarketSetup internal setup;
    uint256 internal scale;
    uint256 internal donated; // assets sent to the vault outside of its functions
    uint256 internal supply; // of the token
    bool internal isBare;

    constructor(Given memory given) {
        vm.warp(GENESIS_TIME);
        isBare = given.isBare;
        for (uint256 key = 1; key <= ACCOUNTS; ++key) {
            who[key] = vm.addr(key);
        }
        lens = IVaultLens(_create(given.lens));
        for (uint256 i; i < given.markets.length; ++i) {
            _deploy(given, given.markets[i]);
        }
    }

    function _deploy(Given memory given, MarketSetup memory market) private {
        Market storage placed = markets.push();
        placed.token = IToken(_create(bytes.concat(given.token, abi.encode(market.collateralDecimals))));
        placed.feed = IFeed(_create(bytes.concat(given.feed, abi.encode(market.feedDecimals))));
        MarketConfig memory config = MarketConfig({
            collateral: address(placed.token),
            feed: address(placed.feed),
            owner: who[OWNER],
            guardian: who[GUARDIAN],
            poolName: "Pool",
            poolSymbol: "LP",
            parameters: market.parameters
        });
        placed.vault = IIsolatedMarginVault(_create(bytes.concat(given.vault, abi.encode(config, given.pool))));
        placed.pool = ILiquidityPool(placed.vault.pool());
        _keep(placed.setup, market);
        _fund(placed, market);
    }

    /// @dev Copies field by field: the compiler can't copy an array of structs to storage.
    function _keep(MarketSetup storage kept, MarketSetup memory market) private {
        RiskParameters memory terms = market.parameters;
        RiskParameters storage written = kept.parameters;
        for (uint256 i; i < terms.tiers.length; ++i) {
            written.tiers.push(terms.tiers[i]);
        }
        written.tradingFeePpm = terms.tradingFeePpm;
        written.bufferPpm = terms.bufferPpm;
        written.minNotional = terms.minNotional;
        written.maxOpenInterest = terms.maxOpenInterest;
        written.reservePpm = terms.reservePpm;
        written.oiScalePpm = terms.oiScalePpm;
        written.adlTriggerPpm = terms.adlTriggerPpm;
        written.adlTargetPpm = terms.adlTargetPpm;
        written.liquidityFeePpm = terms.liquidityFeePpm;
        written.maxPriceAge = terms.maxPriceAge;
        (kept.collateralDecimals, kept.feedDecimals) = (market.collateralDecimals, market.feedDecimals);
        (kept.answer, kept.tokens) = (market.answer, market.tokens);
    }

    function _fund(Market storage placed, MarketSetup memory market) private {
        for (uint256 key = 1; key <= FUNDED; ++key) {
            placed.token.mint(who[key], market.tokens);
            vm.prank(who[key]);
            placed.token.approve(address(placed.vault), type(uint256).max);
            vm.prank(who[key]);
            placed.token.approve(address(placed.pool), type(uint256).max);
        }
        placed.feed.set(market.answer, vm.getBlockTimestamp());
        if (market.liquidity > 0) {
            vm.prank(who[PROVIDER]);
            placed.pool.deposit(market.liquidity, who[PROVIDER]);
        }
        if (market.insurance > 0) {
            vm.prank(who[OWNER]);
            placed.vault.fundInsurance(market.insurance);
        }
        vm.roll(vm.getBlockNumber() + 1);
    }

    /// @dev Starts a call of a handler: what it draws follows from `seed`.
    modifier drawing(uint256 seed) {
        _seed(seed);
        if (address(vault) == address(0)) _enter(markets[_draw(markets.length)]);
        _;
    }

    function _enter(Market storage market) private {
        (vault, pool, token, feed) = (market.vault, market.pool, market.token, market.feed);
        setup = market.setup;
        scale = 10 ** (36 - uint256(market.setup.collateralDecimals));
        supply = token.totalSupply();
    }

    // ------------------------------------------------------------------------------------------ draws

    function _trader() internal returns (address) {
        return who[TRADER + _draw(3)];
    }

    function _provider() internal returns (address) {
        uint256 drawn = _draw(5);
        return drawn == 4 ? who[STRANGER] : who[PROVIDER + drawn % 2];
    }

    function _keeper() internal returns (address) {
        uint256 drawn = _draw(4);
        return drawn < 2 ? who[LIQUIDATOR + drawn] : drawn == 2 ? who[STRANGER] : who[TRADER];
    }

    function _anyone() internal returns (address) {
        return who[1 + _draw(ACCOUNTS)];
    }

    function _receiver() internal returns (address) {
        uint256 drawn = _draw(ACCOUNTS + 2);
        return drawn <= ACCOUNTS ? who[drawn] : address(pool);
    }

    /// @dev Returns an amount at a limit, near it, or far beyond.
    function _amount(uint256 limit) internal returns (uint256) {
        uint256 drawn = _draw(14);
        if (drawn < 4) return limit;
        if (drawn == 4) return limit / 2;
        if (drawn == 5) return limit / 10;
        if (drawn == 6) return limit == type(uint256).max ? limit : limit + 1;
        if (drawn == 7) return limit == 0 ? 0 : limit - 1;
        if (drawn == 8) return 1;
        if (drawn == 9) return 0;
        if (drawn == 10) return MAX_ASSETS;
        if (drawn == 11) return MAX_ASSETS + 1;
        return drawn == 12 ? 2 ** 255 : type(uint256).max;
    }
}
