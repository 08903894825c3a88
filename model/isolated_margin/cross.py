"""The same book under cross margin, so that the loss which isolation contains can be shown as a number.

An account has one collateral and any number of positions. Under isolation each position is an account of its
own; under cross margin each owner has one account, holding the margin of all its positions, and profits of
some back the losses of others. Only that differs. The rules for both:

- equity is collateral plus the pnl of all positions; the account is liquidatable when that is below the sum
  of the positions' maintenance margins, each by the tiers;
- then its positions are reduced, the one with the greatest loss first, until equity reaches the sum of the
  targets: a position is closed in part, by the vault's own formula, when that is enough, and else whole;
- the liquidation fee is taken from the collateral as far as that goes;
- an account without positions whose collateral is negative leaves that as bad debt and goes on with nothing.

There is no carry, no deleveraging and no limit to what the pool can pay: they would hide what sharing does.
Without them the isolated run closes what the vault closes, by the same sizes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from isolated_margin.errors import OutOfDomain
from isolated_margin.fixed import MAX_PRICE, PPM, ceil_div, floor_div, uint256
from isolated_margin.liquidation import notional_to_close
from isolated_margin.margin import Position, notional, scale_of
from isolated_margin.market import MAX_COLLATERAL_DECIMALS
from isolated_margin.parameters import RiskParameters


@dataclass(frozen=True, slots=True)
class Regime:
    """What became of a book.

    ``losses`` by owner in assets (negative: a gain), at the last price, never less than
    what the account is worth; ``closed`` and ``reduced``: the positions liquidated whole and in part;
    ``bad_debt``: the losses beyond the accounts' collateral, assets.
    """

    losses: Mapping[str, int]
    closed: frozenset[int]
    reduced: frozenset[int]
    bad_debt: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """One book and one path of prices under both regimes."""

    isolated: Regime
    cross: Regime

    @property
    def dragged(self) -> frozenset[int]:
        """Return the positions that isolation kept and cross margin closed: because of another's loss."""
        return self.cross.closed - self.isolated.closed

    @property
    def spared(self) -> frozenset[int]:
        """Return the positions that isolation closed and cross margin kept: by another's margin or profit."""
        return self.isolated.closed - self.cross.closed


class _Account:
    """Collateral and the positions that it backs; ``positions`` maps ids to (size, quote)."""

    __slots__ = ("collateral", "owner", "positions")

    def __init__(self, owner: str, positions: Mapping[int, Position]) -> None:
        self.owner = owner
        self.collateral = sum(position.margin for position in positions.values())
        self.positions = {number: (position.size, position.quote) for number, position in positions.items()}


class _Rules:
    """The terms of the market, and what liquidations under them have done so far."""

    def __init__(self, parameters: RiskParameters, scale: int) -> None:
        self.parameters = parameters
        self.scale = scale
        self.closed: set[int] = set()
        self.reduced: set[int] = set()
        self.bad_debt = 0

    def equity(self, account: _Account, price_wad: int) -> int:
        scale = self.scale
        return account.collateral + sum(
            size * price_wad // scale + quote for size, quote in account.positions.values()
        )

    def is_liquidatable(self, account: _Account, price_wad: int) -> bool:
        maintenance_margin, scale = self.parameters.maintenance_margin, self.scale
        required = sum(
            maintenance_margin(notional(size, price_wad, scale)) for size, _ in account.positions.values()
        )
        return self.equity(account, price_wad) < required

    def liquidate(self, account: _Account, price_wad: int) -> None:
        while account.positions and self.is_liquidatable(account, price_wad):
            worst = min(account.positions, key=lambda number: (self._pnl(account, number, price_wad), number))
            self._reduce(account, worst, price_wad)
        if not account.positions and account.collateral < 0:
            self.bad_debt -= account.collateral
            account.collateral = 0

    def _pnl(self, account: _Account, number: int, price_wad: int) -> int:
        size, quote = account.positions[number]
        return size * price_wad // self.scale + quote

    def _reduce(self, account: _Account, number: int, price_wad: int) -> None:
        """Close as much of a position as brings the account to its targets, if need be all of it."""
        size, quote = account.positions.pop(number)
        held, closing = abs(size), self._size_to_close(account, size, quote, price_wad)
        remaining = floor_div(quote * (held - closing), held)
        signed = closing if size > 0 else -closing
        account.collateral += quote - remaining + floor_div(signed * price_wad, self.scale)
        fee = ceil_div(notional(closing, price_wad, self.scale) * self.parameters.liquidation_fee_ppm, PPM)
        account.collateral -= min(fee, max(account.collateral, 0))
        if closing == held:
            self.reduced.discard(number)
            self.closed.add(number)
        else:
            self.reduced.add(number)
            account.positions[number] = (size - signed, remaining)

    def _size_to_close(self, others: _Account, size: int, quote: int, price_wad: int) -> int:
        """Return the size, rounded up, that leaves its target for what stays once the others have theirs."""
        held, scale, parameters = abs(size), self.scale, self.parameters
        worth = notional(held, price_wad, scale)
        reserved = sum(
            parameters.target(notional(other, price_wad, scale)) for other, _ in others.positions.values()
        )
        left_for_it = self.equity(others, price_wad) + size * price_wad // scale + quote - reserved
        closing = notional_to_close(worth, left_for_it, worth, parameters)  # a fee is less than the notional
        if closing >= worth:
            return held
        closing = ceil_div(closing * scale, price_wad)
        if closing >= held or notional(held - closing, price_wad, scale) < parameters.min_notional:
            return held
        return closing


def compare(
    positions: Mapping[int, Position],
    prices: Sequence[int],
    parameters: RiskParameters,
    collateral_decimals: int,
) -> Comparison:
    """Return what becomes of a book, settled and by id, on a path of prices (WAD) under both regimes.

    Raises:
        NotAnInteger, OutOfDomain: an id, a price or the decimals are no ``uint256``, or outside of a vault's
            domain.
        ValueError: there is no price.
    """
    _check(positions, prices, collateral_decimals)
    scale = scale_of(collateral_decimals)
    alone = [_Account(position.owner, {number: position}) for number, position in positions.items()]
    owners = sorted({position.owner for position in positions.values()})
    shared = [
        _Account(owner, {number: held for number, held in positions.items() if held.owner == owner})
        for owner in owners
    ]
    return Comparison(
        isolated=_run(alone, prices, _Rules(parameters, scale)),
        cross=_run(shared, prices, _Rules(parameters, scale)),
    )


def _check(positions: Iterable[int], prices: Sequence[int], collateral_decimals: int) -> None:
    for number in positions:
        uint256(number)
    if not prices:
        raise ValueError("a path needs at least one price")
    for price_wad in prices:
        if not 0 < uint256(price_wad) <= MAX_PRICE:
            raise OutOfDomain(price_wad)
    if uint256(collateral_decimals) > MAX_COLLATERAL_DECIMALS:
        raise OutOfDomain(collateral_decimals)


def _run(accounts: Iterable[_Account], prices: Sequence[int], rules: _Rules) -> Regime:
    losses: dict[str, int] = {}
    for account in accounts:
        losses[account.owner] = losses.get(account.owner, 0) + account.collateral
        for price_wad in prices:
            rules.liquidate(account, price_wad)
        losses[account.owner] -= max(0, rules.equity(account, prices[-1]))
    return Regime(losses, frozenset(rules.closed), frozenset(rules.reduced), rules.bad_debt)
