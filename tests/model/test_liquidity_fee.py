"""LPS-1: who enters or leaves the pool pays its fee, which stays with those who are in it."""

from dataclasses import replace
from random import Random

import pytest
from isolated_margin import errors
from isolated_margin.fixed import MAX_UINT256, PPM
from isolated_margin.share_price import preview_deposit, preview_mint, preview_redeem, preview_withdraw

from tests.model.worlds import FREE_OF_CARRY, TOKEN, World

SUPPLY, NAV = 2 * 10**12 - 10**6, 10**6 - 1  # with the virtual ones, 2,000,000 shares for an asset


@pytest.mark.parametrize(
    ("fee_ppm", "deposit", "mint", "withdraw", "redeem"),
    [
        (0, 2_000_000_000, 1_000, 2_000_000_000, 1_000),
        (1_000, 1_998_000_000, 1_002, 2_004_000_000, 999),
        (50_000, 1_900_000_000, 1_053, 2_106_000_000, 950),
    ],
)
def test_previews__of_a_thousand_assets__are_by_hand(
    fee_ppm: int, deposit: int, mint: int, withdraw: int, redeem: int
) -> None:
    """The fee comes off what is brought and what is paid; it goes on top of what is to be left after it."""
    assert preview_deposit(1_000, SUPPLY, NAV, fee_ppm) == deposit
    assert preview_mint(2_000_000_000, SUPPLY, NAV, fee_ppm) == mint
    assert preview_withdraw(1_000, SUPPLY, NAV, fee_ppm) == withdraw
    assert preview_redeem(2_000_000_000, SUPPLY, NAV, fee_ppm) == redeem


def test_previews__of_any_pool__never_give_back_what_was_brought() -> None:
    """Into shares and out of them, by any two of the four functions, nobody profits; inverses agree."""
    random = Random(5)
    for _ in range(2_000):
        supply, nav = (
            random.randrange(10 ** random.randrange(1, 30)),
            random.randrange(10 ** random.randrange(1, 20)),
        )
        pool = supply, nav, random.choice((0, 1, 1_000, 49_999, 50_000))
        amount = random.randrange(1, 10 ** random.randrange(1, 20))
        shares = preview_deposit(amount, *pool)
        assert preview_mint(shares, *pool) <= amount
        assert preview_redeem(shares, *pool) <= amount
        assert preview_redeem(amount, *pool) <= preview_mint(amount, *pool)
        assert preview_withdraw(amount, *pool) >= shares
        assert preview_withdraw(preview_redeem(amount, *pool), *pool) <= amount


@pytest.mark.parametrize("fee_ppm", [1, 1_000, 50_000])
def test_pool__with_a_fee__keeps_it(fee_ppm: int) -> None:
    """A round trip costs it twice, others' shares gain it, and all that may leave can leave by either way."""
    market = World(replace(FREE_OF_CARRY, liquidity_fee_ppm=fee_ppm))
    pool = market.pool
    before = pool.convert_to_assets(10**12)
    shares = pool.deposit("provider_2", 1_000 * TOKEN, "provider_2")
    market.clock.advance(1)
    market.set_price(2_000)
    assert pool.preview_redeem(pool.max_redeem("provider_2")) >= pool.max_withdraw("provider_2") > 0
    assets = pool.redeem("provider_2", shares, "provider_2", "provider_2")
    twice = 1_000 * TOKEN * (PPM - fee_ppm) ** 2 // PPM**2
    assert twice - 1 <= assets <= twice + 1_000 * TOKEN * fee_ppm // PPM
    assert assets < 1_000 * TOKEN
    assert pool.convert_to_assets(10**12) >= before
    rest, held = pool.max_withdraw("provider_1"), pool.balance_of("provider_1")
    assert pool.withdraw("provider_1", rest, "provider_1", "provider_1") <= held


def test_previews__of_absurd_amounts_with_a_fee__end_in_a_named_refusal() -> None:
    """DOM-1: the fee on top may not fit; the largest amount that is sure to fit is told."""
    limit = MAX_UINT256 * 950_000 // PPM
    for preview in (preview_mint, preview_withdraw):
        with pytest.raises(errors.AmountTooLarge) as refused:
            preview(limit + 1, 0, 10**6 - 1, 50_000)
        assert refused.value.args == (limit + 1, limit)
