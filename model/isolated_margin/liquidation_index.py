"""Which of very many positions are liquidatable now, without looking at them all.

The rule of the vault without its roundings, for the line of one tier with rate ``r`` and deduction ``d``, and
with ``side`` 1 for a long and -1 for a short:

    margin + quote + (size * price - |size| * (carry - entry)) / scale  <  r * |size| * price / scale - d

Divided by ``|size| / scale``, market and position come apart:

    carry + price * (r - side)  >  (margin + quote + d) * scale / |size| + entry

The left is the *level* of a side and tier: one number for all positions. The right is the position's
*threshold*: it changes with the position, and neither with the price nor with the carry that accrues. The
requirement is the highest of the tiers' lines, so a position is liquidatable when one of its thresholds is
passed. A heap of thresholds per side and tier finds those, with a few assets to spare for the roundings; the
vault's own rule then decides on each. Both numbers are scaled by PPM, as the rates are.
"""

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Final

from isolated_margin.errors import NoPosition, OutOfDomain
from isolated_margin.events import (
    Decreased,
    Deleveraged,
    Increased,
    Liquidated,
    LoggedEvent,
    MarginAdded,
    MarginRemoved,
    Opened,
)
from isolated_margin.fixed import MAX_PRICE, PPM, WAD, floor_div, int256, uint256, within
from isolated_margin.lazy_heap import LazyHeap
from isolated_margin.margin import Position, equity, notional
from isolated_margin.parameters import RiskParameters

# Equity as computed lies less than 2 assets below the exact one, the requirement less than 2 above; and being
# integers, they differ by 1 at least when one is below the other.
ROUNDING_SLACK: Final = 3

CHANGES: Final = (Opened, Increased, Decreased, MarginAdded, MarginRemoved, Liquidated, Deleveraged)


class LiquidationIndex:
    """The positions of a vault, by the market at which each becomes liquidatable.

    Build it from the positions that exist, hand it every event of the vault in order (or ``put`` and ``drop``
    positions yourself), and ask at any price and carry:

        index = LiquidationIndex(vault.parameters, vault.scale, vault.positions)
        for emitter, event in market.drain_log():
            index.apply(event)
        carry = vault.accrued(price_wad)
        ids = index.liquidatable(price_wad, carry.carry_long, carry.carry_short)

    The answer is that of checking all positions by the vault's rule. Its time grows with the positions that
    it names; that of a change grows, evened out over many, with the logarithm of the number of positions; a
    new price and carry that accrues need no update at all.
    """

    def __init__(
        self, parameters: RiskParameters, scale: int, positions: Mapping[int, Position] | None = None
    ) -> None:
        """Begin with ``positions`` by id, under the terms of a vault whose token makes its ``scale``.

        Raises:
            NotAnInteger, OutOfDomain: an id or the scale is no ``uint256``, or a position is empty.
        """
        self._parameters, self._scale = parameters, within(scale, 1, 10**36)
        self._serials = count()
        self._serial_of: dict[int, int] = {}
        self._live: dict[int, tuple[int, Position]] = {}
        for position_id, position in (positions or {}).items():
            self._remember(position_id, position)
        self._long_heaps, self._short_heaps = self._heaps(is_long=True), self._heaps(is_long=False)

    def __len__(self) -> int:
        """Return the number of positions."""
        return len(self._live)

    def __contains__(self, position_id: int) -> bool:
        """Return whether the index holds a position of this id."""
        return position_id in self._serial_of

    def apply(self, event: LoggedEvent) -> None:
        """Follow what the vault announced; events that change no position change nothing here."""
        if not isinstance(event, CHANGES):
            return
        if event.position.size != 0:
            self.put(event.id, event.position)
        elif event.id in self:
            self.drop(event.id)

    def put(self, position_id: int, position: Position) -> None:
        """Hold a position as it is stored, instead of what was held under this id before.

        Raises:
            NotAnInteger, OutOfDomain: the id is no ``uint256``, or the position is empty.
        """
        serial = self._remember(position_id, position)
        deductions = self._parameters.maintenance.deductions
        for heap, deduction in zip(self._heaps_of(position), deductions, strict=True):
            heap.push(self._threshold(position, deduction), serial)

    def drop(self, position_id: int) -> None:
        """Hold a position no longer.

        Raises:
            NotAnInteger, OutOfDomain: the id is no ``uint256``.
            NoPosition: there is none of this id.
        """
        if uint256(position_id) not in self._serial_of:
            raise NoPosition(position_id)
        self._forget(position_id)

    def liquidatable(self, price_wad: int, carry_long: int, carry_short: int) -> tuple[int, ...]:
        """Return the ids of the positions that ``liquidate`` takes, worst first.

        ``carry_long`` and ``carry_short``: the indices as of the moment that is asked about. Worst is the one
        whose equity is the least part of its maintenance margin; of equals, the older one.

        Raises:
            NotAnInteger, OutOfDomain: the price is not within 1 and ``MAX_PRICE``, an index is no ``int256``.
        """
        within(price_wad, 1, MAX_PRICE), int256(carry_long), int256(carry_short)
        longs = self._reached(self._long_heaps, price_wad * -PPM, price_wad, carry_long)
        shorts = self._reached(self._short_heaps, price_wad * PPM, price_wad, carry_short)
        ranked = [*self._judged(longs, price_wad, carry_long), *self._judged(shorts, price_wad, carry_short)]
        return tuple(position_id for _, position_id in sorted(ranked))

    def _reached(self, heaps: tuple[LazyHeap, ...], cost: int, price_wad: int, carry: int) -> set[int]:
        """Return the serials of all positions of a side with a threshold below its level."""
        rates_ppm = self._parameters.maintenance.rates_ppm
        return {
            serial
            for heap, rate_ppm in zip(heaps, rates_ppm, strict=True)
            for serial in heap.reached(carry * PPM + price_wad * rate_ppm + cost)
        }

    def _judged(self, serials: set[int], price_wad: int, carry: int) -> Iterator[tuple[int, int]]:
        """Yield health (WAD, rounded down) and id of those that are liquidatable by the vault's rule."""
        for serial in serials:
            position_id, position = self._live[serial]
            its_equity = equity(position, price_wad, carry, self._scale)
            required = self._parameters.maintenance_margin(notional(position.size, price_wad, self._scale))
            if its_equity < required:
                yield floor_div(its_equity * WAD, required), position_id

    def _threshold(self, position: Position, deduction: int) -> int:
        """Return the position's threshold in the tier of this deduction, rounded down."""
        backing = (position.margin + position.quote - ROUNDING_SLACK) * PPM
        carry = position.carry_entry * PPM
        return floor_div((backing + deduction) * self._scale, abs(position.size)) + carry

    def _remember(self, position_id: int, position: Position) -> int:
        if position.size == 0:
            raise OutOfDomain(position.size)
        if uint256(position_id) in self._serial_of:
            self._forget(position_id)
        serial = next(self._serials)
        self._serial_of[position_id] = serial
        self._live[serial] = position_id, position
        return serial

    def _forget(self, position_id: int) -> None:
        _, position = self._live.pop(self._serial_of.pop(position_id))
        for heap in self._heaps_of(position):
            heap.note_gone()

    def _heaps_of(self, position: Position) -> tuple[LazyHeap, ...]:
        return self._long_heaps if position.size > 0 else self._short_heaps

    def _heaps(self, is_long: bool) -> tuple[LazyHeap, ...]:
        """Return a heap per tier, of the positions of one side that are live now."""
        side = [(serial, held) for serial, (_, held) in self._live.items() if (held.size > 0) is is_long]
        return tuple(
            LazyHeap(self._live, ((self._threshold(held, deduction), serial) for serial, held in side))
            for deduction in self._parameters.maintenance.deductions
        )
