"""What the arguments of rules are drawn from: named points, which print so that they can be pasted."""

from itertools import product
from typing import Final, TypeVar

from isolated_margin.fixed import PPM

from ringfence.engine.generators.rules import Points
from ringfence.evm.signing import Flaw
from ringfence.types.roles import (
    ACCOUNTS,
    GUARDIAN,
    LIQUIDATORS,
    NOBODY,
    OPERATOR,
    OWNER,
    POOL,
    PROVIDERS,
    STRANGER,
    TOKEN,
    TRADERS,
    VAULT,
)
from ringfence.vaults.isolated_margin.markets import MARKETS
from ringfence.vaults.isolated_margin.rules.points.amounts import (
    ALL,
    ENDLESS,
    HALF,
    HUGE,
    MORE_THAN_MOST,
    MOST,
    ONE,
    ONE_TOO_FEW,
    ONE_TOO_MANY,
    TENTH,
    ZERO,
    Amount,
    Exactly,
    Part,
)
from ringfence.vaults.isolated_margin.rules.points.margins import Margin, MarginLimit
from ringfence.vaults.isolated_margin.rules.points.picks import Caller, Creditor, Officer, Pick, Signer
from ringfence.vaults.isolated_margin.rules.points.prices import (
    LOWEST_INT256,
    Answer,
    AtLevel,
    AtTrigger,
    FromStart,
    Highest,
    Level,
    Moved,
)
from ringfence.vaults.isolated_margin.rules.points.sizes import LONG, SHORT, Lowered, Raised, Sized, SizeLimit
from ringfence.vaults.isolated_margin.rules.points.terms import Deadline, Limit, Terms
from ringfence.vaults.isolated_margin.rules.points.times import OldestPrice, Seconds, SinceEver

T = TypeVar("T")
CARRIER: Final = STRANGER  # who hands in a signature does not matter
ANY_TERMS: Final = Terms(Limit.NONE, Deadline.FAR)

booleans = Points((True, False))
grants = Points((True, True, True, False))
markets = Points([setup.name for setup in MARKETS])


def often(point: T, times: int) -> tuple[T, ...]:
    """Return a point repeated, for points that are drawn evenly."""
    return (point,) * times


def size_of_room(ppm: int) -> Sized:
    """Return a share of the room that a side has: of the longs' when odd, of the shorts' when even."""
    return Sized(LONG if ppm % 2 else SHORT, SizeLimit.ROOM, Part(ppm, 0))


# -------------------------------------------------------------------------------------------------------- who

traders = Points(TRADERS)
keepers = Points((*LIQUIDATORS, STRANGER, *TRADERS[:1]))
providers = Points((*PROVIDERS, *PROVIDERS, STRANGER))
share_receivers = Points((*PROVIDERS, *PROVIDERS, *PROVIDERS, STRANGER, POOL, NOBODY))
share_owners = Points((*PROVIDERS, *PROVIDERS, STRANGER, NOBODY))
accounts = Points(ACCOUNTS)
receivers = Points((*ACCOUNTS, POOL, VAULT, NOBODY))
claimants = Points((*often(Creditor.CLAIMING, 3), Creditor.OWED, Creditor.STRANGER))
creditors = Points((*often(Creditor.OWED, 3), Creditor.CLAIMING, Creditor.STRANGER))
recipients = Points((*often(POOL, 4), VAULT, OWNER, *TRADERS, NOBODY))
pausers = Points((Officer.OWNER, Officer.GUARDIAN, *often(Officer.STRANGER, 4)))
owners = Points((*often(Officer.OWNER, 5), Officer.GUARDIAN, Officer.STRANGER))
heirs = Points((*often(Officer.PENDING_OWNER, 5), Officer.STRANGER))
abdicators = Points((*often(Officer.STRANGER, 7), Officer.OWNER))
successors = Points((OWNER, GUARDIAN, STRANGER, NOBODY))
tokens = Points((TOKEN, TOKEN, POOL))
spenders = Points((VAULT, POOL, *PROVIDERS, OPERATOR, NOBODY))
operators = Points((OPERATOR, OPERATOR, STRANGER, *TRADERS))
callers = Points((*often(Caller.ITS_OWNER, 7), *often(Caller.OPERATOR, 2), Caller.STRANGER))

# ------------------------------------------------------------------------------------------------------ which

picks = Points(
    (
        *often(Pick.NEWEST, 3),
        *often(Pick.WORST, 3),
        *often(Pick.BEST, 3),
        Pick.OLDEST,
        Pick.LARGEST,
        Pick.SMALLEST,
        Pick.GONE,
        Pick.NONE,
    )
)
losers = Points((*often(Pick.WORST, 5), Pick.LARGEST, Pick.NEWEST, Pick.GONE))
winners = Points((*often(Pick.BEST, 5), Pick.LARGEST, Pick.NEWEST, Pick.WORST, Pick.GONE))

# --------------------------------------------------------------------------------------------------- how much

BEYOND: Final = (MOST, MORE_THAN_MOST, HUGE, ENDLESS)
amounts = Points((*often(ALL, 4), HALF, TENTH, ONE_TOO_MANY, ONE_TOO_FEW, ONE, ZERO, *BEYOND))
shares_moved = Points((*often(ALL, 3), *often(HALF, 3), ONE_TOO_MANY, ONE, ZERO, ENDLESS))
allowances = Points((*often(ENDLESS, 6), HALF, ONE, ZERO))
gifts = Points((ONE, ONE, TENTH, HALF, ZERO, ONE_TOO_MANY))
off_by_one = Points((ALL, ONE_TOO_FEW, ONE_TOO_MANY))

WHOLE_SIZES: Final[tuple[tuple[SizeLimit, Amount], ...]] = (
    (SizeLimit.SMALLEST, ALL),
    (SizeLimit.SMALLEST, Part(2 * PPM, 0)),
    (SizeLimit.SMALLEST, Part(10 * PPM, 0)),
    *often((SizeLimit.ROOM, TENTH), 4),
    *often((SizeLimit.ROOM, Part(PPM // 3, 0)), 4),
    (SizeLimit.ROOM, ALL),
    (SizeLimit.LIQUIDITY, ALL),
    (SizeLimit.OPEN_INTEREST, ALL),
    (SizeLimit.FIRST_FLOOR, ALL),
    (SizeLimit.FIRST_FLOOR, ONE_TOO_MANY),
    *often((SizeLimit.FIRST_FLOOR, Part(5 * PPM // 4, 0)), 2),
    (SizeLimit.SECOND_FLOOR, ALL),
    (SizeLimit.SECOND_FLOOR, ONE_TOO_MANY),
    (SizeLimit.SECOND_FLOOR, Part(5 * PPM // 4, 0)),
)
REFUSED_SIZES: Final[tuple[tuple[SizeLimit, Amount], ...]] = (
    (SizeLimit.SMALLEST, ONE_TOO_FEW),
    (SizeLimit.LIQUIDITY, ONE_TOO_MANY),
    (SizeLimit.OPEN_INTEREST, ONE_TOO_MANY),
    (SizeLimit.DOMAIN, ALL),
    (SizeLimit.DOMAIN, ONE_TOO_MANY),
    (SizeLimit.DOMAIN, ZERO),
    (SizeLimit.DOMAIN, Exactly(2**255 - 1)),
)
whole_sizes = Points([Sized(side, *at) for at, side in product(WHOLE_SIZES, (LONG, SHORT))])
refused_sizes = Points(
    [
        *(Sized(side, *at) for at, side in product(REFUSED_SIZES, (LONG, SHORT))),
        Sized(SHORT, SizeLimit.DOMAIN, HUGE),
    ]
)
any_sizes = Points(range(1, PPM + 1), size_of_room)
raises = Points([Raised(*at) for at in (*WHOLE_SIZES, *REFUSED_SIZES)])
lowerings = Points(
    [
        Lowered(down_to_smallest=False, amount=amount)
        for amount in (HALF, HALF, TENTH, ONE, ALL, ONE_TOO_MANY, ZERO, HUGE)
    ]
    + [Lowered(down_to_smallest=True, amount=amount) for amount in (ALL, ONE_TOO_MANY)]
)
margins = Points(
    (
        *often(Margin(MarginLimit.INITIAL, ALL), 12),
        *(Margin(MarginLimit.INITIAL, Part(share * PPM // 4, 0)) for share in (5, 5, 6, 6, 8, 12, 40)),
        Margin(MarginLimit.INITIAL, ONE_TOO_FEW),
        Margin(MarginLimit.FEE, ALL),
        Margin(MarginLimit.FEE, ONE_TOO_FEW),
        Margin(MarginLimit.WALLET, ONE_TOO_MANY),
        *(Margin(MarginLimit.WALLET, amount) for amount in (ZERO, MOST, MORE_THAN_MOST)),
    )
)

# ---------------------------------------------------------------------------------------------- at what price

PRESSED: Final = (Pick.WORST, Pick.LARGEST, Pick.SMALLEST, Pick.NEWEST)
level_prices = Points(
    [AtLevel(level, pick, plus) for level, pick, plus in product(Level, PRESSED, (0, -1, 1))]
    + [AtLevel(Level.LIQUIDATION, pick, 0) for pick in PRESSED for _ in range(3)]
)
trigger_prices = Points([AtTrigger(plus) for plus in (0, -1, 1)])
moves = Points([Moved(ppm) for ppm in (990_000, 1_010_000, 950_000, 1_050_000, 800_000, 1_250_000)])
jumps = Points([FromStart(ppm) for ppm in (500_000, 2_000_000, 200_000, 5_000_000, 10_000_000)])
returns = Points([FromStart(ppm) for ppm in (1_000_000, 999_000, 1_001_000)])
any_moves = Points(range(PPM // 2, 2 * PPM + 1), Moved)
edge_answers = Points(
    (Answer(0), Answer(1), Answer(-1), Highest(0), Highest(1), Answer(LOWEST_INT256), Answer(2**255 - 1))
)
terms = Points(
    (
        *often(ANY_TERMS, 14),
        Terms(Limit.AT_THE_PRICE, Deadline.NOW),
        Terms(Limit.MISSED, Deadline.FAR),
        Terms(Limit.NONE, Deadline.PASSED),
    )
)

# ------------------------------------------------------------------------------------------------------- when

waits = Points([Seconds(count) for count in (1, 12, 3600, 86_400, 2_592_000)])
silences = Points((OldestPrice(0), OldestPrice(1), Seconds(1), Seconds(12)))
ages = Points((OldestPrice(0), OldestPrice(1), Seconds(-1), SinceEver(), Seconds(0)))

# --------------------------------------------------------------------------------------------- signed by whom

signers = Points((*often(Signer.ITSELF, 4), Signer.SOMEBODY_ELSE))
flaws = Points((*often(Flaw.NONE, 6), *(flaw for flaw in Flaw if flaw is not Flaw.NONE)))
nonces = Points((*often(0, 4), -1, 1))
