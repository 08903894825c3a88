"""What misbehaving tokens can and can't do: an action is refused whole, or the vault's books stay right."""

from typing import Final

import pytest
from ringfence.evm.chains.revm import RevmChain
from ringfence.types.actions import Action, CallSequence, Step
from ringfence.types.outcome import Done, Refused
from ringfence.types.roles import LIQUIDATORS, OWNER, POOL, PROVIDERS, TOKEN, TRADERS, VAULT
from ringfence.types.state import VaultState
from ringfence.vaults.isolated_margin.actions import (
    AddMargin,
    Claim,
    Close,
    CollectOwed,
    Decrease,
    Deleverage,
    Deposit,
    FundInsurance,
    Increase,
    Liquidate,
    Mint,
    Redeem,
    RemoveMargin,
    Withdraw,
)
from ringfence.vaults.isolated_margin.markets import SIZE, STANDARD
from ringfence.vaults.isolated_margin.stage import Stage, with_token
from ringfence.vaults.isolated_margin.stories import (
    LONG,
    NO_DEADLINE,
    NO_LIMIT_BUYING,
    NO_LIMIT_SELLING,
    SHORT,
    STORIES,
    USD,
    WHALE,
    at_price,
    long,
    story,
)

TRADER, PROVIDER = TRADERS[0], PROVIDERS[0]
FALLEN: Final = STORIES["both sides"] + story(at_price(1_990))

PULLS: Final[dict[str, tuple[CallSequence, Action]]] = {
    "open": ((), long(TRADER, SIZE, 150 * USD)),
    "increase": (
        STORIES["both sides"],
        Increase(TRADER, LONG, SIZE, 150 * USD, NO_LIMIT_BUYING, NO_DEADLINE),
    ),
    "add margin": (STORIES["both sides"], AddMargin(TRADER, LONG, USD)),
    "fund insurance": ((), FundInsurance(OWNER, USD)),
    "deposit": ((), Deposit(PROVIDER, USD, PROVIDER)),
    "mint": ((), Mint(PROVIDER, 10**6 * USD, PROVIDER)),
}
PAYOUTS: Final[dict[str, tuple[CallSequence, Action]]] = {
    "decrease": (FALLEN, Decrease(TRADER, LONG, SIZE, NO_LIMIT_SELLING, NO_DEADLINE)),
    "close": (FALLEN, Close(TRADER, LONG, NO_LIMIT_SELLING, NO_DEADLINE)),
    "remove margin": (STORIES["both sides"], RemoveMargin(TRADER, LONG, USD)),
    "claim": (STORIES["claimable"], Claim(TRADERS[2], TRADERS[2])),
    "collect owed": (STORIES["owed"], CollectOwed(TRADER, TRADERS[2])),
    "liquidate": (STORIES["liquidatable in part"], Liquidate(LIQUIDATORS[0], LONG)),
    "deleverage": (STORIES["deleveraging"], Deleverage(TRADER, WHALE)),
    "withdraw": ((), Withdraw(PROVIDER, USD, PROVIDER, PROVIDER)),
    "redeem": ((), Redeem(PROVIDER, 10**6 * USD, PROVIDER, PROVIDER)),
}
MOVES: Final = PULLS | PAYOUTS


def stage_at(token: str, program: CallSequence) -> Stage:
    """Return the market after ``program``, with a token that turns hostile now."""
    stage = Stage(RevmChain(), STANDARD, with_token(token))
    stage.run(program)
    assert isinstance(stage.do(OWNER, TOKEN, "turn", True), Done)
    return stage


def unaccounted(state: VaultState) -> int:
    """Return what the vault holds beyond margins, insurance and claimables."""
    margins = sum(position.margin for position in state.positions.values())
    claimables = sum(account.claimable for account in state.accounts.values())
    return state.totals["vault_tokens"] - margins - claimables - state.totals["insurance"]


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize(
    ("token", "error"), [("PausableToken", "TokenPaused"), ("ReturnsFalseToken", "SafeERC20FailedOperation")]
)
def test_token_that_does_not_move__refuses_the_action_whole(token: str, error: str, move: str) -> None:
    """A paused token, or one that only says false, changes nothing; later the action is done as ever."""
    program, action = MOVES[move]
    stage = stage_at(token, program)
    before = stage.observe()

    refused = stage.act(action)

    assert isinstance(refused, Refused)
    assert refused.error == error
    assert stage.observe() == before
    stage.do(OWNER, TOKEN, "turn", False)
    assert isinstance(stage.act(action), Done)


@pytest.mark.parametrize("move", PULLS)
@pytest.mark.parametrize("token", ["FeeOnTransferToken", "LyingBalanceToken"])
def test_pull__delivers_something_else__is_refused(token: str, move: str) -> None:
    """A pull that does not raise the balance by exactly the amount is UnsupportedToken, with both numbers."""
    program, action = PULLS[move]
    stage = stage_at(token, program)
    before = stage.observe()

    refused = stage.act(action)

    assert isinstance(refused, Refused)
    assert stage.observe() == before
    if token == "LyingBalanceToken" and move in ("deposit", "mint"):
        assert refused.error.startswith("ERC4626ExceededMax")  # a pool that seems full is closed before that
        return
    assert refused.error == "UnsupportedToken"
    expected, received = map(int, refused.args)
    assert received == (0 if token == "LyingBalanceToken" else expected - -(-expected // 100))


@pytest.mark.parametrize("move", PULLS)
def test_pull__takes_from_the_receiver__is_refused(move: str) -> None:
    """A pull that leaves the receiver with less is UnsupportedToken of nothing received, and no panic."""
    program, action = PULLS[move]
    stage = stage_at("TakingToken", program)
    before = stage.observe()

    refused = stage.act(action)

    assert isinstance(refused, Refused)
    assert refused.error == "UnsupportedToken"
    assert refused.args[1] == 0
    assert stage.observe() == before


@pytest.mark.parametrize("move", PAYOUTS)
def test_payout__token_takes_a_fee__leaves_the_vault_solvent(move: str) -> None:
    """What leaves the vault is what its books say, so a token's fee falls on whoever receives.

    The exception is a profit, which the pool sends and the vault does not measure again: it is missing in the
    vault (the interface's first assumption on the token).
    """
    program, action = PAYOUTS[move]
    stage = stage_at("FeeOnTransferToken", program)

    outcome = stage.act(action)

    assert isinstance(outcome, Done)
    missing = -unaccounted(stage.observe())
    profit = sum(
        int(event.args[1]) for event in outcome.events if event.name == "Paid" and event.args[0] == VAULT
    )
    assert missing == -(-profit // 100)


@pytest.mark.parametrize("move", PAYOUTS)
def test_balance_of__lies__never_pays_more_than_there_is(move: str) -> None:
    """A balance of 2**256 - 1 counts as MAX_ASSETS: a payout is made and booked right, or refused whole."""
    program, action = PAYOUTS[move]
    stage = stage_at("LyingBalanceToken", program)
    before = stage.observe()

    outcome = stage.act(action)

    if isinstance(outcome, Refused):
        assert outcome.error in ("ERC20InsufficientBalance", "DeleverageNotNeeded")
        assert stage.observe() == before
    else:
        assert unaccounted(stage.observe()) == 0


def test_balance_of__lies__is_no_way_into_the_pool() -> None:
    """While the balance of the pool is a lie, its views answer, and nobody can enter."""
    stage = stage_at("LyingBalanceToken", STORIES["both sides"])
    views = ("totalAssets", "totalSupply")
    limits = ("maxDeposit", "maxMint", "maxWithdraw", "maxRedeem")
    answers = [stage.ask(POOL, view) for view in views] + [stage.ask(POOL, view, PROVIDER) for view in limits]
    assert not any(isinstance(answer, Refused) for answer in answers)
    assert stage.ask(POOL, "maxDeposit", PROVIDER) == 0


def test_token_without_return_values__serves_as_well_as_another() -> None:
    """A token whose transfers return nothing, as USDT's, leads to the same state in every step of a life."""
    life = (
        *STORIES["claimable"],
        *story(
            Claim(TRADERS[2], TRADERS[2]),
            AddMargin(TRADERS[1], SHORT, USD),
            RemoveMargin(TRADERS[1], SHORT, USD),
            Close(TRADERS[1], SHORT, NO_LIMIT_BUYING, NO_DEADLINE),
            Withdraw(PROVIDER, USD, PROVIDER, PROVIDER),
        ),
        Step(at_price(1_900), 1),
        Step(Liquidate(LIQUIDATORS[0], LONG), 1),
    )
    stages = [Stage(RevmChain(), STANDARD, with_token(name)) for name in ("MockToken", "ReturnsNothingToken")]
    for step in life:
        ordinary, silent = [stage.act(step.action, step.seconds) for stage in stages]
        assert isinstance(ordinary, Done)
        assert isinstance(silent, Done)
        assert silent.value == ordinary.value
        assert stages[0].observe() == stages[1].observe()
