"""README, ``--help`` and the package say what Ringfence is in the words that people search for."""

import tomllib
from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner
from ringfence.cli.group import ringfence

ROOT = Path(__file__).resolve().parents[2]
WORDS: Final = ("stateful fuzzing", "invariant", "differential", "counterexample", "shr", "hypothesis", "ape")


def description() -> str:
    """Return what a package index shows."""
    text = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["description"]
    return text


@pytest.mark.parametrize(
    "text",
    [
        pytest.param((ROOT / "README.md").read_text().partition("\n## ")[0], id="README"),
        pytest.param(CliRunner().invoke(ringfence, ["--help"]).output, id="help"),
        pytest.param(description(), id="package"),
    ],
)
def test_introduction__in_each_place__has_the_field_s_words(text: str) -> None:
    """``shr`` is of shrink and of shrunk."""
    plain = " ".join(text.lower().split())
    assert [word for word in WORDS if word not in plain] == []
