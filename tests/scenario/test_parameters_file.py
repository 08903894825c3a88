"""Risk parameters from a file: as the vault would take them, or refused in one sentence."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from isolated_margin.fixed import WAD
from isolated_margin.scenario import usual_parameters
from ringfence.vaults.isolated_margin.parameters_file import ParametersFileError, read_parameters

USUAL = usual_parameters(WAD)


def usual() -> dict[str, Any]:
    """Return the usual parameters as a file has them."""
    given = asdict(USUAL)
    del given["initial"], given["maintenance"]
    return json.loads(json.dumps(given))  # type: ignore[no-any-return]  # an object


def written(folder: Path, content: object) -> Path:
    """Return a file with ``content``, as JSON unless it is text."""
    path = folder / "parameters.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def test_read_parameters__good_file__gives_the_same_parameters(tmp_path: Path) -> None:
    assert read_parameters(written(tmp_path, usual())) == USUAL


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    """Return the usual parameters, changed in place by ``change``."""
    given = usual()
    change(given)
    return given


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("", ", line 1: the file is not JSON: Expecting value"),
        ('{\n"tiers": [}', ", line 2: the file is not JSON: Expecting value"),
        ([], ": a JSON object is needed here"),
        (changed(lambda given: given.pop("buffer_ppm")), ": 'buffer_ppm' is missing"),
        (changed(lambda given: given.update(leverage=20)), ": there is no parameter 'leverage'"),
        (changed(lambda given: given.update(tiers=20)), ": 'tiers' is not a list"),
        (changed(lambda given: given.update(tiers=[3])), ", tiers[0]: a JSON object is needed here"),
        (changed(lambda given: given.update(tiers=[])), ": the vault refuses the value of tiers"),
        (
            changed(lambda given: given["tiers"][1].pop("notional_floor")),
            ", tiers[1]: 'notional_floor' is missing",
        ),
        (
            changed(lambda given: given["tiers"][2].update(initial_rate_ppm=0.5)),
            ", tiers[2]: initial_rate_ppm is 0.5, not an unsigned integer",
        ),
        (
            changed(lambda given: given["tiers"][1].update(notional_floor=0)),
            ": the vault refuses the value of notionalFloor",
        ),
        (
            changed(lambda given: given.update(min_notional=True)),
            ": min_notional is True, not an unsigned integer",
        ),
        (
            changed(lambda given: given.update(skew_scale="1")),
            ": skew_scale is '1', not an unsigned integer",
        ),
        (
            changed(lambda given: given.update(reserve_ppm=-1)),
            ": reserve_ppm is -1, not an unsigned integer",
        ),
        (changed(lambda given: given.update(buffer_ppm=0)), ": the vault refuses the value of bufferPpm"),
    ],
)
def test_read_parameters__bad_file__names_the_place(tmp_path: Path, content: object, complaint: str) -> None:
    path = written(tmp_path, content)

    with pytest.raises(ParametersFileError) as refusal:
        read_parameters(path)

    assert str(refusal.value) == f"{path}{complaint}"


def test_read_parameters__unreadable__is_named(tmp_path: Path) -> None:
    with pytest.raises(ParametersFileError, match=r"nowhere\.json: there is no such file$"):
        read_parameters(tmp_path / "nowhere.json")
    with pytest.raises(ParametersFileError, match=r": the file can't be read: "):
        read_parameters(tmp_path)
    (tmp_path / "binary.json").write_bytes(b"\xff\xfe")
    with pytest.raises(ParametersFileError, match=r"binary\.json: the file is not UTF-8 text$"):
        read_parameters(tmp_path / "binary.json")
