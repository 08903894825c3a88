// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {Exposure} from "./VaultTypes.sol";

/// @title ILiquidityPool
/// @notice The counterparty of all traders of one vault: an ERC-4626 vault over the same collateral.
/// @dev Everything is priced at nav = max(0, the vault's fair value), entry and exit alike: shares are
/// assets * (totalSupply + 1e6) / (nav + 1), shares have six more decimals than the asset. A balance above 2**127 - 1 counts as
/// that. Deposits, mints, withdrawals and redemptions, their previews and maxima, pay `liquidityFeePpm` of their assets, which
/// stays in the pool; conversions don't.
/// Warning: a loss beyond a trader's margin counts as long as other margin or profit of its own side could pay it, until it is
/// liquidated.
///
/// @dev With a dead feed all four maxima are 0, so the four calls end in OpenZeppelin's `ERC4626ExceededMax...`, and the other
/// views use the price of the vault's last accrual; they don't revert.
/// In a settled market deposits are closed for good; liquidity leaves free of fee once no position is left, up to all that is not
/// owed, and not before.
/// A conversion or preview whose exact result could be above 2**256 - 1 is `AmountTooLarge(amount, limit)`, with
/// limit = floor((2**256 - 1) * divisor / multiplier) of the formula above, or 2**256 - 1 where the multiplier is the smaller.
///
/// @dev `deposit`, `mint`, `withdraw` and `redeem` take the vault's lock (`ReentrantCall`). They don't accrue, and read the
/// price once. Each has an overload with a limit (ERC-5143): `SlippageExceeded(actual, limit)`, after the maximum
/// (`ERC4626ExceededMax...`) and before anything moves.
interface ILiquidityPool is IERC4626 {
    /// @notice Emitted when the vault makes the pool pay.
    event Paid(address indexed to, uint256 assets);

    /// @notice Sends `assets` to the vault (a trader's profit) or to an account (profit that was owed).
    /// @dev NotVault.
    function pay(address to, uint256 assets) external;

    /// @notice ERC-4626's `deposit`, refused for fewer than `minShares`.
    function deposit(uint256 assets, address receiver, uint256 minShares) external returns (uint256 shares);

    /// @notice ERC-4626's `mint`, refused for more than `maxAssets`.
    function mint(uint256 shares, address receiver, uint256 maxAssets) external returns (uint256 assets);

    /// @notice ERC-4626's `withdraw`, refused for more than `maxShares`.
    function withdraw(
        uint256 assets,
        address receiver,
        address owner,
        uint256 maxShares
    ) external returns (uint256 shares);

    /// @notice ERC-4626's `redeem`, refused for less than `minAssets`.
    function redeem(
        uint256 shares,
        address receiver,
        address owner,
        uint256 minAssets
    ) external returns (uint256 assets);

    /// @notice Returns the only account that can make the pool pay.
    function vault() external view returns (address);

    /// @notice Returns what the price of a share and the limits of the four calls follow from, with carry as of now, at the
    /// feed's price or, if it has none, at the last accrual's; in a settled market at the one it was settled at.
    function exposure() external view returns (Exposure memory);

    /// @notice Returns the last timestamp at which shares minted at it came to `account`, and how many of them it has. At `block.timestamp` they can't be redeemed: they don't count in `maxWithdraw` and `maxRedeem`. They can be passed
    /// on, what is unlocked going first, and stay locked with the receiver.
    function minted(address account) external view returns (uint64 timestamp, uint192 shares);
}
