"""What a risk analyst would ask about a market is reported, with its numbers, and nothing else is."""

import json
from pathlib import Path

import pytest
from ringfence.vaults.isolated_margin.market_file import read_market
from ringfence_operations.deploy.concerns import LIQUIDATION_GAS, concerns

from tests.gas.snapshot import FILE
from tests.harness.example_market import EXAMPLE, written

PRICE_WAD = 2_000 * 10**18


def test_concerns__of_the_example__are_none() -> None:
    assert concerns(read_market(EXAMPLE), PRICE_WAD) == ()


@pytest.mark.parametrize(
    ("old", "new", "concern"),
    [
        ("initial_rate: 5 %", "initial_rate: 3.4 %", "opened at 29.4118x is liquidated by a move of 0.9 %"),
        ("trading_fee: 0.25 %", "trading_fee: 2 %", "opening and closing costs 4 %, more than the 2.5 %"),
        ("buffer: 30 %", "buffer: 100 %", None),
        ("insurance_share: 20 %", "insurance_share: 0 %", "no part of the trading fee goes to insurance"),
        (
            "max_price_age: 90 min",
            "max_price_age: 1 h",
            "max_price_age is 3600 s and the feed may stay silent for 3600 s: between its answers nothing "
            "can be opened, closed or liquidated; raise max_price_age above the heartbeat",
        ),
        ("max_price_age: 90 min", "max_price_age: 3601 s", None),
        ("max_price_age: 90 min", "max_price_age: 4 h", "a dead feed's price is traded on for that long"),
        ("fee: 1 %", "fee: 1.6 %", "2 jumps of the feed by 0.5 % are more than the 0.9 %"),
        (
            "trading_fee: 0.25 %",
            "trading_fee: 2_499 ppm",
            "opening and closing costs 0.4998 %, less than a jump of the feed by 0.5 %: who knows the next "
            "answer gains; raise trading_fee to 0.25 %",
        ),
        ("expected_skew: 25 %", "expected_skew: 40 %", None),
        (
            "expected_skew: 25 %",
            "expected_skew: 50 %",
            "coming and going costs a provider 0.2 %, less than the 0.25 % of the pool that a jump of the "
            "feed moves at the expected skew; raise liquidity_fee to 0.125 %",
        ),
        ("liquidity_fee: 0.1 %", "liquidity_fee: 0 %", "costs a provider 0 %, less than the 0.125 %"),
        ("usual_move: 0.6 %", "usual_move: 0.75 %", None),
        (
            "buffer: 30 %",
            "buffer: 20 %",
            "a partial liquidation leaves 0.5 % of notional above maintenance margin, less than the 0.6 % "
            "that the price usually moves within a heartbeat: the next one follows; raise buffer to 24 %",
        ),
        ("min_notional: 1_000 tokens", "min_notional: 520 tokens", None),
        (
            "min_notional: 1_000 tokens",
            "min_notional: 519 tokens",
            "liquidating the smallest position pays 2.595 tokens, less than the 2.6 that its 130,000 gas "
            "costs at 10 gwei; raise min_notional to 520 tokens",
        ),
        (
            "native_price: 2_000 tokens",
            "native_price: 4_000 tokens",
            "pays 5 tokens, less than the 5.2 that its 130,000 gas costs at 10 gwei",
        ),
        (
            "gas_price: 10 gwei",
            "gas_price: 30 gwei",
            "less than the 7.8 that its 130,000 gas costs at 30 gwei",
        ),
        ("planned_liquidity: 1_000_000", "planned_liquidity: 999_999", "the cap never binds"),
        ("adl_trigger: 10 %", "adl_trigger: 14 %", None),
        ("reserve: 400 %", "reserve: 600 %", None),
        ("2_000 base", "20_000 base", "the cap never binds"),
        ("min_notional: 1_000 tokens", "min_notional: 5_000_000 tokens", "no position can be opened"),
        (
            "1_000_000 tokens\n      initial",
            "4_000_000 tokens\n      initial",
            "tier 3 begins at 4,000,000 tokens",
        ),
        ("skew_scale: 1_000 base", "skew_scale: 4_000 base", "funding gets to 50 % of its most"),
        (
            "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
            "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
            "one account",
        ),
        (
            "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
            "0x0000000000000000000000000000000000000000",
            "no guardian",
        ),
    ],
)
def test_concerns__about_a_questionable_market__are_told(
    tmp_path: Path, old: str, new: str, concern: str | None
) -> None:
    reported = concerns(read_market(written(tmp_path, old, new)), PRICE_WAD)
    assert len(reported) == (concern is not None), reported
    assert concern is None or concern in reported[0]


def test_concerns__of_two_parameters__are_told(tmp_path: Path) -> None:
    path = written(tmp_path, "adl_trigger: 10 %", "adl_trigger: 21 %")
    path.write_text(path.read_text().replace("adl_target: 15 %", "adl_target: 24 %"))
    assert "deleveraging starts, by a move of 4 %" in concerns(read_market(path), PRICE_WAD)[0]
    path = written(tmp_path, "maintenance_rate: 2.5 %", "maintenance_rate: 3 %")
    path.write_text(path.read_text().replace("buffer: 30 %", "buffer: 80 %"))
    assert "leaves a margin of 5.4 %, above the initial 5 %" in concerns(read_market(path), PRICE_WAD)[0]
    path = written(tmp_path, "max_funding_rate: 0.036 %", "max_funding_rate: 0 %")
    path.write_text(path.read_text().replace("borrow_rate: 0.0036 %", "borrow_rate: 0 %"))
    assert "neither funding nor borrowing" in concerns(read_market(path), PRICE_WAD)[0]


def test_gas__of_a_whole_liquidation__is_about_what_was_measured() -> None:
    """Of the account that is its first; what it holds already makes it cheaper."""
    measured = json.loads(FILE.read_text())["gas"]["liquidate, full, margin left"]
    assert 0.9 * LIQUIDATION_GAS <= measured <= LIQUIDATION_GAS
