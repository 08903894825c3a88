"""The tables of docs/bring-your-own-vault.md are what the properties need and read."""

import subprocess
import sys
from pathlib import Path

import pytest
from ringfence.properties import BY_ID, Ability
from ringfence.types.totals import Total

from tools.guide_tables import TABLES, names_read, needing

ROOT = Path(__file__).resolve().parents[2]


def test_guide__tables__are_what_properties_need_and_read() -> None:
    script = [sys.executable, str(ROOT / "tools/guide_tables.py"), "--check"]
    checked = subprocess.run(script, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("name", TABLES)
def test_guide__table__is_in_it(name: str) -> None:
    assert f"<!-- table: {name} -->" in (ROOT / "docs/bring-your-own-vault.md").read_text()


def test_names_read__of_a_property__are_of_its_helpers_too() -> None:
    """A sum of some totals, a method of a branch, and a function of another module count."""
    assert {"insurance", "liquidity", "pending", "vault_tokens", "margin"} <= names_read(BY_ID["CUS-1"])
    assert {"size", "owner"} <= names_read(BY_ID["VAL-3"])
    assert "bad_debt" in names_read(BY_ID["CAR-1"])
    assert "shares" not in names_read(BY_ID["LIQ-7"])


@pytest.mark.parametrize("total", Total)
def test_total__is_read_by_a_property(total: Total) -> None:
    assert any(total in names_read(each) for each in BY_ID.values())


@pytest.mark.parametrize("ability", Ability)
def test_ability__is_needed_by_a_property(ability: Ability) -> None:
    assert needing(ability)
