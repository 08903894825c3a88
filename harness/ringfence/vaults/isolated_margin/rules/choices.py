"""What the arguments of rules are drawn from, the simplest first and common ones repeated."""

from collections.abc import Mapping
from itertools import product
from typing import Final, TypeAlias, TypeVar

from isolated_margin.deleverage import ROUND
from isolated_margin.fixed import MAX_ASSETS, PPM
from isolated_margin.permission import DECREASE, EVERYTHING, INCREASE, MAX_UINT64, REMOVE

from ringfence.engine.generators.rules import Points
from ringfence.evm.signing import Flaw
from ringfence.types import roles
from ringfence.types.roles import ACCOUNTS, NOBODY, OWNER, POOL, PROVIDERS, STRANGER, TOKEN, TRADERS, VAULT
from ringfence.vaults.isolated_margin.rules.boundary import (
    ALL,
    HALF,
    LONG,
    ONE,
    ONE_TOO_FEW,
    ONE_TOO_MANY,
    SHORT,
    TENTH,
    ZERO,
    AtPosition,
    Boundary,
    Near,
    Part,
    Sized,
)
from ringfence.vaults.isolated_margin.rules.limits import (
    ExchangeLimit,
    FundsLimit,
    Level,
    MarginLimit,
    SizeLimit,
    TimeLimit,
    TradePrice,
)
from ringfence.vaults.isolated_margin.rules.subjects import UNKNOWN_ID, Which, Who

T = TypeVar("T")
Parts: TypeAlias = tuple[Part | int, ...]
HUGE: Final = 2**255
ENDLESS: Final = 2**256 - 1

sides = Points((LONG, SHORT))
nudges = Points((0, -1, 1))
booleans = Points((True, False))
permissions = Points(
    (*[EVERYTHING] * 3, *[DECREASE | REMOVE] * 2, DECREASE, INCREASE, REMOVE, 0, EVERYTHING + 1)
)


def often(point: T, times: int) -> tuple[T, ...]:
    """Return a point repeated, for points that are drawn evenly."""
    return (point,) * times


def near(limit: Boundary, *parts: Part | int) -> tuple[Near | int, ...]:
    """Return parts of a limit, and the numbers among them."""
    return tuple(Near(limit, part) if isinstance(part, Part) else part for part in parts)


def parts_of(limit: Boundary, *parts: Part | int) -> Points:
    """Return what draws one of these parts of a limit."""
    return Points(near(limit, *parts))


# -------------------------------------------------------------------------------------------------------- who

traders = Points(TRADERS)
keepers = Points((*roles.LIQUIDATORS, STRANGER, *TRADERS[:1]))
providers = Points((*PROVIDERS, *PROVIDERS, STRANGER))
share_receivers = Points((*PROVIDERS * 3, STRANGER, POOL, NOBODY))
share_owners = Points((*PROVIDERS, *PROVIDERS, STRANGER, NOBODY))
accounts = Points(ACCOUNTS)
receivers = Points((*ACCOUNTS, POOL, VAULT, NOBODY))
claimants = Points((*often(Who.CLAIMANT, 3), Who.CREDITOR, STRANGER))
creditors = Points((*often(Who.CREDITOR, 3), Who.CLAIMANT, STRANGER))
recipients = Points((*often(POOL, 4), VAULT, OWNER, *TRADERS, NOBODY))
pausers = Points((Who.OWNER, Who.GUARDIAN, *often(STRANGER, 4)))
owners = Points((*often(Who.OWNER, 5), Who.GUARDIAN, STRANGER))
heirs = Points((*often(Who.PENDING_OWNER, 5), STRANGER))
abdicators = Points((*often(STRANGER, 7), Who.OWNER))
successors = Points((OWNER, roles.GUARDIAN, STRANGER, NOBODY))
tokens = Points((TOKEN, TOKEN, POOL))
spenders = Points((VAULT, POOL, *PROVIDERS, roles.OPERATOR, NOBODY))
operators = Points((roles.OPERATOR, roles.OPERATOR, STRANGER, *TRADERS))
callers = Points((*often(Who.ITS_OWNER, 7), *often(Who.ITS_OPERATOR, 2), STRANGER))
owners_named = Points((*often(Who.ITS_OWNER, 3), STRANGER))
signers = Points((*often(Who.SIGNED_FOR, 4), STRANGER))

# ------------------------------------------------------------------------------------------------------ which

EXTREME: Final = (Which.WORST, Which.LARGEST, Which.SMALLEST, Which.NEWEST)
positions = Points(
    (
        *often(Which.NEWEST, 3),
        *often(Which.WORST, 3),
        *often(Which.BEST, 3),
        Which.OLDEST,
        Which.LARGEST,
        Which.SMALLEST,
        Which.GONE,
        UNKNOWN_ID,
    )
)
losers = Points((*often(Which.WORST, 5), Which.LARGEST, Which.NEWEST, Which.GONE))
winners = Points(
    (*often(Which.BEST, 5), *often(Which.LARGEST, 2), Which.NEWEST, Which.OLDEST, Which.WORST, Which.GONE)
)

# --------------------------------------------------------------------------------------------------- how much

SOME: Parts = (*often(ALL, 4), HALF, TENTH, ONE_TOO_MANY, ONE_TOO_FEW, ONE, ZERO)
OR_BEYOND: Parts = (*SOME, MAX_ASSETS, MAX_ASSETS + 1, HUGE, ENDLESS)
A_LITTLE: Parts = (ONE, *(Part(part * PPM // 10) for part in (3, 6, 8, 9)))
OFF_BY_ONE: Parts = (ALL, ONE_TOO_FEW, ONE_TOO_MANY)
GIFTS: Parts = (ONE, ONE, TENTH, HALF, ZERO, ONE_TOO_MANY)
MOVED: Parts = (*often(ALL, 3), *often(HALF, 3), ONE_TOO_MANY, ONE, ZERO, ENDLESS)

SIZES: Final = (
    (SizeLimit.SMALLEST, ALL),
    (SizeLimit.SMALLEST, Part(2 * PPM)),
    (SizeLimit.SMALLEST, Part(10 * PPM)),
    *often((SizeLimit.ROOM, TENTH), 4),
    *often((SizeLimit.ROOM, Part(PPM // 3)), 4),
    (SizeLimit.ROOM, ALL),
    (SizeLimit.LIQUIDITY, ALL),
    (SizeLimit.OPEN_INTEREST, ALL),
    (SizeLimit.FIRST_FLOOR, ALL),
    (SizeLimit.FIRST_FLOOR, ONE_TOO_MANY),
    *often((SizeLimit.FIRST_FLOOR, Part(5 * PPM // 4)), 2),
    (SizeLimit.SECOND_FLOOR, ALL),
    (SizeLimit.SECOND_FLOOR, ONE_TOO_MANY),
    (SizeLimit.SECOND_FLOOR, Part(5 * PPM // 4)),
)
REFUSED: Final = (
    (SizeLimit.SMALLEST, ONE_TOO_FEW),
    (SizeLimit.LIQUIDITY, ONE_TOO_MANY),
    (SizeLimit.OPEN_INTEREST, ONE_TOO_MANY),
    (SizeLimit.DOMAIN, ALL),
    (SizeLimit.DOMAIN, ONE_TOO_MANY),
    (SizeLimit.DOMAIN, ZERO),
)
LARGEST: Final = HUGE - 1
sizes = Points([Sized(*at, side) for at, side in product(SIZES, (LONG, SHORT))])
refused_sizes = Points(
    [*(Sized(*at, side) for at, side in product(REFUSED, (LONG, SHORT))), LARGEST, -LARGEST, -HUGE]
)
any_sizes = Points(
    range(1, PPM + 1), lambda ppm: Sized(SizeLimit.ROOM, Part(ppm), LONG if ppm % 2 else SHORT)
)
raises = Points([*(Near(*at) for at in (*SIZES, *REFUSED)), LARGEST])
lowerings = Points(
    [
        *near(SizeLimit.WHOLE, HALF, HALF, TENTH, ONE, ALL, ONE_TOO_MANY, ZERO, HUGE),
        *near(SizeLimit.SPARE, ALL, ONE_TOO_MANY),
    ]
)
margins = Points(
    [
        *often(Near(MarginLimit.NEEDED), 12),
        *(Near(MarginLimit.NEEDED, Part(share * PPM // 4)) for share in (5, 5, 6, 6, 8, 12, 40)),
        Near(MarginLimit.NEEDED, ONE_TOO_FEW),
        *near(MarginLimit.FEE, ALL, ONE_TOO_FEW),
        Near(FundsLimit.WALLET, ONE_TOO_MANY),
        0,
        MAX_ASSETS,
        MAX_ASSETS + 1,
    ]
)

# ---------------------------------------------------------------------------------------------- at what price

LEVELS: Final = (Level.LIQUIDATION, Level.BANKRUPTCY, Level.MARGIN_CALL)
level_answers = Points(
    [AtPosition(*at) for at in product(LEVELS, EXTREME, (0, -1, 1))]
    + [AtPosition(Level.LIQUIDATION, position) for position in EXTREME for _ in range(3)]
)
trigger_answers = parts_of(Level.TRIGGER, *OFF_BY_ONE, *(Part(PPM * percent // 100) for percent in (97, 103)))
moves = parts_of(Level.PRESENT, *(Part(PPM * percent // 100) for percent in (99, 101, 95, 105, 80, 125)))
jumps = parts_of(Level.FIRST, *(Part(PPM * tenths // 10) for tenths in (5, 20, 2, 50, 100)))
returns = parts_of(Level.FIRST, *(Part(ppm) for ppm in (1_000_000, 999_000, 1_001_000)))
any_moves = Points(range(PPM // 2, 2 * PPM + 1), lambda ppm: Near(Level.PRESENT, Part(ppm)))
edge_answers = parts_of(Level.HIGHEST, 0, 1, -1, ALL, ONE_TOO_MANY, -HUGE, LARGEST)
worst_prices = Points((*often(TradePrice.ANY, 17), TradePrice.PRESENT, TradePrice.MISSED))

# ------------------------------------------------------------------------------------- for how much liquidity


def _bounds(limit: Boundary, open_end: int) -> Points:
    """Return what binds nobody most of the time, else the most that passes or the least that doesn't."""
    return Points((*often(open_end, 12), *near(limit, *OFF_BY_ONE)))


min_shares = _bounds(ExchangeLimit.SHARES_MINTED, 0)
max_assets = _bounds(ExchangeLimit.ASSETS_TAKEN, ENDLESS)
max_shares = _bounds(ExchangeLimit.SHARES_BURNED, ENDLESS)
min_assets = _bounds(ExchangeLimit.ASSETS_PAID, 0)

# ------------------------------------------------------------------------------------------------------- when

deadlines = parts_of(TimeLimit.NOW, *often(Part(PPM, 10**6), 17), ALL, ONE_TOO_FEW)
expiries = parts_of(TimeLimit.NOW, *often(Part(PPM, 10**6), 6), ALL, ONE_TOO_FEW, MAX_UINT64)
waits = Points((1, 12, 3600, 86_400, 2_592_000))
long_waits = Points((86_400, 2_592_000))
turns = Points((0, 1, ROUND - 1, ROUND))  # until a position may be deleveraged again
silences = parts_of(TimeLimit.OLDEST_AGE, ALL, ONE_TOO_MANY, 1, 12)
settlement_waits = parts_of(TimeLimit.SETTLE_AFTER, *often(ALL, 3), ONE_TOO_FEW, ONE_TOO_MANY, HALF)
ages = Points((*near(TimeLimit.OLDEST_AGE, ALL, ONE_TOO_MANY), -1, Near(TimeLimit.NOW), 0))
latenesses = parts_of(TimeLimit.OLDEST_AGE, ONE_TOO_MANY, ALL)
claim_waits = Points((None, 0, *near(TimeLimit.OLDEST_AGE, ONE_TOO_MANY)))  # None: nobody claims

# --------------------------------------------------------------------------------------------- signed by whom

flaws = Points((*often(Flaw.NONE, 6), *(flaw for flaw in Flaw if flaw is not Flaw.NONE)))
nonces = parts_of(TimeLimit.NEXT_NONCE, *often(ALL, 4), ONE_TOO_FEW, ONE_TOO_MANY)

BY_NAME: Final[
    Mapping[str, Points]
] = {  # what a parameter of this name is drawn from when a rule does not say
    "account": accounts,
    "position": positions,
    "size": sizes,
    "margin": margins,
    "limit_price_wad": worst_prices,
    "deadline": deadlines,
    "min_shares": min_shares,
    "max_assets": max_assets,
    "max_shares": max_shares,
    "min_assets": min_assets,
    "to": receivers,
    "receiver": receivers,
    "owner": share_owners,
    "operator": operators,
    "permissions": permissions,
    "expiry": expiries,
    "nonce": nonces,
    "signer": signers,
    "flaw": flaws,
}
