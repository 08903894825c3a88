"""The totals of a vault, as the ABI returns them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ledger:
    """The vault's totals, as the ABI returns them: sizes in size units, money in assets."""

    long_size: int
    short_size: int
    long_quote: int
    short_quote: int
    long_margin: int
    short_margin: int
    long_basis: int
    short_basis: int
    long_fresh: int
    short_fresh: int
    fresh_at: int
    carry_long: int
    carry_short: int
    last_accrual: int
    last_price: int
    insurance: int
    total_owed: int
    next_id: int
    dead_since: int
    paused: bool
    settled: bool
