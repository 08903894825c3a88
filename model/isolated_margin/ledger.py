"""The totals of a vault, as the ABI returns them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ledger:
    """The vault's totals, as the ABI returns them: sizes in size units, money in assets."""

    long_size: int
    short_size: int
    quote_sum: int
    carry_basis: int
    carry_long: int
    carry_short: int
    last_accrual: int
    last_price: int
    insurance: int
    total_owed: int
    next_id: int
    paused: bool
