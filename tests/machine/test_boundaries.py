"""Boundary values can be pasted from a failing run, and come to the exact number."""

from random import Random

import pytest
from isolated_margin import views
from ringfence.engine.generators.rules import Points, rules_of
from ringfence.evm.signing import Flaw
from ringfence.types.actions import Action, Step
from ringfence.types.outcome import Done, Outcome, Refused
from ringfence.types.roles import OWNER, POOL, STRANGER, TRADERS
from ringfence.vaults.isolated_margin.actions import (
    ALPHABET,
    Deleverage,
    Donate,
    FundInsurance,
    Liquidate,
    Open,
    RemoveMargin,
    SetPrice,
    VaultAction,
)
from ringfence.vaults.isolated_margin.markets import PLAIN, STANDARD, TIGHT, MarketSetup
from ringfence.vaults.isolated_margin.rules import AllRules, VaultRules, boundary, limits, subjects
from ringfence.vaults.isolated_margin.rules.boundary import (
    ALL,
    LONG,
    ONE_TOO_FEW,
    ONE_TOO_MANY,
    SHORT,
    TENTH,
    AtPosition,
    Boundary,
    Draft,
    Near,
    Part,
    Sized,
)
from ringfence.vaults.isolated_margin.rules.limits import FundsLimit, Level, MarginLimit, SizeLimit
from ringfence.vaults.isolated_margin.rules.subjects import Which

from tests.machine.models import opened

DRAWN = {f"{rule.name}, {name}": each for rule in rules_of(AllRules) for name, each in rule.arguments.items()}
NAMES = vars(limits) | vars(subjects) | vars(boundary) | {"Flaw": Flaw}
DRAWS = 50
TRADER = TRADERS[0]
DOUBLE = Near(MarginLimit.NEEDED, Part(2_000_000))
FIRST = 1
sides = pytest.mark.parametrize("side", [LONG, SHORT])


class Tried(VaultRules):
    """One market, in which boundary values are tried; ``outcome`` is that of the last action."""

    outcome: Outcome

    def __init__(self, setup: MarketSetup) -> None:
        """Start just after the market's opening."""
        self.start(setup, opened(setup), self._apply)

    def _apply(self, step: Step, _: object) -> None:
        self.outcome = self.model.apply(step)

    def does(self, declared: type[VaultAction], **values: object) -> str:
        """Act in the present block; return the refusal's error, empty for a success."""
        self.act(declared, **values)
        return self.outcome.error if isinstance(self.outcome, Refused) else ""

    def open(self, limit: Boundary, part: Part, side: int, margin: Boundary | None = None) -> str:
        """Open a position with just the margin that it needs, or another."""
        size = Sized(limit, part, side)
        return self.does(Open, account=TRADER, size=size, margin=margin or Near(MarginLimit.NEEDED))

    def move(self, answer: object) -> None:
        """Move the price."""
        self.act(SetPrice, account=OWNER, answer=answer)


@pytest.mark.parametrize("points", DRAWN.values(), ids=DRAWN)
def test_draw__can_be_pasted(points: Points) -> None:
    random = Random(0)
    for _ in range(DRAWS):
        drawn = points.draw(random)
        assert eval(repr(drawn), NAMES) == drawn


def test_rules__do_every_action() -> None:
    done: set[type[Action]] = set()
    rules, random = AllRules(), Random(1)
    rules.start(STANDARD, opened(STANDARD), lambda step, _: done.add(type(step.action)))
    for rule in rules_of(AllRules):
        rule.play(rules, random)
    assert done == set(ALPHABET)


@sides
def test_initial_margin__is_the_least_that_passes(side: int) -> None:
    market = Tried(STANDARD)
    too_little = Near(MarginLimit.NEEDED, ONE_TOO_FEW)
    assert market.open(SizeLimit.ROOM, TENTH, side, too_little) == "BelowInitialMargin"
    assert market.open(SizeLimit.ROOM, TENTH, side) == ""


@sides
@pytest.mark.parametrize(
    ("limit", "beyond", "error"),
    [
        (SizeLimit.SMALLEST, ONE_TOO_FEW, "PositionTooSmall"),
        (SizeLimit.OPEN_INTEREST, ONE_TOO_MANY, "OpenInterestExceeded"),
        (SizeLimit.DOMAIN, ONE_TOO_MANY, "InvalidSize"),
    ],
)
def test_size__at_its_limit__passes_no_further(side: int, limit: Boundary, beyond: Part, error: str) -> None:
    market = Tried(STANDARD)
    assert market.open(limit, beyond, side) == error
    assert market.open(limit, ALL, side) != error


def test_size__at_the_liquidity_limit__passes_and_no_further() -> None:
    market = Tried(TIGHT)
    market.move(Near(Level.PRESENT, Part(1_200_000)))
    assert market.open(SizeLimit.LIQUIDITY, ONE_TOO_MANY, SHORT) == "InsufficientLiquidity"
    assert market.open(SizeLimit.LIQUIDITY, ALL, SHORT) == ""


@sides
def test_liquidation_price__is_the_first_at_which_liquidation_succeeds(side: int) -> None:
    market = Tried(PLAIN)
    market.open(SizeLimit.ROOM, TENTH, side)
    for plus, error in ((side, "NotLiquidatable"), (0, "")):
        market.move(AtPosition(Level.LIQUIDATION, Which.NEWEST, plus))
        assert market.does(Liquidate, account=STRANGER, position=FIRST) == error


def test_trigger_price__is_the_first_at_which_deleveraging_succeeds() -> None:
    market = Tried(PLAIN)
    market.open(SizeLimit.ROOM, ALL, LONG)
    market.move(Near(Level.TRIGGER, ONE_TOO_FEW))
    assert market.does(Deleverage, account=STRANGER, position=FIRST) == "DeleverageNotNeeded"
    market.move(Near(Level.TRIGGER))
    market.act(Donate, account=OWNER, to=POOL, assets=Near(FundsLimit.MISSING_TO_TRIGGER, ONE_TOO_FEW))
    assert views.sides(market.model.market.vault)[0].due
    market.act(Donate, account=OWNER, to=POOL, assets=1)
    assert market.does(Deleverage, account=STRANGER, position=FIRST) == "DeleverageNotNeeded"


def test_removable__is_the_most_that_can_be_taken_out() -> None:
    market = Tried(STANDARD)
    market.open(SizeLimit.ROOM, TENTH, LONG, DOUBLE)
    for part, error in ((ONE_TOO_MANY, "BelowInitialMargin"), (ALL, "")):
        assert market.does(RemoveMargin, position=FIRST, assets=Near(MarginLimit.REMOVABLE, part)) == error


@pytest.mark.parametrize(("part", "pool_loss"), [(ALL, 0), (ONE_TOO_FEW, 1)])
def test_uninsured__is_what_insurance_lacks(part: Part, pool_loss: int) -> None:
    market = Tried(PLAIN)
    market.open(SizeLimit.ROOM, TENTH, LONG)
    market.move(Near(Level.PRESENT, Part(500_000)))
    market.act(FundInsurance, account=OWNER, assets=Near(MarginLimit.UNINSURED, part))
    market.act(Liquidate, account=STRANGER, position=FIRST)
    assert isinstance(market.outcome, Done)
    assert isinstance(market.outcome.value, tuple)
    assert market.outcome.value[-2] == pool_loss


def test_draft__of_a_position_that_is_not_there__holds_nothing() -> None:
    """Limits of it are those of a new position."""
    draft = Draft(Tried(PLAIN).view, position=FIRST)
    assert (draft.held, MarginLimit.WHOLE.of(draft)) == (0, 0)
