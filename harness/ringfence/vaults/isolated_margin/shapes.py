"""What values are called in the isolated-margin interface, and what their numbers count."""

from collections.abc import Mapping
from dataclasses import fields
from enum import Enum, auto
from functools import cache
from typing import Any, Final, get_type_hints

from isolated_margin import events
from isolated_margin.margin import Position

from ringfence.evm.artifacts import loaded
from ringfence.types.shapes import Shape


class Unit(Enum):
    """What a number counts."""

    ASSETS = auto()
    SHARES = auto()
    WAD = auto()
    ANSWER = auto()


NAMES: Final[Mapping[Unit, str]] = {
    Unit.ASSETS: """
        amount assets balance claimable covered deficit equity fee free guarded_equity insurance insurance_fee
        initial_margin maintenance_margin margin min_notional minimum needed net_trader_pnl notional
        notional_floor owed paid payout pnl
        pool_fee pool_loss pool_tokens quote quote_sum realised required reward_from_insurance
        reward_from_margin to_claimable to_insurance tokens total_owed vault_tokens""",
    Unit.SHARES: "pool_shares shares unlocked",
    Unit.WAD: """
        carry_entry carry_long carry_short last_price limit_price_wad long_size max_open_interest
        open_interest price_wad short_size size size_closed size_delta skew_scale""",
    Unit.ANSWER: "answer",
}
UNITS: Final = {name: unit for unit, names in NAMES.items() for name in names.split()}
STRUCTS: Final = (
    Position,
    events.Fill,
    events.Decrease,
    events.Liquidation,
    events.Deleverage,
)
SCALARS: Final[Mapping[str, str]] = {
    "Open": "id",
    "OpenWithPermit": "id",
    "Claim": "assets",
    "CollectOwed": "assets",
    "Deposit": "shares",
    "Mint": "assets",
    "Withdraw": "shares",
    "Redeem": "assets",
}
RETURNED: Final[Mapping[str, type]] = {
    "Decrease": events.Decrease,
    "Close": events.Decrease,
    "Liquidate": events.Liquidation,
    "Deleverage": events.Deleverage,
}


def shape_of(kind: Any) -> Shape:
    """Return the shape of a struct or an event of the model."""
    hints = get_type_hints(kind)
    return tuple(
        (part.name, shape_of(hints[part.name]) if hints[part.name] in STRUCTS else None)
        for part in fields(kind)
    )


def returned(action: str) -> Shape:
    """Return the shape of what an action returns, if that is a struct."""
    kind = RETURNED.get(action)
    return shape_of(kind) if kind else None


def logged(event: str) -> Shape:
    """Return the shape of an event's arguments, if it is one that the model knows."""
    kind = getattr(events, event, None)
    return shape_of(kind) if isinstance(kind, type) and issubclass(kind, events.LoggedEvent) else None


@cache
def refused(error: str) -> tuple[str, ...]:
    """Return the names of a refusal's arguments; none for an error that no compiled contract declares."""
    declared = (
        entry
        for artifact in loaded()
        for entry in artifact.abi
        if entry["type"] == "error" and entry["name"] == error
    )
    entry: dict[str, Any] = next(declared, {"inputs": ()})
    return tuple(part["name"] for part in entry["inputs"])


class InterfaceShapes:
    """The names by which the isolated-margin interface calls the parts of values."""

    def returned(self, action: str) -> Shape:
        """Return the shape of what an action returns."""
        return returned(action)

    def logged(self, event: str) -> Shape:
        """Return the shape of an event's arguments."""
        return logged(event)

    def scalar(self, action: str) -> str:
        """Return what the one value that an action returns is called."""
        return SCALARS.get(action, "")

    def refused(self, error: str) -> tuple[str, ...]:
        """Return the names of a refusal's arguments."""
        return refused(error)


SHAPES: Final = InterfaceShapes()
