"""A price path for a run without a file: calm, a crash within a few bars, half a recovery, calm again."""

from collections.abc import Iterator
from random import Random

from isolated_margin.errors import OutOfDomain
from isolated_margin.fixed import PPM, WAD, floor_div, uint256
from isolated_margin.scenario.prices import Bar

FIRST_PRICE_WAD = 100 * WAD
FIRST_TIMESTAMP = 1_700_000_000
BAR_SECONDS = 300
MIN_BARS = 10

_CALM_PPM = 4_000  # a calm bar moves by at most 0.4 %
_WICK_PPM = 3_000  # and its extremes lie at most 0.3 % outside of open and close
_CRASH_TO_PPM = (150_000, 350_000)  # what is left of the price at the bottom
_BOUNCE_TO_PPM = (450_000, 600_000)  # and after the bounce


def flash_crash(seed: int, bars: int) -> tuple[Bar, ...]:
    """Return ``bars`` bars of five minutes; the same seed gives the same path.

    Two fifths are calm, an eighth falls, ever faster, to between 15 and 35 % of the price, a tenth climbs
    back to about half, the rest is calm. Prices are whole millionths, scaled to WAD.

    Raises:
        NotAnInteger, OutOfDomain: ``seed`` is no unsigned integer, ``bars`` is below 10.
    """
    if uint256(bars) < MIN_BARS:
        raise OutOfDomain(bars)
    random = Random(uint256(seed))
    path = tuple(_closes(random, bars))
    return tuple(_bar(random, index, path[index], path[index + 1]) for index in range(bars))


def _closes(random: Random, bars: int) -> Iterator[int]:
    """Yield the first open and every close, WAD."""
    before, crash, bounce = bars * 2 // 5, max(4, bars // 8), max(2, bars // 10)
    price = FIRST_PRICE_WAD
    yield price
    for _ in range(before):
        price = _calm(random, price)
        yield price
    start, bottom = price, floor_div(FIRST_PRICE_WAD * random.randint(*_CRASH_TO_PPM), PPM)
    for done in range(1, crash + 1):
        yield _whole(start - floor_div((start - bottom) * done**2, crash**2))
    price = floor_div(FIRST_PRICE_WAD * random.randint(*_BOUNCE_TO_PPM), PPM)
    for done in range(1, bounce + 1):
        yield _whole(bottom + floor_div((price - bottom) * done, bounce))
    for _ in range(bars - before - crash - bounce):
        price = _calm(random, price)
        yield price


def _calm(random: Random, price_wad: int) -> int:
    return _whole(floor_div(price_wad * (PPM + random.randint(-_CALM_PPM, _CALM_PPM)), PPM))


def _bar(random: Random, index: int, open_wad: int, close_wad: int) -> Bar:
    high_wad = _whole(floor_div(max(open_wad, close_wad) * (PPM + random.randint(0, _WICK_PPM)), PPM))
    low_wad = _whole(floor_div(min(open_wad, close_wad) * (PPM - random.randint(0, _WICK_PPM)), PPM))
    return Bar(FIRST_TIMESTAMP + index * BAR_SECONDS, open_wad, high_wad, low_wad, close_wad)


def _whole(price_wad: int) -> int:
    """Return the price rounded down to millionths."""
    return price_wad - price_wad % 10**12
