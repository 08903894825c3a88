"""Solidity compilers that no installed place has: npm's, installed once. The registry is none here."""

import json
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from ringfence.evm.chains.revm import RevmChain
from ringfence.evm.projects import ProjectError, npm_compilers, solidity
from ringfence.evm.projects.compilers import solc
from ringfence.evm.projects.foundry_toml import stated_solc
from ringfence.evm.workspace import Workspace

ROOT = Path(__file__).parents[2]
OLD = "0.8.20"
PACKAGE = """const real = require("{solc}");
exports.semver = exports.version = () => "{version}";
exports.compile = (input, callbacks) => real.compile(input.replaceAll("{version}", "^{version}"), callbacks);
"""  # what passes for an older version
SOURCES = {
    "Old.sol": f"pragma solidity {OLD}; contract Old {{ uint256 public number = 5; }}",
    "New.sol": "pragma solidity ^0.8.30; contract New { uint256 public number = 6; }",
}


class Registry:
    """Stands for npm's: the versions that it has, and those that were installed from it."""

    def __init__(self, *versions: str) -> None:
        """Take what it offers."""
        self.versions, self.installed = versions, list[str]()

    def published(self) -> tuple[str, ...]:
        """Return the versions."""
        return self.versions

    def install(self, version: str, folder: Path) -> None:
        """Put into a folder what passes for a version."""
        self.installed.append(version)
        package = folder / "node_modules" / "solc"
        package.mkdir(parents=True)
        text = PACKAGE.format(solc=ROOT / "node_modules" / "solc", version=version)
        (package / "index.js").write_text(text)


def project(folder: Path, files: Mapping[str, str]) -> Path:
    """Write a project's files."""
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty cache of compilers, which is the only one beside the project's own."""
    monkeypatch.delenv("SOLC", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("RINGFENCE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Registry:
    """Return a registry in place of npm's."""
    found = Registry("0.4.26", "0.8.19", OLD, "0.8.21", "0.8.22-nightly")
    monkeypatch.setattr(npm_compilers, "published", found.published)
    monkeypatch.setattr(npm_compilers, "install", found.install)
    return found


def test_solidity__of_a_version_that_is_not_here__is_compiled_by_npms(
    registry: Registry, tmp_path: Path, cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is installed once, which is said once; other sources have the compiler that is here."""
    folder = project(tmp_path / "project", SOURCES)
    workspace, contracts = Workspace(RevmChain()), solidity(folder)
    for name, number in (("Old", 5), ("New", 6)):
        workspace.deploy(name, contracts[name])
        assert workspace.read(name, "number") == number
    assert capsys.readouterr().err == f"solc {OLD} is installed from npm, once: {cache}/solc-{OLD}.\n"
    shutil.rmtree(folder / ".build")
    assert sorted(solidity(folder)) == ["New", "Old"]
    assert registry.installed == [OLD]
    assert capsys.readouterr().err == ""


def test_npm_solc__range__is_the_newest_in_it_that_describes_storage(registry: Registry) -> None:
    found = npm_compilers.npm_solc(["^0.8.0", "<0.8.21"])
    assert found is not None
    assert found.name == f"solc-v{OLD}"
    assert npm_compilers.npm_solc(["^0.4.0"]) is None


def test_npm_solc__node_that_has_moved__is_found_again(registry: Registry, cache: Path) -> None:
    launcher = npm_compilers.npm_solc([OLD])
    assert launcher is not None
    launcher.write_text("#!/nowhere/node\n")
    assert list(npm_compilers.cached_solcs()) == [launcher]
    assert launcher.read_text().startswith("#!/bin/sh\n")


@pytest.mark.parametrize("key", ["solc", "solc_version"])
def test_solc__version_in_foundry_toml__is_used(key: str, registry: Registry, tmp_path: Path) -> None:
    """It is no choice: one that some source does not allow is refused."""
    (tmp_path / "foundry.toml").write_text(f'[profile.default]\n{key} = "{OLD}"\n')
    assert solc(tmp_path, {"A.sol": "pragma solidity ^0.8.0;"}).name == f"solc-v{OLD}"
    apart = rf"no one solc can compile these: foundry\.toml asks for {OLD}, A\.sol asks for \^0\.8\.21\."
    with pytest.raises(ProjectError, match=apart):
        solc(tmp_path, {"A.sol": "pragma solidity ^0.8.21;"})


def test_solc__program_in_foundry_toml__is_used(tmp_path: Path) -> None:
    (tmp_path / "foundry.toml").write_text('[profile.default]\nsolc = "./bin/solc"\n')
    assert solc(tmp_path, {"A.sol": "pragma solidity 0.1.0;"}) == tmp_path / "bin" / "solc"
    assert stated_solc(tmp_path) == str(tmp_path / "bin" / "solc")


def test_solidity__other_version_in_foundry_toml__is_compiled_anew(
    registry: Registry, tmp_path: Path
) -> None:
    folder = project(tmp_path / "project", {"src.sol": "pragma solidity ^0.8.0; contract Fix {}"})
    assert solidity(folder)["Fix"]
    (folder / "foundry.toml").write_text(f'[profile.default]\nsrc = "."\nsolc = "{OLD}"\n')
    assert solidity(folder)["Fix"]
    assert registry.installed == [OLD]


def test_solc__without_npm__says_how_to_have_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setattr(shutil, "which", lambda program: None)
    sentence = (
        r"A\.sol asks for 0\.8\.20, and no solc at hand .* is that: install it, have npm's used by pip"
        r" install 'ringfence\[solc\]', or set SOLC to one to use\.$"
    )
    with pytest.raises(ProjectError, match=sentence):
        solc(tmp_path, {"A.sol": "pragma solidity 0.8.20;"})


def test_solc__npm_that_fails__is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its answer is JSON, and what it says besides is not shown."""
    answer = json.dumps({"error": {"summary": "FetchError: no registry\nfurther lines"}})
    (tmp_path / "answer").write_text(answer)
    (tmp_path / "npm").write_text(f"#!/bin/sh\ncat {tmp_path / 'answer'}; echo more >&2; exit 1\n")
    for program in ("node", "npm"):
        (tmp_path / program).touch()
        (tmp_path / program).chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    npm_compilers.published.cache_clear()
    with pytest.raises(
        ProjectError, match=r"SOLC to one to use; npm view failed: FetchError: no registry\.$"
    ):
        solc(tmp_path, {"A.sol": "pragma solidity 0.8.20;"})
