"""What the pool's shares are worth, and how many may come and go: pure functions of the exposure.

``supply`` is the total of shares, ``balance`` the pool's assets. Virtual shares and one virtual asset
make a donation useless to a first depositor. Source of the formulas: docs/rules.md.
"""

from typing import Final

from isolated_margin.errors import AmountTooLarge
from isolated_margin.exposure import Exposure
from isolated_margin.fixed import MAX_ASSETS, MAX_UINT256, PPM, mul_div_down, mul_div_up, uint256, within
from isolated_margin.parameters import MAX_LIQUIDITY_FEE_PPM

VIRTUAL_SHARES: Final = 10**6  # (= 1,000,000) six decimals more than the asset's
MAX_SHARES_PER_ASSET: Final = 10**12  # a pool diluted beyond it takes no deposits


def to_shares_down(assets: int, supply: int, nav: int) -> int:
    """Return the shares worth ``assets``, rounded down.

    Raises:
        NotAnInteger, OutOfDomain: ``assets`` is no ``uint256``.
        AmountTooLarge: the result might not fit a word.
    """
    total, worth = _virtual(supply, nav)
    _check_fits(assets, total, worth)
    return mul_div_down(assets, total, worth)


def to_shares_up(assets: int, supply: int, nav: int) -> int:
    """Return the shares worth ``assets``, rounded up; raises as ``to_shares_down``."""
    total, worth = _virtual(supply, nav)
    _check_fits(assets, total, worth)
    return mul_div_up(assets, total, worth)


def to_assets_down(shares: int, supply: int, nav: int) -> int:
    """Return the assets that ``shares`` are worth, rounded down.

    Raises:
        NotAnInteger, OutOfDomain: ``shares`` is no ``uint256``.
        AmountTooLarge: the result might not fit a word.
    """
    total, worth = _virtual(supply, nav)
    _check_fits(shares, worth, total)
    return mul_div_down(shares, worth, total)


def to_assets_up(shares: int, supply: int, nav: int) -> int:
    """Return the assets that ``shares`` are worth, rounded up; raises as ``to_assets_down``."""
    total, worth = _virtual(supply, nav)
    _check_fits(shares, worth, total)
    return mul_div_up(shares, worth, total)


def preview_deposit(assets: int, supply: int, nav: int, fee_ppm: int) -> int:
    """Return the shares that ``assets`` buy, less the fee, rounded down; raises as ``to_shares_down``."""
    return to_shares_down(_less_fee(assets, fee_ppm), supply, nav)


def preview_mint(shares: int, supply: int, nav: int, fee_ppm: int) -> int:
    """Return the assets that ``shares`` cost, the fee on top, rounded up; raises as ``to_assets_down``."""
    assets = to_assets_up(shares, supply, nav)
    left = _left_ppm(fee_ppm)
    _check_fits(assets, PPM, left)
    return mul_div_up(assets, PPM, left)


def preview_withdraw(assets: int, supply: int, nav: int, fee_ppm: int) -> int:
    """Return the shares burned for ``assets`` after the fee, rounded up; raises as ``to_shares_down``."""
    left = _left_ppm(fee_ppm)
    _check_fits(assets, PPM, left)
    return to_shares_up(mul_div_up(assets, PPM, left), supply, nav)


def preview_redeem(shares: int, supply: int, nav: int, fee_ppm: int) -> int:
    """Return the assets paid for ``shares``, less the fee, rounded down; raises as ``to_assets_down``."""
    return _less_fee(to_assets_down(shares, supply, nav), fee_ppm)


def _less_fee(assets: int, fee_ppm: int) -> int:
    """Return what is left of ``assets`` after the fee, which stays in the pool, rounded down."""
    return mul_div_down(assets, _left_ppm(fee_ppm), PPM)


def _left_ppm(fee_ppm: int) -> int:
    return PPM - within(fee_ppm, 0, MAX_LIQUIDITY_FEE_PPM)


def max_deposit(balance: int, supply: int, exposure: Exposure) -> int:
    """Return the assets that may be deposited now.

    None in a settled market, while the feed is dead, a side is underwater, or an asset would buy more than
    ``MAX_SHARES_PER_ASSET``; then up to a balance of ``MAX_ASSETS``.
    """
    uint256(balance), uint256(supply)
    is_diluted = exposure.fair_value * MAX_SHARES_PER_ASSET < supply
    if not exposure.live or exposure.settled or exposure.underwater or is_diluted:
        return 0
    return MAX_ASSETS - balance


def max_mint(balance: int, supply: int, exposure: Exposure) -> int:
    """Return the shares that may be minted now, rounded down; 0 while deposits are closed."""
    assets = max_deposit(balance, supply, exposure)
    return preview_deposit(assets, supply, exposure.nav, exposure.liquidity_fee_ppm)


def max_withdraw(unlocked: int, supply: int, exposure: Exposure) -> int:
    """Return the assets that ``unlocked`` shares can take out now, rounded down; 0 with a dead feed."""
    if not exposure.live:
        return 0
    worth = preview_redeem(unlocked, supply, exposure.nav, exposure.liquidity_fee_ppm)
    return min(worth, exposure.unreserved)


def max_redeem(unlocked: int, supply: int, exposure: Exposure) -> int:
    """Return how many of ``unlocked`` shares can go now, rounded down; 0 with a dead feed."""
    if not exposure.live:
        return 0
    assets = mul_div_down(exposure.unreserved, PPM, _left_ppm(exposure.liquidity_fee_ppm))
    return min(uint256(unlocked), to_shares_down(assets, supply, exposure.nav))


def _virtual(supply: int, nav: int) -> tuple[int, int]:
    """Return shares and assets with the virtual ones."""
    return uint256(supply) + VIRTUAL_SHARES, uint256(nav) + 1


def _check_fits(amount: int, multiplier: int, divisor: int) -> None:
    limit = MAX_UINT256 if multiplier <= divisor else mul_div_down(MAX_UINT256, divisor, multiplier)
    if uint256(amount) > limit:
        raise AmountTooLarge(amount, limit)
