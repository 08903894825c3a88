"""``ringfence init``: drafts for vaults of several styles open, close, liquidate and move the price."""

import json
import re
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import ringfence as rf
from click.testing import CliRunner, Result
from ringfence.cli.group import ringfence
from ringfence.engine.budget import Budget
from ringfence.engine.result import SearchResult
from ringfence.engine.search import Search
from ringfence.engine.stats import DONE
from ringfence.engine.target import Target
from ringfence.evm.projects.sources import edited, sources_of
from ringfence.properties.abilities import Ability
from ringfence.types.exit_codes import ExitCode
from ringfence.types.kinds import Kind
from ringfence.vaults.draft.composites import executions
from ringfence.vaults.draft.drafted_action import DraftedAction
from ringfence.vaults.draft.signatures import AbiFunction, Param
from ringfence.vaults.draft.words import snake

EXAMPLES = Path(__file__).parents[2] / "examples"
DRAFTS = Path(__file__).parent / "drafts"
Drafting: TypeAlias = Callable[[str], tuple[Path, Result]]
RUNS, MOST_RUNS = 30, 300
UNSOUND = {"cross-margin"}  # on purpose
PROJECTS = {
    "notional-vault": EXAMPLES / "notional-vault" / "contracts",  # owner and side, behind a router
    "two-step-orders": EXAMPLES / "two-step-orders" / "contracts",  # opened and closed by keepers, later
    "lending-market": EXAMPLES / "lending-market" / "contracts",  # two tokens, debt by shares
    "skew-funding": EXAMPLES / "skew-funding" / "contracts",  # Vyper, several files
    "cross-margin": EXAMPLES / "cross-margin",  # numbers, a price in the vault itself
    "margin-desk": DRAFTS / "margin-desk",  # Foundry: ids returned, interfaces of token and feed, no views
    "hardhat-perp": DRAFTS / "hardhat-perp",  # Hardhat: packages, structs as arguments, an enum, leverage
    "many-markets": DRAFTS / "many-markets",  # by market and owner
    "vyper-perp": DRAFTS / "vyper-perp",  # Vyper: an ABI alone
    "leverage-pool": DRAFTS / "leverage-pool",  # increases open, decreases close, initialised later
    "collateral-loans": DRAFTS / "collateral-loans",  # collateral first, then a borrow
    "ether-perp": DRAFTS / "ether-perp",  # margins in ether, which payable functions take
    "later-closes": DRAFTS / "later-closes",  # opened at once, closed in two steps
}
VAULTS = {
    "notional-vault": "Router",
    "two-step-orders": "Exchange",
    "lending-market": "LendingMarket",
    "skew-funding": "Market",
    "cross-margin": "CrossMarginVault",
    "margin-desk": "MarginDesk",
    "hardhat-perp": "PerpVault",
    "many-markets": "Markets",
    "vyper-perp": "Perp",
    "leverage-pool": "LeveragePool",
    "collateral-loans": "CollateralLoans",
    "ether-perp": "EtherPerp",
    "later-closes": "LaterCloses",
}
ESSENTIAL = {Kind.OPENS, Kind.CLOSES, Kind.LIQUIDATES, Kind.MOVES_PRICE}


def init(*arguments: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(ringfence, ["init", *arguments])


def copied(project: Path, to: Path) -> Path:
    """Return a copy of a project without any adapter."""
    shutil.copytree(project, to, ignore=shutil.ignore_patterns("*.py", ".build", "__pycache__"))
    return to


@pytest.fixture(scope="module")
def draft(tmp_path_factory: pytest.TempPathFactory) -> Drafting:
    """Return what drafts an adapter for one of the projects, once: its folder, and what was printed."""

    @cache
    def of(name: str) -> tuple[Path, Result]:
        folder = copied(PROJECTS[name], tmp_path_factory.mktemp("project") / name)
        (folder / "node_modules").symlink_to(EXAMPLES.parent / "node_modules")
        return folder, init(str(folder))

    return of


def compiled(folder: Path) -> dict[str, str]:
    """Return what forge would leave of a folder's contracts, by name."""
    return {
        name: json.dumps({"abi": each.abi, "bytecode": {"object": each.bytecode.hex()}})
        for name, each in rf.solidity(folder).items()
    }


def searched(adapter: Path) -> tuple[set[Kind], SearchResult]:
    """Return the kinds of actions that a search had accepted, and its result; it ends with them all."""
    target = Target.named(str(adapter))
    search, result = Search(target, seed=1), SearchResult(1)
    kinds: set[Kind] = set()
    while not (kinds >= ESSENTIAL or result.runs >= MOST_RUNS or result.fault or result.findings):
        result.add(search.run(Budget(RUNS, 60)))
        accepted = {action for action, end in result.stats.outcomes if end == DONE}
        kinds = {each.kind for each in target.actions if each.name in accepted}
        if Kind.EXECUTES in kinds:  # by orders, positions are closed so
            kinds.add(Kind.CLOSES)
    return kinds, result


def _value(held: rf.PositionState, moment: rf.Moment, most: int) -> rf.Valued:
    notional, entry = abs(held.size), held.entry_price_wad
    gained = held.size * (moment.answer - entry)
    pnl = abs(gained) // entry * (1 if gained > 0 else -1)
    return rf.Valued(held.margin, notional, min(pnl, most), -(-notional // 20), 0)


def valued(adapter: Any) -> Any:
    """Return a draft with the valuation of the project later-closes, as its user would add it."""

    class Valued(adapter):  # type: ignore[misc]
        abilities = adapter.abilities | {Ability.VALUATION}

        def book(self, state: rf.VaultState, moment: rf.Moment) -> rf.SimpleBook:
            most = state.totals["liquidity"]
            values = {number: _value(held, moment, most) for number, held in state.positions.items()}
            return rf.SimpleBook(moment.answer, values)

    return Valued


@pytest.mark.parametrize("name", PROJECTS)
def test_init__vault__runs_without_an_edit(name: str, draft: Drafting) -> None:
    folder, done = draft(name)
    assert done.exit_code == ExitCode.CLEAN, done.output
    assert f"an adapter for {VAULTS[name]}" in done.output
    kinds, result = searched(folder / "ringfence_adapter.py")
    assert (result.fault, result.unseen) == ("", {})
    if name in UNSOUND:
        assert result.finding
    else:
        assert result.finding is None
        assert kinds >= ESSENTIAL


def test_init__guesses__have_their_reasons(draft: Drafting) -> None:
    folder, _ = draft("notional-vault")
    text = (folder / "ringfence_adapter.py").read_text()
    assert "# open(bool isLong, uint256 notional, uint256 margin) writes _positions" in text
    assert "notional is the size, margin is the margin," in text
    assert '# chosen as the vault; token: "token", feed_: "feed"' in text


def test_init__fund_of_a_name_that_nobody_knows__is_found_by_what_it_explains(draft: Drafting) -> None:
    folder, _ = draft("leverage-pool")
    text = (folder / "ringfence_adapter.py").read_text()
    assert "liquidity is pool_amount, whose changes explain the tokens that no other book had" in text
    assert '"liquidity": number("vault", "poolAmount"),' in text
    assert 'return rf.Refused("AlreadyOpen", ())' in text


def test_init__payable_functions__are_sent_ether(draft: Drafting) -> None:
    folder, _ = draft("ether-perp")
    text = (folder / "ringfence_adapter.py").read_text()
    assert 'self.project["EtherPerp"], 1, value=10**18)' in text
    assert '"open", size > 0, abs(size) * UNIT // SIZE, value=margin)' in text
    assert '"addMargin", self.workspace.key(position), value=assets)' in text
    assert "rf.Ability.BALANCES," in text


@pytest.mark.parametrize(
    ("name", "method", "delay", "refusals"),
    [
        ("two-step-orders", "request_close", 5, {"OrderPending", "NoPosition", "not the owner"}),
        ("later-closes", "close_position", 30, {"Waiting", "NothingOpen", "NotOwner"}),
    ],
)
def test_init__close_that_is_executed_later__is_asked_for(
    name: str, method: str, delay: int, refusals: set[str], draft: Drafting
) -> None:
    """With the delay and the refusals that were met when it was tried."""
    adapter = rf.load(str(draft(name)[0] / "ringfence_adapter.py"))
    actions = {each.method: each for each in adapter.actions}
    assert actions[method].kind is Kind.ASKS_TO_CLOSE
    assert actions[method].refusals == refusals
    assert adapter.facts.execution_delay == delay
    assert Kind.CLOSES not in {each.kind for each in actions.values()}


def test_init__close_executed_later__is_tried_by_properties_once_it_is_valued(draft: Drafting) -> None:
    """Of what opens at once nothing is executed before it is there."""
    adapter = rf.load(str(draft("later-closes")[0] / "ringfence_adapter.py"))
    assert [each.method for each in adapter.actions if each.kind is Kind.EXECUTES] == ["complete_exit"]
    result = Search(Target(valued(adapter)), seed=1).run(Budget(RUNS, 60))
    assert (result.finding, result.fault) == (None, "")
    assert not result.lacking["EXI-1"] & {Kind.ASKS_TO_CLOSE, Ability.VALUATION}
    assert result.tested["EXI-1"] > RUNS


def test_init__executions__are_for_what_their_names_say() -> None:
    """One called by opens is for positions that are not there yet, one called by closes for others."""

    def made(name: str) -> list[tuple[str, str]]:
        function = AbiFunction(name, (Param("id", "uint256"),), (), "nonpayable")
        parameters = {"position": "rf.Position"}
        drafted = DraftedAction(snake(name), Kind.EXECUTES, "vault", function, "rf.Anyone", parameters)
        return [(each.method, each.parameters["position"]) for each in executions(drafted)]

    there, later = "rf.Position", "rf.ClosedPosition"
    assert made("execute") == [("execute", there), ("execute_open", later)]
    assert made("executeClose") == [("execute_close", there)]
    assert made("executeOpen") == [("execute_open", later)]


def test_init__contracts_of_one_name__are_told_apart_by_their_files(tmp_path: Path) -> None:
    text = (PROJECTS["cross-margin"] / "CrossMarginVault.sol").read_text()
    for folder in ("old", "new"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "Vault.sol").write_text(text.replace("function mark(", f"function {folder}("))
    done = init(str(tmp_path), "--contract", "new/Vault.sol:CrossMarginVault")
    assert done.exit_code == ExitCode.CLEAN, done.output
    adapter = tmp_path / "ringfence_adapter.py"
    assert 'self.project["new/Vault.sol:CrossMarginVault"]' in adapter.read_text()
    assert searched(adapter)[1].fault == ""


def test_init__file_there__is_overwritten_only_when_told(tmp_path: Path) -> None:
    folder = copied(PROJECTS["cross-margin"], tmp_path / "vault")
    file = folder / "ringfence_adapter.py"
    file.write_text("mine = True\n")
    done = init(str(folder))
    assert done.exit_code == ExitCode.CANNOT_TELL
    assert done.output == f"Error: {file} is there already: give --force to overwrite it.\n"
    assert file.read_text() == "mine = True\n"
    assert init(str(folder), "--force").exit_code == ExitCode.CLEAN
    assert "class CrossMarginVault(rf.Adapter)" in file.read_text()


def test_init__nothing_that_opens__is_a_refusal_to_fill_in(tmp_path: Path) -> None:
    (tmp_path / "Odd.sol").write_text(
        "pragma solidity ^0.8.20; contract Odd { uint256 public price; uint256 public n;"
        " function setPrice(uint256 p) external { price = p; } function frobnicate() external { n++; } }"
    )
    done = init(str(tmp_path), "--contract", "Odd")
    assert done.exit_code == ExitCode.FAILED
    assert "to fill in: send what opens a position, here" in done.output
    text = (tmp_path / "ringfence_adapter.py").read_text()
    assert 'return rf.Refused("Unfilled", ("send what opens a position, here",))' in text
    assert Search(Target.named(str(tmp_path / "ringfence_adapter.py")), seed=1).run(Budget(4, 20)).fault == ""


VAULT = "pragma solidity ^0.8.20; contract Vault { function open(uint256 m) external {} }"


@pytest.mark.parametrize(
    ("files", "options", "sentence"),
    [
        (
            {},
            (),
            "there is no project here: run it in a Foundry, Hardhat, Ape or Vyper project, or in a folder",
        ),
        ({"foundry.toml": "[profile.default\n"}, (), "foundry.toml: no TOML"),
        ({"a/Vault.sol": VAULT}, ("--contract", "Vualt"), "Vualt that can be deployed: did you mean Vault?"),
        (
            {"a/Vault.sol": VAULT, "b/Vault.sol": VAULT},
            ("--contract", "Vault"),
            "2 contracts called Vault, in a/Vault.sol and b/Vault.sol: name a folder with one of",
        ),
        ({"a/Vault.sol": VAULT}, ("--sources", "b"), "there are no sources, .sol or .vy, here."),
        (
            {"Fee.sol": "pragma solidity ^0.8.20; contract Fee { uint256 public fee; }"},
            (),
            "no contract here opens, closes and liquidates positions by the names of its functions: name",
        ),
        ({"Bad.sol": "pragma solidity ^0.8.20; contract Bad { uint x = y; }"}, (), "Undeclared identifier"),
    ],
)
def test_init__bad_input__is_one_sentence(
    files: dict[str, str], options: tuple[str, ...], sentence: str, tmp_path: Path
) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    done = init(str(tmp_path), *options)
    assert done.exit_code == ExitCode.CANNOT_TELL
    assert sentence in done.output
    assert len(done.output.splitlines()) == 1
    assert not (tmp_path / "ringfence_adapter.py").exists()


def test_init__foundry_project_that_does_not_compile_here__is_read_from_out(tmp_path: Path) -> None:
    """Its ABI alone is drafted from: no trees, no layouts."""
    folder = copied(PROJECTS["cross-margin"], tmp_path / "vault")
    output = compiled(folder)
    (folder / "foundry.toml").write_text('[profile.default]\nsrc = "src"\n')
    (folder / "src").mkdir()
    source = (folder / "CrossMarginVault.sol").read_text()
    (folder / "CrossMarginVault.sol").unlink()
    (folder / "src" / "CrossMarginVault.sol").write_text(source.replace("^0.8.20", "0.8.1"))
    for name, content in output.items():
        file = folder / "out" / "CrossMarginVault.sol" / f"{name}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    done = init(str(folder))
    assert done.exit_code == ExitCode.CLEAN, done.output
    assert "rf.foundry(Path(__file__).parent)" in (folder / "ringfence_adapter.py").read_text()
    _, result = searched(folder / "ringfence_adapter.py")
    assert result.fault == ""
    assert {"Open", "Close", "Liquidate", "SetPrice"} <= {
        a for a, end in result.stats.outcomes if end == DONE
    }


def test_guide__from_install_to_a_finding__takes_five_commands_at_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of the guide, on a vault with a seeded bug that nobody has written an adapter for."""
    guide = (EXAMPLES.parent / "docs" / "bring-your-own-vault.md").read_text()
    blocks = re.findall(r"```sh\n(.*?)```", guide.partition("## Write it yourself")[0], re.DOTALL)
    commands = [line for block in blocks for line in block.splitlines()]
    assert [line.split()[0] for line in commands] == ["pip", *["ringfence"] * (len(commands) - 1)]
    assert len(commands) <= 5
    bug = rf.load(f"{EXAMPLES / 'notional-vault' / 'seeded_bugs.py'}:ProfitPaidTwice").bugs["ProfitPaidTwice"]
    for path, text in edited(sources_of(PROJECTS["notional-vault"], "*.sol"), bug.edits).items():
        (tmp_path / path).write_text(text)
    monkeypatch.chdir(tmp_path)
    done = [CliRunner().invoke(ringfence, line.split()[1:]) for line in commands[1:]]
    assert [each.exit_code for each in done] == [ExitCode.CLEAN, ExitCode.CLEAN, ExitCode.FAILED]
    assert f"{bug.property_id}: The vault's balance" in done[-1].output


def test_init__constructor_that_refuses_every_guess__is_to_be_filled_in(tmp_path: Path) -> None:
    text = (DRAFTS / "margin-desk" / "src" / "MarginDesk.sol").read_text()
    asked = "maintenanceMarginBps_ == 123"
    for name in ("MarginDesk.sol", "Interfaces.sol"):
        shutil.copy(DRAFTS / "margin-desk" / "src" / name, tmp_path)
    (tmp_path / "MarginDesk.sol").write_text(text.replace("maintenanceMarginBps_ > 0", asked))
    done = init(str(tmp_path))
    assert done.exit_code == ExitCode.FAILED
    assert "to fill in: the constructor of MarginDesk refuses every guess, at last (" in done.output
    draft = tmp_path / "ringfence_adapter.py"
    draft.write_text(
        re.sub(
            r"(# fill in: [^\n]*\n(?: *#[^\n]*\n)* *workspace.*?\", \"feed\", )[^,]*",
            r"\g<1>123",
            draft.read_text(),
        )
    )
    assert searched(draft)[1].fault == ""
