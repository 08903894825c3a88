"""A liquidation's receipt: every amount that it moved, by name."""

from typing import NamedTuple, cast

from ringfence.properties.transition import Transition
from ringfence.types.kinds import Kind
from ringfence.types.outcome import Done


class FillAmounts(NamedTuple):
    """What realising moved, as the vault returns it."""

    size_closed: int
    realised: int
    paid: int
    owed: int
    deficit: int


class LiquidationAmounts(NamedTuple):
    """What a liquidation moved, as the vault returns it."""

    fill: FillAmounts
    fee: int
    reward_from_margin: int
    to_insurance: int
    reward_from_insurance: int
    covered: int
    pool_loss: int
    to_claimable: int


def receipt_of(t: Transition) -> LiquidationAmounts | None:
    """Return what a step's liquidation moved; None where it liquidates nothing."""
    is_liquidation = t.action.kind is Kind.LIQUIDATES and t.named in t.before.positions
    if not (is_liquidation and isinstance(t.outcome, Done)):
        return None
    fill, *amounts = cast(tuple[tuple[int, ...], *tuple[int, ...]], t.outcome.value)
    return LiquidationAmounts(FillAmounts(*fill), *amounts)
