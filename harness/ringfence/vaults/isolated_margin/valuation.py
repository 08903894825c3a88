"""The isolated-margin rules applied to what was observed: how the properties value our own vault."""

from dataclasses import dataclass, replace
from typing import Final, cast

from isolated_margin.book import Book as Sums
from isolated_margin.book import BookSide, SideValue, side_values
from isolated_margin.carry import Carry, accrue
from isolated_margin.deleverage import size_to_keep
from isolated_margin.errors import Refusal
from isolated_margin.exposure import fair_value, is_due
from isolated_margin.fixed import PPM, ceil_div, floor_div
from isolated_margin.margin import Position, equity, notional, pnl
from isolated_margin.parameters import RiskParameters
from isolated_margin.price import to_price_wad

from ringfence.properties.event_ledger import OF_A_SIDE
from ringfence.types.moment import Moment
from ringfence.types.state import VaultState

ENDLESS: Final = 2**256  # more than any equity
TOLERANCE: int = (
    16  # assets: the 8 that a partial liquidation allows for roundings, and as many that they may take
)


@dataclass(frozen=True, slots=True)
class IsolatedMarginRules:
    """Values any state of a market; ``scale`` turns size times price into assets."""

    parameters: RiskParameters
    scale: int
    feed_decimals: int

    def book(self, state: VaultState, moment: Moment) -> "IsolatedMarginBook | None":
        """Return the state valued at a moment; None where the vault would refuse the feed's answer.

        A settled market has its price and indices whatever the feed says, and no fees.
        """
        totals = state.totals
        last = Carry(
            totals["carry_long"], totals["carry_short"], totals["last_accrual"], totals["last_price"]
        )
        if totals["settled"]:
            rules = replace(self, parameters=self.parameters.without_fees())
            now = replace(last, last_accrual=moment.timestamp)
            return IsolatedMarginBook(rules, state, last.last_price, now)
        price_wad = self._price_wad(moment)
        if price_wad is None:
            return None
        sizes = totals["long_size"], totals["short_size"]
        return IsolatedMarginBook(
            self, state, price_wad, accrue(last, *sizes, price_wad, moment.timestamp, self.parameters)
        )

    def _price_wad(self, moment: Moment) -> int | None:
        fresh = 0 < moment.updated_at <= moment.timestamp <= moment.updated_at + self.parameters.max_price_age
        if moment.broken or moment.answer <= 0 or not fresh:
            return None
        try:
            return to_price_wad(moment.answer, self.feed_decimals)
        except Refusal:
            return None


@dataclass(frozen=True, slots=True)
class IsolatedMarginBook:
    """A state at one price, its carry accrued."""

    rules: IsolatedMarginRules
    state: VaultState
    price_wad: int
    carry: Carry

    def at_price(self, price_wad: int) -> "IsolatedMarginBook":
        """Return the book at another price, carry held as it is."""
        return IsolatedMarginBook(self.rules, self.state, price_wad, self.carry)

    def notional(self, position: int) -> int:
        """Return a position's worth, rounded up."""
        return self._notional(self.state.positions[position].size)

    def pnl(self, position: int) -> int:
        """Return the unrealised profit, rounded down."""
        held = self._position(position)
        return pnl(held, self.price_wad, self.carry.index_of(held.size), self.rules.scale)

    def equity(self, position: int) -> int:
        """Return margin plus unrealised profit."""
        held = self._position(position)
        return equity(held, self.price_wad, self.carry.index_of(held.size), self.rules.scale)

    def maintenance_margin(self, position: int) -> int:
        """Return the equity below which a position is liquidatable; in a settled market any is."""
        if self.state.totals["settled"]:
            return ENDLESS
        return self._parameters.maintenance_margin(self.notional(position))

    def target(self, position: int) -> int:
        """Return the equity that a partial liquidation restores."""
        return self._parameters.target(self.notional(position))

    def closing_fee(self, position: int) -> int:
        """Return the trading fee on all of a position."""
        return self.trading_fee(self.state.positions[position].size)

    def trading_fee(self, size: int) -> int:
        """Return the trading fee on a size, rounded up."""
        return ceil_div(self._notional(size) * self._parameters.trading_fee_ppm, PPM)

    def reward(self, size: int) -> int:
        """Return a liquidator's share of the liquidation fee on a size, rounded down."""
        fee = ceil_div(self._notional(size) * self._parameters.liquidation_fee_ppm, PPM)
        return fee * self._parameters.liquidator_share_ppm // PPM

    def held_back(self) -> int:
        """Return a trading fee on all that is open, rounded up."""
        totals = self.state.totals
        worth = self._notional(totals["long_size"]) + self._notional(totals["short_size"])
        return ceil_div(worth * self._parameters.trading_fee_ppm, PPM)

    def shortfall_after_liquidating(self, position: int, size: int) -> int:
        """Return how far below the target a position would be if ``size`` of it were liquidated."""
        held = self._position(position)
        rest = abs(held.size) - size
        direction = 1 if held.size > 0 else -1
        before = self.pnl(position)
        quote = before - floor_div(held.size * self.price_wad, self.rules.scale)
        quote_rest = floor_div(quote * rest, abs(held.size))
        realised = quote - quote_rest + floor_div(direction * size * self.price_wad, self.rules.scale)
        paid = min(realised, self.free)
        margin = max(0, held.margin + paid)
        fee = min(margin, ceil_div(self._notional(size) * self._parameters.liquidation_fee_ppm, PPM))
        worth = quote_rest + floor_div(direction * rest * self.price_wad, self.rules.scale)
        left = margin - fee + max(0, realised - paid) + worth
        return self._parameters.target(self._notional(rest)) - left

    def size_within_tolerance(self, position: int) -> int:
        """Return the size worth what the roundings may add to the notional that is liquidated."""
        p = self._parameters
        tiers = p.tiers[: p.maintenance.tier_of(self.notional(position)) + 1]
        rate = min(tier.maintenance_rate_ppm for tier in tiers) * (PPM + p.buffer_ppm)
        worth = ceil_div(TOLERANCE * PPM * PPM, rate - p.liquidation_fee_ppm * PPM)
        return ceil_div(worth * self.rules.scale, self.price_wad)

    def is_dust(self, size: int) -> bool:
        """Return whether a position of ``size`` would be too small to be left open."""
        return size <= 0 or self._notional(size) < self._parameters.min_notional

    @property
    def is_free_of_carry(self) -> bool:
        """Return whether both indices are zero."""
        return self.carry.carry_long == self.carry.carry_short == 0

    def is_due(self, size: int, worth: int) -> bool:
        """Return whether a pool of this worth is below the trigger's part of a side's notional."""
        side = self.state.totals["long_size" if size > 0 else "short_size"]
        return is_due(self._notional(side), max(0, worth), self._parameters)

    def size_to_keep(self, worth: int) -> int:
        """Return the size that a side may keep beside a pool of this worth, rounded down."""
        return size_to_keep(max(0, worth), self.price_wad, self.rules.scale, self._parameters)

    def fair_value(self) -> int:
        """Return what is the providers' if every side paid and got what it can."""
        return fair_value(self._sides(), self.state.totals["pool_tokens"], self.state.totals["total_owed"])

    def fresh(self) -> int:
        """Return the margin that came in this second."""
        t = self.state.totals
        return t["long_fresh"] + t["short_fresh"] if t["fresh_at"] == self.carry.last_accrual else 0

    def gap(self) -> int:
        """Return the losses of the sides that their margins can't pay."""
        return sum(side.gap for side in self._sides())

    def most_paid(self) -> int:
        """Return what would be the providers' if each side's positions paid for each other."""
        worth = self._unowed()
        for sign in (1, -1):
            side = {each: held for each, held in self.state.positions.items() if held.size * sign > 0}
            worth -= max(sum(map(self.pnl, side)), -sum(held.margin for held in side.values()))
        return worth

    def rate_bp(self, size: int) -> int:
        """Return the initial margin that the side of a signed size asks of what grows there."""
        return self._parameters.rate_bp(self.state.totals["long_size" if size > 0 else "short_size"])

    def removable(self, position: int, rate_bp: int) -> int:
        """Return the most that may be removed from a position of which its side has asked ``rate_bp``."""
        guarded = self.state.positions[position].margin + min(0, self.pnl(position))
        return guarded - self._parameters.initial_margin(self.notional(position), rate_bp)

    @property
    def oi_scale_ppm(self) -> int:
        """Return the initial margin, of the notional, that a side at its cap asks for."""
        return self._parameters.oi_scale_ppm

    @property
    def liquidity_fee_ppm(self) -> int:
        """Return the share that entering or leaving the pool costs, and that stays in it."""
        return self._parameters.liquidity_fee_ppm

    @property
    def _parameters(self) -> RiskParameters:
        return self.rules.parameters

    def _position(self, position: int) -> Position:
        return cast(Position, self.state.positions[position])  # the same six fields

    def _notional(self, size: int) -> int:
        return notional(size, self.price_wad, self.rules.scale)

    @property
    def free(self) -> int:
        """Return the pool's assets that it does not owe."""
        return max(0, self._unowed())

    def _sides(self) -> tuple[SideValue, SideValue]:
        book = Sums(self._side("long"), self._side("short"), self.state.totals["fresh_at"])
        now = book.as_of(self.carry.last_accrual)
        return side_values(now, self.carry, self.price_wad, self.rules.scale)

    def _side(self, side: str) -> BookSide:
        size, quote, margin, basis, fresh = [self.state.totals[f"{side}_{name}"] for name in OF_A_SIDE]
        return BookSide(size, quote, margin, basis, fresh)

    def _unowed(self) -> int:
        return self.state.totals["pool_tokens"] - self.state.totals["total_owed"]
