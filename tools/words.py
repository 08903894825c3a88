"""Find words that this project does not use, by the list in words.yaml; each has another word for it.

Whole words and their plurals are looked for in the names of our Python sources and of what tests share (of
variables, functions, classes, files and folders), and in the text of README, docs and ``--help``.
"""

import re
import sys
import tokenize
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import click
import yaml
from ringfence.cli.group import ringfence

ROOT: Final = Path(__file__).resolve().parents[1]
LIST: Final = ROOT / "tools/words.yaml"
SOURCES: Final = ("harness", "operations", "model", "tools", "tests")
PAGES: Final = ("README.md", "docs/*.md", "examples/**/*.md", "tests/*.md")
WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")  # of snake_case and of CamelCase, too
COMMAND: Final = "ringfence"


@dataclass(frozen=True, slots=True)
class Banned:
    """What to say for each word: in ``names``, and in ``text``, where it may be several words."""

    names: dict[str, str]
    text: dict[str, str]


@dataclass(frozen=True, slots=True)
class Use:
    """A banned word, where it is, and what to say."""

    place: str
    word: str
    say: str


def read(path: Path) -> Banned:
    """Return a list: ``words`` are banned everywhere, ``names`` and ``phrases`` in one kind of place."""
    listed = yaml.safe_load(path.read_text())
    return Banned(listed["words"] | listed["names"], listed["words"] | listed["phrases"])


@cache
def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text or a name, in small letters."""
    return tuple(word.lower() for word in WORD.findall(text))


def banned_in(text: str, banned: Mapping[str, str]) -> Iterator[str]:
    """Yield the banned words of a text, or of a name, as often as they are in it."""
    words = words_of(text)
    for word in words:
        yield from {word, word.removesuffix("s"), word.removesuffix("es")} & banned.keys()
    for phrase in (entry for entry in banned if " " in entry):
        yield from [phrase] * f" {' '.join(words)} ".count(f" {phrase} ")


def names(root: Path) -> Iterator[tuple[str, str]]:
    """Yield every name with its place; of test modules only the files' own."""
    for folder in SOURCES:
        for path in sorted((root / folder).rglob("*.py")):
            place = str(path.relative_to(root))
            yield place, place
            if not path.name.startswith("test_"):
                with path.open("rb") as file:
                    for token in tokenize.tokenize(file.readline):
                        if token.type == tokenize.NAME:
                            yield f"{place}:{token.start[0]}", token.string


def pages(root: Path) -> Iterator[tuple[str, str]]:
    """Yield every paragraph of the pages with the place where it begins."""
    for path in (path for pattern in PAGES for path in sorted(root.glob(pattern))):
        place, line = path.relative_to(root), 1
        for paragraph in re.split(r"(\n\n+)", path.read_text()):
            yield f"{place}:{line}", paragraph
            line += paragraph.count("\n")


def helps(command: click.Command, name: str = COMMAND) -> Iterator[tuple[str, str]]:
    """Yield the ``--help`` of a command, and of those below it."""
    context = click.Context(command, info_name=name)
    yield f"{name} --help", command.get_help(context)
    if isinstance(command, click.Group):
        for below in command.list_commands(context):
            found = command.get_command(context, below)
            assert found is not None
            yield from helps(found, f"{name} {below}")


def uses(texts: Iterable[tuple[str, str]], banned: Mapping[str, str]) -> list[Use]:
    """Return every use of a banned word."""
    return [Use(place, word, banned[word]) for place, text in texts for word in banned_in(text, banned)]


def main() -> None:
    """Print the uses; fail if there is one."""
    banned = read(LIST)
    found = [
        *uses(names(ROOT), banned.names),
        *uses([*pages(ROOT), *helps(ringfence)], banned.text),
    ]
    for use in found:
        print(f"{use.place}: {use.word}: say {use.say}")
    if found:
        sys.exit("words: say it with the other words (tools/words.yaml)")


if __name__ == "__main__":
    main()
