"""Vyper projects: several files that import each other, a compiler of any version, and what errors say."""

import json
import shutil
import sys
from pathlib import Path

import pytest
from ringfence.evm.projects import ProjectError, vyper

FEED = "@view\n@external\ndef price() -> uint256: ...\n"
LOCK = """from interfaces import IFeed
price: public(uint256)
@internal
def _lock(feed: IFeed):
    self.price = staticcall feed.price()
"""
BOOK = "import lock\nuses: lock\n@internal\ndef _twice() -> uint256:\n    return 2 * lock.price\n"
MARKET = """from interfaces import IFeed
import lock
import book
initializes: lock
initializes: book[lock := lock]
exports: lock.price
@external
def twice(feed: IFeed) -> uint256:
    lock._lock(feed)
    return book._twice()
"""
FILES = {"interfaces/IFeed.vyi": FEED, "lock.vy": LOCK, "book.vy": BOOK, "Market.vy": MARKET}


def write(folder: Path, files: dict[str, str]) -> None:
    """Write sources, in folders that need not exist."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def fake_compiler(program: Path, version: str) -> None:
    """Write a compiler that makes a contract of one byte of anything."""
    contract = {"abi": [], "evm": {"bytecode": {"object": "0x60"}}}
    answer = json.dumps({"contracts": {"Market.vy": {"Market": contract}}})
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(
        f"#!/bin/sh\ncase $1 in --version) echo {version}+commit;; *) echo '{answer}';; esac\n"
    )
    program.chmod(0o755)


def test_vyper__files_that_import_each_other__are_contracts_but_for_parts_and_interfaces(
    tmp_path: Path,
) -> None:
    write(tmp_path, FILES)
    project = vyper(tmp_path)
    assert sorted(project) == ["Market", "lock"]
    assert {entry["name"] for entry in project["Market"].abi} == {"price", "twice"}


def test_vyper__mistake__is_one_sentence_with_file_and_line(tmp_path: Path) -> None:
    write(tmp_path, FILES | {"lock.vy": LOCK.replace("self.price", "self.prise")})
    with pytest.raises(ProjectError) as refused:
        vyper(tmp_path)["Market"]
    assert str(refused.value) == f"{tmp_path}/lock.vy:5: Storage variable 'prise' has not been declared."


def test_vyper__no_compiler__says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, FILES)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setattr(shutil, "which", lambda program: None)
    with pytest.raises(ProjectError, match=r"pip install 'ringfence\[vyper\]', or name the version"):
        vyper(tmp_path)["Market"]


def test_vyper__program_named__wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, FILES)
    fake_compiler(tmp_path / "mine", "0.4.1")
    monkeypatch.setenv("VYPER", str(tmp_path / "mine"))
    assert vyper(tmp_path, version="0.4.0")["Market"].bytecode == b"\x60"
    monkeypatch.setenv("VYPER", str(tmp_path / "none"))
    with pytest.raises(ProjectError, match=r"none: No such file or directory\."):
        vyper(tmp_path)["Market"]


def test_vyper__version_in_the_cache__is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, FILES)
    fake_compiler(tmp_path / "vyper-0.3.10/bin/vyper", "0.3.10")
    (tmp_path / "vyper-0.3.10/installed").touch()
    monkeypatch.setenv("RINGFENCE_CACHE", str(tmp_path))
    assert vyper(tmp_path, version="0.3.10")["Market"].bytecode == b"\x60"
    assert len(vyper(tmp_path)["Market"].bytecode) > 1, "what another version made is not taken"


@pytest.mark.parametrize("pragma", ["# @version 0.3.10", "# pragma version ==0.3.10"])
def test_vyper__version_that_a_source_asks_for__is_used(
    pragma: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"Market.vy": f"{pragma}\n", "Other.vy": "# pragma version ^0.3.0\n"})
    fake_compiler(tmp_path / "vyper-0.3.10/bin/vyper", "0.3.10")
    (tmp_path / "vyper-0.3.10/installed").touch()
    monkeypatch.setenv("RINGFENCE_CACHE", str(tmp_path))
    assert vyper(tmp_path)["Market"].bytecode == b"\x60"


@pytest.mark.slow
def test_vyper__version_that_cannot_be_had__is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, FILES)
    monkeypatch.setenv("RINGFENCE_CACHE", str(tmp_path))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(ProjectError, match=r"vyper==0\.3\.10 failed: ERROR: No matching distribution"):
        vyper(tmp_path, version="0.3.10")["Market"]
