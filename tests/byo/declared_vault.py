"""A vault on no chain whose methods declare its actions, with parameters of every form."""

from typing import Annotated

from ringfence.types.actions import Alphabet
from ringfence.types.adapter import Adapter
from ringfence.types.declaration import action
from ringfence.types.facts import Facts
from ringfence.types.kinds import Kind
from ringfence.types.outcome import Done, Outcome
from ringfence.types.parameter_kinds import (
    Age,
    Anyone,
    Assets,
    Choice,
    LimitPrice,
    Liquidator,
    Position,
    Price,
    Size,
    Trader,
    Truth,
)
from ringfence.types.parameters import MAX_UINT, Drawn
from ringfence.types.state import VaultState

Weights = Annotated[tuple[int, ...], Drawn(lambda random: (random.randrange(9), 7))]
Tagged = Annotated[tuple[int, str], Drawn(lambda random: (random.randrange(9), "x"))]
Proof = Annotated[bytes, Drawn(lambda random: random.randbytes(4))]
Side = Annotated[str, Choice("base", "quote")]


class Declared(Adapter):
    """Every form that a parameter can have; says which method was called and with what."""

    facts = Facts(answer=100, size=10**18, margin=1_000)

    @action(Kind.OPENS)
    def open(self, account: Trader, margin: Assets, amount: Size, limit: LimitPrice) -> Outcome:
        """Open a position."""
        return Done(("open", account, margin, amount, limit), ())

    @action(Kind.LIQUIDATES)
    def put_down(self, account: Liquidator, which: Position) -> Outcome:
        return Done(("put_down", account, which), ())

    @action(Kind.MOVES_PRICE)
    def set_price(self, account: Anyone, price: Price, age: Age) -> Outcome:
        return Done(("set_price", account, price, age), ())

    @action()
    def rebalance(
        self, account: Anyone, weights: Weights, tagged: Tagged, proof: Proof, side: Side, now: Truth
    ) -> Outcome:
        return Done(("rebalance", weights, tagged, proof, side, now), ())

    def observe(self) -> VaultState:
        return VaultState({}, {}, {})


ACTIONS = Alphabet(Declared.actions)
OPEN = ACTIONS["Open"]("trader_1", margin=1_500_000, amount=-5 * 10**17, limit=MAX_UINT)
REBALANCE = ACTIONS["Rebalance"](
    "owner", weights=(1, 2, 3), tagged=(4, "x"), proof=b"\x00\xff", side="quote", now=True
)
EVERY = (
    OPEN,
    ACTIONS["PutDown"]("liquidator_1", which=3),
    ACTIONS["SetPrice"]("owner", price=1_840 * 10**8, age=0),
    REBALANCE,
)
