"""The book in a terminal."""

from datetime import UTC, datetime
from typing import Final

from isolated_margin.fixed import PPM, WAD
from rich.console import Group
from rich.table import Table
from rich.text import Text

from ringfence_operations.monitor.book import Book
from ringfence_operations.monitor.positions import FAR, Row

COLOURS: Final = {"bankrupt": "bold red", "liquidatable": "red", "margin call": "yellow", "healthy": "green"}
DAY: Final = 86_400
PER_LINE: Final = 3
SIZE: Final = 10**18


def screen(book: Book, most: int) -> Group:
    """Return the market's figures, and its ``most`` positions nearest to liquidation."""
    return Group(_head(book), "", _figures(book), "", _positions(book, most), *_warnings(book))


def _head(book: Book) -> Text:
    return Text(f"{book.vault} on chain {book.chain_id}, block {book.block}, {_moment(book.timestamp)}")


def _figures(book: Book) -> Table:
    pool, table = book.pool, Table(box=None, pad_edge=False, show_header=False)
    money = {
        "pool": pool.assets,
        "pool owes": pool.owed,
        "insurance": book.insurance,
        "longs": book.long_notional,
        "shorts": book.short_notional,
        "traders' pnl": pool.net_trader_pnl,
    }
    shown = {"price": _price(book.price_wad)} | {name: _assets(book, worth) for name, worth in money.items()}
    shown["skew"] = _percent(book.skew_ppm)
    shown["funding a day"] = f"{100 * DAY * book.funding_rate_wad / WAD:+.4f} %"
    level = _percent(pool.adl_level_ppm) if pool.adl_level_ppm < FAR else "no position"
    shown[f"ADL below {_percent(pool.adl_trigger_ppm)}"] = level
    shown["margin calls"] = str(book.margin_calls)
    shown["liquidatable"] = str(book.liquidatable + book.bankrupt)
    cells = [[Text(name, style="dim"), Text(value)] for name, value in shown.items()]
    for start in range(0, len(cells), PER_LINE):
        table.add_row(*[part for cell in cells[start : start + PER_LINE] for part in cell])
    return table


def _positions(book: Book, most: int) -> Table:
    table = Table(box=None, pad_edge=False)
    for title in ("position", "owner"):
        table.add_column(title, no_wrap=True)
    for title in ("size", "margin", "equity", "maintenance", "liquidated at", "away"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("status", no_wrap=True)
    for row in book.rows[:most]:
        table.add_row(*_cells(book, row), Text(row.status, style=COLOURS[row.status]))
    if len(book.rows) > most:
        table.caption = f"and {len(book.rows) - most} more"
        table.caption_justify = "left"
    return table


def _cells(book: Book, row: Row) -> tuple[str, ...]:
    return (
        str(row.position),
        f"{row.owner[:8]}…{row.owner[-4:]}",
        f"{row.size / SIZE:,.4g}",
        _assets(book, row.margin),
        _assets(book, row.equity),
        _assets(book, row.maintenance_margin),
        _price(row.liquidation_price_wad) if row.liquidation_price_wad else "none",
        _percent(row.distance_ppm) if row.distance_ppm < FAR else "",
    )


def _warnings(book: Book) -> list[Text]:
    sentences = []
    if book.feed_refusal:
        sentences.append(f"The feed has no price, {book.feed_refusal}: values are at the last accrual's.")
    if book.dead_since:
        since, ready = _moment(book.dead_since), _moment(book.settles_at)
        sentences.append(
            f"The feed is reported dead since {since}: the market may be settled from {ready} on."
        )
    if book.settled:
        sentences.append(
            "The market is settled: what is open is closed at this price, by anybody, without fee."
        )
    if book.paused:
        sentences.append("The market is paused: nothing can be opened or increased.")
    for side, is_due in (("longs", book.pool.long_due), ("shorts", book.pool.short_due)):
        if is_due:
            sentences.append(f"The {side} are due for deleveraging.")
    if book.differing:
        sentences.append(f"The ledger by events is not the vault's own: {', '.join(book.differing)}.")
    if book.surplus < 0:
        sentences.append(f"The vault holds {_assets(book, -book.surplus)} less than it owes to others.")
    return [Text(sentence, style="bold red") for sentence in sentences]


def _moment(timestamp: int) -> str:
    return datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _assets(book: Book, assets: int) -> str:
    return f"{assets / 10**book.collateral_decimals:,.2f}"


def _price(price_wad: int) -> str:
    return f"{price_wad / WAD:,.6g}"


def _percent(ppm: int) -> str:
    return f"{100 * ppm / PPM:,.2f} %"
