"""The generated path: repeatable, well formed, and a crash."""

from hashlib import sha256
from itertools import pairwise

import pytest
from isolated_margin.errors import OutOfDomain
from isolated_margin.fixed import WAD
from isolated_margin.scenario.flash_crash import BAR_SECONDS, FIRST_PRICE_WAD, MIN_BARS, flash_crash


@pytest.mark.parametrize("bars", [MIN_BARS, 11, 100, 288])
def test_flash_crash__any_length__is_well_formed(bars: int) -> None:
    path = flash_crash(7, bars)
    assert len(path) == bars
    assert path[0].open_wad == FIRST_PRICE_WAD
    for last, bar in pairwise(path):
        assert bar.timestamp == last.timestamp + BAR_SECONDS
        assert bar.open_wad == last.close_wad
    assert all(0 < bar.low_wad <= min(bar.open_wad, bar.close_wad) for bar in path)
    assert all(bar.high_wad >= max(bar.open_wad, bar.close_wad) for bar in path)


@pytest.mark.parametrize("seed", range(10))
def test_flash_crash__any_seed__falls_and_climbs_back(seed: int) -> None:
    path = flash_crash(seed, 288)
    assert min(bar.low_wad for bar in path) < 40 * WAD
    assert path[-1].close_wad > 40 * WAD


def test_flash_crash__same_seed__is_the_same_path() -> None:
    assert flash_crash(1, 50) == flash_crash(1, 50) != flash_crash(2, 50)


def test_flash_crash__of_too_few_bars__is_refused() -> None:
    with pytest.raises(OutOfDomain):
        flash_crash(1, MIN_BARS - 1)


def test_flash_crash__of_a_seed__is_the_path_it_always_was() -> None:
    """What people publish with a seed can be computed again: closes in millionths, bar by bar."""
    path = flash_crash(7, 16)
    assert [bar.timestamp for bar in path] == [1_700_000_000 + 300 * number for number in range(16)]
    assert [bar.close_wad // 10**12 for bar in path] == [
        *(99_865_200, 100_241_092, 99_963_925, 99_887_352, 100_020_401, 99_659_827),
        *(94_487_262, 78_969_570, 53_106_749, 16_898_800, 37_973_300, 59_047_800),
        *(58_857_134, 58_797_982, 58_843_491, 58_636_067),
    ]
    assert [bar.high_wad // 10**12 for bar in path[:4]] == [100_207_800, 100_256_428, 100_419_120, 99_992_514]
    assert [bar.low_wad // 10**12 for bar in path[:4]] == [99_777_418, 99_830_047, 99_792_786, 99_788_962]
    assert digest(flash_crash(3, 200)) == "0595d91a78da285b"


def digest(value: object) -> str:
    """Return the first digits of what identifies a value."""
    return sha256(repr(value).encode()).hexdigest()[:16]
