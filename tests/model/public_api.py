"""Every public function of the model that takes integers, found by looking, with arguments it accepts."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final

import isolated_margin
from isolated_margin import events, views
from isolated_margin.analysis import DeleveragedPart, Projection, SettlementOutcome
from isolated_margin.book import NO_ROUND, Book, BookSide, SideValue
from isolated_margin.carry import Carry
from isolated_margin.cross import Comparison, Regime
from isolated_margin.exposure import Exposure
from isolated_margin.fixed import MAX_UINT256
from isolated_margin.lazy_heap import LazyHeap
from isolated_margin.ledger import Ledger
from isolated_margin.liquidation_index import LiquidationIndex
from isolated_margin.margin import Position
from isolated_margin.parameters import RiskParameters
from isolated_margin.permission import Permission
from isolated_margin.price import PriceFeed
from isolated_margin.resuming import Standing
from isolated_margin.scenario import BarResult, ModelVenue, ScenarioResult, Start, Totals, Venue
from isolated_margin.state import Clock
from isolated_margin.token import ERC20, Token
from isolated_margin.trade import Fee, Room
from isolated_margin.vault_state import ReadOnlyVault

from tests.model.worlds import FOREVER, PARAMETERS, TOKEN, UNIT, WAD, World

SCALE: Final = 10**30
LONG: Final = Position("trader_1", UNIT, 1_000 * TOKEN, 0, -2_000 * TOKEN)
QUIET: Final = Exposure(live=True, fair_value=0, unreserved=0, underwater=False, liquidity_fee_ppm=0)
NO_SIDE: Final = BookSide(size=0, quote=0, margin=0, basis=0)
UNKNOWN_ID: Final = 999

# Made by functions as answers, or described for others to write: nobody asks the model anything with them.
ANSWERS: Final = (
    *(
        Comparison,
        Fee,
        DeleveragedPart,
        Ledger,
        BarResult,
        Projection,
        Regime,
        ScenarioResult,
        SettlementOutcome,
        Standing,
        Totals,
    ),
    *(Venue, views.OpenPreview),
)
CONTAINERS: Final[Mapping[str, Callable[[Any], object]]] = {
    "floors": lambda value: (0, value),
    "rates_ppm": lambda value: (1, value),
    "deductions": lambda value: (0, value),
    "positions": lambda value: {value: LONG},
    "balances": lambda value: {"trader_1": value},
    "prices": lambda value: (WAD, value),
    "waiting": lambda value: ((0, 1), (value, 2)),
    "sizes": lambda value: (UNIT, value),
}
ANY_INTEGER: Final = {
    "numerator",
    "level",
    "threshold",
    "waiting",
    "value",
    "minimum",
    "maximum",
    "deductions",
}
DIVISORS: Final = {"denominator", "scale"}
SIGNED: Final = {
    *("answer", "its_equity", "equity", "fair", "fair_value", "size", "quote"),
    *("pnl", "basis", "carry_entry", "carry_index", "carry_long", "carry_short"),
}
ACCEPTED: Final[Mapping[str, object]] = {
    **{"caller": "trader_1", "owner": "trader_1", "receiver": "trader_1", "sender": "trader_1"},
    **{"spender": "vault", "to": "trader_1", "guardian": "guardian", "signer": "trader_1"},
    **{"operator": "operator", "permissions": 1, "expiry": 1, "needed": 1},
    **{"live": True, "underwater": False, "is_long": True},
    **{"parameters": PARAMETERS, "position": LONG, "exposure": QUIET, "room": Room(0, 10**15, 0)},
    **{
        "book": Book(NO_SIDE, NO_SIDE),
        "side": NO_SIDE,
        "long": NO_SIDE,
        "short": NO_SIDE,
        "carry": Carry(0, 0, 100, WAD),
        "tiers": PARAMETERS.tiers,
    },
    **{"owners": ("trader_1",), "orders": (), "live_serials": (), "log": [], "emitter": "token"},
    **{"position_id": 1, "size": UNIT, "size_delta": UNIT // 10, "margin": 1_000 * TOKEN, "assets": TOKEN},
    **{"price_wad": 2_000 * WAD, "limit_price_wad": MAX_UINT256, "deadline": FOREVER, "scale": SCALE},
    **{"collateral_decimals": 6, "feed_decimals": 8, "decimals": 8, "answer": 10**8, "bars": 10},
    **{"nonce": 0, "pool_balance": 10**15, "free": 10**15, "denominator": 1, "timestamp": 100},
    **{"positions": {1: LONG}, "prices": (WAD,), "floors": (0, 1), "rates_ppm": (1, 2), "deductions": (0, 1)},
    **{"value": 1, "minimum": 1, "maximum": 1, "waiting": (), "initial_rate_ppm": 2, "seconds": 1},
    **{"its_round": NO_ROUND},
    **{"balances": {"trader_1": 1}, "sizes": (UNIT, UNIT), "sides": (SideValue(0, 0, 0),) * 2},
}
PARTICULAR: Final[Mapping[str, object]] = {
    "trading.Trading.decrease.limit_price_wad": 0,
    "trading.Trading.close.limit_price_wad": 0,
    "scenario.orders.seeded_book.positions": 4,
    "scenario.venue.ModelVenue.liquidate.position": 1,
    "scenario.venue.ModelVenue.deleverage.position": 1,
    "lazy_heap.LazyHeap.__init__.live": (),
    "views.preview_open.margin_assets": 1_000 * TOKEN,
    "cross.compare.positions": {1: LONG},
    "exposure.side_view.value": SideValue(0, 0, 0),
    "deleverage.begun.keep": UNIT,
    "deleverage.begun.side_size": UNIT,
}


@dataclass(frozen=True)
class Entry:
    """A function or method, who it belongs to, and its arguments."""

    name: str
    function: Callable[..., object]
    owner: type | None

    def arguments(self, market: World) -> dict[str, Any]:
        """Return arguments that the function accepts."""
        return {name: self._argument(name, market) for name in self._parameters()}

    def integers(self) -> list[str]:
        """Return the parameters that hold integers."""
        return [
            name for name, kind in self._parameters().items() if "int" in kind and "Collection" not in kind
        ]

    def call(self, market: World, arguments: Mapping[str, Any]) -> object:
        """Call it; a constructor or a method belongs to something that exists in the market."""
        if self.owner is None:
            return self.function(**arguments)
        if self.function.__name__ == "__init__":
            return self.owner(**arguments)
        return self.function(_someone(self.owner, market), **arguments)

    def _parameters(self) -> dict[str, str]:
        signature = inspect.signature(self.function)
        return {name: str(its.annotation) for name, its in signature.parameters.items() if name != "self"}

    def _argument(self, name: str, market: World) -> object:
        world = {"market": market, "vault": market.vault, "clock": market.clock, "feed": market.feed}
        world["token"] = market.token
        default = ACCEPTED.get(name, world.get(name, 1))
        return PARTICULAR.get(f"{self.name}.{name}", default)


def entries() -> Iterator[Entry]:
    """Yield every public function, constructor and method of the package that takes an integer."""
    for module in _modules():
        prefix = module.__name__.partition(".")[2]
        for name, member in sorted(vars(module).items()):
            if not _is_public(name) or getattr(member, "__module__", None) != module.__name__:
                continue
            found = [Entry(f"{prefix}.{name}", member, None)] if inspect.isfunction(member) else []
            if inspect.isclass(member) and _asks(member):
                found = list(_methods(f"{prefix}.{name}", member))
            yield from (entry for entry in found if entry.integers())


def world() -> World:
    """Return a market with one position, whose owner is a trader."""
    market = World()
    market.open_position(UNIT, 1_000 * TOKEN)
    return market


def _asks(kind: type) -> bool:
    is_event = kind.__module__ == events.__name__
    return not (is_event or issubclass(kind, Exception) or kind in ANSWERS)


def _is_public(name: str) -> bool:
    return not name.startswith("_") and "__mutmut_" not in name  # the copies that mutmut makes to break


def _methods(name: str, owner: type) -> Iterator[Entry]:
    for key, member in vars(owner).items():
        if inspect.isfunction(member) and (key == "__init__" or _is_public(key)):
            yield Entry(f"{name}.{key}", member, owner)


def _modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(isolated_margin.__path__, "isolated_margin."):
        yield importlib.import_module(found.name)


def _someone(kind: type, market: World) -> object:
    if issubclass(kind, ReadOnlyVault):
        return market.vault
    if issubclass(kind, ERC20):
        return market.token if issubclass(Token, kind) else market.pool
    if kind is LiquidationIndex:
        return LiquidationIndex(PARAMETERS, SCALE, {1: LONG})
    if kind is ModelVenue:
        venue = ModelVenue(PARAMETERS, Start((), 10**12, 10**12))
        venue.set_price(2_000 * WAD, 1)
        return venue
    others = {PriceFeed: market.feed, Clock: market.clock, RiskParameters: PARAMETERS}
    values = (
        Book(NO_SIDE, NO_SIDE),
        NO_SIDE,
        Carry(0, 0, 0, 0),
        Permission(1, 1),
        PARAMETERS.maintenance,
        PARAMETERS.tiers[0],
    )
    made = (*values, LazyHeap(()))
    return others.get(kind) or next(each for each in made if type(each) is kind)
