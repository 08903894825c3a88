"""LPS-1: nobody takes from another provider, by a donation, a first deposit, a round trip or good timing."""

from dataclasses import replace
from typing import Any, Final

import pytest
from eth_abi import encode
from eth_utils.crypto import keccak
from isolated_margin.exposure import Exposure
from isolated_margin.fixed import MAX_ASSETS
from isolated_margin.share_price import max_deposit
from ringfence.evm.artifacts import load
from ringfence.types.actions import Action, CallSequence, parameters_of
from ringfence.types.outcome import Done, Refused
from ringfence.types.roles import LIQUIDATORS, OWNER, POOL, PROVIDERS, STRANGER, TOKEN, TRADERS
from ringfence.vaults.isolated_margin.actions import (
    Close,
    Deposit,
    Donate,
    Liquidate,
    Mint,
    Redeem,
    TransferShares,
    Withdraw,
)
from ringfence.vaults.isolated_margin.markets import INFINITE, SIZE

from tests.open_market import OpenMarket
from tests.pool.states import TIMELESS, UNFUNDED, State, market_of
from tests.sequences import (
    NO_DEADLINE,
    NO_LIMIT_BUYING,
    NO_LIMIT_SELLING,
    USD,
    at_price,
    long,
    sequence,
    short,
)

pytestmark = pytest.mark.property("LPS-1")

PROVIDER, LATER = PROVIDERS
THIEF: Final = TRADERS[2]
BALANCES_SLOT: Final = 0  # of OpenZeppelin's ERC20
VIRTUAL_SHARES: Final = 10**6
DEPOSIT: Final = 100_000 * USD
LONG, SHORT = 1, 2


def run(market: OpenMarket, *actions: Action, seconds: int = 1) -> int:
    """Carry out actions; return what the last one returned."""
    value = 0
    for action in actions:
        outcome = market.act(action, seconds)
        assert isinstance(outcome, Done), f"{action}: {outcome}"
        value = outcome.value if isinstance(outcome.value, int) else 0
    return value


def shares_of(market: OpenMarket, account: str) -> int:
    """Return an account's shares."""
    return market.observe().accounts[account].shares


def worth(market: OpenMarket, account: str) -> int:
    """Return what an account's shares are worth, in assets, rounded down."""
    assets = market.ask(POOL, "convertToAssets", shares_of(market, account))
    assert isinstance(assets, int)
    return assets


# Donations and first deposits


@pytest.mark.parametrize("first", [1, 999, USD])
@pytest.mark.parametrize("gift", [0, 1, 10**6, 10**9, 10**12, 9 * 10**12])
@pytest.mark.parametrize("brought", [1, 10**3, 10**6, 10**9, 10**12])
def test_inflation__of_the_first_share__costs_the_thief_more_than_the_victim(
    first: int, gift: int, brought: int
) -> None:
    """A first deposit and a gift take at most a millionth of the gift from the next, and lose more."""
    market = market_of(State(UNFUNDED, ()))
    before = market.observe().accounts[THIEF].tokens
    run(market, Deposit(THIEF, first, THIEF))
    if gift:
        run(market, Donate(THIEF, POOL, gift))

    run(market, Deposit(LATER, brought, LATER))
    run(market, Redeem(THIEF, shares_of(market, THIEF), THIEF, THIEF))

    loss = brought - worth(market, LATER)
    gain = market.observe().accounts[THIEF].tokens - before
    assert loss <= (first + gift) // VIRTUAL_SHARES + 2
    assert gain <= 0
    assert -gain >= loss - 2


@pytest.mark.parametrize("gift", [1, 10**6, 10**12])
def test_donation__to_an_empty_pool__is_no_trap(gift: int) -> None:
    """Whoever deposits first after a gift loses at most a millionth of the gift, and a rounding."""
    market = market_of(State(UNFUNDED, sequence(Donate(OWNER, POOL, gift))))
    run(market, Deposit(LATER, DEPOSIT, LATER))
    assert worth(market, LATER) >= DEPOSIT - gift // VIRTUAL_SHARES - 2


def test_donation__to_a_pool_with_providers__is_theirs_and_not_the_next_ones() -> None:
    """A gift raises what shares are worth; a deposit after it buys none of it."""
    market = market_of(State(TIMELESS, ()))
    run(market, Donate(OWNER, POOL, DEPOSIT), Deposit(LATER, DEPOSIT, LATER))
    assert DEPOSIT - 2 <= worth(market, LATER) <= DEPOSIT
    assert worth(market, PROVIDER) >= TIMELESS.liquidity + DEPOSIT - 2


# Round trips


TRADED: Final = sequence(
    long(TRADERS[0], 500 * SIZE, 200_000 * USD), short(TRADERS[1], 300 * SIZE, 200_000 * USD)
)
TRIPS: Final[dict[str, CallSequence]] = {
    "nobody trades": (),
    "at the price of the trades": TRADED,
    "traders lose": TRADED + sequence(at_price(1_900)),
    "traders win": TRADED + sequence(at_price(2_100)),
    "a trader is all but bankrupt": TRADED + sequence(at_price(1_610)),
}


@pytest.mark.parametrize("entering", ["deposit", "mint"])
@pytest.mark.parametrize("leaving", ["withdraw", "redeem"])
@pytest.mark.parametrize("trip", TRIPS)
@pytest.mark.parametrize("assets", [1, 999, 12_345_678_901])
def test_round_trip__at_one_price__never_gains(trip: str, entering: str, leaving: str, assets: int) -> None:
    """Who enters and leaves in the next block at the same price takes out no more than they brought."""
    market = market_of(State(TIMELESS, TRIPS[trip]))
    before, others = market.observe().accounts[LATER].tokens, worth(market, PROVIDER)

    if entering == "deposit":
        run(market, Deposit(LATER, assets, LATER))
    else:
        run(market, Mint(LATER, assets * VIRTUAL_SHARES, LATER))
    limit = market.ask(POOL, "maxWithdraw", LATER)
    assert isinstance(limit, int)
    if leaving == "withdraw":
        run(market, Withdraw(LATER, limit, LATER, LATER))
    else:
        run(market, Redeem(LATER, shares_of(market, LATER), LATER, LATER))

    assert market.observe().accounts[LATER].tokens <= before
    assert worth(market, PROVIDER) >= others


@pytest.mark.parametrize("trip", TRIPS)
def test_round_trip__the_other_way__never_gains(trip: str) -> None:
    """Who leaves and enters again with what they got has no more shares than before."""
    market = market_of(State(TIMELESS, sequence(Deposit(LATER, DEPOSIT, LATER)) + TRIPS[trip]))
    shares = shares_of(market, LATER)
    assets = run(market, Redeem(LATER, shares, LATER, LATER))
    assert run(market, Deposit(LATER, assets, LATER)) <= shares


def test_entering__beside_a_loss_that_nobody_can_pay__is_refused() -> None:
    """Who would enter pays for the hole; once it is liquidated, deposits are open."""
    market = market_of(State(TIMELESS, TRADED + sequence(at_price(1_400))))
    refused = market.act(Deposit(LATER, DEPOSIT, LATER), seconds=0)
    assert refused == Refused("ERC4626ExceededMaxDeposit", (LATER, DEPOSIT, 0))
    run(market, Liquidate(LIQUIDATORS[0], LONG), Deposit(LATER, DEPOSIT, LATER))


# Known gains and losses


LOSING: Final = sequence(long(TRADERS[0], 500 * SIZE, 200_000 * USD))
LOSSES: Final[dict[str, tuple[int, Action]]] = {
    "by closing": (1_900, Close(TRADERS[0], LONG, NO_LIMIT_SELLING, NO_DEADLINE)),
    "by a liquidation": (1_650, Liquidate(LIQUIDATORS[0], LONG)),
}


@pytest.mark.parametrize("loss", LOSSES)
def test_entering__before_traders_realise_a_loss__buys_none_of_it(loss: str) -> None:
    """A loss that traders have already, and are about to pay, is the earlier providers' alone."""
    price, realise = LOSSES[loss]
    market = market_of(State(TIMELESS, LOSING + sequence(at_price(price))))
    before = worth(market, PROVIDER)

    run(market, Deposit(LATER, DEPOSIT, LATER), realise)

    closing_fee = 500 * price * USD * TIMELESS.parameters.trading_fee_ppm // 10**6
    assert worth(market, LATER) <= DEPOSIT + closing_fee * DEPOSIT // TIMELESS.liquidity
    assert worth(market, PROVIDER) > before


def test_leaving__before_traders_realise_a_gain__is_no_escape_from_it() -> None:
    """A gain that traders have already is borne by who leaves as by who stays."""
    program = sequence(Deposit(LATER, DEPOSIT, LATER)) + TRADED + sequence(at_price(2_100))
    market = market_of(State(TIMELESS, program))
    staying = worth(market, PROVIDER)
    left_with = run(market, Redeem(LATER, shares_of(market, LATER), LATER, LATER))
    run(market, Close(TRADERS[0], LONG, NO_LIMIT_SELLING, NO_DEADLINE))
    run(market, Close(TRADERS[1], SHORT, NO_LIMIT_BUYING, NO_DEADLINE))
    assert left_with < DEPOSIT
    assert worth(market, PROVIDER) >= staying


@pytest.mark.parametrize("price", [1_900, 2_000, 2_100])
def test_trading__at_an_unmoved_price__moves_the_price_of_a_share_by_its_fees_alone(price: int) -> None:
    """LPS-2: a deposit is worth the same before and after all traders realise what they have won or lost."""
    program = sequence(Deposit(LATER, DEPOSIT, LATER)) + TRADED + sequence(at_price(price))
    market = market_of(State(TIMELESS, program))
    before, shares = worth(market, LATER), shares_of(market, LATER)
    run(market, Close(TRADERS[0], LONG, NO_LIMIT_SELLING, NO_DEADLINE))
    run(market, Close(TRADERS[1], SHORT, NO_LIMIT_BUYING, NO_DEADLINE))
    fees = 800 * price * USD * TIMELESS.parameters.trading_fee_ppm // 10**6
    part = fees * shares // market.observe().totals["pool_shares"] + 1
    assert before - 1 <= worth(market, LATER) <= before + part


def test_leaving__beyond_what_does_not_back_the_traders__is_refused() -> None:
    """Withdrawals leave what backs the larger side; every provider is held alike."""
    market = market_of(State(TIMELESS, TRADED + sequence(at_price(2_100))))
    exposure = market.ask(POOL, "exposure")
    assert isinstance(exposure, tuple)
    held, limit = market.observe().totals["pool_tokens"], market.ask(POOL, "maxWithdraw", PROVIDER)
    run(market, Withdraw(PROVIDER, limit, PROVIDER, PROVIDER))
    assert market.observe().totals["pool_tokens"] == held - exposure[2]
    assert market.ask(POOL, "maxWithdraw", PROVIDER) == 0


# The fee


def test_round_trip__with_a_fee__pays_it_twice_to_those_who_stay() -> None:
    """Of 100,000 that come and go 199.9 go off, and of the first half of that a tenth is the visitor's."""
    terms = replace(TIMELESS.parameters, liquidity_fee_ppm=1_000)
    market = market_of(State(replace(TIMELESS, parameters=terms, name="with a fee"), ()))
    stayed = worth(market, PROVIDER)
    shares = run(market, Deposit(LATER, DEPOSIT, LATER))
    paid = run(market, Redeem(LATER, shares, LATER, LATER))
    assert DEPOSIT - 199_900_000 <= paid <= DEPOSIT - 190_000_000 + 10**6
    assert worth(market, PROVIDER) - stayed >= DEPOSIT - paid - 2


# Limits


@pytest.mark.parametrize(
    ("action", "view", "step"),
    [
        (Deposit(LATER, USD, LATER), "previewDeposit", 1),
        (Mint(LATER, 10**12, LATER), "previewMint", -1),
        (Withdraw(PROVIDER, USD, PROVIDER, PROVIDER), "previewWithdraw", -1),
        (Redeem(PROVIDER, 10**12, PROVIDER, PROVIDER), "previewRedeem", 1),
    ],
)
def test_limit__one_beyond_what_it_comes_to__is_refused(action: Any, view: str, step: int) -> None:
    """The very amount passes, and comes to what it does without a limit; who sandwiches finds it refused."""
    market = market_of(State(TIMELESS, TRADED))
    market.do(OWNER, TOKEN, "mint", POOL, USD + 7)
    _, value, *_, name = parameters_of(type(action))
    actual = market.ask(POOL, view, getattr(action, value))
    assert isinstance(actual, int)
    beyond = replace(action, **{name: actual + step})
    assert market.act(beyond, seconds=0) == Refused("SlippageExceeded", (actual, actual + step))
    mark = market.chain.snapshot()
    limited = market.act(replace(action, **{name: actual}), seconds=0)
    market.chain.restore(mark)
    assert limited == market.act(action, seconds=0)
    assert isinstance(limited, Done)
    assert limited.value == actual


# Shares of this second


def test_shares__minted_in_this_second__are_not_redeemed() -> None:
    """They are in no limit; a second later they can go."""
    market = market_of(State(TIMELESS, ()))
    shares = run(market, Deposit(LATER, USD, LATER))
    assert market.ask(POOL, "maxRedeem", LATER) == market.ask(POOL, "maxWithdraw", LATER) == 0
    for action in (Redeem(LATER, 1, LATER, LATER), Withdraw(LATER, 1, LATER, LATER)):
        refused = market.act(action, seconds=0)
        assert isinstance(refused, Refused)
        assert refused.error.startswith("ERC4626ExceededMax")
    too_many = market.act(TransferShares(LATER, STRANGER, shares + 1), seconds=0)
    assert too_many == Refused("ERC20InsufficientBalance", (LATER, shares, shares + 1))
    run(market, Redeem(LATER, shares, LATER, LATER))


def test_shares__given_by_somebody_else_in_this_second__lock_only_themselves() -> None:
    """Depositing dust for a provider in every second doesn't hold back the shares that they had."""
    market = market_of(State(TIMELESS, ()))
    had = run(market, Deposit(LATER, DEPOSIT, LATER))
    run(market, Deposit(THIEF, 1, LATER))
    given = shares_of(market, LATER) - had
    assert market.ask(POOL, "maxRedeem", LATER) == had
    run(market, Redeem(LATER, had, LATER, LATER), seconds=0)
    assert shares_of(market, LATER) == given


def test_shares__passed_on_by_an_approved_spender__stay_locked() -> None:
    """With the receiver, in this second; one who passes them on to itself has them locked all the same."""
    market = market_of(State(TIMELESS, ()))
    shares = run(market, Deposit(LATER, USD, LATER))
    market.do(LATER, POOL, "approve", STRANGER, INFINITE, seconds=0)
    market.do(STRANGER, POOL, "transferFrom", LATER, LATER, shares, seconds=0)
    assert market.ask(POOL, "maxRedeem", LATER) == 0
    market.do(STRANGER, POOL, "transferFrom", LATER, STRANGER, shares, seconds=0)
    refused = market.act(Redeem(STRANGER, 1, STRANGER, STRANGER), seconds=0)
    assert refused == Refused("ERC4626ExceededMaxRedeem", (STRANGER, 1, 0))
    run(market, Redeem(STRANGER, shares, STRANGER, STRANGER))


def test_deposit__a_flash_of_one_transaction__is_refused_at_its_end() -> None:
    """Entering and leaving in one transaction, as a flash loan would, ends in the limit."""
    market = market_of(State(TIMELESS, TRADED + sequence(at_price(1_900))))
    caller = market.place(load("SeveralCalls"))
    market.do(OWNER, TOKEN, "mint", caller, DEPOSIT)
    calls = [
        (TOKEN, market.calldata(TOKEN, "approve", POOL, DEPOSIT)),
        (POOL, market.calldata(POOL, "deposit", DEPOSIT, caller)),
        ("vault", market.calldata("vault", "liquidate", LONG)),
        (POOL, market.calldata(POOL, "redeem", 1, caller, caller)),
        (POOL, market.calldata(POOL, "transfer", STRANGER, 1)),
    ]
    outcome = market.send(STRANGER, caller, "execute", *map(tuple, zip(*calls, strict=True)))
    assert isinstance(outcome, Done)
    assert isinstance(outcome.value, tuple)
    succeeded, outputs = outcome.value
    assert succeeded == (True, True, False, False, True)
    assert market.refusals.read(outputs[3]).error == "ERC4626ExceededMaxRedeem"
    assert market.ask(POOL, "minted", STRANGER)[1] == 1


@pytest.mark.parametrize(("more", "limit"), [(-1, 0), (0, 0), (1, MAX_ASSETS - 10**6 - 1)])
def test_deposits__open_only_while_a_share_is_worth_a_millionth_of_its_first_price(
    more: int, limit: int
) -> None:
    """With 10**18 + 10**6 shares deposits are closed at 10**6 assets, and open at one more, as modelled."""
    market = market_of(State(UNFUNDED, ()))
    run(market, Deposit(LATER, 10**12 + 1, LATER))
    balance = 10**6 + more
    slot = keccak(encode(["address", "uint256"], [market.book.text(POOL), BALANCES_SLOT]))
    market.chain.poke(market.book.text(TOKEN), int.from_bytes(slot), balance)
    exposure = Exposure(live=True, fair_value=balance, unreserved=0, underwater=False, liquidity_fee_ppm=0)

    assert market.observe().totals["pool_tokens"] == balance
    assert market.ask(POOL, "totalSupply") == 10**18 + 10**6
    assert market.ask(POOL, "maxDeposit", LATER) == limit
    assert max_deposit(balance, 10**18 + 10**6, exposure) == limit
