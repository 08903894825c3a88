"""Price files: read exactly, or refused in one sentence that names the file and the line."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from isolated_margin.scenario.prices import MAX_SPAN, Bar, PriceFileError, read_prices

DAY = "2025-10-09T00:00:00Z"
HEADER = "timestamp_utc,open,high,low,close,volume\n"
GOOD = "2025-10-09T00:00:00Z,3.5339,3.5395,3.5308,3.5329,263403.3\n"
NEXT = "2025-10-09T00:05:00Z,3.5328,3.5328,3.5251,3.5272,241233.2\n"


def written(folder: Path, text: str) -> Path:
    """Return a price file with ``text``."""
    path = folder / "prices.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_read_prices__good_file__gives_exact_integers(tmp_path: Path) -> None:
    """Prices become WAD without rounding, timestamps seconds since 1970."""
    bars = read_prices(written(tmp_path, HEADER + GOOD + NEXT))
    assert bars == (
        Bar(1_759_968_000, 35339 * 10**14, 35395 * 10**14, 35308 * 10**14, 35329 * 10**14),
        Bar(1_759_968_300, 35328 * 10**14, 35328 * 10**14, 35251 * 10**14, 35272 * 10**14),
    )


@pytest.mark.parametrize(
    ("text", "price_wad"),
    [
        ("1", 10**18),
        ("+1.", 10**18),
        ("0.00005", 5 * 10**13),
        ("5e-5", 5 * 10**13),
        ("1.5E+3", 1500 * 10**18),
        ("0.000000000000000001", 1),
        ("1.1000000000000000000", 11 * 10**17),
        ("100000000000000", 10**32),
    ],
)
def test_read_prices__ways_to_write_numbers__mean_the_same(tmp_path: Path, text: str, price_wad: int) -> None:
    row = f"2025-10-09T00:00:00Z,{text},{text},{text},{text}\n"
    (bar,) = read_prices(written(tmp_path, HEADER + row))
    assert bar == Bar(1_759_968_000, price_wad, price_wad, price_wad, price_wad)


def test_read_prices__other_layout__is_understood(tmp_path: Path) -> None:
    """Order, spaces, blank lines, a byte order mark and a missing zone, which is UTC, don't matter."""
    text = "\ufeffclose, low ,high,open,timestamp_utc\n\n 2 ,1,3,2,2025-10-09 00:00:00\n"
    assert read_prices(written(tmp_path, text)) == (
        Bar(1_759_968_000, 2 * 10**18, 3 * 10**18, 10**18, 2 * 10**18),
    )


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", ": the file is empty"),
        ("\n", ": the file is empty"),
        (HEADER, ": the file has a header but no bars"),
        ("timestamp_utc,open,high,close\n" + GOOD, ", line 1: the column 'low' is missing"),
        (HEADER + DAY + ",1,1\n", ", line 2: the column 'low' has no value"),
        (HEADER + GOOD + "2025-10-09T00:05:00Z,,1,1,1,1\n", ", line 3: the column 'open' has no value"),
        (HEADER + DAY + ",1,abc,1,1,1\n", ", line 2: 'abc' in the column 'high' is not a number"),
        (HEADER + DAY + ",1,nan,1,1,1\n", ", line 2: 'nan' in the column 'high' is not a number"),
        (HEADER + DAY + ",1,1e999,1,1,1\n", ", line 2: '1e999' in the column 'high' is not a number"),
        (HEADER + DAY + ",1,1,0.0,1,1\n", ", line 2: the low 0.0 is not positive"),
        (HEADER + DAY + ",1,1,-1,1,1\n", ", line 2: the low -1 is not positive"),
        (HEADER + DAY + ",1,1,1e-19,1,1\n", ", line 2: the low 1e-19 has more than 18 decimals"),
        (HEADER + DAY + ",1,1e15,1,1,1\n", ", line 2: the high 1e15 is above the highest price of a vault"),
        (HEADER + DAY + ",1,1,2,1,1\n", ", line 2: the low 2 is above the high 1"),
        (HEADER + DAY + ",4,3,2,3,1\n", ", line 2: the open 4 is outside of low 2 to high 3"),
        (HEADER + DAY + ",3,3,2,1,1\n", ", line 2: the close 1 is outside of low 2 to high 3"),
        (
            HEADER + "yesterday,1,1,1,1,1\n",
            ", line 2: 'yesterday' is not a timestamp like 2025-10-09T00:05:00Z",
        ),
        (
            HEADER + "1969-12-31T23:59:59Z,1,1,1,1\n",
            ", line 2: '1969-12-31T23:59:59Z' is not a whole second since 1970",
        ),
        (
            HEADER + "2025-10-09T00:00:00.5Z,1,1,1,1\n",
            ", line 2: '2025-10-09T00:00:00.5Z' is not a whole second since 1970",
        ),
        (HEADER + NEXT + GOOD, ", line 3: the timestamp is not after the one before it"),
        (HEADER + GOOD + GOOD, ", line 3: the timestamp is not after the one before it"),
        (
            HEADER + GOOD + GOOD.replace("2025", "2325"),
            ", line 3: the timestamp is more than 4294967295 seconds after the first one",
        ),
    ],
)
def test_read_prices__bad_file__names_the_place(tmp_path: Path, text: str, complaint: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(PriceFileError) as refusal:
        read_prices(path)
    assert str(refusal.value) == f"{path}{complaint}"


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("nowhere.csv", None, "there is no such file$"),
        ("", None, "the file can't be read: "),
        ("prices.csv", b"\xff\xfe\x00", "the file is not UTF-8 text$"),
        ("prices.csv", HEADER.encode() + b"1" * 200_000, "the file is not CSV: "),
    ],
    ids=["no file", "a folder", "no text", "an endless field"],
)
def test_read_prices__of_no_csv_file__is_refused_by_its_name(
    tmp_path: Path, name: str, content: bytes | None, complaint: str
) -> None:
    path = tmp_path / name
    if content:
        path.write_bytes(content)
    with pytest.raises(PriceFileError, match=f"^{re.escape(str(path))}: {complaint}"):
        read_prices(path)


@pytest.mark.parametrize(
    ("bar", "walk"),
    [
        (Bar(0, 10, 12, 5, 7), (10, 12, 5, 7)),
        (Bar(0, 7, 12, 5, 10), (7, 5, 12, 10)),
        (Bar(0, 8, 11, 5, 9), (8, 5, 11, 9)),
    ],
)
def test_walk__goes_to_the_nearer_extreme_first(bar: Bar, walk: tuple[int, ...]) -> None:
    """Open, the nearer extreme (the low when both are as near), the other, close."""
    assert bar.walk() == walk


def test_read_prices__of_all_the_time_there_is__is_understood(tmp_path: Path) -> None:
    """The first second of 1970, and a vault's life later; in a file of two bars."""
    last = datetime.fromtimestamp(MAX_SPAN, UTC).isoformat()
    rows = "1970-01-01T00:00:00Z,1,1,1,1,0\n" + f"{last},1,1,1,1,0\n"
    assert [bar.timestamp for bar in read_prices(written(tmp_path, HEADER + rows))] == [0, MAX_SPAN]


def test_read_prices__of_a_late_first_bar__counts_the_time_from_there(tmp_path: Path) -> None:
    rows = "2100-01-01T00:00:00Z,1,1,1,1,0\n2100-01-02T00:00:00Z,1,1,1,1,0\n"
    assert len(read_prices(written(tmp_path, HEADER + rows))) == 2
