"""Points can be pasted from a failing run, and stand for the exact number."""

from random import Random

import pytest
from ringfence.engine.generators.rules import Points
from ringfence.types.actions import Action, Step
from ringfence.types.outcome import Done, Outcome, Refused
from ringfence.types.roles import OWNER, POOL, STRANGER, TRADERS
from ringfence.vaults.isolated_margin import actions
from ringfence.vaults.isolated_margin.actions import (
    Deleverage,
    Donate,
    FundInsurance,
    Liquidate,
    Open,
    RemoveMargin,
    SetPrice,
)
from ringfence.vaults.isolated_margin.markets import INFINITE, PLAIN, STANDARD, TIGHT, MarketSetup
from ringfence.vaults.isolated_margin.rules import choices
from ringfence.vaults.isolated_margin.rules.points import (
    amounts,
    limits,
    margins,
    picks,
    prices,
    sizes,
    terms,
    times,
)
from ringfence.vaults.isolated_margin.rules.points.amounts import (
    ALL,
    ONE_TOO_FEW,
    ONE_TOO_MANY,
    TENTH,
    Amount,
    Part,
)
from ringfence.vaults.isolated_margin.rules.points.margins import Margin, MarginLimit
from ringfence.vaults.isolated_margin.rules.points.picks import Pick
from ringfence.vaults.isolated_margin.rules.points.prices import AtLevel, AtTrigger, Level, Moved, Price
from ringfence.vaults.isolated_margin.rules.points.scene import Scene
from ringfence.vaults.isolated_margin.rules.points.sizes import LONG, SHORT, Sized, SizeLimit

from tests.machine.models import opened

DRAWN = {name: each for name, each in vars(choices).items() if isinstance(each, Points)}
WORDS = (actions, amounts, margins, picks, prices, sizes, terms, times, choices)
DRAWS = 50
TRADER = TRADERS[0]
INITIAL = Margin(MarginLimit.INITIAL, ALL)
DOUBLE = Margin(MarginLimit.INITIAL, Part(2_000_000, 0))
FIRST = 1


class Stage:
    """One market, in which points are tried."""

    def __init__(self, setup: MarketSetup) -> None:
        """Start just after the market's opening."""
        self.setup, self.vault = setup, opened(setup)

    @property
    def scene(self) -> Scene:
        """Return what the next action finds."""
        return Scene(self.vault.market, self.setup, 0)

    def act(self, action: Action) -> Outcome:
        """Act in the present block."""
        return self.vault.apply(Step(action, 0))

    def open(self, sized: Sized, margin: Margin) -> Outcome:
        """Open a position of a size and a margin by their meaning."""
        size = sized.of(self.scene)
        limit = INFINITE if size > 0 else 0
        return self.act(Open(TRADER, size, margin.of(self.scene, TRADER, 0, size), limit, INFINITE))

    def move(self, price: Price) -> None:
        """Move the price to a point."""
        self.act(SetPrice(OWNER, price.answer(self.scene), 0))


def error_of(outcome: Outcome) -> str:
    """Return a refusal's error; empty for a success."""
    return outcome.error if isinstance(outcome, Refused) else ""


@pytest.mark.parametrize("name", DRAWN)
def test_draw__can_be_pasted(name: str) -> None:
    """What a rule draws is printed as the expression that makes it."""
    words = {word: meaning for module in WORDS for word, meaning in vars(module).items()}
    random = Random(0)
    for _ in range(DRAWS):
        drawn = DRAWN[name].draw(random)
        assert eval(repr(drawn), words) == drawn


@pytest.mark.parametrize("side", [LONG, SHORT])
def test_initial_margin__is_the_least_that_passes(side: int) -> None:
    """One unit less is refused."""
    stage, size = Stage(STANDARD), Sized(side, SizeLimit.ROOM, TENTH)
    assert error_of(stage.open(size, Margin(MarginLimit.INITIAL, ONE_TOO_FEW))) == "BelowInitialMargin"
    assert isinstance(stage.open(size, INITIAL), Done)


@pytest.mark.parametrize("side", [LONG, SHORT])
@pytest.mark.parametrize(
    ("limit", "beyond", "error"),
    [
        (SizeLimit.SMALLEST, ONE_TOO_FEW, "PositionTooSmall"),
        (SizeLimit.OPEN_INTEREST, ONE_TOO_MANY, "OpenInterestExceeded"),
        (SizeLimit.DOMAIN, ONE_TOO_MANY, "InvalidSize"),
    ],
)
def test_size__at_its_limit__passes_and_no_further(
    side: int, limit: SizeLimit, beyond: Amount, error: str
) -> None:
    """One unit beyond a limit is refused for that limit; the limit itself is not."""
    stage = Stage(STANDARD)
    assert error_of(stage.open(Sized(side, limit, beyond), INITIAL)) == error
    assert error_of(stage.open(Sized(side, limit, ALL), INITIAL)) != error


def test_size__at_the_liquidity_limit__passes_and_no_further() -> None:
    """The pool backs exactly so much."""
    stage = Stage(TIGHT)
    stage.move(Moved(1_200_000))
    too_large = stage.open(Sized(SHORT, SizeLimit.LIQUIDITY, ONE_TOO_MANY), INITIAL)
    assert error_of(too_large) == "InsufficientLiquidity"
    assert isinstance(stage.open(Sized(SHORT, SizeLimit.LIQUIDITY, ALL), INITIAL), Done)


@pytest.mark.parametrize("side", [LONG, SHORT])
def test_liquidation_price__is_the_first_at_which_liquidation_succeeds(side: int) -> None:
    """One unit of the feed better, the position is safe."""
    stage = Stage(PLAIN)
    stage.open(Sized(side, SizeLimit.ROOM, TENTH), INITIAL)
    stage.move(AtLevel(Level.LIQUIDATION, Pick.NEWEST, side))
    assert error_of(stage.act(Liquidate(STRANGER, FIRST))) == "NotLiquidatable"
    stage.move(AtLevel(Level.LIQUIDATION, Pick.NEWEST, 0))
    assert isinstance(stage.act(Liquidate(STRANGER, FIRST)), Done)


def test_trigger_price__is_the_first_at_which_deleveraging_succeeds() -> None:
    """One unit of the feed lower, it is not needed; and a donation of exactly what is missing ends it."""
    stage = Stage(PLAIN)
    stage.open(Sized(LONG, SizeLimit.ROOM, ALL), INITIAL)
    stage.move(AtTrigger(-1))
    assert error_of(stage.act(Deleverage(STRANGER, FIRST))) == "DeleverageNotNeeded"
    stage.move(AtTrigger(0))
    missing = limits.assets_missing_to_trigger(stage.scene)
    stage.act(Donate(OWNER, POOL, missing - 1))
    assert stage.vault.market.vault.exposure().deleveraging
    stage.act(Donate(OWNER, POOL, 1))
    assert error_of(stage.act(Deleverage(STRANGER, FIRST))) == "DeleverageNotNeeded"


def test_max_removable__is_the_most_that_can_be_taken_out() -> None:
    """One unit more is refused."""
    stage = Stage(STANDARD)
    stage.open(Sized(LONG, SizeLimit.ROOM, TENTH), DOUBLE)
    assets = stage.scene.max_removable(FIRST)
    assert error_of(stage.act(RemoveMargin(TRADER, FIRST, assets + 1))) == "BelowInitialMargin"
    assert isinstance(stage.act(RemoveMargin(TRADER, FIRST, assets)), Done)


@pytest.mark.parametrize(("lacking", "pool_loss"), [(0, 0), (1, 1)])
def test_uninsured__is_what_insurance_lacks(lacking: int, pool_loss: int) -> None:
    """With exactly that much paid in the deficit is covered; with one unit less the pool bears one."""
    stage = Stage(PLAIN)
    stage.open(Sized(LONG, SizeLimit.ROOM, TENTH), INITIAL)
    stage.move(Moved(500_000))
    stage.act(FundInsurance(OWNER, limits.uninsured(stage.scene, FIRST) - lacking))
    liquidated = stage.act(Liquidate(STRANGER, FIRST))
    assert isinstance(liquidated, Done)
    assert isinstance(liquidated.value, tuple)
    assert liquidated.value[-2] == pool_loss
