"""The book as Prometheus metrics."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from isolated_margin.fixed import PPM, WAD
from prometheus_client import CollectorRegistry, Gauge, start_http_server
from ringfence.types.errors import RingfenceError

from ringfence_operations.monitor.book import STATUSES, Book

NAMES: Final = {
    "block": "Latest block that was followed",
    "block_timestamp_seconds": "Its time",
    "price": "Price of a whole base asset, in whole collateral tokens",
    "feed_live": "1 while the feed has a price that the vault accepts",
    "feed_dead_since_seconds": "When the feed was reported dead, 0 while no clock runs",
    "settles_at_seconds": "From when on the market may be settled, 0 while no clock runs",
    "settled": "1 once the market is settled",
    "paused": "1 while opening and increasing are paused",
    "long_size": "Sum of the longs, in whole base assets",
    "short_size": "Sum of the shorts, in whole base assets",
    "skew_ratio": "Longs less shorts, of the skew at which funding is full",
    "funding_rate_per_second": "What longs pay shorts, of the price",
    "insurance": "Insurance fund, in whole collateral tokens",
    "pool_assets": "Balance of the pool, in whole collateral tokens",
    "pool_owed": "Profit that the pool still owes, in whole collateral tokens",
    "net_trader_pnl": "What the pool would owe if everyone closed, in whole collateral tokens",
    "adl_level_ratio": "What the pool is worth, of the larger side's notional",
    "adl_trigger_ratio": "The level below which a side is deleveraged",
    "nearest_liquidation_ratio": "How far the price is from the nearest liquidation, of the price",
    "custody_surplus": "What the vault holds beyond its obligations, in whole collateral tokens",
    "ledger_differs": "Number of totals that the events do not explain",
}


class Metrics:
    """Gauges of one market, all named ``ringfence_...`` and labelled with the vault's address."""

    def __init__(self, vault: str) -> None:
        """Make the gauges of the vault at an address."""
        self.registry = CollectorRegistry()
        self._gauges = {
            name: Gauge(f"ringfence_{name}", text, ["vault"], registry=self.registry).labels(vault)
            for name, text in NAMES.items()
        }
        positions = Gauge(
            "ringfence_positions", "Open positions", ["vault", "status"], registry=self.registry
        )
        self._positions = {status: positions.labels(vault, status) for status in STATUSES}

    def show(self, book: Book) -> None:
        """Let the gauges say what the book does."""
        for name, value in _values(book).items():
            self._gauges[name].set(value)
        counts = (book.bankrupt, book.liquidatable, book.margin_calls, book.healthy)
        for gauge, count in zip(self._positions.values(), counts, strict=True):
            gauge.set(count)


@contextmanager
def served(metrics: Metrics, port: int) -> Iterator[int]:
    """Serve metrics at a port for as long as the block lasts; 0 is any that is free. Gives the port.

    Raises:
        RingfenceError: the port is taken, or not allowed.
    """
    try:
        server, thread = start_http_server(port, registry=metrics.registry)
    except OSError as failure:
        raise RingfenceError(
            f"--metrics-port {port}: {failure.strerror}; choose another port, or end what listens there"
        ) from None
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _values(book: Book) -> dict[str, float]:
    whole, pool = 10**book.collateral_decimals, book.pool
    return {
        "block": book.block,
        "block_timestamp_seconds": book.timestamp,
        "price": book.price_wad / WAD,
        "feed_live": not book.feed_refusal,
        "feed_dead_since_seconds": book.dead_since,
        "settles_at_seconds": book.settles_at,
        "settled": book.settled,
        "paused": book.paused,
        "long_size": book.long_size / WAD,
        "short_size": book.short_size / WAD,
        "skew_ratio": book.skew_ppm / PPM,
        "funding_rate_per_second": book.funding_rate_wad / WAD,
        "insurance": book.insurance / whole,
        "pool_assets": pool.assets / whole,
        "pool_owed": pool.owed / whole,
        "net_trader_pnl": pool.net_trader_pnl / whole,
        "adl_level_ratio": pool.adl_level_ppm / PPM,
        "adl_trigger_ratio": pool.adl_trigger_ppm / PPM,
        "nearest_liquidation_ratio": book.rows[0].distance_ppm / PPM if book.rows else float("nan"),
        "custody_surplus": book.surplus / whole,
        "ledger_differs": len(book.differing),
    }
