"""Vaults that start from a dumped state, in every form that there is; broken files are refused."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import ringfence as rf
from ringfence.engine.budget import Budget
from ringfence.engine.objective import Violations
from ringfence.engine.replay import replay
from ringfence.engine.search import Search
from ringfence.engine.target import Target
from ringfence.evm.chains import connect
from ringfence.evm.chains.anvil import AnvilChain
from ringfence.evm.chains.base import GENESIS_TIME
from ringfence.evm.chains.revm import RevmChain
from ringfence.evm.dump import BadDump, Dump, DumpedAccount, read_dump
from ringfence.evm.workspace import Workspace, WorkspaceError
from ringfence.report.foundry import NotExportable, foundry_test

EXAMPLE = Path(__file__).parents[2] / "examples" / "notional-vault"
VAULT: Any = rf.load(f"{EXAMPLE / 'adapter.py'}:NotionalVault")
CONTRACTS = {
    "token": "Collateral",
    "feed": "PushedPrice",
    "router": "Router",
    "custody": "Custody",
    "book": "PositionBook",
}
NOBODY = "0x" + "9" * 40
ACCOUNT = {"balance": "0x5", "nonce": 7, "code": "0x6001", "storage": {"0x01": "0x2a"}}


@pytest.fixture(scope="module")
def anvils() -> Iterator[tuple[Workspace, str]]:
    """Return a vault on anvil, and what the node has dumped."""
    with connect("anvil") as chain:
        assert isinstance(chain, AnvilChain)
        workspace = Workspace(chain)
        VAULT(workspace)
        workspace.do("owner", "feed", "push", 2_000 * 10**18)
        workspace.do("trader_1", "router", "open", True, 1_000 * 10**6, 150 * 10**6)
        yield workspace, chain._rpc("anvil_dumpState")


FORMS = ("rpc.hex", "answer.json", "packed.gz", "anvil.json", "genesis.json", "allocs.json")


def started_from(dump: Path, workspace: Workspace) -> type[Any]:
    """Return the adapter that starts from a dump of a workspace's chain."""

    class Dumped(VAULT):
        def deploy(self, fresh: rf.Workspace) -> None:
            places = {
                name: (workspace.contracts[name], self.project[kind]) for name, kind in CONTRACTS.items()
            }
            fresh.load(dump, places)
            fresh.keys.append(("trader_1", True))

    return Dumped


def forms(answer: str) -> dict[str, bytes]:
    """Return a dumped state in each form, by the name of its file."""
    packed = bytes.fromhex(answer.removeprefix("0x"))
    plain = json.loads(gzip.decompress(packed))
    block = {name: plain["block"][name] for name in ("number", "timestamp")}
    accounts = plain["accounts"]
    bare = {address.removeprefix("0x"): each for address, each in accounts.items()}
    return {
        "rpc.hex": answer.encode() + b"\n",
        "answer.json": json.dumps({"jsonrpc": "2.0", "id": 1, "result": answer}).encode(),
        "packed.gz": packed,
        "anvil.json": json.dumps(plain).encode(),
        "genesis.json": json.dumps({"alloc": bare, **block}).encode(),
        "allocs.json": json.dumps(accounts).encode(),
    }


@pytest.mark.parametrize("name", FORMS)
def test_dump__in_each_form__is_the_same_vault(
    name: str, anvils: tuple[Workspace, str], tmp_path: Path
) -> None:
    workspace, answer = anvils
    file = tmp_path / name
    file.write_bytes(forms(answer)[name])
    chain = RevmChain(2**20)
    vault = started_from(file, workspace)(Workspace(chain))
    state = vault.observe()
    assert state.positions[1].margin == 150 * 10**6 - 10**6
    assert state.totals["price"] == 2_000 * 10**18
    assert state.totals["liquidity"] > 0
    assert vault.workspace.variable("custody", "reserved") == state.totals["reserved"]
    has_block = name != "allocs.json"
    assert chain.timestamp == (workspace.chain.timestamp if has_block else GENESIS_TIME)
    assert (chain.number > 0) == has_block


def test_vault__from_a_dump__does_what_it_does_on_the_node(
    anvils: tuple[Workspace, str], tmp_path: Path
) -> None:
    workspace, answer = anvils
    (tmp_path / "state").write_text(answer)
    adapter = started_from(tmp_path / "state", workspace)
    fresh = Workspace(RevmChain(2**20))
    adapter(fresh)
    mark = workspace.snapshot()
    sent = [
        ("trader_1", "router", "close", "trader_1", True),
        ("stranger", "router", "close", "trader_1", True),
        ("trader_2", "router", "open", False, 500 * 10**6, 100 * 10**6),
    ]
    for account, *call in sent:
        assert fresh.send(account, *call) == workspace.send(account, *call)
    workspace.restore(mark)


def test_search__from_a_dump__goes_on_from_there(anvils: tuple[Workspace, str], tmp_path: Path) -> None:
    workspace, answer = anvils
    (tmp_path / "state").write_text(answer)
    adapter = started_from(tmp_path / "state", workspace)
    result = Search(Target(adapter), 1).run(Budget(None, None, 1_000))
    assert result.fault == ""
    assert not result.findings
    assert result.stats.outcomes["Close", "done"] > 0


WATCHED = """
import ringfence as rf

Vault = rf.load("{example}:NotionalVault")


class Watched(Vault):
    def deploy(self, workspace):
        places = {places!r}
        workspace.load("{dump}", {{name: (at, self.project[kind]) for name, (at, kind) in places.items()}})
        workspace.keys.append(("trader_1", True))

    @rf.property_("MY-1", "Nobody closes.")
    def stays(self, state: rf.VaultState) -> bool:
        return 1 in state.positions
"""


def test_finding__from_a_dump__is_replayed_and_no_foundry_test(
    anvils: tuple[Workspace, str], tmp_path: Path
) -> None:
    workspace, answer = anvils
    (tmp_path / "state").write_text(answer)
    places = {name: (workspace.contracts[name], kind) for name, kind in CONTRACTS.items()}
    text = WATCHED.format(example=EXAMPLE / "adapter.py", dump=tmp_path / "state", places=places)
    (tmp_path / "adapter.py").write_text(text)
    target = Target.named(f"{tmp_path}/adapter.py:Watched")
    found = Search(target, 1, objective=Violations({"MY-1"})).run(Budget(None, None, 2_000)).finding
    assert found is not None
    assert list(replay(Target.of(found).system(found.market), found.sequence, "MY-1"))[-1].fails
    with pytest.raises(NotExportable, match="this one is from a dumped state"):
        foundry_test(found)


def read(content: Any, folder: Path) -> Dump:
    """Read a dump from a file."""
    file = folder / "state.json"
    file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return read_dump(file)


def test_reader__of_an_account__has_all_of_it(tmp_path: Path) -> None:
    address = "0x" + "Ab" * 20
    account = DumpedAccount(5, 7, b"\x60\x01", {1: 42})
    assert read({"accounts": {address: ACCOUNT}}, tmp_path) == Dump({address.lower(): account})
    decimal = {"balance": "5", "nonce": "0x7", "code": "6001", "storage": {"1": "2a"}}
    assert read({"alloc": {address[2:]: decimal}, "timestamp": "0x0"}, tmp_path) == Dump(
        {address.lower(): account}
    )
    assert read({address: {}}, tmp_path).accounts[address.lower()] == DumpedAccount(0, 0, b"", {})


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "it is cut off, or no dumped state"),
        (b'{"accounts": {', "it is cut off, or no dumped state"),
        (b"\x1f\x8b\x08\x00", "it is cut off, or no dumped state"),
        (b"0x1f8b08", "it is cut off, or no dumped state"),
        (b"0xzz", "it is cut off, or no dumped state"),
        (b"\xff\xfe", "it is cut off, or no dumped state"),
        ([], "top level: \\[\\] is no object"),
        ({"contracts": {}}, "it is neither anvil's dump, nor accounts"),
        ({"accounts": []}, "accounts: \\[\\] is no object"),
        ({"accounts": {"0x12": {}}}, "accounts: '0x12' is no address"),
        ({NOBODY: 5}, f"{NOBODY}: 5 is no object"),
        ({NOBODY: {"balance": -1}}, f"{NOBODY}.balance: -1 is no number"),
        ({NOBODY: {"nonce": "seven"}}, f"{NOBODY}.nonce: 'seven' is no number"),
        ({NOBODY: {"code": "0x600"}}, f"{NOBODY}.code: '0x600' is no code"),
        ({NOBODY: {"storage": {"one": "0x1"}}}, f"{NOBODY}.storage: 'one' is no word"),
        ({NOBODY: {"storage": {"0x1": 1}}}, f"{NOBODY}.storage.0x1.: 1 is no word"),
        ({"accounts": {}, "block": {"timestamp": "now"}}, "timestamp: 'now' is no number"),
    ],
)
def test_reader__of_a_broken_file__says_where(content: Any, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(BadDump, match=f"state.json(, |: ){sentence}"):
        read(content, tmp_path)


def test_file__that_is_not_there__is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadDump, match="nowhere: No such file or directory"):
        Workspace(RevmChain()).load(tmp_path / "nowhere", {})


def test_contract__that_is_not_there__is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "state").write_text(json.dumps({NOBODY: {}}))
    for address in (NOBODY, "0x" + "8" * 40):
        with pytest.raises(
            WorkspaceError, match=f"state has no contract at {address}, where router should be"
        ):
            Workspace(RevmChain()).load(tmp_path / "state", {"router": (address, VAULT.project["Router"])})


def test_load__after_a_deployment__is_refused(tmp_path: Path) -> None:
    workspace = Workspace(RevmChain())
    workspace.deploy("token", VAULT.project["Collateral"])
    with pytest.raises(WorkspaceError, match="before anything is deployed"):
        workspace.load(tmp_path / "state", {})


def test_load__on_another_chain__is_refused(tmp_path: Path) -> None:
    with connect("eth-tester") as chain, pytest.raises(WorkspaceError, match="not on eth-tester"):
        Workspace(chain).load(tmp_path / "state", {})
