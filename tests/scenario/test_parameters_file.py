"""Risk parameters from a file: as the vault would take them, or refused in one sentence."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from isolated_margin.fixed import WAD
from isolated_margin.scenario import usual_parameters
from ringfence.vaults.isolated_margin.parameters_file import read_parameters
from ringfence.vaults.isolated_margin.yaml_file import BadFile

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
    ("content", "problem"),
    [
        ("", ", line 1: the file is empty"),
        ('{\n"tiers": [}', ", line 2: this is no YAML: expected the node content, but found '}'"),
        ([], ", line 1: the file has to be keys with values"),
        (changed(lambda given: given.pop("buffer_ppm")), ", line 1: the key 'buffer_ppm' is missing"),
        (changed(lambda given: given.update(tiers=20)), ", line 1: tiers has to be a list"),
        (changed(lambda given: given.update(tiers=[3])), ", line 1: it has to be keys with values"),
        (changed(lambda given: given.update(tiers=[])), ": the vault refuses the value of tiers"),
        (
            changed(lambda given: given["tiers"][1].pop("notional_floor")),
            ", line 1: the key 'notional_floor' is missing",
        ),
        (
            changed(lambda given: given["tiers"][2].update(initial_rate_ppm=0.5)),
            ", line 1: initial_rate_ppm is '0.5', and has to be an unsigned integer",
        ),
        (
            changed(lambda given: given["tiers"][1].update(notional_floor=0)),
            ": the vault refuses the value of notionalFloor",
        ),
        (
            changed(lambda given: given.update(min_notional=True)),
            ", line 1: min_notional is 'true', and has to be an unsigned integer",
        ),
        (
            changed(lambda given: given.update(reserve_ppm=-1)),
            ", line 1: reserve_ppm is '-1', and has to be an unsigned integer",
        ),
        (changed(lambda given: given.update(buffer_ppm=0)), ": the vault refuses the value of bufferPpm"),
        (
            changed(lambda given: given.update(skew_scale=2**256)),
            f": the vault refuses the value of {2**256}",
        ),
    ],
)
def test_read_parameters__bad_file__names_the_place(tmp_path: Path, content: object, problem: str) -> None:
    path = written(tmp_path, content)
    with pytest.raises(BadFile) as refusal:
        read_parameters(path)
    assert str(refusal.value) == f"{path}{problem}"


def test_read_parameters__of_an_unknown_name__says_which_are_known(tmp_path: Path) -> None:
    path = written(tmp_path, changed(lambda given: given.update(leverage=20)))
    with pytest.raises(BadFile, match="unknown key 'leverage'; known here: tiers, trading_fee_ppm, "):
        read_parameters(path)
