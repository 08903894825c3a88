"""Amounts and sizes that are refused whatever the state of the market. Source: docs/rules.md."""

from isolated_margin.errors import AmountTooLarge, InvalidSize, ZeroAmount, ZeroSize
from isolated_margin.fixed import MAX_ASSETS, MAX_SIZE, MAX_UINT256, MIN_INT256, uint256, within


def check_amount(assets: int) -> None:
    """Refuse an amount of assets that nobody can pay.

    Raises:
        ZeroAmount: it is zero.
        AmountTooLarge: it is above ``MAX_ASSETS``.
    """
    if uint256(assets) == 0:
        raise ZeroAmount
    check_maximum(assets)


def check_maximum(assets: int) -> None:
    """Refuse an amount of assets, or a total, above ``MAX_ASSETS``.

    Raises:
        AmountTooLarge: it is above.
    """
    if uint256(assets) > MAX_ASSETS:
        raise AmountTooLarge(assets, MAX_ASSETS)


def check_opening(size: int, margin: int) -> None:
    """Refuse a signed size, or a magnitude, or a margin in assets, that no position can have.

    Raises:
        ZeroSize: ``size`` is zero.
        InvalidSize: it is above ``MAX_SIZE`` in magnitude.
        AmountTooLarge: ``margin`` is above ``MAX_ASSETS``.
    """
    if within(size, MIN_INT256, MAX_UINT256) == 0:
        raise ZeroSize
    if abs(size) > MAX_SIZE:
        raise InvalidSize(abs(size), MAX_SIZE)
    check_maximum(margin)
