"""The model against numbers that venues, their documentation and open-source test suites publish.

Each comparison allows the tolerance that goes with the published number, and what one raw unit of rounding
explains. What this vault's rules cannot express is listed with the reason.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Final

import pytest
from isolated_margin.carry import Carry, accrue
from isolated_margin.fixed import WAD
from isolated_margin.levels import bankruptcy_price
from isolated_margin.liquidation_price import liquidation_price
from isolated_margin.margin import Position, carry_owed, notional, pnl
from isolated_margin.parameters import MAX_TIERS, Tier
from isolated_margin.trade import trading_fee

from tests.examples.published import (
    EXAMPLES,
    ONE,
    RAW,
    SCALE,
    TERMS,
    Example,
    equity_at,
    exact,
    held,
    maintained,
    normalised,
    notional_at,
    ppm,
    tiers_of_caps,
    units,
)

ORIGINAL = Path(__file__).resolve().parents[3] / "shared/examples/worked_examples.json"
SECONDS = 10  # funding per period is spread over so many seconds, to stay within the highest rate per second

EXCLUDED: Final = {
    "ft-adjust-1x-add": "its closed form is below zero, where the model says 0: see the test further down",
    "bybit-uta-2026-mm": "adds an estimated closing fee to maintenance margin; here the fee is no part of it",
    "bybit-inverse-uta-setup": "an inverse contract: margin and profit in the base asset",
    "kucoin-cross-risk-588": "one margin for two markets and an open order; one vault is one market",
    "deribit-linear-SOL-25": "margin rates that grow with every unit of size instead of by tiers",
    "deribit-linear-SOL-6000": "margin rates that grow with every unit of size instead of by tiers",
    "zubr-adl-ranking": "that venue ranks who is deleveraged first; here each loses the same share",
    "perp1-funding-1pct": "the lighter side pays, and insurance the rest; here the heavier side pays",
}


def agrees(example: Example, name: str, actual: Fraction, raw: Fraction = RAW) -> None:
    """Check a number against the published one; ``raw``: what one raw unit makes of it."""
    expected, tolerance = exact(example["expected"][name]), exact(example["tolerance"][name])
    assert abs(actual - expected) <= tolerance + raw, (
        f"{name}: {float(actual)}, {example['source']}: {expected}"
    )


def check_liquidation_price(example: Example) -> None:
    """F1, and where the publisher adds a safety buffer of its own, that on top."""
    form, position = example["normalized"][0], normalised(example)
    parameters = maintained(form["mmr"], form["deduction"])
    price = liquidation_price(position, SCALE, parameters) * RAW
    buffer = exact(example["inputs"].get("safety_buffer", "0"))
    side = int(form["side"])
    raw = RAW / (exact(form["size"]) * (1 - side * exact(form["mmr"]))) + RAW
    agrees(example, "liquidation_price", price + side * abs(exact(form["entry"]) - price) * buffer, raw)
    if "mm_there" in example["expected"]:
        worth = notional(position.size, units(price), SCALE)
        agrees(example, "mm_there", parameters.maintenance_margin(worth) * RAW)


def check_bankruptcy_price(example: Example) -> None:
    """BK: one price unit beyond the price at which equity is zero."""
    size = exact(example["normalized"][0]["size"])
    name = "B_bankruptcy" if "B_bankruptcy" in example["expected"] else "bankruptcy_price"
    name = "bankruptcy" if "bankruptcy" in example["expected"] else name
    agrees(example, name, bankruptcy_price(normalised(example), SCALE) * RAW, RAW / size + RAW)


def check_order_cost(example: Example) -> None:
    """Initial margin, the fee to open, and the fee on what is left at the bankruptcy price."""
    inputs = example["inputs"]
    rate = 1_000_000 // int(inputs["leverage"])
    terms = replace(TERMS, tiers=(Tier(0, rate, rate // 2),), trading_fee_ppm=ppm(inputs["taker"]))
    size, price = units(inputs["size"]), units(inputs["price"])
    check_bankruptcy_price(example)
    bankruptcy = units(example["expected"]["bankruptcy"])
    initial_margin = terms.initial_margin(notional(size, price, SCALE)) * RAW
    open_fee = trading_fee(size, price, SCALE, terms) * RAW
    close_fee = trading_fee(size, bankruptcy, SCALE, terms) * RAW
    agrees(example, "initial_margin", initial_margin)
    agrees(example, "open_fee", open_fee)
    agrees(example, "close_fee", close_fee)
    agrees(example, "order_cost", initial_margin + open_fee + close_fee)


def received_by_short(size: Fraction, mark: str, rate: str) -> Fraction:
    """Return what funding brings a short over one period in a book that is wholly on the paying side."""
    rate_wad = exact(rate) * WAD / SECONDS
    assert rate_wad.denominator == 1, rate
    terms = replace(TERMS, max_funding_rate_wad=abs(rate_wad.numerator))
    sides = (ONE, 0) if rate_wad > 0 else (0, ONE)
    index = accrue(Carry(0, 0, 0, units(mark)), *sides, units(mark), SECONDS, terms).carry_short
    return -carry_owed(Position("trader_1", -units(size), 0, 0, 0), index, SCALE) * RAW


def check_funding(example: Example) -> None:
    """Position size times mark price times rate."""
    inputs = example["inputs"]
    received = received_by_short(exact(inputs["size"]), inputs["mark"], inputs["rate"])
    agrees(example, "received_by_short", received)


def check_funding_table(example: Example) -> None:
    """Row by row."""
    for index, (mark, rate) in enumerate(example["inputs"]["table"]):
        agrees(example, f"t{index}", received_by_short(exact(example["inputs"]["size"]), mark, rate))


def check_funding_sum(example: Example) -> None:
    """Over all stamps; what the short pays, the long receives."""
    inputs = example["inputs"]
    rows = list(zip(inputs["marks"], inputs["rates"], strict=True))
    total = sum((received_by_short(exact(inputs["size"]), *row) for row in rows), Fraction())
    agrees(example, "short_total", total, len(rows) * RAW)
    agrees(example, "long_total", -total, len(rows) * RAW)


def check_funding_of_dollars(example: Example) -> None:
    """A size of so many dollars; their worth in coins is a division more."""
    inputs = example["inputs"]
    price = exact(inputs["price"])
    usd = received_by_short(exact(inputs["contracts_usd"]) / price, inputs["price"], inputs["hourly_rate"])
    agrees(example, "usd", usd)
    agrees(example, "btc", usd / price)


def check_tier_table(example: Example) -> None:
    """Deductions of a real table: its first eight brackets, which is as many as a vault has."""
    brackets = example["inputs"]["tiers"][:MAX_TIERS]
    terms = replace(TERMS, tiers=tiers_of_caps(brackets), trading_fee_ppm=1)
    terms.validate()
    for index, (cap, rate, _) in enumerate(brackets, start=1):
        required = terms.maintenance_margin(units(cap)) * RAW
        agrees(example, f"cum_{index}", exact(cap) * exact(rate) - required)


def check_maintenance_margin(example: Example) -> None:
    """Notional times rate."""
    inputs = example["inputs"]
    size = exact(inputs["contracts"]) * exact(inputs["multiplier"])
    worth = notional(units(size), units(inputs["mark"]), SCALE)
    agrees(example, "notional", worth * RAW)
    required = maintained(inputs["mmr"], "0").maintenance_margin(worth)
    agrees(example, "maintenance_margin", required * RAW)


def check_deleveraging(example: Example) -> None:
    """That venue deleverages at the loser's bankruptcy price; here, both are valued there and at the mark."""
    check_bankruptcy_price(example)
    winner, loser = held(1, Fraction(500), Fraction(1), Fraction(100)), normalised(example)
    mark, bankruptcy = exact(example["inputs"]["new_price"]), exact(example["expected"]["B_bankruptcy"])
    agrees(example, "B_equity", equity_at(loser, mark))
    agrees(example, "B_final_equity", equity_at(loser, bankruptcy))
    agrees(example, "A_paper_pnl", pnl(winner, units(mark), 0, SCALE) * RAW)
    agrees(example, "A_pnl_at_adl", pnl(winner, units(bankruptcy), 0, SCALE) * RAW)


def check_implied_margin(example: Example) -> None:
    """Profit and loss, and the margin that the equity implies."""
    check_bankruptcy_price(example)
    position, mark = normalised(example), exact(example["inputs"]["mark"])
    agrees(example, "upnl", pnl(position, units(mark), 0, SCALE) * RAW)
    agrees(example, "implied_margin", position.margin * RAW)
    assert equity_at(position, mark) == exact(example["inputs"]["equity_after"])


def check_ratio(example: Example, position: Position, mark: Fraction) -> None:
    """Equity over notional."""
    worth = notional_at(position, mark)
    if "position_notional" in example["expected"]:
        agrees(example, "position_notional", worth)
    agrees(example, "margin_ratio", equity_at(position, mark) / worth, 2 * RAW / worth)


def check_ratio_at_entry(example: Example) -> None:
    """At its entry price a position's ratio is one by its leverage."""
    inputs = example["inputs"]
    worth = exact(inputs["position_notional"])
    check_ratio(example, held(1, Fraction(1), worth, exact(inputs["margin"])), worth)


def check_ratio_of_short(example: Example) -> None:
    """The curve's price for a third of a hundred is 81 / 7: that gives the published notional."""
    inputs, size = example["inputs"], Fraction(100, 3)
    entry = exact(inputs["open_notional"]) / size
    check_ratio(example, held(-1, size, entry, exact(inputs["margin"])), Fraction(81, 7))


def check_ratio_at_average(example: Example) -> None:
    """The mark is the one that gives the published pnl."""
    inputs = example["inputs"]
    entry = exact(inputs["open_notional"])
    position = held(1, Fraction(1), entry, exact(inputs["margin"]))
    check_ratio(example, position, entry + exact(inputs["twap_pnl"]))


LIQUIDATION_PRICES: Final = (
    *("ft-liq-01-binance-S5x-E10-q1", "ft-liq-03-binance-S5x-E8-q1", "ft-liq-05-binance-L5x-E10-q1"),
    *("ft-liq-07-binance-L3x-E10-q1", "ft-liq-08-binance-L5x-E10-q0.6", "binance-faq-iso-2-BTC"),
    *("binance-faq-cross-ETH", "binance-faq-cross-BTC", "ft-entry-binance-L-buf0", "ft-adjust-2x-add"),
    *("ft-entry-binance-S-buf0.05", "ft-backtest-L", "ft-backtest-S"),
    *("dydx-iso-3174.60", "dydx-cross-3380.95"),
)
CHECKS: Final[dict[str, Callable[[Example], None]]] = {
    **dict.fromkeys(LIQUIDATION_PRICES, check_liquidation_price),
    **dict.fromkeys(("bybit-bankruptcy-58800", "bybit-bankruptcy-9800"), check_bankruptcy_price),
    "bybit-order-cost-50x": check_order_cost,
    **dict.fromkeys(("ft-fund-1", "ft-fund-2", "ft-fund-3"), check_funding),
    "ft-fund-ada-table-30": check_funding_table,
    "ft-fund-8h-30": check_funding_sum,
    "kraken-funding-hour": check_funding_of_dollars,
    "binance-tiers-BTCUSDT-2021": check_tier_table,
    "kucoin-mm-1200": check_maintenance_margin,
    "dydx-adl-1.2": check_deleveraging,
    "ethereal-adl": check_implied_margin,
    "perp1-ratio-open": check_ratio_at_entry,
    "perp1-ratio-short": check_ratio_of_short,
    "perp1-ratio-twap": check_ratio_at_average,
}


@pytest.mark.parametrize("name", CHECKS)
def test_model__gives_the_published_number(name: str) -> None:
    """Each example's source is in the file beside this one, and in the message when it fails."""
    CHECKS[name](EXAMPLES[name])


def test_examples__are_all_checked_or_excluded_with_a_reason() -> None:
    assert CHECKS.keys() | EXCLUDED.keys() == EXAMPLES.keys()
    assert not CHECKS.keys() & EXCLUDED.keys()


def test_liquidation_price__below_zero__is_none() -> None:
    """The excluded 1x long has no liquidation price: venues show dashes, the model says 0."""
    example = EXAMPLES["ft-adjust-1x-add"]
    form = example["normalized"][0]
    assert liquidation_price(normalised(example), SCALE, maintained(form["mmr"], form["deduction"])) == 0


def test_liquidation_price__by_a_real_tier_table__is_the_published_one() -> None:
    """The long of 109 BTC, whose rate and deduction are the fourth bracket's of the same venue's table."""
    table = EXAMPLES["binance-tiers-BTCUSDT-2021"]["inputs"]["tiers"][:MAX_TIERS]
    example = EXAMPLES["binance-faq-iso-2-BTC"]
    price = liquidation_price(normalised(example), SCALE, replace(TERMS, tiers=tiers_of_caps(table)))
    agrees(example, "liquidation_price", price * RAW)


@pytest.mark.skipif(
    not ORIGINAL.exists(), reason=f"the collection the copy was made from is not at {ORIGINAL}"
)
def test_copy__has_the_facts_of_the_collection() -> None:
    """Nothing was changed but the ends of two sources, which name how they were found."""
    collection = {example["id"]: example for example in json.loads(ORIGINAL.read_text())}
    assert EXAMPLES.keys() == collection.keys()
    for name, example in EXAMPLES.items():
        assert collection[name]["source"].startswith(example["source"])
        assert example | {"source": ""} == collection[name] | {"source": ""}
