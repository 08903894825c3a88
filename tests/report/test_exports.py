"""Findings as files that other tools read: a pytest test, a Foundry test, a picture, a page, CI's formats."""

import base64
import hashlib
import json
import re
import runpy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from ringfence.evm.signing import Flaw
from ringfence.properties import PROPERTIES
from ringfence.report.ci import annotations, junit
from ringfence.report.code_place import CodePlace
from ringfence.report.foundry import NotExportable, foundry_test
from ringfence.report.html import page
from ringfence.report.markdown import markdown
from ringfence.report.outputs import Outputs, put_out
from ringfence.report.picture import INK, draw, svg
from ringfence.report.python_test import python_test
from ringfence.report.sarif import sarif
from ringfence.report.summary import PropertyResult, PropertyStatus
from ringfence.types.actions import Step
from ringfence.types.finding import Finding, VaultId
from ringfence.vaults.isolated_margin.actions import SetOperatorWithSig
from ringfence.vaults.isolated_margin.markets import INFINITE, MARKETS, STANDARD

from tests.report.samples import SOUND, finding, shown_finding, summary

ROOT = Path(__file__).resolve().parents[2]


def run(source: str, folder: Path) -> None:
    """Run the one test of a file as pytest would."""
    path = folder / "test_kept.py"
    path.write_text(source)
    (test,) = [made for name, made in runpy.run_path(str(path)).items() if name.startswith("test_")]
    assert isinstance(test, Callable)
    test()


def about(adapter: str) -> Finding:
    """Return the sample finding as if it were about another vault."""
    return replace(finding(), vault=VaultId.named(adapter))


def test_python_test__on_the_finding_s_vault__fails_with_its_steps(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"add margin position 1, 100[\s\S]*positions\[1\]\.margin"):
        run(python_test(finding(), tmp_path), tmp_path)


def test_python_test__in_its_own_market__brings_it_along_and_passes(tmp_path: Path) -> None:
    own = replace(about(SOUND), market=replace(STANDARD, name="mine", tokens=9_999_999_000_001))
    source = python_test(own, tmp_path)
    assert "MARKET = MarketSetup(" in source
    assert "tokens=9_999_999_000_001" in source
    run(source, tmp_path)


def test_python_test__of_six_lines__is_a_small_file() -> None:
    source = python_test(finding(), Path())
    assert 'vault.add_margin("trader_1", position=1, assets=100 * 10**6, owner="trader_1", wait=60)' in source
    assert len(source.splitlines()) < 30
    assert max(map(len, source.splitlines())) <= 110


def test_foundry_test__of_a_value__asks_for_the_model_s() -> None:
    """The calls are those that were sent: this adapter's bug is in Python, and sends one asset less."""
    source = foundry_test(finding())
    assert "wait(60);\n        vm.prank(trader1);\n        vault.addMargin(1, 99_999_999, trader1);" in source
    assert 'vm.assertEq(vault.position(1).margin, 2_090e6, "positions[1].margin");' in source
    assert "forge-std" not in source
    assert len(source.splitlines()) < 250


def test_foundry_test__of_a_sound_vault__is_refused() -> None:
    with pytest.raises(NotExportable, match="shows in no value"):
        foundry_test(about(SOUND))


@pytest.mark.parametrize("flaw", Flaw)
def test_foundry_test__of_a_signature__has_its_bytes(flaw: Flaw) -> None:
    """It is good for the test's contracts: they have the same addresses, on a chain of the same id."""
    signed = SetOperatorWithSig("stranger", "trader_1", "operator", 7, 9, 0, INFINITE, "trader_1", flaw)
    program = (Step(signed, 1), *finding().sequence)
    source = foundry_test(replace(finding(), sequence=program))
    assert 'vault.setOperatorWithSig(trader1, operator, 7, 9, 0, type(uint256).max, bytes(hex"' in source
    assert ("InvalidSignature.selector" in source) is (flaw is not Flaw.NONE)


def test_svg__of_a_finding__has_words_for_every_line() -> None:
    """Words are text, so that they can be searched; the paper is whoever's it is put on."""
    drawn = svg(shown_finding().frames, STANDARD)
    assert drawn.startswith("<svg")
    for word in ("price", "liquidation of 1", "position 1", "insurance", "assets", "2 AddMargin"):
        assert f">{word}" in drawn
    assert INK in drawn


def test_svg__twice__is_the_same() -> None:
    assert svg(shown_finding().frames, STANDARD) == svg(shown_finding().frames, STANDARD)


@pytest.mark.parametrize(("suffix", "start"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")])
def test_draw__by_the_suffix__is_that_format(tmp_path: Path, suffix: str, start: bytes) -> None:
    path = tmp_path / f"finding.{suffix}"
    draw(shown_finding().frames, STANDARD, path)
    assert path.read_bytes().startswith(start)


def test_page__of_a_search__names_no_other_place() -> None:
    """Nothing in it could be fetched, and whatever a vault calls its errors is text."""
    text = page(summary(shown_finding()))
    assert not re.search(r'(?:src|href)="(?!#)', text)
    assert "@import" not in text
    assert "<b>Unheard</b>" not in text
    assert "&lt;b&gt;Unheard&lt;/b&gt;" in text


def test_page__policy__allows_its_own_script_alone() -> None:
    text = page(summary())
    (script,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src &#39;sha256-{digest}&#39;" in text
    assert "default-src &#39;none&#39;" in text


@pytest.mark.parametrize(
    ("expected", "grade", "verdict"),
    [
        (summary(shown_finding()), "bad", "1 finding in 4,000 steps"),
        (summary(shown_finding(), shown_finding(), fault="x"), "bad", "2 findings in 4,000 steps"),
        (summary(), "good", "Nothing found in 4,000 steps"),
        (summary(missing=("x",)), "unclear", "Nothing found in 4,000 steps, but not everything was tried"),
        (summary(fault="x"), "unclear", "Ended early, after 4,000 steps"),
    ],
)
def test_verdict__of_a_search__is_the_worst_of_it(expected: object, grade: str, verdict: str) -> None:
    assert (expected.grade, expected.verdict) == (grade, verdict)


def test_junit__of_a_search__has_a_case_for_every_property() -> None:
    broken = PropertyResult("ISO-1", "One & <all>\x00.", 5, PropertyStatus.BROKEN, "")
    lacking = PropertyResult("LPS-1", "Shares.", 0, PropertyStatus.NOT_APPLICABLE, "needs shares")
    untested = PropertyResult("LIQ-5", "Fees.", 0, PropertyStatus.UNTESTED, "")
    expected = replace(
        summary(shown_finding(), missing=("never reached: x",)), properties=(broken, lacking, untested)
    )
    suites = ElementTree.fromstring(junit(expected))
    (suite,) = suites
    assert suites.attrib == {"tests": "5", "failures": "4", "skipped": "1", "time": "12.500"}
    ends = {case.get("name"): [end.tag for end in case] for case in suite}
    assert ends == {
        "ISO-1: One & <all>?.": ["failure"],
        "LPS-1: Shares.": ["skipped"],
        "LIQ-5: Fees.": ["failure"],
        "positions[1].margin": ["failure"],
        "never reached: x": ["failure"],
    }


def test_junit__of_a_clean_search__fails_nothing() -> None:
    suites = ElementTree.fromstring(junit(summary()))
    assert (suites.get("tests"), suites.get("failures")) == (str(len(PROPERTIES) + 1), "0")


def test_annotations__of_a_search__are_a_line_each() -> None:
    """GitHub's log takes one line; what would end it is escaped."""
    lines = annotations(summary(shown_finding(), missing=("100 % of x: none",)))
    assert lines[0].startswith("::error title=positions[1].margin::positions[1].margin: the vault")
    assert "%0AAt step 2 of 2" in lines[0]
    assert lines[1:] == ["::warning title=not reached::100 %25 of x: none"]
    assert annotations(summary()) == []


def test_markdown__of_a_finding__has_the_steps_and_the_values_before_and_after() -> None:
    """A value that the last step changed, or that is not the model's, has a row."""
    lines = markdown(finding(), shown_finding().frames, "Vault.sol:12").splitlines()
    assert lines[0] == "## positions[1].margin: the vault is not where its model is."
    assert lines[2].endswith("is 2,089.999999, not 2,090. It reverts at `Vault.sol:12`.")
    code = CodePlace(ROOT / "contracts/Vault.sol", 7, ROOT)
    said = markdown(finding(), shown_finding().frames, "", code).splitlines()[2]
    assert said.endswith("not 2,090. The last step is carried out at `contracts/Vault.sol:7`.")
    assert "| # | time | account | action | model | chain |" in lines
    assert "| 2 | +60 s | trader_1 | add margin position 1, 100, owner trader_1 | done | the same |" in lines
    assert "| value | before | after | model |" in lines
    assert "| positions[1].margin | 1,990 | 2,089.999999 | 2,090 |" in lines
    assert not any("positions[1].size" in line for line in lines)


def test_sarif__of_a_search__has_a_rule_a_property_and_a_result_a_finding() -> None:
    """Without a line of Solidity, it points at the adapter, as seen from the repository."""
    (ran,) = json.loads(sarif(summary(shown_finding())))["runs"]
    assert [each["id"] for each in ran["tool"]["driver"]["rules"]] == [*(p.id for p in PROPERTIES), "MODEL"]
    (result,) = ran["results"]
    assert (result["ruleId"], result["level"]) == ("MODEL", "error")
    assert "positions[1].margin is 2,089.999999, not 2,090." in result["message"]["text"]
    (place,) = result["locations"]
    assert place["physicalLocation"]["artifactLocation"] == {"uri": "tests/report/broken.py"}
    lines = (ROOT / "tests/report/broken.py").read_text().splitlines()
    assert lines[place["physicalLocation"]["region"]["startLine"] - 1].startswith("class Forgetful")


def test_put_out__everything__is_where_it_was_asked_for(tmp_path: Path) -> None:
    html, xml, log = tmp_path / "a/r.html", tmp_path / "b/j.xml", tmp_path / "b/r.sarif"
    outputs = Outputs(html, xml, tmp_path / "c", annotations=True, sarif=log)
    stored, annotated = put_out(summary(shown_finding()), outputs)
    assert stored.startswith(f"Written to {tmp_path / 'c/finding.json'}: ")
    assert annotated.startswith("::error ")
    assert html.read_text().startswith("<!doctype html>")
    assert xml.read_text().startswith("<?xml")
    assert json.loads(log.read_text())["version"] == "2.1.0"
    names = {path.name for path in (tmp_path / "c").iterdir()}
    assert names == {"finding.json", "finding.md", "finding.svg", "finding.t.sol", "test_finding.py"}


@pytest.mark.parametrize("setup", MARKETS, ids=lambda setup: setup.name)
def test_python_test__in_every_market__is_python(setup: object, tmp_path: Path) -> None:
    for market in (setup, replace(setup, name="mine")):  # type: ignore[type-var]
        compile(python_test(replace(finding(), market=market), tmp_path), "test_kept.py", "exec")
