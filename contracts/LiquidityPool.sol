// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {SignedMath} from "@openzeppelin/contracts/utils/math/SignedMath.sol";
import {IIsolatedMarginVault} from "./interfaces/IIsolatedMarginVault.sol";
import {ILiquidityPool} from "./interfaces/ILiquidityPool.sol";
import {IVaultErrors} from "./interfaces/IVaultErrors.sol";
import {Exposure} from "./interfaces/VaultTypes.sol";
import {CarryMath} from "./libraries/CarryMath.sol";
import {CollateralTransfer} from "./libraries/CollateralTransfer.sol";
import {MAX_ASSETS, PPM} from "./libraries/Constants.sol";
import {Draft} from "./libraries/Draft.sol";
import {MarketReader} from "./libraries/MarketReader.sol";
import {PoolMath} from "./libraries/PoolMath.sol";
import {PriceFeedReader} from "./libraries/PriceFeedReader.sol";

/// @title LiquidityPool
/// @notice The counterparty of all traders of the vault that deployed it.
contract LiquidityPool is ILiquidityPool, ERC4626 {
    using CarryMath for Draft;
    using CollateralTransfer for IERC20;
    using MarketReader for IIsolatedMarginVault;
    using PoolMath for Draft;
    using PriceFeedReader for address;
    using SafeCast for uint256;

    /// @dev Shares minted at one timestamp, to the account or to who passed them on.
    struct Minted {
        uint64 timestamp;
        uint192 shares;
    }

    /// @dev Deposits close when a share is worth less than this part of an asset's raw unit, a millionth of the first price.
    uint256 private constant MAX_SHARES_PER_ASSET = 1e12;

    /// @inheritdoc ILiquidityPool
    address public immutable vault;

    /// @inheritdoc ILiquidityPool
    mapping(address account => Minted) public minted;

    modifier throughVaultLock() {
        IIsolatedMarginVault(vault).lock();
        _;
        IIsolatedMarginVault(vault).unlock();
    }

    constructor(IERC20 asset_, string memory name_, string memory symbol_) ERC20(name_, symbol_) ERC4626(asset_) {
        vault = msg.sender;
    }

    // ------------------------------------------------------------------------------------------ the vault's side

    /// @inheritdoc ILiquidityPool
    function pay(address to, uint256 assets) external {
        if (msg.sender != vault) revert IVaultErrors.NotVault(msg.sender);

        emit Paid(to, assets);

        IERC20(asset()).push(to, assets);
    }

    // ------------------------------------------------------------------------------------------ in and out

    /// @inheritdoc IERC4626
    function deposit(uint256 assets, address receiver) public override(ERC4626, IERC4626) returns (uint256) {
        return deposit(assets, receiver, 0);
    }

    /// @inheritdoc ILiquidityPool
    function deposit(
        uint256 assets,
        address receiver,
        uint256 minShares
    ) public throughVaultLock returns (uint256 shares) {
        Exposure memory seen = exposure();
        uint256 most = _maxDeposit(seen);
        if (assets > most) revert ERC4626ExceededMaxDeposit(receiver, assets, most);

        shares = _previewDeposit(assets, seen);
        if (shares < minShares) revert IVaultErrors.SlippageExceeded(shares, minShares);

        _deposit(msg.sender, receiver, assets, shares);
    }

    /// @inheritdoc IERC4626
    function mint(uint256 shares, address receiver) public override(ERC4626, IERC4626) returns (uint256) {
        return mint(shares, receiver, type(uint256).max);
    }

    /// @inheritdoc ILiquidityPool
    function mint(
        uint256 shares,
        address receiver,
        uint256 maxAssets
    ) public throughVaultLock returns (uint256 assets) {
        Exposure memory seen = exposure();
        uint256 most = _maxMint(seen);
        if (shares > most) revert ERC4626ExceededMaxMint(receiver, shares, most);

        assets = _previewMint(shares, seen);
        if (assets > maxAssets) revert IVaultErrors.SlippageExceeded(assets, maxAssets);

        _deposit(msg.sender, receiver, assets, shares);
    }

    /// @inheritdoc IERC4626
    function withdraw(
        uint256 assets,
        address receiver,
        address owner
    ) public override(ERC4626, IERC4626) returns (uint256) {
        return withdraw(assets, receiver, owner, type(uint256).max);
    }

    /// @inheritdoc ILiquidityPool
    function withdraw(
        uint256 assets,
        address receiver,
        address owner,
        uint256 maxShares
    ) public throughVaultLock returns (uint256 shares) {
        Exposure memory seen = exposure();
        uint256 most = _maxWithdraw(owner, seen);
        if (assets > most) revert ERC4626ExceededMaxWithdraw(owner, assets, most);

        shares = _previewWithdraw(assets, seen);
        if (shares > maxShares) revert IVaultErrors.SlippageExceeded(shares, maxShares);

        _withdraw(msg.sender, receiver, owner, assets, shares);
    }

    /// @inheritdoc IERC4626
    function redeem(
        uint256 shares,
        address receiver,
        address owner
    ) public override(ERC4626, IERC4626) returns (uint256) {
        return redeem(shares, receiver, owner, 0);
    }

    /// @inheritdoc ILiquidityPool
    function redeem(
        uint256 shares,
        address receiver,
        address owner,
        uint256 minAssets
    ) public throughVaultLock returns (uint256 assets) {
        Exposure memory seen = exposure();
        uint256 most = _maxRedeem(owner, seen);
        if (shares > most) revert ERC4626ExceededMaxRedeem(owner, shares, most);

        assets = _previewRedeem(shares, seen);
        if (assets < minAssets) revert IVaultErrors.SlippageExceeded(assets, minAssets);

        _withdraw(msg.sender, receiver, owner, assets, shares);
    }

    // ------------------------------------------------------------------------------------------ prices

    /// @inheritdoc IERC4626
    function totalAssets() public view override(ERC4626, IERC4626) returns (uint256) {
        return _nav(exposure());
    }

    /// @inheritdoc IERC4626
    function previewDeposit(uint256 assets) public view override(ERC4626, IERC4626) returns (uint256) {
        return _previewDeposit(assets, exposure());
    }

    /// @inheritdoc IERC4626
    function previewMint(uint256 shares) public view override(ERC4626, IERC4626) returns (uint256) {
        return _previewMint(shares, exposure());
    }

    /// @inheritdoc IERC4626
    function previewWithdraw(uint256 assets) public view override(ERC4626, IERC4626) returns (uint256) {
        return _previewWithdraw(assets, exposure());
    }

    /// @inheritdoc IERC4626
    function previewRedeem(uint256 shares) public view override(ERC4626, IERC4626) returns (uint256) {
        return _previewRedeem(shares, exposure());
    }

    function _previewDeposit(uint256 assets, Exposure memory seen) private view returns (uint256) {
        return _toShares(_lessFee(assets, seen), _nav(seen), Math.Rounding.Floor);
    }

    function _previewMint(uint256 shares, Exposure memory seen) private view returns (uint256) {
        return _plusFee(_toAssets(shares, _nav(seen), Math.Rounding.Ceil), seen, Math.Rounding.Ceil);
    }

    function _previewWithdraw(uint256 assets, Exposure memory seen) private view returns (uint256) {
        return _toShares(_plusFee(assets, seen, Math.Rounding.Ceil), _nav(seen), Math.Rounding.Ceil);
    }

    function _previewRedeem(uint256 shares, Exposure memory seen) private view returns (uint256) {
        return _lessFee(_toAssets(shares, _nav(seen), Math.Rounding.Floor), seen);
    }

    /// @dev What is left of `assets` after the fee, which stays in the pool, rounded down.
    function _lessFee(uint256 assets, Exposure memory seen) private pure returns (uint256) {
        return _convert(assets, PPM - seen.liquidityFeePpm, PPM, Math.Rounding.Floor);
    }

    /// @dev What it takes for `assets` to be left after the fee.
    function _plusFee(
        uint256 assets,
        Exposure memory seen,
        Math.Rounding rounding
    ) private pure returns (uint256) {
        return _convert(assets, PPM, PPM - seen.liquidityFeePpm, rounding);
    }

    /// @dev OpenZeppelin's hook behind `convertToShares`.
    function _convertToShares(uint256 assets, Math.Rounding rounding) internal view override returns (uint256) {
        return _toShares(assets, totalAssets(), rounding);
    }

    /// @dev OpenZeppelin's hook behind `convertToAssets`.
    function _convertToAssets(uint256 shares, Math.Rounding rounding) internal view override returns (uint256) {
        return _toAssets(shares, totalAssets(), rounding);
    }

    function _toShares(uint256 assets, uint256 nav, Math.Rounding rounding) private view returns (uint256) {
        return _convert(assets, totalSupply() + 10 ** _decimalsOffset(), nav + 1, rounding);
    }

    function _toAssets(uint256 shares, uint256 nav, Math.Rounding rounding) private view returns (uint256) {
        return _convert(shares, nav + 1, totalSupply() + 10 ** _decimalsOffset(), rounding);
    }

    /// @dev amount * multiplier / divisor. AmountTooLarge where that might not fit.
    function _convert(
        uint256 amount,
        uint256 multiplier,
        uint256 divisor,
        Math.Rounding rounding
    ) private pure returns (uint256) {
        uint256 limit = type(uint256).max;
        if (multiplier > divisor) limit = Math.mulDiv(limit, divisor, multiplier);
        if (amount > limit) revert IVaultErrors.AmountTooLarge(amount, limit);
        return Math.mulDiv(amount, multiplier, divisor, rounding);
    }

    function _nav(Exposure memory seen) private pure returns (uint256) {
        return uint256(SignedMath.max(seen.fairValue, 0));
    }

    // ------------------------------------------------------------------------------------------ limits

    /// @inheritdoc IERC4626
    function maxDeposit(address) public view override(ERC4626, IERC4626) returns (uint256) {
        return _maxDeposit(exposure());
    }

    /// @inheritdoc IERC4626
    function maxMint(address) public view override(ERC4626, IERC4626) returns (uint256) {
        return _maxMint(exposure());
    }

    /// @inheritdoc IERC4626
    function maxWithdraw(address owner) public view override(ERC4626, IERC4626) returns (uint256) {
        return _maxWithdraw(owner, exposure());
    }

    /// @inheritdoc IERC4626
    function maxRedeem(address owner) public view override(ERC4626, IERC4626) returns (uint256) {
        return _maxRedeem(owner, exposure());
    }

    /// @dev Closed in a settled market, while a side has a loss that its margins can't pay, and while shares are worth so little that their number
    /// could outgrow the domain.
    function _maxDeposit(Exposure memory seen) private view returns (uint256) {
        bool isDiluted = seen.fairValue * int256(MAX_SHARES_PER_ASSET) < int256(totalSupply());
        bool isOpen = seen.live && !seen.settled && !seen.underwater && !isDiluted;
        return isOpen ? MAX_ASSETS - _balance() : 0;
    }

    function _maxMint(Exposure memory seen) private view returns (uint256) {
        uint256 assets = _maxDeposit(seen);
        return assets == 0 ? 0 : _previewDeposit(assets, seen);
    }

    function _maxWithdraw(address owner, Exposure memory seen) private view returns (uint256) {
        if (!seen.live) return 0;
        return Math.min(_previewRedeem(_unlockedShares(owner), seen), seen.unreserved);
    }

    function _maxRedeem(address owner, Exposure memory seen) private view returns (uint256) {
        if (!seen.live) return 0;
        uint256 assets = _plusFee(seen.unreserved, seen, Math.Rounding.Floor);
        uint256 shares = _toShares(assets, _nav(seen), Math.Rounding.Floor);
        return Math.min(shares, _unlockedShares(owner));
    }

    // ------------------------------------------------------------------------------------------ shares

    function _lockedShares(address account) private view returns (uint256) {
        Minted memory fresh = minted[account];
        // The very second is meant: an account in another one has nothing locked.
        // slither-disable-next-line incorrect-equality
        return fresh.timestamp == block.timestamp ? fresh.shares : 0;
    }

    function _unlockedShares(address account) private view returns (uint256) {
        return balanceOf(account) - _lockedShares(account);
    }

    /// @dev Shares minted in this second can't be redeemed in it, whoever holds them, so that no deposit can be priced and
    /// taken out again around one transaction. What is unlocked goes first; the limits of redemptions leave the rest.
    function _update(address from, address to, uint256 shares) internal override {
        uint256 locked = from == address(0) ? shares : Math.saturatingSub(shares, _unlockedShares(from));
        super._update(from, to, shares);
        // A subtraction that saturates ends at exactly zero.
        // slither-disable-next-line incorrect-equality
        if (locked == 0) return;

        if (from != address(0)) minted[from].shares -= locked.toUint192();
        minted[to] = Minted(uint64(block.timestamp), (_lockedShares(to) + locked).toUint192());
    }

    function _decimalsOffset() internal pure override returns (uint8) {
        return 6;
    }

    // ------------------------------------------------------------------------------------------ assets

    /// @dev OpenZeppelin only ever names the caller here.
    function _transferIn(address, uint256 assets) internal override {
        IERC20(asset()).pullExactly(assets);
    }

    function _transferOut(address to, uint256 assets) internal override {
        IERC20(asset()).push(to, assets);
    }

    function _balance() private view returns (uint256) {
        return IERC20(asset()).countedBalance(address(this));
    }

    /// @inheritdoc ILiquidityPool
    /// @dev The feed is read once.
    function exposure() public view returns (Exposure memory result) {
        IIsolatedMarginVault market = IIsolatedMarginVault(vault);
        Draft memory draft = market.read();
        result.settled = draft.ledger.settled;
        result.live = result.settled;
        if (!result.settled) {
            uint256 priceWad = market.feed().tryRead(market.feedDecimals(), draft.parameters.maxPriceAge);
            if (priceWad != 0) draft.priceWad = priceWad;
            // What happens here stops no clock, so that nothing must happen here at a price while one runs.
            result.live = priceWad != 0 && draft.ledger.deadSince == 0;
            draft.accrue(block.timestamp);
        }

        result.fairValue = draft.fairValue();
        uint256 nav = _nav(result);
        result.unreserved = draft.unreserved(nav);
        result.underwater = draft.isUnderwater(nav);
        result.liquidityFeePpm = draft.parameters.liquidityFeePpm;
    }
}
