"""What a risk analyst would ask about a market is reported, with its numbers, and nothing else is."""

from pathlib import Path

import pytest
from ringfence.vaults.isolated_margin.market_file import read_market
from ringfence_operations.deploy.concerns import concerns

from tests.harness.example_market import EXAMPLE, written

PRICE_WAD = 2_000 * 10**18


def test_concerns__of_the_example__are_none() -> None:
    assert concerns(read_market(EXAMPLE), PRICE_WAD) == ()


@pytest.mark.parametrize(
    ("old", "new", "concern"),
    [
        ("initial_rate: 5 %", "initial_rate: 3 %", "opened at 33.3333x is liquidated by a move of 0.5 %"),
        ("trading_fee: 0.05 %", "trading_fee: 2 %", "opening and closing costs 4 %, more than the 2.5 %"),
        ("buffer: 20 %", "buffer: 100 %\n", None),
        ("insurance_share: 20 %", "insurance_share: 0 %", "no part of the trading fee goes to insurance"),
        (
            "max_price_age: 1 h",
            "max_price_age: 30 min",
            "max_price_age is 1800 s and the feed may stay silent",
        ),
        ("max_price_age: 1 h", "max_price_age: 4 h", "a dead feed's price is traded on for that long"),
        ("deviation: 0.5 %", "deviation: 0.8 %", "2 jumps of the feed by 0.8 % are more than the 1.5 %"),
        ("planned_liquidity: 1_000_000", "planned_liquidity: 999_999", "the cap never binds"),
        ("adl_trigger: 50 %", "adl_trigger: 35 %", None),
        ("reserve: 400 %", "reserve: 1100 %", None),
        ("2_000 base", "20_000 base", "the cap never binds"),
        ("min_notional: 10 tokens", "min_notional: 5_000_000 tokens", "no position can be opened"),
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
    path = written(tmp_path, "adl_trigger: 50 %", "adl_trigger: 10 %")
    path.write_text(path.read_text().replace("adl_target: 30 %", "adl_target: 5 %"))
    assert "deleveraging starts, by a move of 2.5 %" in concerns(read_market(path), PRICE_WAD)[0]
    path = written(tmp_path, "maintenance_rate: 2.5 %", "maintenance_rate: 3 %")
    path.write_text(path.read_text().replace("buffer: 20 %", "buffer: 80 %"))
    assert "leaves a margin of 5.4 %, above the initial 5 %" in concerns(read_market(path), PRICE_WAD)[0]
    path = written(tmp_path, "max_funding_rate: 0.036 %", "max_funding_rate: 0 %")
    path.write_text(path.read_text().replace("borrow_rate: 0.0036 %", "borrow_rate: 0 %"))
    assert "neither funding nor borrowing" in concerns(read_market(path), PRICE_WAD)[0]
