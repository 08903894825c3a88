"""Banned words: whole words in names, pages and helps are found, and fail."""

from importlib import import_module
from pathlib import Path
from types import ModuleType

import click
import pytest

ROOT = Path(__file__).resolve().parents[2]
BANNED = {"stillborn": "invalid", "so many": "N"}
LIST = "words: {stillborn: invalid}\nnames: {}\nphrases: {}\n"


@pytest.fixture
def words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return the checker; it looks at a tree with a seeded word in a name, in a file's name and on a page."""
    monkeypatch.syspath_prepend(ROOT / "tools")
    checker = import_module("words")
    monkeypatch.setattr(checker, "ROOT", tmp_path)
    monkeypatch.setattr(checker, "LIST", tmp_path / "words.yaml")
    for name, text in {
        "harness/stillborn_mutants.py": "'''A stillborn docstring.'''\nfine = 1\n",
        "tests/mutants/shared.py": "\nclass IsStillborn: ...\n",
        "tests/mutants/test_mutants.py": "stillborn = 1\n",
        "docs/mutants.md": "# Mutants\n\nOne that is\nstillborn.\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return checker


@pytest.mark.parametrize(
    "text",
    ["stillborn", "is_stillborn", "StillbornMutant", "STILLBORN", "two stillborns", "`Fate.STILLBORN`"],
)
def test_banned_in__word_in_any_spelling__is_found(words: ModuleType, text: str) -> None:
    assert list(words.banned_in(text, BANNED)) == ["stillborn"]


@pytest.mark.parametrize("text", ["still born", "stillbornness", "somany", "also many"])
def test_banned_in__part_of_another_word__is_nothing(words: ModuleType, text: str) -> None:
    assert list(words.banned_in(text, BANNED)) == []


def test_banned_in__phrase_over_two_lines__is_found(words: ModuleType) -> None:
    assert list(words.banned_in("Do so\n    many steps.", BANNED)) == ["so many"]


def test_uses__in_a_tree__have_their_places(words: ModuleType, tmp_path: Path) -> None:
    """Names of what tests share count, those of tests and the words of docstrings do not."""
    found = words.uses([*words.names(tmp_path), *words.pages(tmp_path)], BANNED)
    assert [use.place for use in found] == [
        "harness/stillborn_mutants.py",
        "tests/mutants/shared.py:2",
        "docs/mutants.md:3",
    ]


def test_uses__in_the_help_of_a_subcommand__have_its_name(words: ModuleType) -> None:
    option = click.Option(["--sample"], help="Judge so many.")
    group = click.Group(commands={"mutants": click.Command("mutants", params=[option])})
    (use,) = words.uses(words.helps(group), BANNED)
    assert use == words.Use("ringfence mutants --help", "so many", "N")


def test_main__with_a_banned_word__fails_and_names_the_place(
    words: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "words.yaml").write_text(LIST)
    with pytest.raises(SystemExit, match="words"):
        words.main()
    assert "docs/mutants.md:3: stillborn: say invalid\n" in capsys.readouterr().out
