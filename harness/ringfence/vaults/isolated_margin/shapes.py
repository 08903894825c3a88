"""What values are called in the isolated-margin interface, and what their numbers count."""

from collections.abc import Mapping
from dataclasses import fields
from enum import Enum, auto
from functools import cache
from typing import Any, Final, get_type_hints

from isolated_margin.pool import LiquidityPool
from isolated_margin.vault import Vault

from ringfence.evm.artifacts import loaded
from ringfence.types.roles import POOL, VAULT
from ringfence.types.shapes import Shape, Shapes
from ringfence.vaults.isolated_margin.actions import ACTIONS
from ringfence.vaults.isolated_margin.reference.model_values import EVENTS, STRUCTS


class Unit(Enum):
    """What a number counts."""

    ASSETS = auto()
    SHARES = auto()
    WAD = auto()
    ANSWER = auto()


NAMES: Final[Mapping[Unit, str]] = {
    Unit.ASSETS: """
        amount assets balance claimable covered deficit equity fee free guarded_equity insurance insurance_fee
        initial_margin maintenance_margin margin max_assets min_assets min_notional minimum needed
        nav notional notional_floor owed paid payout pnl
        pool_fee pool_loss pool_tokens quote long_quote short_quote long_margin short_margin realised
        required reward_from_insurance
        reward_from_margin to_claimable to_insurance tokens total_owed vault_tokens""",
    Unit.SHARES: "lost_shares max_shares min_shares pool_shares shares",
    Unit.WAD: """
        carry_entry carry_long carry_short last_price limit_price_wad long_size max_open_interest
        open_interest price_wad short_size size size_closed size_delta skew_scale""",
    Unit.ANSWER: "answer",
}
UNITS: Final = {name: unit for unit, names in NAMES.items() for name in names.split()}
PARTS: Final[Mapping[str, type]] = {VAULT: Vault, POOL: LiquidityPool}
RETURNED: Final[Mapping[str, Any]] = {  # what the model's method of an action returns
    each.name: get_type_hints(getattr(PARTS[each.contract], each.method_of_model))["return"]
    for each in ACTIONS
    if each.contract in PARTS
}


class InterfaceShapes(Shapes):
    """The names by which the isolated-margin interface calls the parts of values."""

    def returned(self, action: str) -> Shape:
        """Return the shape of what an action returns, if that is a struct."""
        return _shape_of(RETURNED[action]) if RETURNED.get(action) in STRUCTS else None

    def logged(self, event: str) -> Shape:
        """Return the shape of an event's arguments, if it is one that the model knows."""
        return _shape_of(EVENTS[event]) if event in EVENTS else None

    def scalar(self, action: str) -> str:
        """Return what the one number that an action returns is called."""
        return next((each.returns for each in ACTIONS if each.name == action), "")

    def refused(self, error: str) -> tuple[str, ...]:
        """Return the names of a refusal's arguments; none for an error that no compiled contract declares."""
        return _arguments_of(error)


SHAPES: Final = InterfaceShapes()


def _shape_of(kind: Any) -> Shape:
    """Return the shape of a struct or an event of the model."""
    hints = get_type_hints(kind)
    return tuple(
        (part.name, _shape_of(hints[part.name]) if hints[part.name] in STRUCTS else None)
        for part in fields(kind)
    )


@cache
def _arguments_of(error: str) -> tuple[str, ...]:
    entries = (entry for artifact in loaded() for entry in artifact.abi)
    declared = (each for each in entries if (each["type"], each.get("name")) == ("error", error))
    entry: dict[str, Any] = next(declared, {"inputs": ()})
    return tuple(part["name"] for part in entry["inputs"])
