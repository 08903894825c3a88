"""tests/README.md says of every folder what it proves."""

import re
from importlib import import_module
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]


def test_folders__with_tests_in_them__are_those_in_the_table_with_their_claims() -> None:
    """None is left out, none is gone, and each folder's docstring is its claim."""
    rows = re.findall(r"^\| (`.*?) \| (.*) \| .*\|$", (TESTS / "README.md").read_text(), re.MULTILINE)
    claims = {name: claim for names, claim in rows for name in re.findall(r"`(\w+)`", names)}
    folders = {path.parent.name for path in TESTS.glob("*/test_*.py")}
    documented = {name: import_module(f"tests.{name}").__doc__ or "" for name in folders}
    assert documented == {name: f"{claim[0].upper()}{claim[1:]}." for name, claim in claims.items()}
