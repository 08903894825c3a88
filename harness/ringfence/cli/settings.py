"""Options from ``ringfence.toml``, or ``[tool.ringfence]`` of ``pyproject.toml``, in the working directory.

A key is an option of the commands that search, ``seconds = 60``, and holds for each of them that has it; a
table by a command's name, ``[coverage]``, is for that command alone. The command line wins.
"""

import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

import click

from ringfence.cli.messages import CannotTell

SEARCHES: Final = ("campaign", "check", "coverage", "damage", "mutants", "properties")
FILES: Final = (Path("ringfence.toml"), Path("pyproject.toml"))
ANOTHER_MEANING: Final = {("coverage", "corpus")}  # runs the corpus in place of a search


def defaults(group: click.Group, ctx: click.Context) -> dict[str, Any]:
    """Return what click's ``default_map`` takes: the values of options by command; raises CannotTell."""
    file, stated = _stated()
    if not stated:
        return {}
    options = {name: _options(group, ctx, name) for name in SEARCHES}
    shared = {key: value for key, value in stated.items() if key not in options}
    _check(file, shared, {*options}.union(*options.values()))
    found: dict[str, Any] = {}
    for command, known in options.items():
        own = stated.get(command, {})
        if not isinstance(own, dict):
            raise CannotTell(f"{file}: {command} is a command: write its options into a table of that name.")
        _check(file, own, known, f"{command}.")
        passed = {key: value for key, value in shared.items() if (command, key) not in ANOTHER_MEANING}
        found[command] = {_python(key): value for key, value in (passed | own).items() if key in known}
    return found


def _stated() -> tuple[Path, Mapping[str, Any]]:
    """Return the file that states options, and them; ``ringfence.toml`` goes before ``pyproject.toml``."""
    for file in FILES:
        if not file.is_file():
            continue
        try:
            content = tomllib.loads(file.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as failure:
            raise CannotTell(f"{file}: no TOML: {failure}.") from None
        if file is FILES[0]:
            return file, content
        return file, content.get("tool", {}).get("ringfence", {})
    return FILES[0], {}


def _options(group: click.Group, ctx: click.Context, name: str) -> set[str]:
    """Return the options of a command, as files spell them: ``max-move``."""
    command = group.get_command(ctx, name)
    assert command is not None
    longest = [max(each.opts, key=len) for each in command.params if isinstance(each, click.Option)]
    return {option.removeprefix("--") for option in longest}


def _check(file: Path, stated: Mapping[str, Any], known: set[str], where: str = "") -> None:
    for key in stated:
        if key not in known:
            near = get_close_matches(key, sorted(known), 1)
            advice = f"did you mean {near[0]}?" if near else f"it can have {', '.join(sorted(known))}."
            raise CannotTell(f"{file}: there is no option {where}{key}: {advice}")


def _python(option: str) -> str:
    return option.replace("-", "_")
