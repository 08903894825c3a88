"""The example vaults, each with all its seeded bugs."""

import runpy
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from eth_abi import encode
from ringfence.engine.loading import load
from ringfence.engine.target import Target
from ringfence.vaults.isolated_margin.seeded_bugs.compiler import ROOT

from bench.side_by_side.subject import FORGE, OURS, WAKE, Case, Subject

EXAMPLES: Final = ROOT / "examples"
CODES: Final = "(string,bytes)[]"  # contracts by name
DEPTH: Final = 500  # forge's own
TOOLS: Final = (OURS, FORGE, WAKE)


def examples() -> list[Subject]:
    """Return every example with seeded bugs."""
    return [_subject(file.parent) for file in sorted(EXAMPLES.glob("*/seeded_bugs.py"))]


def _subject(folder: Path) -> Subject:
    sound = _case(folder, "sound", "", f"{folder / 'adapter.py'}")
    return Subject(folder.name, folder.name.replace("-", "_"), DEPTH, sound, tuple(_cases(folder)))


def _cases(folder: Path) -> Iterator[Case]:
    file = folder / "seeded_bugs.py"
    for name, bug in runpy.run_path(str(file))["BUGS"].items():
        yield _case(folder, name, bug.property_id, f"{file}:{name}")


def _case(folder: Path, name: str, property_id: str, adapter: str) -> Case:
    def contracts() -> dict[str, Any]:
        return {name: each for name, each in load(adapter).project.items() if each.bytecode}

    def given(is_bare: bool) -> bytes:
        return codes(contracts())

    return Case(folder.name, name, property_id, lambda: Target.named(adapter), given, contracts, TOOLS)


def codes(contracts: Mapping[str, Any]) -> bytes:
    """Return the creation codes of contracts, with their names, as handlers decode them."""
    return encode([CODES], [[(name, each.bytecode) for name, each in contracts.items()]])
