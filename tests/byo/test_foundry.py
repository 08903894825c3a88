"""A finding of a vault that isn't ours, as a Foundry test: forge fails on the bug, and passes without it."""

import re
import shutil
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from ringfence.engine.findings import finding_of
from ringfence.engine.loading import load
from ringfence.engine.target import Target
from ringfence.evm.projects.sources import edited, sources_of
from ringfence.report.foundry import foundry_test
from ringfence.testing import Calls
from ringfence.types.actions import Alphabet, Step

from tests.byo import test_lending_market, test_two_step_orders
from tests.byo.searches import found_in
from tests.forge import failure, forge

HERE = Path(__file__).parent
EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "notional-vault"
BUGS = load(f"{EXAMPLE / 'seeded_bugs.py'}:MissingOwnerCheck").bugs


@cache
def exported(bug: str) -> str:
    """Return the test of what a search finds in the vault with a bug."""
    return foundry_test(found_in(f"{EXAMPLE / 'seeded_bugs.py'}:{bug}", only=BUGS[bug].property_id))


def contracts(folder: Path, bug: str | None, example: Path = EXAMPLE, bugs: Any = BUGS) -> Path:
    """Write the vault's sources to a folder, with a bug or without."""
    sources = sources_of(example / "contracts", "*.sol")
    for path, text in edited(sources, bugs[bug].edits if bug else ()).items():
        (folder / "contracts" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "contracts" / path).write_text(text)
    return folder


def test_foundry_test__of_a_value_that_a_view_shows__asserts_it_after_the_steps_by_name() -> None:
    """Contracts that others made are asked for; what accounts start with is said once."""
    source = exported("LossTakenFromTheOtherSide")
    for line in (
        'router = IRouter(deploy(owner, code("Router"), abi.encode(address(token), address(feed))));',
        "custody = ICustody(router.custody());",
        "fund(provider2);",
        "function liquidate(address owner, bool isLong) external;",
    ):
        assert line in source
    assert re.search(
        r"vm\.prank\(trader\d\);\n        router\.open\((true|false), [\d_]+e6, [\d_]+e6\);", source
    )
    shown = (
        r'vm\.assertEq\(book\.position\(trader\d, \w+\)\.margin, [\d_e]+, "ISO-1: positions\[\d\]\.margin"\);'
    )
    assert re.search(shown, source)
    assert "forge-std" not in source


def test_foundry_test__of_anything_else__compares_every_answer_from_the_last_step_on() -> None:
    source = exported("MissingOwnerCheck")
    assert 'revert("ACC-1: At step 2 of 2' in source
    assert re.search(r"vm\.prank\(\w+\);\n        router\.close\(trader1, ", source)
    assert "same(token.balanceOf(trader1) == " in source


@pytest.mark.slow
@pytest.mark.parametrize("bug", BUGS)
def test_foundry_test__on_the_bug__fails_with_the_finding(bug: str, tmp_path: Path) -> None:
    failed = failure(forge(contracts(tmp_path, bug), {"Finding": exported(bug)}))
    assert failed.startswith(f"[FAIL: {BUGS[bug].property_id}: ")


@pytest.mark.slow
def test_foundry_tests__without_the_bugs__pass(tmp_path: Path) -> None:
    code, output = forge(contracts(tmp_path, None), {bug: exported(bug) for bug in BUGS})
    assert code == 0, output
    assert f"{len(BUGS)} tests passed, 0 failed" in output


@pytest.mark.slow
@pytest.mark.parametrize("example", [test_lending_market, test_two_step_orders])
def test_foundry_tests__of_an_example_s_bugs__fail_on_each_and_pass_without(
    example: ModuleType, tmp_path: Path
) -> None:
    """Properties of their own, of values that several views show together, and refusals by trial."""
    sources = {}
    for bug, script in example.SCRIPTS.items():
        adapter = f"{example.EXAMPLE / 'seeded_bugs.py'}:{bug}"
        target = Target.named(adapter)
        calls = Calls(target.actions)
        script(calls)
        property_id = example.BUGS[bug].property_id
        system = target.system(next(iter(target.markets)))
        found = finding_of(system, adapter, None, calls.sequence, property_id)
        assert found is not None
        sources[bug] = foundry_test(found)
        folder = contracts(tmp_path / bug, bug, example.EXAMPLE, example.BUGS)
        assert failure(forge(folder, {"Finding": sources[bug]})).startswith(f"[FAIL: {property_id}: ")
    code, output = forge(contracts(tmp_path / "sound", None, example.EXAMPLE), sources)
    assert code == 0, output
    assert f"{len(sources)} tests passed, 0 failed" in output


@pytest.mark.slow
def test_foundry_test__in_another_project__says_that_there_is_no_such_contract(tmp_path: Path) -> None:
    (tmp_path / "contracts").mkdir()
    failed = failure(forge(tmp_path, {"Finding": exported("MissingOwnerCheck")}))
    assert failed.startswith("[FAIL: no such contract, or several: Collateral] setUp()")


@pytest.mark.slow
@pytest.mark.parametrize("property_id", ["BOX-1", "BOX-2"])
def test_foundry_test__of_calls_of_every_form__is_solidity_that_shows_the_finding(
    tmp_path: Path, property_id: str
) -> None:
    """Overloads, structs by name, arrays, bytes, two ABIs at one address, a bool that is not returned."""
    adapter = f"{HERE / 'odd_vault.py'}:OddVault"
    system = Target.named(adapter).system("OddVault")
    put = Alphabet(system.actions)["Put"]("trader_1", position=1, assets=1_000)
    found = finding_of(system, adapter, 1, (Step(put, 9),), property_id)
    assert found is not None
    (tmp_path / "contracts").mkdir()
    shutil.copy(HERE / "odd_calls/Odd.sol", tmp_path / "contracts")
    failed = failure(forge(tmp_path, {"Finding": foundry_test(found)}))
    assert failed.startswith(f"[FAIL: {property_id}: ")
