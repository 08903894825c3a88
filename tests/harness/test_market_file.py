"""A market's file is read exactly, or refused in one sentence that names file and line."""

import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Final

import pytest
from ringfence.vaults.isolated_margin import units
from ringfence.vaults.isolated_margin.market_file import RULES, key_of, read_market
from ringfence.vaults.isolated_margin.markets import STANDARD
from ringfence.vaults.isolated_margin.units import BadQuantity
from ringfence.vaults.isolated_margin.yaml_file import BadFile

from tests.harness.example_market import EXAMPLE, written


def test_example__is_the_standard_market_in_units_but_for_what_would_concern_an_analyst() -> None:
    market = read_market(EXAMPLE)
    assert market.parameters == replace(
        STANDARD.parameters,
        trading_fee_ppm=2_500,
        buffer_ppm=300_000,
        min_notional=1_000 * 10**6,
        max_price_age=5_400,
    )
    assert (market.collateral.decimals, market.feed.decimals) == (6, 8)
    assert (market.heartbeat, market.deviation_ppm) == (3_600, 5_000)
    assert market.planned_liquidity == STANDARD.liquidity
    assert (market.usual_move_ppm, market.expected_skew_ppm) == (6_000, 250_000)
    assert (market.gas_price, market.native_price) == (10 * 10**9, 2_000 * 10**6)


BAD: Final = [  # a text, what replaces it, and what is said of its line
    ("  symbol: RFP", "  symbols: RFP", "unknown key 'symbols'; known here: name, symbol,"),
    ("feed: #", "oracle: #", "unknown key 'oracle'"),
    ("chain_id: 31337", "chain_id: mainnet", "chain_id is 'mainnet', and has to be a whole number"),
    ("trading_fee: 0.25 %", "trading_fee: 0.25", "'0.25' is a number without unit: add `%`"),
    ("buffer: 30 %", "buffer: 20 tokens", "has the unit 'tokens', which has to be `%` or `bp`"),
    ("buffer: 30 %", "buffer: much", "'much' is no number with a unit"),
    ("buffer: 30 %", "buffer: -20 %", "'-20 %' is no number with a unit"),
    ("buffer: 30 %", "buffer:", "'' is no number with a unit"),
    ("buffer: 30 %", "buffer: [20 %]", "buffer has to be a single value"),
    ("reserve: 400 %", "reserve: 1.00001 %", "'1.00001 %' is no whole number of parts per million"),
    ("max_price_age: 90 min", "max_price_age: 1.5 s", "'1.5 s' is no whole number of seconds"),
    ("usual_move: 0.6 %", "usual_move: 0 %", "usual_move has to be above zero"),
    ("usual_move: 0.6 %", "usual_move: 0.6 h", "has the unit 'h', which has to be `%` or `bp` or `ppm`"),
    (
        "expected_skew: 25 %",
        "expected_skew: 401 %",
        "expected_skew is more of the pool than reserve lets one side hold; lower it",
    ),
    ("expected_skew: 25 %", "expected_skew: 25 base", "has the unit 'base', which has to be `%`"),
    ("gas_price: 10 gwei", "gas_price: 0 gwei", "gas_price has to be above zero"),
    ("gas_price: 10 gwei", "gas_price: 10", "'10' is a number without unit: add `gwei` or `wei`"),
    ("gas_price: 10 gwei", "gas_price: 0.5 wei", "'0.5 wei' is no whole number of wei"),
    ("native_price: 2_000 tokens", "native_price: 0 tokens", "native_price has to be above zero"),
    (
        "native_price: 2_000 tokens",
        "native_price: 2_000 base",
        "has the unit 'base', which has to be `tokens`",
    ),
    ("decimals: 6", "decimals: 19", "decimals is 19, and the vault takes up to 18"),
    ("decimals: 8", "decimals: 37", "decimals is 37, and the vault takes up to 36"),
    ("roles:\n", "roles: none\nrolls:\n", "unknown key 'rolls'"),
    ("name: Ringfence Pool", "name: ''", "name is '', and has to be a few words"),
    ("schema: ringfence-market/2", "schema: ringfence-market/1", "of the first edition, ringfence-market/1"),
    ("schema: ringfence-market/2", "schema: ringfence-market/3", "has to be ringfence-market/2"),
    ("pool: #", "pool: {#", "this is no YAML"),
    ("pool: #", "? [pool]\n: #", "a key has to be a single word"),
]
ELSEWHERE: Final = [  # what is said of another line
    ("  heartbeat: 1 h", "", "feed:", "the key 'heartbeat' is missing in 'feed'"),
    ("  usual_move: 0.6 %", "", "feed:", "the key 'usual_move' is missing in 'feed'"),
    ("  expected_skew: 25 %", "", "pool:", "the key 'expected_skew' is missing in 'pool'"),
    ("  gas_price: 10 gwei", "", "keeper:", "the key 'gas_price' is missing in 'keeper'"),
    ("  native_price: 2_000 tokens", "", "keeper:", "the key 'native_price' is missing in 'keeper'"),
    ("chain_id: 31337", "", "schema:", "the key 'chain_id' is missing"),
    (
        "1_000 tokens",
        "0.0000001 tokens",
        "min_notional",
        "no whole number of raw units of a token of 6 decimals",
    ),
    ("0.036 % per h", "0.036 %", "max_funding_rate", "'0.036 %' has no period"),
    ("0.036 % per h", "0.036 % per week", "max_funding_rate", "has no period"),
    ("0x5FbDB2315678", "0x5fbdb2315678", "address", "the checksum of 0x5fbdb2315678afecb367f032d93F"),
    ("0x5FbDB2315678", "0x5FbDB23156", "address", "has to be an address: 0x and 40 hex digits"),
    (
        "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
        "0x0000000000000000000000000000000000000000",
        "owner",
        "roles owner is the zero address",
    ),
    (
        "  trading_fee: 0.25 %",
        "  buffer: 1 %\n  trading_fee: 0.25 %",
        "buffer: 30 %",
        "'buffer' is there twice",
    ),
]


@pytest.mark.parametrize(
    ("old", "new", "line_of", "problem"),
    [*((old, new, new, problem) for old, new, problem in BAD), *ELSEWHERE],
)
def test_read__of_a_bad_file__names_the_line(
    tmp_path: Path, old: str, new: str, line_of: str, problem: str
) -> None:
    """The first thing that is wrong is said, and nothing else."""
    path = written(tmp_path, old, new)
    with pytest.raises(BadFile) as refusal:
        read_market(path)
    reported = str(refusal.value)
    place = re.fullmatch(rf"{re.escape(str(path))}, line (\d+): .*{re.escape(problem)}.*", reported)
    assert place, reported
    line = path.read_text().splitlines()[int(place[1]) - 1]
    assert line_of.split("\n")[0] in line or line.strip() in line_of or "no YAML" in reported


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("tiers", "  tiers:", "  tiers: []\nrest:"),
        ("notionalFloor", "notional_floor: 1_000_000 tokens", "notional_floor: 100_000 tokens"),
        ("maintenanceRatePpm", "maintenance_rate: 5 %", "maintenance_rate: 2 %"),
        ("initialRatePpm", "initial_rate: 10 %", "initial_rate: 4.9 %"),
        ("tradingFeePpm", "trading_fee: 0.25 %", "trading_fee: 5 %"),
        ("insuranceSharePpm", "insurance_share: 20 %", "insurance_share: 101 %"),
        ("liquidationFeePpm", "liquidation_fee: 1 %", "liquidation_fee: 2.5 %"),
        ("liquidatorSharePpm", "liquidator_share: 50 %", "liquidator_share: 0 %"),
        ("bufferPpm", "buffer: 30 %", "buffer: 0 %"),
        ("minNotional", "min_notional: 1_000 tokens", "min_notional: 0.01 tokens"),
        ("maxOpenInterest", "2_000 base", "1_000_000_000_000_001 base"),
        ("reservePpm", "reserve: 400 %", "reserve: 0 %"),
        ("oiScalePpm", "open_interest_scale: 10 %", "open_interest_scale: 100.0001 %"),
        ("skewScale", "skew_scale: 1_000 base", "skew_scale: 0 base"),
        ("maxFundingRateWad", "0.036 % per h", "1 % per s"),
        ("borrowRateWad", "0.0036 % per h", "2 % per s"),
        ("adlTriggerPpm", "adl_trigger: 10 %", "adl_trigger: 15 %"),
        ("adlTargetPpm", "adl_target: 15 %", "adl_target: 26 %"),
        ("liquidityFeePpm", "liquidity_fee: 0.1 %", "liquidity_fee: 5.0001 %"),
        ("maxPriceAge", "max_price_age: 90 min", "max_price_age: 0 s"),
        ("settleAfter", "settle_after: 7 d", "settle_after: 23 h"),
    ],
)
def test_read__of_terms_refused__names_line_and_rule(tmp_path: Path, name: str, old: str, new: str) -> None:
    """Every parameter by which the constructor can refuse, in the words of the file."""
    path = written(tmp_path, old, new)
    text = re.sub(r"tiers: \[\]\nrest:.*?(?=  trading_fee)", "tiers: []\n", path.read_text(), flags=re.S)
    if name == "liquidatorSharePpm":  # below the maintenance rate, but four rewards are above the initial one
        text = text.replace("maintenance_rate: 2.5 %", "maintenance_rate: 4 %")
    path.write_text(text)
    key, rule = key_of(name), RULES[name]
    with pytest.raises(BadFile, match=rf"line \d+: the vault would refuse {key} \({name}\): ") as refusal:
        read_market(path)
    line = int(str(refusal.value).partition("line ")[2].partition(":")[0])
    assert path.read_text().splitlines()[line - 1].strip().removeprefix("- ").startswith(key)
    assert str(refusal.value).endswith(rule)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "line 1: the file is empty"),
        (b"\xff", "not UTF-8"),
        (b"- 1\n", "line 1: the file has to be keys"),
    ],
)
def test_read__of_another_file__is_one_sentence(tmp_path: Path, content: bytes, complaint: str) -> None:
    path = tmp_path / "market.yaml"
    with pytest.raises(BadFile, match="No such file"):
        read_market(path)
    path.write_bytes(content)
    with pytest.raises(BadFile, match=complaint):
        read_market(path)


def test_units__of_drawn_numbers__are_exact_or_refused() -> None:
    """Against fractions: a share in any unit is its value in parts per million, when that is whole."""
    draws = Random(7)
    worth = {"%": Fraction(10_000), "bp": Fraction(100), "ppm": Fraction(1)}
    refused = 0
    for _ in range(500):
        unit = draws.choice(list(worth))
        digits = f"{draws.randrange(10**4)}.{draws.randrange(10**5):05d}"
        expected = Fraction(digits) * worth[unit]
        if expected.denominator == 1:
            assert units.share(f"{digits} {unit}") == expected
        else:
            refused += 1
            with pytest.raises(BadQuantity):
                units.share(f"{digits}{unit}")
    assert 0 < refused < 500


def test_rate__of_a_year__rounds_down() -> None:
    assert units.rate("10 % per y") == 10**17 // 31_536_000
    assert units.rate("100 ppm per h") == 10**14 // 3_600
