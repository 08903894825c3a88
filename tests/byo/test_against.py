"""Two versions of a vault against each other: what an upgrade changed is found, replayed and written down."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import ringfence as rf
from click.testing import CliRunner, Result
from ringfence.cli.group import ringfence
from ringfence.engine.budget import Budget
from ringfence.engine.objective import Violations
from ringfence.engine.result import SearchResult
from ringfence.engine.search import Search
from ringfence.engine.system import MODEL
from ringfence.engine.target import Target
from ringfence.report.files import from_json, read, to_json
from ringfence.types.exit_codes import ExitCode
from ringfence.types.finding import Finding

from tests.byo.test_ether import Till

EXAMPLES = Path(__file__).parents[2] / "examples"
NOTIONAL = EXAMPLES / "notional-vault"
OLD, NEW = f"{NOTIONAL}/adapter.py:NotionalVault", f"{NOTIONAL}/seeded_bugs.py:ProfitPaidTwice"
STEPS = """
open("trader_1", size=400 * 10**18, margin=50 * 10**6)
set_price("owner", price=2_020 * 10**18)
close("trader_1", position=1)
"""
OTHER_NAMES = (
    rf.Edit(
        "Router.sol", "error NotLiquidatable(", "error Healthy(int256 equity);\n    error NotLiquidatable("
    ),
    rf.Edit("Router.sol", "revert NotLiquidatable(equity, required)", "revert Healthy(equity)"),
)


def compared(new: Any, old: Any, steps: int = 400) -> SearchResult:
    """Search for what a version does otherwise than another."""
    versions = [Target.named(each) if isinstance(each, str) else Target(each) for each in (new, old)]
    target = Target(versions[0].adapter, versions[0].name, versions[1])
    return Search(target, 1, objective=Violations({MODEL})).run(Budget(None, None, steps))


def ran(*arguments: str) -> Result:
    """Run a command."""
    return CliRunner().invoke(ringfence, arguments)


@pytest.fixture(scope="module")
def finding() -> Finding:
    """Return what profits that are paid twice are found by, against the vault as it was."""
    found = compared(NEW, OLD, 2_000).finding
    assert found is not None
    return found


@pytest.fixture(scope="module")
def renamed() -> type[Any]:
    """Return the vault whose liquidations are refused under another name."""
    whole = rf.load(OLD)
    return type("Renamed", (whole,), {"project": rf.solidity(NOTIONAL / "contracts", OTHER_NAMES)})


@pytest.mark.parametrize(
    "bug",
    [
        "notional-vault/seeded_bugs.py:OpenInterestOfTheOtherSide",
        "notional-vault/seeded_bugs.py:MissingOwnerCheck",
        "lending-market/seeded_bugs.py:RepaymentRoundedDown",
        pytest.param("two-step-orders/seeded_bugs.py:ProfitLimitedAfterTheFee", marks=pytest.mark.slow),
    ],
)
def test_upgrade__with_a_bug__is_a_mismatch(bug: str) -> None:
    upgrade = rf.load(f"{EXAMPLES}/{bug}")
    assert compared(f"{EXAMPLES}/{bug}", upgrade.__base__, 3_000).findings


def test_upgrade__that_changes_nothing__differs_nowhere() -> None:
    done = compared(type("Same", (rf.load(OLD),), {}), OLD)
    assert not done.findings
    assert not done.fault
    assert done.canaries.comparison is True


def test_refusal__by_another_name__is_no_mismatch(renamed: type[Any]) -> None:
    done = compared(renamed, OLD, 1_500)
    assert not done.findings
    assert done.stats.outcomes["Liquidate", "Healthy"] > 0


def test_refusal__by_a_name_that_both_have__is_a_mismatch() -> None:
    both = "{ if (equity > 1e30) revert NotLiquidatable(equity, required); revert Insolvent(equity); }"
    edit = rf.Edit("Router.sol", "revert NotLiquidatable(equity, required);", both)
    upgrade = {"project": rf.solidity(NOTIONAL / "contracts", (edit,))}
    found = compared(type("Confused", (rf.load(OLD),), upgrade), OLD, 1_500).finding
    assert found is not None
    assert found.first_difference.field == "outcome"


@pytest.mark.slow
def test_refusal__by_a_panic__is_a_mismatch() -> None:
    edits = (
        rf.Edit("Router.sol", "revert NotLiquidatable(equity, required)", "assert(false)"),
        rf.Edit("Router.sol", "error NotLiquidatable(int256 equity, uint256 required);", ""),
    )
    upgrade = {"project": rf.solidity(NOTIONAL / "contracts", edits)}
    found = compared(type("Panics", (rf.load(OLD),), upgrade), OLD, 1_500).finding
    assert found is not None
    assert "Panic" in str(found.first_difference)


def test_value__that_one_version_shows_alone__is_passed_over() -> None:
    whole = rf.load(OLD)

    def observe(self: Any) -> rf.VaultState:
        state = whole.observe(self)
        rest = {name: value for name, value in state.totals.items() if name != "liquidity"}
        return rf.VaultState(state.positions, rest, dict(list(state.accounts.items())[:3]))

    shows_less = type("ShowsLess", (whole,), {"observe": observe})
    assert not compared(shows_less, OLD).findings
    assert not compared(OLD, shows_less).findings


def test_deployment__that_takes_longer__is_waited_for() -> None:
    whole = rf.load(OLD)

    def deploy(self: Any, workspace: rf.Workspace) -> None:
        whole.deploy(self, workspace)
        for _ in range(3):
            workspace.do("owner", "feed", "push", 5)  # passed over: the opening sets the price

    late = type("Late", (whole,), {"deploy": deploy})
    for new, old in ((late, whole), (whole, late)):
        system = Target(new, against=Target(old)).system(new.__name__)
        assert system.mismatches == ()
        assert system.state.totals["pushed_at"] == system.moment.timestamp


def test_finding__says_what_it_was_found_against(finding: Finding) -> None:
    assert finding.against is not None
    assert finding.against.name == OLD
    assert finding.against.code != finding.vault.code
    assert finding.first_difference.field == "totals.liquidity"


def test_finding__written_and_read__is_the_same(finding: Finding, tmp_path: Path) -> None:
    assert from_json(to_json(finding, tmp_path), "finding", tmp_path) == finding


def test_finding__of_the_version_before__is_read(finding: Finding, tmp_path: Path) -> None:
    old = json.loads(to_json(finding, tmp_path)) | {"schema": "ringfence.finding/3"}
    del old["against"]
    assert from_json(json.dumps(old), "finding", tmp_path).against is None


def test_commands__go_on_from_the_finding(tmp_path: Path) -> None:
    limits = ("--steps", "2000", "--seed", "1", "--only", MODEL, "--findings", str(tmp_path))
    done = ran("campaign", "--adapter", NEW, "--against", OLD, *limits)
    assert done.exit_code == ExitCode.FAILED
    assert f"seed 1; {NEW} against {OLD} on revm" in done.output
    assert "NotionalVault is." in " ".join(done.output.split())
    file = tmp_path / "finding.json"
    replayed = ran("replay", str(file))
    assert "It still reproduces on revm" in replayed.output
    test, foundry, section = (tmp_path / name for name in ("test_it.py", "It.t.sol", "it.md"))
    written = ("--pytest", str(test), "--foundry", str(foundry), "--markdown", str(section), "--calls")
    explained = ran("explain", str(file), *written)
    assert re.search(r"account +action +reference +chain", explained.output)
    assert "| reference |" in section.read_text()
    assert "close" in foundry.read_text()
    namespace: dict[str, Any] = {"__file__": str(test)}
    exec(test.read_text(), namespace)
    (claim,) = (member for name, member in namespace.items() if name.startswith("test_"))
    with pytest.raises(AssertionError, match="liquidity"):
        claim()
    assert read(file).against is not None


def test_check__with_steps__compares_them(tmp_path: Path) -> None:
    steps = tmp_path / "steps.txt"
    steps.write_text(STEPS)
    done = ran("check", "--adapter", NEW, "--against", OLD, "--steps", str(steps))
    assert "MODEL: The vault does what its reference does." in done.output
    assert done.exit_code == ExitCode.FAILED


def test_workers__compare_too(tmp_path: Path) -> None:
    limits = ("--steps", "600", "--seed", "1", "--only", MODEL, "--findings", str(tmp_path / "findings"))
    shared = ("--workers", "1", "--corpus", str(tmp_path / "corpus"))
    done = ran("campaign", "--adapter", NEW, "--against", OLD, *limits, *shared)
    assert "cause: MODEL, Close, totals.liquidity" in done.output


def test_settings__name_the_other_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ringfence.toml").write_text(f'adapter = "{NEW}"\nagainst = "{OLD}"\n')
    (tmp_path / "steps.txt").write_text(STEPS)
    assert "MODEL: " in ran("check", "--steps", "steps.txt").output


def test_pytest__compares_with_another_adapter() -> None:
    with pytest.raises(rf.VaultFails, match="liquidity"):
        rf.check_vault(rf.load(NEW), seconds=60, runs=60, against=rf.load(OLD))


@pytest.mark.parametrize(
    ("new", "old", "sentence"),
    [
        (OLD, "nowhere.py:Vault", "nowhere.py: there is no such file."),
        (
            OLD,
            f"{EXAMPLES}/cross-margin/adapter.py:CrossMarginVault",
            "Both vaults must have the same actions: only ",
        ),
        (
            "isolated-margin",
            "isolated-margin",
            "isolated-margin draws its steps by a reference model, and can't be compared with another vault.",
        ),
    ],
)
def test_versions__that_cannot_be_compared__are_one_sentence(new: str, old: str, sentence: str) -> None:
    done = ran("campaign", "--adapter", new, "--against", old, "--steps", "10")
    assert sentence in " ".join(done.output.split())
    assert done.exit_code == ExitCode.CANNOT_TELL


def test_actions__with_other_parameters__are_named() -> None:
    whole = rf.load(OLD)

    @rf.action(rf.CLOSES)
    def close(self: Any, account: rf.Trader, position: rf.Position, most: rf.Assets) -> rf.Outcome:
        return whole.close(self, account, position)

    sentence = "Close takes account, position, most in .* and account, position in "
    with pytest.raises(rf.AdapterFault, match=sentence):
        Target(type("Wider", (whole,), {"close": close}), against=Target.named(OLD))


def events_of(edits: tuple[rf.Edit, ...], *names: str) -> Any:
    """Return a till that logs these events of each open."""
    logged = "".join(f"emit {name}(size); " for name in names)
    declared = "".join(f"event {name}(uint256 size); " for name in names)
    put = rf.Edit("Till.sol", "        return count;", f"        {logged}return count;")
    declare = rf.Edit("Till.sol", "    struct Held {", f"    {declared}\n    struct Held {{")
    members = {
        "project": rf.solidity(Path(__file__).parent / "ether", (put, declare, *edits)),
        "abilities": Till.abilities | {rf.Ability.EVENTS},
    }
    return type("Logging", (Till,), members)


def test_event__that_one_version_declares_alone__is_passed_over() -> None:
    assert not compared(events_of((), "Opened", "Enlarged"), events_of((), "Opened"), 100).findings


def test_event__of_both__is_compared() -> None:
    twice = rf.Edit("Till.sol", "emit Opened(size);", "emit Opened(2 * size);")
    found = compared(events_of((twice,), "Opened"), events_of((), "Opened"), 100).finding
    assert found is not None
    assert found.first_difference.field.startswith("Opened")
