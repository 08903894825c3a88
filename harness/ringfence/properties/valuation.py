"""A book of values that an adapter works out itself: all that properties about margin ask for."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Valued:
    """One position's values, all in assets; ``pnl`` rounded down, the others up.

    ``maintenance`` is the equity below which it is liquidatable, ``closing_fee`` the most that closing costs.
    ``debt`` is what it owes of another token, which is lent, with interest, in that token.
    ``liquidation_equity`` is what liquidation looks at in place of margin plus pnl, if it does: at a worse
    price, say, or with a fee taken off.
    """

    margin: int
    notional: int
    pnl: int
    maintenance: int
    closing_fee: int = 0
    debt: int = 0
    liquidation_equity: int | None = None


@dataclass(frozen=True, slots=True)
class SimpleBook:
    """Positions valued at one price."""

    price_wad: int
    values: Mapping[int, Valued]

    def notional(self, position: int) -> int:
        """Return a position's worth at the price."""
        return self.values[position].notional

    def pnl(self, position: int) -> int:
        """Return the unrealised profit."""
        return self.values[position].pnl

    def equity(self, position: int) -> int:
        """Return margin plus unrealised profit."""
        return self.values[position].margin + self.values[position].pnl

    def maintenance_margin(self, position: int) -> int:
        """Return the equity below which a position is liquidatable, by that which liquidation looks at."""
        value = self.values[position]
        seen = value.liquidation_equity
        return value.maintenance + (0 if seen is None else self.equity(position) - seen)

    def closing_fee(self, position: int) -> int:
        """Return the most that closing costs."""
        return self.values[position].closing_fee

    def debt(self, position: int) -> int:
        """Return what it owes of the lent token."""
        return self.values[position].debt
