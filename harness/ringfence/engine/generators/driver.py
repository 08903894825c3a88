"""Draws the next step for a vault without a model: each value by its field's name, edges by trying."""

from collections.abc import Callable
from dataclasses import fields
from random import Random
from typing import Any, Final, TypeVar

from ringfence.engine.generators.edges import Edges
from ringfence.engine.guard import Guarded
from ringfence.properties.abilities import Ability
from ringfence.properties.branch import NEVER, worst_price
from ringfence.properties.moment import Moment
from ringfence.types.actions import (
    Action,
    AddMargin,
    BreakFeed,
    Execute,
    Flaw,
    Increase,
    Liquidate,
    Open,
    SetPrice,
    Step,
)
from ringfence.types.roles import (
    ACCOUNTS,
    GUARDIAN,
    LIQUIDATORS,
    OPERATOR,
    OWNER,
    POOL,
    PROVIDERS,
    TOKEN,
    TRADERS,
    VAULT,
)
from ringfence.types.state import VaultState

T = TypeVar("T")

PPM: Final = 10**6
MOVES: Final = (0, 1, 100, 1_000, 10_000, 30_000, 50_000, 90_000, 120_000, 300_000, 700_000)  # ppm of a price
PARTS: Final = ((1, 1), (1, 1), (1, 2), (2, 1), (1, 3), (5, 1), (10, 1), (1, 10), (0, 1))  # of what is usual
NUDGES: Final = (0, 0, -1, 1)
IN_USE: Final = 0.6  # of all other actions, in each run
ESSENTIAL: Final = (Open, SetPrice)
OFTEN: Final = {Open: 4, SetPrice: 4, Liquidate: 3}
AT_ONCE: Final = 4  # three in so many steps follow without a wait
OTHERS_IN: Final = 3  # one in so many actions on a position comes from somebody else


class Driver:
    """Draws for one vault; ``state`` and ``moment`` are what the next step finds."""

    def __init__(self, vault: Guarded, random: Random) -> None:
        self.vault, self.random = vault, random
        self._every = sorted(vault.actions, key=lambda kind: kind.__name__)
        self.restart()
        self._edges = Edges(vault)

    def restart(self) -> None:
        """Choose what the next run is made of: some of all actions, which gets further than all of them."""
        chosen = [kind for kind in self._every if kind in ESSENTIAL or self.random.random() < IN_USE]
        self._kinds = [kind for kind in chosen for _ in range(OFTEN.get(kind, 1))] or self._every

    def step(self, state: VaultState, moment: Moment) -> Step:
        """Return the next step."""
        self.state, self.moment = state, moment
        kind = self.random.choice(self._kinds)
        if (
            hasattr(kind, "position")
            and not state.positions
            and kind is not Execute
            and Open in self.vault.actions
        ):
            kind = Open
        values: dict[str, Any] = {}
        for field in fields(kind):
            if field.name != "account":
                values[field.name] = self._value(kind, field.name, values)
        action: Action = kind(account=self._account(kind, values), **values)
        return Step(self._at_edge(action), self._seconds())

    def _seconds(self) -> int:
        shares = Ability.SAME_BLOCK in self.vault.abilities
        return int(
            self._one(
                (int(not shares), *self.vault.facts.seconds)
                if self.random.randrange(AT_ONCE) == 0
                else (int(not shares),)
            )
        )

    def _account(self, kind: type[Action], values: dict[str, Any]) -> str:
        if "position" in values and kind not in (Liquidate, Execute, AddMargin):
            held = self.state.positions.get(values["position"])
            if held and self.random.randrange(OTHERS_IN):
                return held.owner
            return self._one(ACCOUNTS)
        if kind is Open and self.state.positions and self.random.randrange(2):
            return self._one(tuple(self.state.positions.values())).owner  # who has a position has another
        if kind in (SetPrice, BreakFeed):
            return OWNER
        usual = {Open: TRADERS, Liquidate: LIQUIDATORS, AddMargin: TRADERS}.get(
            kind, (OWNER, GUARDIAN, *PROVIDERS, *TRADERS)
        )
        return self._one(usual)

    def _value(self, kind: type[Action], name: str, values: dict[str, Any]) -> Any:
        draw = DRAWS.get(name)
        return draw(self, kind, values) if draw else 0

    def _at_edge(self, action: Action) -> Action:
        """Return the action, one time in two moved to where it is only just accepted."""
        return self._edges.near(action, self.state, self.random) if self.random.randrange(2) else action

    def _one(self, choices: tuple[T, ...]) -> T:
        return choices[int(self.random.random() * len(choices))]

    def _part(self, of: int) -> int:
        times, parts = self._one(PARTS)
        return max(0, of * times // parts + self._one(NUDGES))

    def _position(self, kind: type[Action]) -> int:
        """Return mostly one that is there, or for an execution one that is not."""
        every = range(1, max(1, self.vault.opened) + 1)
        wanted = [each for each in every if (each in self.state.positions) != (kind is Execute)]
        return self._one(tuple(wanted if wanted and self.random.randrange(10) else every))

    def _size(self) -> int:
        return self._one((1, -1)) * max(1, self._part(self.vault.facts.size))

    def _margin(self, size: int) -> int:
        facts = self.vault.facts
        return self._part(facts.margin * abs(size) // facts.size)

    def _size_delta(self, kind: type[Action], position: int) -> int:
        held = self.state.positions.get(position)
        whole = abs(held.size) if held else self.vault.facts.size
        return self._part(whole) if kind is Increase else min(whole + 1, self._part(whole))

    def _limit(self, values: dict[str, Any]) -> int:
        size = values.get("size") or (-self._held_size(values.get("position", 0)))
        return worst_price(size)

    def _held_size(self, position: int) -> int:
        held = self.state.positions.get(position)
        return held.size if held else 1

    def _answer(self) -> int:
        now = self._one((self.moment.answer, self.moment.answer, self.vault.facts.answer))
        return max(1, now + self._one((1, -1)) * now * self._one(MOVES) // PPM)


Draw = Callable[[Driver, type[Action], dict[str, Any]], Any]
DRAWS: Final[dict[str, Draw]] = {
    "position": lambda d, kind, v: d._position(kind),
    "size": lambda d, kind, v: d._size(),
    "margin": lambda d, kind, v: d._margin(v.get("size") or v.get("size_delta") or d.vault.facts.size),
    "size_delta": lambda d, kind, v: d._size_delta(kind, v["position"]),
    "assets": lambda d, kind, v: d._part(d.vault.facts.margin),
    "shares": lambda d, kind, v: d._part(d.vault.facts.margin),
    "amount": lambda d, kind, v: d._part(d.vault.facts.margin),
    "limit_price_wad": lambda d, kind, v: d._limit(v),
    "deadline": lambda d, kind, v: NEVER,
    "answer": lambda d, kind, v: d._answer(),
    "age": lambda d, kind, v: d._one(d.vault.facts.ages),
    "broken": lambda d, kind, v: bool(d.random.randrange(2)),
    "allowed": lambda d, kind, v: bool(d.random.randrange(2)),
    "to": lambda d, kind, v: d._one((*TRADERS, VAULT)),
    "receiver": lambda d, kind, v: d._one(PROVIDERS),
    "owner": lambda d, kind, v: d._one((*PROVIDERS, *TRADERS)),
    "operator": lambda d, kind, v: d._one((OPERATOR, *TRADERS)),
    "beneficiary": lambda d, kind, v: d._one(TRADERS),
    "guardian": lambda d, kind, v: d._one(ACCOUNTS),
    "new_owner": lambda d, kind, v: d._one(ACCOUNTS),
    "signer": lambda d, kind, v: d._one(TRADERS),
    "flaw": lambda d, kind, v: Flaw.NONE,
    "token": lambda d, kind, v: d._one((TOKEN, POOL)),
    "spender": lambda d, kind, v: d._one((VAULT, *TRADERS)),
}
