"""The parameter kinds that adapters annotate their actions with: ``size: Size``, ``account: Trader``."""

from collections.abc import Iterator, Sequence
from itertools import product
from random import Random
from typing import Annotated, Any, ClassVar, Final

from ringfence.types.kinds import Kind
from ringfence.types.parameters import (
    LONGEST_WAIT,
    MAX_INT,
    MAX_UINT,
    NUDGES,
    PARTS,
    PPM,
    Look,
    Number,
    Parameter,
    Point,
)
from ringfence.types.roles import (
    ACCOUNTS,
    GUARDIAN,
    LIQUIDATORS,
    NOBODY,
    OPERATOR,
    OWNER,
    POOL,
    PROVIDERS,
    TOKEN,
    TRADERS,
    VAULT,
)

NEVER: Final = MAX_UINT  # as a deadline
MOVES: Final = (0, 1, 100, 1_000, 10_000, 30_000, 50_000, 90_000, 120_000, 300_000, 700_000)  # ppm of a price
LATEST: Final = 3
ITS_OWNER: Final = "its owner"
PEERS: Final = (TRADERS, LIQUIDATORS, PROVIDERS, (TOKEN, POOL), (*ACCOUNTS, NOBODY, VAULT))


def worst_price(size: int) -> int:
    """Return the limit that every price keeps when ``size`` is traded: bought when positive."""
    return MAX_UINT if size > 0 else 0


class Account(Parameter):
    """A role name. ``signs``: it must have a key, as senders and signers do."""

    def __init__(self, choices: Sequence[str], *, signs: bool = False) -> None:
        self.points, self._signs = tuple(choices), signs

    def change(self, value: str, random: Random) -> str:
        """Return a peer, such as another trader; not the token, whose own balance no observation shows."""
        group = next((group for group in PEERS if value in group), ACCOUNTS)
        chosen = random.choice([each for each in group if not self._signs or each in ACCOUNTS])
        return value if chosen == TOKEN and TOKEN not in self.points else chosen

    def simpler(self, value: str) -> Iterator[str]:
        """Yield the peers that come before it in their group; for an operator, those for whom one acts."""
        peers = next((group for group in (*PEERS[:3], (*TRADERS, OPERATOR)) if value in group), (value,))
        yield from peers[: peers.index(value)]


class Holder(Account):
    """Who acts on a position: its owner twice in three, else anyone; without a position, a trader."""

    def __init__(self) -> None:
        super().__init__(TRADERS, signs=True)
        self.points = (*((ITS_OWNER, rank) for rank in range(22)), *(("", account) for account in ACCOUNTS))

    def value(self, point: Point, look: Look) -> str:
        """Return the account."""
        how, which = point
        if how != ITS_OWNER:
            return str(which) if look.position else TRADERS[ACCOUNTS.index(which) % len(TRADERS)]
        held = look.state.reachable.get(look.position or 0)
        if held:
            return held.owner
        owners = [each.owner for each in look.state.reachable.values()]
        choices = owners if owners and which % 2 else list(TRADERS)
        return str(choices[which // 2 % len(choices)])


class PositionNumber(Parameter):
    """A position by its number: mostly one that is live; nine times in ten ``live`` is obeyed.

    Of those that are not live, half are among the last three: what waits is younger than what is gone.
    """

    is_shrunk: ClassVar[bool] = False

    def __init__(self, *, live: bool = True) -> None:
        self.points = tuple(range(30))
        self.live = live

    def value(self, point: int, look: Look) -> int:
        """Return the position of a rank; every tenth is any that was ever opened."""
        every = range(1, max(1, look.opened) + 1)
        wanted = [each for each in every if (each in look.state.positions) == self.live]
        choices = wanted if wanted and point % 10 else list(every)
        if not self.live and point % 2:
            choices = choices[-LATEST:]
        return choices[point // 10 * 7 % len(choices) if point % 10 == 0 else point % len(choices)]

    def change(self, value: int, random: Random) -> int:
        """Return a number close by."""
        return min(max(0, value + random.choice((-1, 1, 1, 2))), MAX_UINT)


class SignedSize(Number):
    """A size with a sign, a long when positive; points are parts of the usual trade."""

    lowest, highest = -MAX_INT - 1, MAX_INT
    points = tuple(product((1, -1), PARTS, NUDGES))

    def value(self, point: Point, look: Look) -> int:
        """Return a part of the usual size, never 0."""
        side, (times, parts), nudge = point
        return int(side * max(1, look.facts.size * times // parts + nudge))

    def change(self, value: int, random: Random) -> int:
        """Return a size close by or a multiple, at times on the other side."""
        return min(self.highest, super().change(value, random) * random.choice((1, 1, -1)))


class UnsignedSize(Number):
    """A size to trade on a position: parts of what it holds."""

    def usual(self, look: Look) -> int:
        """Return the position's size; the usual one without a position."""
        held = look.state.positions.get(look.position or 0)
        return abs(held.size) if held else look.facts.size


class AssetAmount(Number):
    """Assets in raw units: parts of the usual margin, in proportion to a size drawn before."""

    def usual(self, look: Look) -> int:
        """Return the margin that the drawn size usually has."""
        size = look.size or look.facts.size
        return int(look.facts.margin * abs(size) // look.facts.size)

    def neutral(self, *, buys: bool) -> int:
        """Return nothing."""
        return 0


class Bound(Number):
    """A bound that is mostly left open; ``ends`` are the values that bind nobody."""

    def __init__(self, *ends: int) -> None:
        self.ends = ends
        self.points = ends

    def value(self, point: int, look: Look) -> int:
        """Return the open end itself."""
        return point

    def simpler(self, value: int) -> Iterator[int]:
        """Yield the open ends, unless it is one."""
        yield from () if value in self.ends else self.ends

    def is_unsaid(self, value: int) -> bool:
        """Return whether it is an open end."""
        return value in self.ends

    def neutral(self, *, buys: bool) -> int:
        """Return the end that a trade on this side is never refused by."""
        return self.ends[0] if buys or len(self.ends) == 1 else self.ends[1]


class WorstPrice(Bound):
    """The worst price that a trade accepts, WAD."""

    def __init__(self) -> None:
        super().__init__(MAX_UINT, 0)
        self.points = (None,)

    def value(self, point: Point, look: Look) -> int:
        """Return the limit that every price keeps, by the side that is traded."""
        held = look.state.positions.get(look.position or 0)
        if held is None:
            return worst_price(look.size or -1)
        return worst_price(held.size if look.kind is Kind.INCREASES else -held.size)


class FeedAnswer(Number):
    """A price as the feed answers it, in its own decimals: moves of up to 70 % from now or the first."""

    lowest, highest = -MAX_INT - 1, MAX_INT
    points = tuple(product((True, True, False), (1, -1), MOVES))

    def value(self, point: Point, look: Look) -> int:
        """Return the moved price, at least 1, and no more than its type holds."""
        from_now, side, move = point
        now = look.moment.answer if from_now else look.facts.answer
        return self.held(max(1, int(now + side * now * move // PPM)))


class Seconds(Number):
    """A time in seconds: those that matter to the vault."""

    highest = LONGEST_WAIT
    points = tuple(range(12))

    def value(self, point: int, look: Look) -> int:
        """Return one of the vault's ages."""
        return look.facts.ages[point % len(look.facts.ages)]

    def is_unsaid(self, value: int) -> bool:
        """Return whether it is no time at all."""
        return value == 0

    def neutral(self, *, buys: bool) -> int:
        """Return no time at all."""
        return 0


class SmallNumber(Number):
    """A count or a nonce: 0 unless changed."""

    is_shrunk: ClassVar[bool] = False
    points = (0,)

    def value(self, point: int, look: Look) -> int:
        """Return the point."""
        return point


class Flag(Parameter):
    """A truth value."""

    points = (True, False)

    def change(self, value: bool, random: Random) -> bool:
        """Return the other one."""
        return not value


class Choice(Parameter):
    """One of some values. With an ``unsaid`` one, that is drawn unless changed, and reports leave it out.

    A ``neutral`` one stands in no one's way: properties try actions with it.
    """

    def __init__(self, *values: Any, unsaid: Any = None, neutral: Any = None) -> None:
        self.values, self._unsaid, self._neutral = values, unsaid, neutral
        self.points = values if unsaid is None else (unsaid,)

    def change(self, value: Any, random: Random) -> Any:
        """Return any of them."""
        return random.choice(self.values)

    def is_unsaid(self, value: Any) -> bool:
        """Return whether it is the value that need not be shown."""
        return bool(value == self._unsaid)

    def neutral(self, *, buys: bool) -> Any:
        """Return the neutral value; raises LookupError without one."""
        return super().neutral(buys=buys) if self._neutral is None else self._neutral


OFFICERS: Final = (OWNER, GUARDIAN, *PROVIDERS, *TRADERS)
Anyone = Annotated[str, Account(ACCOUNTS, signs=True)]
Trader = Annotated[str, Holder()]
Liquidator = Annotated[str, Account(LIQUIDATORS, signs=True)]
Provider = Annotated[str, Account(PROVIDERS, signs=True)]
Officer = Annotated[str, Account(OFFICERS, signs=True)]
PriceSetter = Annotated[str, Account((OWNER,), signs=True)]
Signer = Annotated[str, Account(TRADERS, signs=True)]
Beneficiary = Annotated[str, Account(TRADERS)]
Operator = Annotated[str, Account((OPERATOR, *TRADERS))]
ShareOwner = Annotated[str, Account((*PROVIDERS, *TRADERS))]
ShareReceiver = Annotated[str, Account(PROVIDERS)]
Recipient = Annotated[str, Account((*TRADERS, VAULT))]
Spender = Annotated[str, Account((VAULT, *TRADERS))]
Collateral = Annotated[str, Account((TOKEN, POOL))]
Position = Annotated[int, PositionNumber()]
ClosedPosition = Annotated[int, PositionNumber(live=False)]
Size = Annotated[int, SignedSize()]
SizeDelta = Annotated[int, UnsignedSize()]
Assets = Annotated[int, AssetAmount()]
Shares = Annotated[int, Number()]
Price = Annotated[int, FeedAnswer()]
LimitPrice = Annotated[int, WorstPrice()]
Deadline = Annotated[int, Bound(NEVER)]
Age = Annotated[int, Seconds()]
Count = Annotated[int, SmallNumber()]
Truth = Annotated[bool, Flag()]
