"""Contracts of other projects: read where Foundry and Ape leave them, compiled where nothing else does."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from ringfence.evm.chains.revm import RevmChain
from ringfence.evm.projects import Project, ProjectError, ape, foundry, hardhat, solidity
from ringfence.evm.projects.compilers import solc
from ringfence.evm.projects.foundry_toml import compiler_settings
from ringfence.evm.projects.pragma import Version, pragmas_of, satisfies
from ringfence.evm.projects.solidity import described, known_to
from ringfence.evm.workspace import Workspace
from ringfence.vaults.draft.trees import Trees

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


def test_project__unknown_name__says_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=r"there is no contract Vualt, did you mean Vault\?"):
        of_foundry(tmp_path)["Vualt"]


def test_project__unlinked__is_refused_when_it_is_asked_for(tmp_path: Path) -> None:
    """A test's artifact that is not linked is no reason to refuse the others."""
    missing = {"abi": [], "bytecode": {"object": f"0x60__${'1' * 34}$__"}}
    written(tmp_path / "out/Broken.sol/Broken.json", missing)
    project = of_foundry(tmp_path)
    assert project["Vault"]
    with pytest.raises(ProjectError, match="Broken is not linked with its libraries, and one of them is not"):
        project["Broken"]


def of_hardhat(root: Path, *sources: str) -> Project:
    """Return a project as Hardhat leaves it, with a vault in each of some sources."""
    for number, source in enumerate(sources):
        content = {"contractName": "Vault", "sourceName": source, "abi": [], "bytecode": f"0x600{number}"}
        written(root / "artifacts" / source / "Vault.json", content)
        written(root / "artifacts" / source / "Vault.dbg.json", {"buildInfo": "../build-info/1.json"})
    written(root / "artifacts/build-info/1.json", {"id": 1})
    return hardhat(root)


def test_project__two_contracts_of_one_name__are_told_apart_by_their_files(tmp_path: Path) -> None:
    project = of_hardhat(tmp_path, "contracts/a/Vault.sol", "contracts/b/Vault.sol")
    assert sorted(project) == ["contracts/a/Vault.sol:Vault", "contracts/b/Vault.sol:Vault"]
    assert project["b/Vault.sol:Vault"].bytecode == bytes.fromhex("6001")
    with pytest.raises(ProjectError, match=r"2 contracts Vault: say which, contracts/a/Vault\.sol:Vault and"):
        project["Vault"]


def test_foundry__folder_of_an_older_version__is_not_taken_for_the_vault(tmp_path: Path) -> None:
    of_foundry(tmp_path)
    target = {"settings": {"compilationTarget": {"src/v2/Vault.sol": "Vault"}}}
    written(
        tmp_path / "out/v2/Vault.sol/Vault.json",
        {"abi": [], "bytecode": {"object": "0x6002"}, "metadata": target},
    )
    with pytest.raises(ProjectError, match=r"say which, Vault\.sol:Vault and src/v2/Vault\.sol:Vault"):
        foundry(tmp_path)["Vault"]
    assert foundry(tmp_path)["src/v2/Vault.sol:Vault"].bytecode == bytes.fromhex("6002")


LIBRARY = """pragma solidity ^0.8.20;
library Maths { function twice(uint256 x) external pure returns (uint256) { return 2 * x; } }
library More { function four(uint256 x) external pure returns (uint256) { return 2 * Maths.twice(x); } }
contract User { function four(uint256 x) external pure returns (uint256) { return More.four(x) / 1; } }
"""


def test_workspace__contract_with_libraries__deploys_them_or_takes_them_as_given(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src/User.sol").write_text(LIBRARY)
    project = solidity(tmp_path)
    workspace = Workspace(RevmChain())
    workspace.deploy("user", project["User"])
    assert workspace.read("user", "four", 5) == 20
    more = workspace.place(project["More"])
    workspace.deploy("other", project["User"].linked(More=more))
    assert workspace.read("other", "four", 6) == 24


@pytest.mark.parametrize(
    ("version", "pragma", "fits"),
    [
        ((0, 8, 30), "^0.8.20", True),
        ((0, 9, 0), "^0.8.20", False),
        ((0, 8, 19), "^0.8.20", False),
        ((1, 4, 0), "^1.2.3", True),
        ((0, 8, 30), ">=0.7.0 <0.9.0", True),
        ((0, 8, 30), "0.8.26", False),
        ((0, 8, 26), "=0.8.26", True),
        ((0, 8, 30), "~0.8.4", True),
        ((0, 7, 6), "^0.8.0 || ^0.7.0", True),
        ((0, 8, 30), "0.8", True),
        ((0, 8, 30), ">0.8.30", False),
        ((0, 8, 30), "<= 0.8.30", True),
    ],
)
def test_pragma__range__is_read_as_npm_does(version: Version, pragma: str, fits: bool) -> None:
    source = f"// SPDX\npragma solidity {pragma};\npragma abicoder v2;\ncontract A {{}}"
    assert satisfies(version, pragmas_of(source)) == fits


def compiler(folder: Path, version: str) -> None:
    """Put a program called as that version of the compiler into a folder."""
    (folder / f"solc-v{version}").write_text("#!/bin/sh\n")
    (folder / f"solc-v{version}").chmod(0o755)


def test_solc__several_at_hand__is_the_newest_that_the_sources_allow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOLC", raising=False)
    monkeypatch.setenv("SOLCX_BINARY_PATH", str(tmp_path))
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for version in ("0.8.9", "0.8.20", "0.8.26"):
        compiler(tmp_path, version)
    assert solc(tmp_path, {"A.sol": "pragma solidity ^0.8.0;"}).name == "solc-v0.8.26"
    old = {"A.sol": "pragma solidity ^0.8.0;", "B.sol": "pragma solidity 0.8.20;"}
    assert solc(tmp_path, old).name == "solc-v0.8.20"
    asked = (
        r": B\.sol asks for \^0\.7\.6, and no solc at hand \(0\.8\.26, 0\.8\.20, 0\.8\.9\) is that: "
        r"install it, have npm's used by pip install 'ringfence\[solc\]', or set SOLC to one to use"
    )
    with pytest.raises(ProjectError, match=asked):
        solc(tmp_path, {"A.sol": "", "B.sol": "pragma solidity ^0.7.6;"})
    apart = r"no one solc can compile these: A\.sol asks for 0\.8\.9, B\.sol asks for 0\.8\.20\."
    with pytest.raises(ProjectError, match=apart):
        solc(tmp_path, {"A.sol": "pragma solidity 0.8.9;", "B.sol": "pragma solidity 0.8.20;"})


OLDER = """#!/bin/sh
echo {version} >> {log}
sed 's/0[.]8[.]20/^0.8.20/g' | "{solc}" "$@"
"""
SEVERAL = {
    "foundry.toml": '[profile.default]\nremappings = ["shared/=lib/shared/"]\n',
    "lib/shared/Base.sol": "pragma solidity ^0.8.0; contract Base { uint256 public base = 5; }",
    "src/Old.sol": 'pragma solidity 0.8.20; import "shared/Base.sol"; contract Vault is Base {}',
    "src/Older.sol": 'pragma solidity ^0.8.0; import {Vault} from "./Old.sol"; contract Older is Vault {}',
    "src/New.sol": "pragma solidity ^0.8.26; import {\n  Base\n} from 'shared/Base.sol'; "
    "contract Vault {} contract Newer is Base {}",
}


@pytest.fixture
def several(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a project for two versions: at hand are the one that is, and what passes for an older one."""
    current = solc(tmp_path, {})
    compiler(tmp_path, "0.8.20")
    script = OLDER.format(version="0.8.20", log=tmp_path / "log", solc=current)
    (tmp_path / "solc-v0.8.20").write_text(script)
    (tmp_path / current.name).symlink_to(current)
    monkeypatch.delenv("SOLC", raising=False)
    monkeypatch.setenv("SOLCX_BINARY_PATH", str(tmp_path))
    return project_files(tmp_path / "project", SEVERAL)


def test_solidity__of_several_pragmas__has_each_source_compiled_by_its_own_compiler(several: Path) -> None:
    """What imports a source of an older version is compiled by the older one with it."""
    project = solidity(several)
    assert sorted(project) == ["Base", "Newer", "Older", "src/New.sol:Vault", "src/Old.sol:Vault"]
    assert (several.parent / "log").read_text().split() == ["0.8.20"]
    workspace = Workspace(RevmChain())
    for name, contract in enumerate(("Older", "Base", "src/Old.sol:Vault")):
        workspace.deploy(f"{name}", project[contract])
        assert workspace.read(f"{name}", "base") == 5
    with pytest.raises(ProjectError, match=r"there are 2 contracts Vault: say which, src/New\.sol:Vault and"):
        project["Vault"]


def test_solidity__of_several_pragmas__is_kept_whole(several: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert solidity(several)["Older"]
    (several.parent / "solc-v0.8.20").unlink()
    assert solidity(several)["Older"]
    (several / "lib/shared/Base.sol").write_text("contract Base { uint256 public base = 6; }")
    with pytest.raises(ProjectError, match=r"src/Old\.sol asks for 0\.8\.20"):
        solidity(several)["Older"]


def test_described__of_several_pragmas__has_trees_of_all(several: Path) -> None:
    """Ids of one compiler's trees are not taken for those of another's."""
    outputs = described(several, sources="src", remappings=("shared/=lib/shared/",))
    trees = Trees(*([each["ast"] for each in output["sources"].values()] for output in outputs))
    for contract, bases in (("src/Old.sol:Vault", 2), ("Older", 3), ("Newer", 2)):
        assert [each["name"] for each in trees.bases(contract)][-1] == "Base"
        assert len(trees.bases(contract)) == bases
        assert [each["name"] for each in trees.variables(contract)] == ["base"]


def test_solidity__pragma_that_nothing_meets__is_named_with_its_file(several: Path) -> None:
    (several / "lib/shared/Base.sol").write_text("pragma solidity ^0.7.0; contract Base {}")
    sentence = r"lib/shared/Base\.sol asks for \^0\.7\.0, and no solc at hand \(.*\) is that: install it, "
    with pytest.raises(ProjectError, match=sentence):
        solidity(several)["Older"]


@pytest.mark.parametrize(
    ("version", "evm"), [((0, 7, 6), "istanbul"), ((0, 8, 19), "paris"), ((0, 8, 30), "cancun")]
)
def test_settings__for_an_older_compiler__are_those_that_it_knows(version: Version, evm: str) -> None:
    settings = known_to(version, {"evmVersion": "cancun", "viaIR": False})
    assert settings == {"evmVersion": evm}
    assert known_to(version, {"evmVersion": "istanbul", "viaIR": True})["viaIR"]


@pytest.mark.parametrize("broken", ["link", "bytes"])
def test_solidity__source_that_is_no_text__is_one_sentence(broken: str, tmp_path: Path) -> None:
    if broken == "link":
        (tmp_path / "A.sol").symlink_to(tmp_path / "nowhere.sol")
    else:
        (tmp_path / "A.sol").write_bytes(b"// \xff")
    with pytest.raises(ProjectError, match=r"A\.sol: (No such file|no UTF-8 text)"):
        solidity(tmp_path)["A"]


def test_solidity__source__is_compiled_and_kept(tmp_path: Path) -> None:
    (tmp_path / "Fix.sol").write_text(FIX)
    first = solidity(tmp_path)["Fix"]
    assert len(list((tmp_path / ".build/ringfence").iterdir())) == 1
    assert solidity(tmp_path)["Fix"] == first


PROFILE = """[profile.default]
src = "code"
remappings = ["fees/=lib/fees-2/"]
optimizer = true
optimizer_runs = 1_000_000
evm_version = "paris"
"""
IMPORTS = 'import {Fee} from "fees/Fee.sol"; import {Cap} from "caps/Cap.sol";'
VAULT = f"pragma solidity ^0.8.20; {IMPORTS} contract Vault {{}}"


def foundry_project(folder: Path, profile: str) -> Path:
    """Write a project whose vault imports by both kinds of remappings; a test of it does not compile."""
    return project_files(
        folder,
        {
            "foundry.toml": profile,
            "remappings.txt": "caps/=lib/caps-1/src/\n",
            "code/Vault.sol": VAULT,
            "lib/fees-2/Fee.sol": "pragma solidity ^0.8.20; contract Fee {}",
            "lib/caps-1/src/Cap.sol": "pragma solidity ^0.8.20; contract Cap {}",
            "test/Vault.t.sol": 'import "forge-std/Test.sol";',
        },
    )


def project_files(folder: Path, texts: Mapping[str, str]) -> Path:
    """Write the files of a project."""
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return folder


def test_solidity__of_a_foundry_project__is_compiled_as_it_says(tmp_path: Path) -> None:
    root = foundry_project(tmp_path, PROFILE)
    assert solidity(root)["Vault"].bytecode
    settings = compiler_settings(root)
    assert settings["optimizer"] == {"enabled": True, "runs": 1_000_000}
    assert (settings["evmVersion"], settings["viaIR"]) == ("paris", False)
    with pytest.raises(ProjectError, match=r"fees/Fee\.sol"):
        solidity(root, remappings=("caps/=lib/caps-1/src/",))["Vault"]


@pytest.mark.parametrize("stated", ["prague", "osaka", "frontier"])
def test_solidity__of_an_evm_that_is_not_here__is_for_the_one_that_is(stated: str, tmp_path: Path) -> None:
    root = foundry_project(tmp_path, PROFILE.replace("paris", stated))
    assert compiler_settings(root)["evmVersion"] == "cancun"


def test_solidity__of_a_broken_foundry_toml__is_one_sentence(tmp_path: Path) -> None:
    root = foundry_project(tmp_path, "[profile")
    with pytest.raises(ProjectError, match=r"foundry\.toml: no TOML: .*\.$"):
        solidity(root)["Vault"]


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
