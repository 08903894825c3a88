"""Raw integers as people read them, by the name of the value: amounts in whole tokens, whole sizes."""

from collections.abc import Mapping
from enum import Enum, auto
from typing import Final

from ringfence.types.actions import CAMEL, Action, parameters_of
from ringfence.types.market import VaultMarket
from ringfence.types.outcome import Value
from ringfence.types.parameter_kinds import AssetAmount, FeedAnswer, SignedSize, UnsignedSize, WorstPrice
from ringfence.types.parameters import MAX_UINT, Parameter
from ringfence.vaults.isolated_margin.actions import ALPHABET

SHARE_OFFSET: Final = 6  # decimals that the pool's shares have beyond the collateral's
WAD_DECIMALS: Final = 18


class Unit(Enum):
    """What a number counts."""

    ASSETS = auto()
    SHARES = auto()
    WAD = auto()
    ANSWER = auto()
    PLAIN = auto()


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


OF_KIND: Final[Mapping[type[Parameter], Unit]] = {
    AssetAmount: Unit.ASSETS,
    SignedSize: Unit.WAD,
    UnsignedSize: Unit.WAD,
    WorstPrice: Unit.WAD,
    FeedAnswer: Unit.ANSWER,
}


def snake(name: str) -> str:
    """Return a name of the ABI as Python spells it."""
    return CAMEL.sub("_", name).lower()


def decimals_of(path: str, setup: VaultMarket) -> int:
    """Return the decimals of a number by the last part of its path: of ``positions[1].margin``, a token's."""
    name = path.rpartition(".")[2]
    own = (each.decimals for each in setup.amounts if each.name == name)
    return next(own, _decimals(UNITS.get(snake(name), Unit.PLAIN), setup))


def decimals_in(declared: type[Action], name: str, setup: VaultMarket) -> int:
    """Return the decimals of an action's parameter: by its kind, in our vault's actions by its name too."""
    kind = parameters_of(declared)[name]
    by_name = UNITS.get(name, Unit.PLAIN) if declared in ALPHABET else Unit.PLAIN
    return _decimals(next((OF_KIND[each] for each in OF_KIND if isinstance(kind, each)), by_name), setup)


def _decimals(unit: Unit, setup: VaultMarket) -> int:
    return {
        Unit.ASSETS: setup.collateral_decimals,
        Unit.SHARES: setup.collateral_decimals + SHARE_OFFSET,
        Unit.WAD: WAD_DECIMALS,
        Unit.ANSWER: setup.feed_decimals,
        Unit.PLAIN: 0,
    }[unit]


def amount(path: str, value: int, setup: VaultMarket) -> str:
    """Return a number in whole tokens, or whole units of whatever its path says it counts."""
    return fixed(value, decimals_of(path, setup))


def fixed(value: int, decimals: int) -> str:
    """Return an integer of N decimals exactly, without trailing zeros: ``-1,234.5``."""
    if value == MAX_UINT:
        return "2^256 - 1"
    whole, part = divmod(abs(value), 10**decimals)
    fraction = str(part).rjust(decimals, "0").rstrip("0") if part else ""
    return f"{'-' if value < 0 else ''}{whole:,}{'.' if fraction else ''}{fraction}"


def shown(path: str, value: Value, setup: VaultMarket) -> str:
    """Return any value as a cell of a table shows it."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "yes" if value else "no"
        case int():
            return amount(path, value, setup)
        case str():
            return value or "nobody"
        case bytes():
            return "0x" + value.hex()
        case tuple():
            return ", ".join(shown(path, part, setup) for part in value)
