"""A vault on no chain whose methods declare its actions, with parameters of every form."""

from typing import Annotated

import ringfence as rf
from ringfence.types.parameters import MAX_UINT

Weights = Annotated[tuple[int, ...], rf.Drawn(lambda random: (random.randrange(9), 7))]
Tagged = Annotated[tuple[int, str], rf.Drawn(lambda random: (random.randrange(9), "x"))]
Proof = Annotated[bytes, rf.Drawn(lambda random: random.randbytes(4))]
Side = Annotated[str, rf.Choice("base", "quote")]


class Declared(rf.Adapter):
    """Every form that a parameter can have; says which method was called and with what."""

    facts = rf.Facts(answer=100, size=10**18, margin=1_000)

    @rf.action(rf.Kind.OPENS)
    def open(
        self, account: rf.Trader, margin: rf.Assets, amount: rf.Size, limit: rf.LimitPrice
    ) -> rf.Outcome:
        """Open a position."""
        return rf.Done(("open", account, margin, amount, limit), ())

    @rf.action(rf.Kind.LIQUIDATES)
    def put_down(self, account: rf.Liquidator, which: rf.Position) -> rf.Outcome:
        return rf.Done(("put_down", account, which), ())

    @rf.action(rf.Kind.MOVES_PRICE)
    def set_price(self, account: rf.Anyone, price: rf.Price, age: rf.Age) -> rf.Outcome:
        return rf.Done(("set_price", account, price, age), ())

    @rf.action()
    def rebalance(
        self, account: rf.Anyone, weights: Weights, tagged: Tagged, proof: Proof, side: Side, now: rf.Truth
    ) -> rf.Outcome:
        return rf.Done(("rebalance", weights, tagged, proof, side, now), ())

    def observe(self) -> rf.VaultState:
        return rf.VaultState({}, {}, {})


ACTIONS = rf.Alphabet(Declared.actions)
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
