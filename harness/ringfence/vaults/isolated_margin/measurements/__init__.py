"""What our vault is measured by: call sequences and tests for its edges, its views, and its factory."""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, ClassVar, Final

from ringfence.engine.measurements import Measurements
from ringfence.evm.chains.revm import RevmChain
from ringfence.evm.workspace import Workspace
from ringfence.types.actions import CallSequence, Step
from ringfence.types.codec import decode
from ringfence.types.market import VaultMarket
from ringfence.vaults.isolated_margin.actions import ALPHABET
from ringfence.vaults.isolated_margin.contracts import CODES, contract
from ringfence.vaults.isolated_margin.markets import EMPTY
from ringfence.vaults.isolated_margin.measurements.factory import DrawnMarkets
from ringfence.vaults.isolated_margin.questions import Questions
from ringfence.vaults.isolated_margin.reference.reference import ReferenceVault
from ringfence.vaults.isolated_margin.seeded_bugs.compiler import ROOT

FOLDER: Final = Path(__file__).parent
TESTS: Final = ROOT / "tests"
TESTS_OF: Final = {  # what says most of a file first; formulas are the model's to compare
    "IsolatedMarginVault.sol": (
        *("hostile/test_reentrancy.py", "signatures", "hostile/test_feeds.py", "hostile/test_tokens.py"),
        *("factory", "events", "hostile/test_liquidation_stays_possible.py", "hostile/test_settlement.py"),
    ),
    "LiquidityPool.sol": ("hostile/test_reentrancy.py", "pool", "hostile/test_tokens.py"),
    "VaultFactory.sol": ("factory", "hostile/test_two_markets.py"),
    "libraries/CollateralTransfer.sol": ("hostile/test_tokens.py", "hostile/test_reentrancy.py", "pool"),
    "libraries/DeleverageMath.sol": ("hostile/test_domain.py",),
    "libraries/StoredPosition.sol": ("hostile/test_domain.py",),
    "libraries/ParameterWords.sol": ("factory",),
    "libraries/PriceFeedReader.sol": (
        *("hostile/test_feeds.py", "hostile/test_decimals.py", "hostile/test_settlement.py"),
    ),
    "libraries/RiskParametersLib.sol": ("factory",),
    "libraries/Constants.sol": (
        *("factory", "hostile/test_feeds.py", "hostile/test_tokens.py", "hostile/test_settlement.py"),
    ),
}


class OurMeasurements(Measurements):
    """Those of our vault."""

    markets: ClassVar[Sequence[VaultMarket]] = (EMPTY,)
    equivalent_mutants: ClassVar[Path | None] = FOLDER / "equivalent_mutants.yaml"
    unreachable: ClassVar[Path | None] = FOLDER / "unreachable.yaml"

    def corpus(self) -> Sequence[tuple[str, CallSequence]]:
        """Return sequences that were worked out, since random play hardly ever comes there.

        The file says what each one is there for.
        """
        return _edges()

    def codes(self) -> Mapping[str, bytes]:
        """Return the code of vault, pool, lens and factory; raises ArtifactMissing, ProjectError."""
        return {name: contract(name).bytecode for name in CODES}

    def tests_of(self, file: str) -> Sequence[Path]:
        """Return the tests of a source; none where they are not at hand."""
        return [TESTS / place for place in TESTS_OF.get(file, ()) if (TESTS / place).exists()]

    def view_mismatches(self, workspace: Workspace, reference: Any) -> Iterator[str]:
        """Ask every view of lens, pool and vault."""
        assert isinstance(reference, ReferenceVault)
        return Questions(workspace).differences(reference.market)

    def deployments(self, chain: RevmChain, seed: int) -> Iterator[Sequence[str]]:
        """Have the factory make markets."""
        return iter(DrawnMarkets(chain, seed))


@cache
def _edges() -> Sequence[tuple[str, CallSequence]]:
    entries = json.loads((files(__package__) / "edges.json").read_text(encoding="utf-8"))
    return [
        (entry["market"], tuple(decode(step, Step, ALPHABET) for step in entry["sequence"]))
        for entry in entries
    ]
