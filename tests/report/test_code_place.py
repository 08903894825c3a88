"""Where in the code a finding is shown: what reverts, what was called, or the adapter's method."""

from dataclasses import replace
from pathlib import Path

import pytest
from ringfence.engine.guard import ValidatedVault
from ringfence.engine.target import Target
from ringfence.report.code_place import code_place
from ringfence.report.steps_text import read
from ringfence.types.finding import VaultId
from ringfence.types.outcome import Refused

from tests.report.samples import finding

ROOT = Path(__file__).resolve().parents[2]
NOTIONAL = ROOT / "examples/notional-vault"
PUSH = 'set_price("owner", price=3_000 * 10**18)\n'
OPEN = 'open("trader_1", size=100 * 10**18, margin=20 * 10**6)\n'
LIQUIDATE = 'liquidate("liquidator_1", position=1)\n'
PAPER = """from pathlib import Path
from tests.byo.paper_vault import PaperVault
import ringfence as rf


class Paper(PaperVault):
    @rf.action(rf.ADDS_MARGIN)
    def add_margin(self, account: rf.Anyone, position: rf.Position, assets: rf.Assets) -> rf.Outcome:
        return rf.Refused("Never", ())
"""


def located(adapter: str, steps: str, folder: Path) -> tuple[str, str]:
    """Return the file that a finding with these steps is shown at, and the text of that line."""
    file = folder / "steps.txt"
    file.write_text(steps)
    target = Target.named(adapter)
    system = target.system(next(iter(target.markets)))
    sequence = read(file, target.actions)
    system.restart()
    outcome = [system.apply(step).outcome for step in sequence][-1]
    assert isinstance(system.vault, ValidatedVault)
    site = system.vault.bench.revert_site() if isinstance(outcome, Refused) else ""
    found = replace(finding(), vault=VaultId.named(adapter), sequence=sequence, step=len(sequence))
    place = code_place(system, found, site)
    return place.uri, place.file.read_text().splitlines()[place.line - 1].strip()


@pytest.mark.parametrize(
    ("steps", "file", "text"),
    [
        (OPEN + LIQUIDATE, "Router.sol", "revert NotLiquidatable(equity, required);"),
        (PUSH, "PushedPrice.sol", "function push(uint256"),
        (OPEN, "Router.sol", "function open("),
    ],
)
def test_place__of_a_step__is_what_reverts_or_the_function_called(
    steps: str, file: str, text: str, tmp_path: Path
) -> None:
    uri, line = located(f"{NOTIONAL / 'adapter.py'}:NotionalVault", steps, tmp_path)
    assert uri == f"examples/notional-vault/contracts/{file}"
    assert text in line


def test_place__of_an_adapter_outside_of_here__is_as_seen_from_its_folder(tmp_path: Path) -> None:
    text = (NOTIONAL / "adapter.py").read_text().replace('parent / "contracts"', 'parent / "src"')
    (tmp_path / "adapter.py").write_text(text)
    (tmp_path / "src").mkdir()
    for source in (NOTIONAL / "contracts").glob("*.sol"):
        (tmp_path / "src" / source.name).write_text(source.read_text())
    assert located(f"{tmp_path / 'adapter.py'}:NotionalVault", OPEN, tmp_path)[0] == "src/Router.sol"


def test_place__of_a_repository__is_as_seen_from_its_top(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "audit").mkdir()
    (tmp_path / "audit/paper.py").write_text(PAPER)
    adapter = f"{tmp_path / 'audit/paper.py'}:Paper"
    refused = located(adapter, 'add_margin("owner", position=1, assets=1)\n', tmp_path)
    assert refused == ("audit/paper.py", "@rf.action(rf.ADDS_MARGIN)")
    uri, line = located(adapter, 'liquidate("liquidator_1", position=1)\n', tmp_path)
    assert uri.endswith("tests/byo/paper_vault.py")
    assert line == "@rf.action(rf.LIQUIDATES)"
