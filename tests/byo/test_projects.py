"""Contracts of other projects: read where Foundry and Ape leave them, compiled where nothing else does."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from ringfence.evm.projects import Project, ProjectError, ape, foundry, solidity, vyper

CODE = "0x6001"
Reading = Callable[[Path], Project]
FIX = "pragma solidity ^0.8.20; contract Fix { uint256 public number = 7; }"


def written(file: Path, content: object) -> None:
    """Write JSON, in folders that need not exist."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content))


def of_foundry(root: Path) -> Project:
    """Return a project as forge leaves it."""
    written(root / "out/Vault.sol/Vault.json", {"abi": [], "bytecode": {"object": CODE}})
    written(root / "out/IVault.sol/IVault.json", {"abi": [], "bytecode": {"object": "0x"}})
    return foundry(root)


def of_ape(root: Path) -> Project:
    """Return a project as Ape leaves it."""
    types = {"Vault": {"abi": [], "deploymentBytecode": {"bytecode": CODE}}, "IVault": {"abi": []}}
    written(root / ".build/__local__.json", {"contractTypes": types})
    return ape(root)


@pytest.mark.parametrize("project", [of_foundry, of_ape])
def test_project__compiled_elsewhere__has_what_can_be_deployed(project: Reading, tmp_path: Path) -> None:
    """Interfaces have no code and are left out."""
    found = project(tmp_path)
    assert {name: contract.bytecode for name, contract in found.items()} == {"Vault": bytes.fromhex("6001")}


@pytest.mark.parametrize(
    ("project", "sentence"),
    [(foundry, "run `forge build`"), (ape, "run `ape compile`"), (solidity, "no source")],
)
def test_project__nothing_there__says_what_to_do(project: Reading, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=sentence):
        project(tmp_path)["Vault"]


def test_project__unknown_name__lists_the_known(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="there is no contract Vualt, only Vault"):
        of_foundry(tmp_path)["Vualt"]


def test_project__unlinked__is_refused(tmp_path: Path) -> None:
    written(tmp_path / "out/Vault.sol/Vault.json", {"abi": [], "bytecode": {"object": "0x60__$1$__"}})
    with pytest.raises(ProjectError, match="Vault is not linked"):
        foundry(tmp_path)["Vault"]


def test_solidity__source__is_compiled_and_kept(tmp_path: Path) -> None:
    (tmp_path / "Fix.sol").write_text(FIX)
    first = solidity(tmp_path)["Fix"]
    assert len(list((tmp_path / ".build/ringfence").iterdir())) == 1
    assert solidity(tmp_path)["Fix"] == first


def test_solidity__error__is_the_compilers(tmp_path: Path) -> None:
    (tmp_path / "Bad.sol").write_text(FIX.replace("7", "seven"))
    with pytest.raises(ProjectError, match=r"DeclarationError(.|\n)*seven"):
        solidity(tmp_path)["Fix"]


def test_solidity__no_compiler__says_how_to_get_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Fix.sol").write_text(FIX)
    for name in ("SOLC", "SOLCX_BINARY_PATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(ProjectError, match="set SOLC to one"):
        solidity(tmp_path)["Fix"]


def test_vyper__without_vyper__says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "vyper", None)
    (tmp_path / "Fix.vy").write_text("number: public(uint256)\n")
    with pytest.raises(ProjectError, match=r"pip install 'ringfence\[vyper\]'"):
        vyper(tmp_path)["Fix"]


def test_vyper__source__is_compiled(tmp_path: Path) -> None:
    pytest.importorskip("vyper")
    (tmp_path / "Fix.vy").write_text("number: public(uint256)\n")
    assert [entry["name"] for entry in vyper(tmp_path)["Fix"].abi] == ["number"]
