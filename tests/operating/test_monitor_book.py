"""The book says what the chain's own views say, on the screen, as JSON and as metrics."""

import json
from io import StringIO
from typing import Any
from urllib.request import urlopen

import pytest
from prometheus_client.parser import text_string_to_metric_families
from rich.console import Console
from ringfence.evm.abi import AddressBook, Interface
from ringfence.evm.artifacts import load
from ringfence.types.codec import decode, encode
from ringfence.types.roles import OWNER, STRANGER
from ringfence.vaults.isolated_margin.actions import BreakFeed, Pause, SettleMarket
from ringfence_operations.follow.watcher import Watcher
from ringfence_operations.monitor.book import Book, book_of
from ringfence_operations.monitor.metrics import Metrics, served
from ringfence_operations.monitor.screen import screen

from tests.operating.keeper_rig import in_danger
from tests.operating.live_market import CALM, LiveMarket

VIEWS = {  # of the lens, and what the book calls them
    **{"equity": "equity", "pnl": "pnl", "notional": "notional"},
    **{"maintenanceMargin": "maintenance_margin", "liquidationPrice": "liquidation_price_wad"},
}
STATUSES = ("bankrupt", "liquidatable", "margin call", "healthy")


@pytest.fixture
def market() -> LiveMarket:
    """Return a market with positions of every status but bankrupt."""
    market = in_danger(LiveMarket())
    market.price(1_905)
    market.open(1, 97)
    market.price(1_862)
    return market


def book(market: LiveMarket) -> Book:
    """Return the market's book as of now."""
    return book_of(market.manifest, Watcher(market.node, market.manifest, None).snapshot())


def shown(the_book: Book, most: int = 10) -> str:
    """Return what is on the screen."""
    console = Console(width=110, record=True, file=StringIO())
    console.print(screen(the_book, most))
    return console.export_text()


def test_book__of_a_market__is_what_the_lens_says_of_every_position(market: LiveMarket) -> None:
    lens = load("VaultLens")
    address = market.chain.deploy(lens.bytecode, market.manifest.owner)
    functions = Interface(lens.abi, AddressBook({}))

    def said(view: str, position: int) -> Any:
        call = functions[view].call(market.manifest.vault.address, position)
        return functions[view].result(market.chain.call(address, call, market.manifest.owner))

    rows = book(market).rows
    assert {row.position for row in rows} == set(range(1, 8))
    for row in rows:
        for view, name in VIEWS.items():
            assert said(view, row.position) == getattr(row, name)
        assert STATUSES[said("status", row.position)] == row.status


def test_book__of_a_market__has_the_most_endangered_first(market: LiveMarket) -> None:
    rows = book(market).rows
    distances = [row.distance_ppm for row in rows]
    assert distances == sorted(distances)
    assert [row.status for row in rows if row.distance_ppm < 0] == ["liquidatable"] * 4
    assert rows[4].status == "margin call"
    assert rows[4].missing > 0 == rows[-1].missing


def test_book__as_json__is_read_back_whole(market: LiveMarket) -> None:
    the_book = book(market)
    assert decode(json.loads(json.dumps(encode(the_book))), Book) == the_book


def test_screen__of_a_market_in_trouble__says_so(market: LiveMarket) -> None:
    market.act(Pause(OWNER))
    market.act(BreakFeed(OWNER, True))
    text = shown(book(market), most=3)
    for said in ("liquidatable", "and 4 more", "market is paused", "feed has no price, InvalidPrice(0,)"):
        assert said in text


def test_book__while_the_clock_of_a_dead_feed_runs__says_since_when_and_until_when(
    market: LiveMarket,
) -> None:
    market.silence()
    the_book = book(market)
    assert the_book.dead_since == the_book.timestamp
    assert the_book.settles_at == the_book.dead_since + CALM.parameters.settle_after
    assert not the_book.settled
    assert "feed is reported dead since" in shown(the_book)
    assert "may be settled from" in shown(the_book)


def test_book__of_a_settled_market__has_every_position_liquidatable_at_no_price(market: LiveMarket) -> None:
    market.silence()
    market.act(SettleMarket(STRANGER), CALM.parameters.settle_after)
    the_book = book(market)
    assert (the_book.settled, the_book.dead_since, the_book.settles_at) == (True, 0, 0)
    assert {(row.status, row.liquidation_price_wad) for row in the_book.rows} == {("liquidatable", 0)}
    assert "market is settled" in shown(the_book)
    assert "reported dead" not in shown(the_book)


def test_screen__of_a_ledger_that_differs__names_what_differs(market: LiveMarket) -> None:
    """Events that a node left out are no small matter."""
    block = next(block for block in reversed(market.chain.blocks) if len(block.logs) > 2)
    block.logs = [log for log in block.logs if log["address"] != market.manifest.vault.address.lower()]
    text = shown(book(market))
    assert "ledger by events is not the vault's own" in text
    assert "long_size" in text


def test_metrics__served_at_a_port__are_the_books(market: LiveMarket) -> None:
    the_book, metrics = book(market), Metrics(market.manifest.vault.address)
    metrics.show(the_book)
    with served(metrics, 0) as port, urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        families = {f.name: f for f in text_string_to_metric_families(answer.read().decode())}
    assert families["ringfence_price"].samples[0].value == 1_862
    assert families["ringfence_price"].samples[0].labels == {"vault": market.manifest.vault.address}
    counts = {sample.labels["status"]: sample.value for sample in families["ringfence_positions"].samples}
    assert counts == {"bankrupt": 0, "liquidatable": 4, "margin call": 1, "healthy": 2}
    assert families["ringfence_ledger_differs"].samples[0].value == 0


def test_metrics__while_the_clock_of_a_dead_feed_runs__say_so(market: LiveMarket) -> None:
    market.silence()
    the_book, metrics = book(market), Metrics(market.manifest.vault.address)
    metrics.show(the_book)
    with served(metrics, 0) as port, urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        families = {f.name: f for f in text_string_to_metric_families(answer.read().decode())}
    values = {name: family.samples[0].value for name, family in families.items()}
    assert values["ringfence_feed_dead_since_seconds"] == the_book.timestamp
    assert values["ringfence_settles_at_seconds"] == the_book.timestamp + CALM.parameters.settle_after
    assert values["ringfence_settled"] == 0
