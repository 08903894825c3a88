"""Vaults that start from a Foundry test's ``setUp()`` or a deploy script, which the native forge runs."""

import os
from pathlib import Path
from typing import Any

import pytest
import ringfence as rf
from ringfence.engine.budget import Budget
from ringfence.engine.objective import Violations
from ringfence.engine.search import Search
from ringfence.engine.target import Target
from ringfence.evm.chains.revm import RevmChain
from ringfence.evm.projects.foundry_setup import FoundrySetup
from ringfence.evm.projects.project import ProjectError
from ringfence.evm.workspace import Workspace, WorkspaceError

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "notional-vault"
VAULT: Any = rf.load(f"{EXAMPLE / 'adapter.py'}:NotionalVault")
HEAD = """// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {Router, Custody, PositionBook} from "../src/Router.sol";
import {Collateral} from "../src/Collateral.sol";
import {PushedPrice} from "src/PushedPrice.sol";

interface Vm {
    function prank(address sender) external;
    function startPrank(address sender) external;
    function stopPrank() external;
    function warp(uint256 timestamp) external;
    function roll(uint256 number) external;
    function startBroadcast() external;
    function stopBroadcast() external;
}

abstract contract Base {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
}
"""
TEST = (
    HEAD
    + """
contract VaultTest is Base {
    Router internal router;
    Collateral public token;
    PushedPrice private feed;
    address internal admin = address(0xA11CE);

    function setUp() public virtual {
        vm.warp(1_800_000_000);
        vm.roll(77);
        vm.startPrank(admin);
        (token, feed) = (new Collateral(), new PushedPrice());
        router = new Router(token, feed);
        vm.stopPrank();
        new Deploy().run();
    }

    function custody() external view returns (Custody) {
        return router.custody();
    }

    function invariant_fewLongs() external view {
        require(router.book().openInterest(true) < 5_000e6, "too many");
    }
}

contract Deploy is Base {
    Router public router;
    Collateral internal token;

    function run() external {
        vm.startBroadcast();
        token = new Collateral();
        router = new Router(token, new PushedPrice());
        vm.stopBroadcast();
    }
}
"""
)
FAILS = """// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

contract Fails {
    function setUp() external pure {
        revert("no luck");
    }
}
"""


@pytest.fixture(scope="module", autouse=True)
def forge() -> Any:
    """Put the tools' forge on the path."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{ROOT / '.tools/bin'}{os.pathsep}{os.environ['PATH']}")
        patch.setenv("SOLCX_BINARY_PATH", str(ROOT / ".tools/solc"))
        yield patch


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a Foundry project with a test and a script."""
    root = tmp_path_factory.mktemp("project")
    for folder in ("src", "test"):
        (root / folder).mkdir()
    for source in (EXAMPLE / "contracts").glob("*.sol"):
        (root / "src" / source.name).write_text(source.read_text())
    (root / "test" / "Vault.t.sol").write_text(TEST)
    (root / "test" / "Fails.t.sol").write_text(FAILS)
    (root / "foundry.toml").write_text('[profile.default]\nsrc = "src"\nsolc = "0.8.30"\n')
    return root


@pytest.fixture(scope="module")
def setup(project: Path) -> FoundrySetup:
    """Return what the test has set up."""
    return rf.foundry_setup(project, "test/Vault.t.sol:VaultTest")


@pytest.fixture(scope="module")
def adapter(setup: FoundrySetup) -> Any:
    """Return the adapter of the vault that the test deploys."""

    class FromSetup(VAULT):
        invariants = ("tests",)

        def deploy(self, workspace: rf.Workspace) -> None:
            kinds = {"token": "Collateral", "feed": "PushedPrice", "router": "Router", "custody": "Custody"}
            places = {each: (each, self.project[kind]) for each, kind in kinds.items()}
            workspace.load(setup, {**places, "tests": ("this", setup.artifact)}, {"admin": "admin"})
            workspace.know("book", self.project["PositionBook"], str(workspace.read("router", "book")))
            for account in ("owner", "trader_1", "trader_2", "trader_3", "provider_1", "provider_2"):
                workspace.do("admin", "token", "mint", account, 1_000_000 * 10**6)
                workspace.do(account, "token", "approve", "custody", 2**256 - 1)
            workspace.do("owner", "router", "provide", 20_000 * 10**6)

        @rf.action(rf.MOVES_PRICE)
        def set_price(self, account: rf.PriceSetter, price: rf.Price) -> rf.Outcome:
            return self.send("admin", "feed", "push", price)

    return FromSetup


def test_setup__of_a_test__is_the_vault_at_its_block(setup: FoundrySetup) -> None:
    chain = RevmChain(2**20)
    workspace = Workspace(chain)
    workspace.load(setup, {"router": ("router", VAULT.project["Router"])})
    assert (chain.number, chain.timestamp) == (77, 1_800_000_000)
    assert workspace.read("router", "feed") == setup.address("feed")
    assert workspace.read("router", "custody") == setup.address("custody")
    assert setup.address("admin") == f"0x{0xA11CE:040x}"


@pytest.mark.slow
def test_setup__of_a_script__is_what_it_broadcasts(project: Path) -> None:
    script = rf.foundry_setup(project, "test/Vault.t.sol:Deploy")
    workspace = Workspace(RevmChain(2**20))
    workspace.load(script, {"router": ("router", VAULT.project["Router"])})
    workspace.know("custody", VAULT.project["Custody"], str(workspace.read("router", "custody")))
    assert workspace.read("custody", "token") == script.address("token")


def test_setup__asked_for_again__is_not_made_again(
    setup: FoundrySetup, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = setup.file
    monkeypatch.setenv("PATH", "")
    again = rf.foundry_setup(project, "test/Vault.t.sol:VaultTest")
    assert again.file == file
    source = project / "src" / "Router.sol"
    text = source.read_text()
    source.write_text(text + "\n// changed\n")
    with pytest.raises(ProjectError, match="there is no forge on the path to run it"):
        assert rf.foundry_setup(project, "test/Vault.t.sol:VaultTest").file
    source.write_text(text)


def test_project__set_up__has_nothing_more_to_compile(setup: FoundrySetup, project: Path) -> None:
    assert setup.file.is_file()
    assert [each for each in project.rglob("*.sol") if ".build" in each.parts] == []
    assert not (project / "out").exists()


def test_search__from_a_setup__goes_on_from_there(adapter: Any) -> None:
    target = Target(adapter)
    done = Search(target, 1, objective=Violations(but={"invariant_fewLongs"})).run(Budget(None, None, 300))
    assert done.fault == ""
    assert not done.findings
    assert done.stats.outcomes["Open", "done"] > 0


def test_invariant__of_the_test__is_asked(adapter: Any) -> None:
    system = Target(adapter).system("FromSetup")
    with system.only("invariant_fewLongs"):
        opened = system.actions["Open"]("trader_1", size=6_000 * 10**18, margin=5_000 * 10**6)
        (violation,) = system.apply(rf.Step(opened, 1)).violations
    assert violation.message == "it reverts with too many"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("VaultTest", "'VaultTest' names no contract of a file: write test/Vault.t.sol:VaultTest"),
        ("test/Vault.sol:VaultTest", "Vault.sol: there is no such file"),
        ("test/Fails.t.sol:Fails", "Fails.t.sol:Fails: forge could not set it up: no luck"),
        ("test/Vault.t.sol:Nobody", 'forge could not set it up: Declaration "Nobody" not found'),
    ],
)
def test_setup__that_cannot_be_made__is_one_sentence(project: Path, name: str, sentence: str) -> None:
    with pytest.raises(ProjectError, match=sentence):
        assert rf.foundry_setup(project, name).file
    assert list((project / ".build" / "ringfence").glob("forge-*")) == []


def test_address__that_is_not_there__is_one_sentence(setup: FoundrySetup) -> None:
    with pytest.raises(
        ProjectError, match="has no address called vault: its variables and views are admin, "
    ):
        setup.address("vault")
    with pytest.raises(WorkspaceError, match="'router' is no address of 20 bytes"):
        Workspace(RevmChain()).load(setup.file, {"router": ("router", VAULT.project["Router"])})


def test_account__that_is_a_contract__sends(setup: FoundrySetup) -> None:
    workspace = Workspace(RevmChain(2**20))
    workspace.load(setup, {"token": ("token", VAULT.project["Collateral"])}, {"tests": "this"})
    assert isinstance(workspace.send("tests", "token", "approve", "owner", 5), rf.Done)
    assert workspace.read("token", "allowance", "tests", "owner") == 5
