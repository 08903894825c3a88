"""Price paths: bars read from a CSV file, exactly, and what a bar says about the prices inside it.

A file has the columns ``timestamp_utc,open,high,low,close`` in any order; others are ignored. Prices are
decimal numbers and become WAD integers without rounding: one that 18 decimals can't hold is refused.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from isolated_margin.fixed import MAX_PRICE, uint256

WAD_DECIMALS = 18
COLUMNS = ("timestamp_utc", "open", "high", "low", "close")
MAX_SPAN = 2**32 - 1  # seconds: a vault's life

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NUMBER = re.compile(r"([+-]?)([0-9]{1,40})(?:\.([0-9]{0,40}))?(?:[eE]([+-]?[0-9]{1,2}))?")


class PriceFileError(ValueError):
    """A price file can't be used; the message is one sentence that names the file and the line."""


@dataclass(frozen=True, slots=True)
class Bar:
    """The prices of a stretch of time: ``timestamp`` is its beginning, seconds since 1970; prices are WAD."""

    timestamp: int
    open_wad: int
    high_wad: int
    low_wad: int
    close_wad: int

    def __post_init__(self) -> None:
        uint256(self.timestamp)
        for price_wad in (self.open_wad, self.high_wad, self.low_wad, self.close_wad):
            uint256(price_wad)

    def walk(self) -> tuple[int, int, int, int]:
        """Return the bar's prices in the order in which a scenario meets them, WAD.

        Open, the extreme nearer to it, the other extreme, close. A bar doesn't say which extreme came first;
        that order is the shortest way through all four prices. When both are as near, the low comes first.
        """
        low_first = self.open_wad - self.low_wad <= self.high_wad - self.open_wad
        extremes = (self.low_wad, self.high_wad) if low_first else (self.high_wad, self.low_wad)
        return (self.open_wad, *extremes, self.close_wad)


def read_prices(path: Path) -> tuple[Bar, ...]:
    """Return the bars of a CSV file.

    Raises:
        PriceFileError: the file is missing or unreadable, lacks a column or has no bar; a price is no
            number, not positive, above the vault's domain, finer than 18 decimals or outside of its bar; a
            timestamp is malformed, or not after the one before.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            bars = tuple(_bars(str(path), file))
    except FileNotFoundError:
        raise PriceFileError(f"{path}: there is no such file") from None
    except OSError as error:
        raise PriceFileError(f"{path}: the file can't be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise PriceFileError(f"{path}: the file is not UTF-8 text") from None
    except csv.Error as error:
        raise PriceFileError(f"{path}: the file is not CSV: {error}") from None
    if not bars:
        raise PriceFileError(f"{path}: the file has a header but no bars")
    return bars


def _bars(name: str, file: Iterable[str]) -> Iterator[Bar]:
    lines = csv.reader(file)
    header = next(lines, None)
    if not header:
        raise PriceFileError(f"{name}: the file is empty")
    columns = _columns(f"{name}, line {lines.line_num}", header)
    first = last = None
    for row in filter(None, lines):
        place = f"{name}, line {lines.line_num}"
        bar = _bar(place, _fields(place, columns, row))
        first = first or bar
        _check_order(place, first, last, bar)
        last = bar
        yield bar


def _columns(place: str, header: list[str]) -> dict[str, int]:
    found = {title.strip(): index for index, title in enumerate(header)}
    for column in COLUMNS:
        if column not in found:
            raise PriceFileError(f"{place}: the column '{column}' is missing")
    return {column: found[column] for column in COLUMNS}


def _fields(place: str, columns: dict[str, int], row: list[str]) -> dict[str, str]:
    for column, index in columns.items():
        if index >= len(row) or not row[index].strip():
            raise PriceFileError(f"{place}: the column '{column}' has no value")
    return {column: row[index].strip() for column, index in columns.items()}


def _bar(place: str, fields: dict[str, str]) -> Bar:
    timestamp = _timestamp(place, fields["timestamp_utc"])
    open_wad, high_wad, low_wad, close_wad = (_price(place, column, fields[column]) for column in COLUMNS[1:])
    if low_wad > high_wad:
        raise PriceFileError(f"{place}: the low {fields['low']} is above the high {fields['high']}")
    for column, price_wad in (("open", open_wad), ("close", close_wad)):
        if not low_wad <= price_wad <= high_wad:
            span = f"low {fields['low']} to high {fields['high']}"
            raise PriceFileError(f"{place}: the {column} {fields[column]} is outside of {span}")
    return Bar(timestamp, open_wad, high_wad, low_wad, close_wad)


def _check_order(place: str, first: Bar, last: Bar | None, bar: Bar) -> None:
    if last is not None and bar.timestamp <= last.timestamp:
        raise PriceFileError(f"{place}: the timestamp is not after the one before it")
    if bar.timestamp - first.timestamp > MAX_SPAN:
        raise PriceFileError(f"{place}: the timestamp is more than {MAX_SPAN} seconds after the first one")


def _timestamp(place: str, text: str) -> int:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise PriceFileError(f"{place}: '{text}' is not a timestamp like 2025-10-09T00:05:00Z") from None
    seconds, rest = divmod(moment.replace(tzinfo=moment.tzinfo or UTC) - _EPOCH, timedelta(seconds=1))
    if seconds < 0 or rest:
        raise PriceFileError(f"{place}: '{text}' is not a whole second since 1970")
    return seconds


def _price(place: str, column: str, text: str) -> int:
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise PriceFileError(f"{place}: '{text}' in the column '{column}' is not a number")
    sign, whole, fraction, exponent = match.groups(default="")
    digits, shift = int(whole + fraction), WAD_DECIMALS - len(fraction) + int(exponent or 0)
    if sign == "-" or digits == 0:
        raise PriceFileError(f"{place}: the {column} {text} is not positive")
    price_wad, rest = divmod(digits * 10 ** max(shift, 0), 10 ** max(-shift, 0))
    if rest:
        raise PriceFileError(f"{place}: the {column} {text} has more than {WAD_DECIMALS} decimals")
    if price_wad > MAX_PRICE:
        raise PriceFileError(f"{place}: the {column} {text} is above the highest price of a vault")
    return int(price_wad)
