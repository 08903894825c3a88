"""The pool: ERC-4626's own sentences, the lock of fresh shares, and what traders change."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from isolated_margin import errors
from isolated_margin.events import DepositEvent, Transfer, WithdrawEvent
from isolated_margin.exposure import Exposure
from isolated_margin.fixed import MAX_ASSETS, MAX_UINT256
from isolated_margin.share_price import max_deposit, to_assets_up, to_shares_down

from tests.model.worlds import FREE_OF_CARRY, PARAMETERS, TOKEN, UNIT, World, thorough


def strained(net: int, price: int = 2_000) -> World:
    """Return a market of a small pool with one long (net above 0) or short, at this price."""
    market = World(FREE_OF_CARRY, pool_assets=10_000 * TOKEN)
    market.open_position(net * UNIT, 2_000 * TOKEN)
    market.set_price(price)
    market.drain_log()
    return market


# What a share is worth


@thorough
@given(
    st.integers(-9, 9).filter(bool),
    st.integers(1_200, 2_800),
    st.integers(0, 10**13),
    st.integers(0, 10**19),
    st.booleans(),
)
def test_previews__are_what_execution_does(
    net: int, price: int, assets: int, shares: int, is_donated: bool
) -> None:
    """'MUST return as close to and no more (or no fewer) than the exact amount': here exactly it."""
    market = strained(net, price)
    if is_donated:
        market.token.transfer("stranger", "pool", 777 * TOKEN)
    pool = market.pool
    one = min(assets, pool.max_deposit("provider_2"))
    assert pool.preview_deposit(one) == pool.deposit("provider_2", one, "provider_2")
    some = min(shares, pool.max_mint("provider_2"))
    assert pool.preview_mint(some) == pool.mint("provider_2", some, "provider_2")
    out = min(assets, pool.max_withdraw("provider_1"))
    assert pool.preview_withdraw(out) == pool.withdraw("provider_1", out, "provider_1", "provider_1")
    few = min(shares, pool.max_redeem("provider_1"))
    assert pool.preview_redeem(few) == pool.redeem("provider_1", few, "provider_1", "provider_1")


@thorough
@given(st.integers(-9, 9), st.integers(1_200, 2_800), st.integers(0, 10**13))
def test_maxima__are_accepted_and_one_more_is_not(net: int, price: int, donation: int) -> None:
    """'MUST NOT be higher than the actual maximum', and it is not lower either."""
    market = strained(net or 1, price)
    market.token.transfer("stranger", "pool", donation)
    pool, who = market.pool, "provider_1"
    market.token.mint(who, MAX_ASSETS)
    for maximum, error, act, receivers in (
        (pool.max_deposit, errors.ERC4626ExceededMaxDeposit, pool.deposit, (who,)),
        (pool.max_mint, errors.ERC4626ExceededMaxMint, pool.mint, (who,)),
        (pool.max_withdraw, errors.ERC4626ExceededMaxWithdraw, pool.withdraw, (who, who)),
        (pool.max_redeem, errors.ERC4626ExceededMaxRedeem, pool.redeem, (who, who)),
    ):
        limit = maximum(who)
        copy = market.copy()
        market.must_refuse(error(who, limit + 1, limit), act, who, limit + 1, *receivers)
        act(who, limit, *receivers)
        market.token.restore(copy.token)
        market.pool.restore(copy.pool)


@thorough
@given(st.integers(-9, 9), st.integers(1_200, 2_800), st.integers(0, 10**13), st.integers(0, 10**19))
def test_round_trips__never_profit(net: int, price: int, assets: int, shares: int) -> None:
    """LPS-1: in and out again, by any two of the four, returns at most what was paid."""
    pool = strained(net or 1, price).pool
    assert pool.preview_redeem(pool.preview_deposit(assets)) <= assets
    assert pool.preview_withdraw(assets) >= pool.preview_deposit(assets)
    assert pool.preview_mint(shares) >= pool.preview_redeem(shares)
    assert pool.preview_deposit(pool.preview_redeem(shares)) <= shares
    assert pool.convert_to_assets(pool.convert_to_shares(assets)) <= assets


@thorough
@given(st.integers(0, 10**12), st.integers(0, 10**12), st.integers(1, 10**12))
def test_donation__steals_nothing_from_a_later_depositor(first: int, donation: int, assets: int) -> None:
    """LPS-1: whoever deposits after a donation loses less than the donor does."""
    market = World(FREE_OF_CARRY, pool_assets=0)
    market.pool.deposit("stranger", first, "stranger")
    market.token.transfer("stranger", "pool", donation)
    shares = market.pool.deposit("provider_2", assets, "provider_2")
    market.clock.advance(1)
    worth = market.pool.convert_to_assets(shares)
    loss = assets - worth
    gain = market.pool.convert_to_assets(market.pool.balance_of("stranger")) - first - donation
    assert gain <= 0
    assert loss <= 1 + (first + donation + 1) // 10**6


def test_shares__start_at_a_million_for_a_raw_unit(market: World) -> None:
    assert market.pool.total_supply == 1_000_000 * TOKEN * 10**6
    assert market.pool.convert_to_assets(10**6) == 1


@pytest.mark.parametrize(("price", "worth"), [(2_500, 9_500), (2_000, 10_000), (1_900, 10_100)])
def test_total_assets__are_the_fair_value__to_who_comes_and_who_goes(price: int, worth: int) -> None:
    """Without the traders' profit, with the loss that their margins can pay."""
    pool, fee = strained(1, price).pool, 1_600_000
    assert pool.total_assets() == worth * TOKEN + fee
    assert pool.preview_mint(10**12) == to_assets_up(10**12, pool.total_supply, worth * TOKEN + fee)
    assert pool.preview_redeem(10**12) == pool.convert_to_assets(10**12)


# Entry and exit


def test_deposit__with_everything_wrong__names_each_refusal_in_order(market: World) -> None:
    pool, token = market.pool, market.token
    limit = MAX_ASSETS - pool.balance()
    token.approve("stranger", "pool", 5)
    refusal = errors.ERC4626ExceededMaxDeposit("", limit + 1, limit)
    market.must_refuse(refusal, pool.deposit, "stranger", limit + 1, "")
    market.must_refuse(errors.ERC20InsufficientAllowance("pool", 5, 6), pool.deposit, "stranger", 6, "")
    token.transfer("stranger", "trader_1", token.balance_of("stranger") - 4)
    market.must_refuse(errors.ERC20InsufficientBalance("stranger", 4, 5), pool.deposit, "stranger", 5, "")
    market.must_refuse(errors.ERC20InvalidReceiver(""), pool.deposit, "stranger", 4, "")
    market.must_refuse(errors.ERC20InvalidReceiver(""), pool.mint, "stranger", 4 * 10**6, "")
    assert pool.deposit("stranger", 4, "stranger") == 4 * 10**6


def test_deposit__takes_assets_then_mints(market: World) -> None:
    shares = market.pool.deposit("provider_2", TOKEN, "stranger")
    assert market.pool.balance_of("stranger") == shares == 10**12
    assert market.drain_log() == [
        ("token", Transfer("provider_2", "pool", TOKEN)),
        ("pool", Transfer("", "stranger", shares)),
        ("pool", DepositEvent("provider_2", "stranger", TOKEN, shares)),
    ]


def test_withdraw__with_everything_wrong__names_each_refusal_in_order(market: World) -> None:
    """The maximum, then the share allowance, then nobody to receive."""
    pool, limit = market.pool, 1_000_000 * TOKEN
    refusal = errors.ERC4626ExceededMaxWithdraw("provider_1", limit + 1, limit)
    market.must_refuse(refusal, pool.withdraw, "stranger", limit + 1, "", "provider_1")
    refusal = errors.ERC20InsufficientAllowance("stranger", 0, 10**12)
    market.must_refuse(refusal, pool.withdraw, "stranger", TOKEN, "", "provider_1")
    pool.approve("provider_1", "stranger", 10**12)
    for call, amount in ((pool.withdraw, TOKEN), (pool.redeem, 10**12)):
        market.must_refuse(errors.ERC20InvalidReceiver(""), call, "stranger", amount, "", "provider_1")
    market.must_refuse(errors.ERC20InvalidApprover(""), pool.withdraw, "stranger", 0, "", "")
    market.drain_log()
    assert pool.withdraw("stranger", TOKEN, "trader_1", "provider_1") == 10**12
    assert pool.allowance("provider_1", "stranger") == 0
    assert market.drain_log() == [
        ("pool", Transfer("provider_1", "", 10**12)),
        ("token", Transfer("pool", "trader_1", TOKEN)),
        ("pool", WithdrawEvent("stranger", "trader_1", "provider_1", TOKEN, 10**12)),
    ]


def test_withdraw__of_one_unit__is_paid_and_its_shares_are_burned(market: World) -> None:
    market.clock.advance(1)
    market.move_price(2_000)
    supply, shares = market.pool.total_supply, market.pool.balance_of("provider_1")
    before = market.token.balance_of("stranger")
    burned = market.pool.withdraw("provider_1", 1, "stranger", "provider_1")
    assert burned > 0
    assert market.token.balance_of("stranger") == before + 1
    assert market.pool.total_supply == supply - burned
    assert market.pool.balance_of("provider_1") == shares - burned


def test_pool__in_and_out_of_nothing__moves_nothing(market: World) -> None:
    market.feed.broken = True
    assert market.pool.deposit("stranger", 0, "stranger") == 0
    assert market.pool.redeem("stranger", 0, "", "stranger") == 0
    assert market.drain_log() == [
        ("pool", Transfer("", "stranger", 0)),
        ("pool", DepositEvent("stranger", "stranger", 0, 0)),
        ("pool", Transfer("stranger", "", 0)),
        ("pool", WithdrawEvent("stranger", "", "stranger", 0, 0)),
    ]


@pytest.mark.parametrize("caller", ["stranger", "trader_1", "owner", "provider_1", "pool"])
@pytest.mark.parametrize("assets", [0, 1, MAX_UINT256])
def test_pay__by_anybody_but_the_vault__is_refused(market: World, caller: str, assets: int) -> None:
    market.must_refuse(errors.NotVault(caller), market.pool.pay, caller, "", assets)


# Limits


@pytest.mark.parametrize(
    ("name", "amount", "is_least"),
    [("deposit", TOKEN, True), ("mint", 10**12, False), ("withdraw", TOKEN, False), ("redeem", 10**12, True)],
)
def test_limit__one_beyond_what_it_comes_to__is_refused(
    market: World, name: str, amount: int, is_least: bool
) -> None:
    """What it comes to exactly passes; a limit is looked at after the maximum, and before the token."""
    market.token.transfer("stranger", "pool", 7)
    who, function = "provider_1", getattr(market.pool, name)
    actual = getattr(market.pool, f"preview_{name}")(amount)
    beyond = actual + (1 if is_least else -1)
    others = (who,) if name in ("deposit", "mint") else (who, who)
    to_nobody = ("", *others[1:])
    market.must_refuse(errors.SlippageExceeded(actual, beyond), function, who, amount, *others, beyond)
    market.must_refuse(errors.SlippageExceeded(actual, beyond), function, who, amount, *to_nobody, beyond)
    most = getattr(market.pool, f"max_{name}")(who)
    with pytest.raises(getattr(errors, f"ERC4626ExceededMax{name.title()}")):
        function(who, most + 1, *others, beyond)
    assert function(who, amount, *others, actual) == actual


# Shares are locked in the second of their mint


def test_fresh_shares__are_locked_until_the_next_second(market: World) -> None:
    """They add up, and are not redeemed; older ones are free, and so are received ones."""
    pool = market.pool
    fresh = pool.deposit("provider_2", TOKEN, "provider_2")
    fresh += pool.mint("provider_2", 10**12, "provider_2") * 10**6
    pool.transfer("provider_1", "provider_2", 5)
    assert pool.minted("provider_2") == (market.clock.timestamp, fresh)
    assert pool.unlocked_shares("provider_2") == pool.max_redeem("provider_2") == 5
    assert pool.max_withdraw("provider_2") == 0
    refusal = errors.ERC20InsufficientBalance("provider_2", fresh + 5, fresh + 6)
    market.must_refuse(refusal, pool.transfer, "provider_2", "stranger", fresh + 6)
    market.clock.advance(0)
    assert pool.max_redeem("provider_2") == 5
    market.clock.advance(1)
    market.set_price(2_000)

    assert pool.max_redeem("provider_2") == fresh + 5
    assert pool.minted("provider_2") == (market.clock.timestamp - 1, fresh)


def test_fresh_shares__stay_locked_with_whom_they_are_passed_on_to(market: World) -> None:
    """What is unlocked goes first; to oneself nothing changes; what several pass on adds up."""
    pool, now = market.pool, market.clock.timestamp
    pool.transfer("provider_1", "provider_2", 5)
    fresh = pool.deposit("provider_2", TOKEN, "provider_2")
    pool.transfer("provider_2", "provider_2", fresh + 5)
    assert (pool.minted("provider_2"), pool.unlocked_shares("provider_2")) == ((now, fresh), 5)
    pool.transfer("provider_2", "stranger", 4)
    assert (pool.minted("stranger"), pool.unlocked_shares("stranger")) == ((0, 0), 4)
    pool.transfer("provider_2", "stranger", 4)
    assert (pool.minted("stranger"), pool.unlocked_shares("stranger")) == ((now, 3), 5)
    assert (pool.minted("provider_2"), pool.unlocked_shares("provider_2")) == ((now, fresh - 3), 0)
    pool.transfer("provider_2", "stranger", fresh - 3)
    assert (pool.minted("stranger"), pool.minted("provider_2")) == ((now, fresh), (now, 0))
    assert (pool.max_redeem("stranger"), pool.max_redeem("provider_2")) == (5, 0)
    market.clock.advance(1)
    market.set_price(2_000)

    pool.transfer("stranger", "provider_2", fresh)
    assert (pool.minted("provider_2"), pool.max_redeem("provider_2")) == ((now, 0), fresh)


def test_transfer_from__with_everything_wrong__names_each_refusal_in_order(market: World) -> None:
    """Allowance, owner, receiver, balance; what is spent stays spent, and no approval is logged."""
    pool, fresh = market.pool, market.pool.deposit("provider_2", TOKEN, "provider_2")

    def call(sender: str = "provider_2", receiver: str = "", shares: int = fresh + 1) -> Callable[[], None]:
        return lambda: pool.transfer_from("stranger", sender, receiver, shares)

    market.must_refuse(errors.ERC20InsufficientAllowance("stranger", 0, fresh + 1), call())
    market.must_refuse(errors.ERC20InvalidApprover(""), call(sender="", shares=0))
    pool.approve("provider_2", "stranger", fresh + 1)
    market.must_refuse(errors.ERC20InvalidReceiver(""), call())
    missing = errors.ERC20InsufficientBalance("provider_2", fresh, fresh + 1)
    market.must_refuse(missing, call(receiver="stranger"))
    market.drain_log()

    call(receiver="stranger", shares=fresh)()
    assert market.drain_log() == [("pool", Transfer("provider_2", "stranger", fresh))]
    assert (pool.balance_of("stranger"), pool.allowance("provider_2", "stranger")) == (fresh, 1)


# When deposits are closed, and how much must stay


def test_dead_feed__closes_all_four_and_leaves_the_views(market: World) -> None:
    """Every maximum is 0; the other views use the last accrual's price and don't refuse."""
    market.open_position(UNIT, 300 * TOKEN)
    market.move_price(2_500, seconds=2)
    assert market.pool.total_assets() < market.pool.balance() - 499 * TOKEN
    market.feed.broken = True
    pool, who = market.pool, "provider_1"

    assert not market.vault.exposure().live
    for maximum in (pool.max_deposit, pool.max_mint, pool.max_withdraw, pool.max_redeem):
        assert maximum(who) == 0
    assert pool.balance() <= pool.total_assets() <= pool.balance() + TOKEN
    market.must_refuse(errors.ERC4626ExceededMaxDeposit(who, 1, 0), pool.deposit, who, 1, who)
    market.must_refuse(errors.ERC4626ExceededMaxRedeem(who, 1, 0), pool.redeem, who, 1, who, who)


def test_deposits__are_closed_while_a_side_has_a_loss_that_its_margins_cannot_pay() -> None:
    market = strained(-1, 4_100)
    assert market.vault.exposure().underwater
    assert (market.pool.max_deposit("a"), market.pool.max_mint("a")) == (0, 0)
    market.vault.liquidate("stranger", 1)
    assert market.pool.max_deposit("a") == MAX_ASSETS - market.pool.balance()


def test_deposits__are_closed_while_all_is_owed() -> None:
    """What came in would go out to whom it is owed."""
    market = strained(-1, 1_900)
    market.token.transfer("pool", "stranger", market.pool.balance())
    market.close_position(1)
    owed = market.vault.total_owed
    market.token.transfer("stranger", "pool", owed - market.pool.balance())
    assert market.pool.max_deposit("provider_2") == 0
    market.token.transfer("stranger", "pool", 20_000 * TOKEN)
    assert market.pool.max_deposit("provider_2") > 0


@pytest.mark.parametrize(("supply", "is_open"), [(10**12, True), (10**12 + 1, False)])
def test_deposits__are_closed_while_shares_are_worth_next_to_nothing(supply: int, is_open: bool) -> None:
    """More than 10**12 shares for a raw unit could overflow before long."""
    exposure = Exposure(live=True, fair_value=1, unreserved=0, underwater=False, liquidity_fee_ppm=0)
    assert (max_deposit(1, supply, exposure) > 0) == is_open


@pytest.mark.parametrize(
    ("net", "price", "backing"), [(1, 2_000, 1_000), (1, 3_000, 1_500), (-4, 2_000, 4_000)]
)
def test_withdrawals__leave_what_backs_the_larger_side(net: int, price: int, backing: int) -> None:
    """Half of its notional, of what is worth and free."""
    market = strained(net, price)
    pool, exposure = market.pool, market.vault.exposure()
    assert exposure.unreserved == min(exposure.fair_value, pool.balance()) - backing * TOKEN
    owned = pool.convert_to_assets(pool.balance_of("provider_1"))
    assert pool.max_withdraw("provider_1") == min(exposure.unreserved, owned)


# Absurd amounts


TO_SHARES = ("convert_to_shares", "preview_deposit", "preview_withdraw")
TO_ASSETS = ("convert_to_assets", "preview_mint", "preview_redeem")


@pytest.mark.parametrize("name", TO_SHARES + TO_ASSETS)
def test_conversions__of_absurd_amounts__end_in_a_named_refusal(market: World, name: str) -> None:
    """DOM-1: the largest amount that is sure to fit is told; it passes."""
    market.token.transfer("stranger", "pool", 10**8 * TOKEN)
    convert = getattr(market.pool, name)
    supply, nav = market.pool.total_supply + 10**6, market.pool.balance() + 1
    limit = MAX_UINT256 * nav // supply if name in TO_SHARES else MAX_UINT256
    assert convert(limit) <= MAX_UINT256
    if limit < MAX_UINT256:
        market.must_refuse(errors.AmountTooLarge(limit + 1, limit), convert, limit + 1)


def test_conversions__to_assets__are_limited_where_a_share_is_worth_more_than_one() -> None:
    """Before the first deposit, a donated pool makes one share dear."""
    market = World(FREE_OF_CARRY, pool_assets=0)
    market.token.transfer("stranger", "pool", 10**8 * TOKEN)
    limit = MAX_UINT256 * 10**6 // (10**8 * TOKEN + 1)
    assert market.pool.preview_mint(limit) <= MAX_UINT256
    market.must_refuse(errors.AmountTooLarge(limit + 1, limit), market.pool.preview_mint, limit + 1)


def test_pool__above_the_largest_balance__counts_as_that() -> None:
    """What is donated beyond MAX_ASSETS is there, but no number of the market grows with it."""
    market = World(replace(PARAMETERS, trading_fee_ppm=1))
    market.token.mint("pool", MAX_ASSETS)
    assert market.pool.balance() == MAX_ASSETS
    assert market.pool.max_deposit("provider_1") == 0
    assert to_shares_down(0, 0, MAX_ASSETS) == 0
