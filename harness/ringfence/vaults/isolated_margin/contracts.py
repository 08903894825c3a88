"""The contracts of one market, compiled."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from ringfence.evm.artifacts import Artifact, load
from ringfence.evm.projects import ProjectError
from ringfence.evm.projects.project import Project
from ringfence.evm.projects.rewriting import current_rewriting
from ringfence.vaults.isolated_margin.seeded_bugs.compiler import (
    HASTY,
    OPTIMISED,
    ROOT,
    DoesNotCompile,
    Optimizer,
    Sources,
    creation_code,
    real_sources,
    syntax_trees,
)

LENS: Final = "lens"  # what the lens is called where it is deployed too
OF_A_MARKET: Final = ("IsolatedMarginVault", "LiquidityPool", "VaultLens")
CODES: Final = (*OF_A_MARKET, "VaultFactory")


def contract(name: str) -> Artifact:
    """Return one of our contracts, compiled ahead, or now where sources are rewritten.

    Raises ArtifactMissing, ProjectError.
    """
    return REWRITTEN[name] if current_rewriting() else load(name)


def _rewritten() -> Mapping[str, Artifact]:
    now = current_rewriting()
    assert now is not None
    optimizer, sources = OPTIMISED if now.is_optimised else HASTY, real_sources()
    try:
        changed = now.rewrite(ROOT / "contracts", sources, lambda: syntax_trees(sources))
        codes = {name: creation_code(name, changed, optimizer) for name in CODES}
    except DoesNotCompile as refusal:
        raise ProjectError(f"contracts/ does not compile: {' '.join(str(refusal).split())}") from None
    return {name: replace(load(name), bytecode=code) for name, code in codes.items()}


REWRITTEN: Final = Project(ROOT / "contracts", _rewritten)


@dataclass(frozen=True, slots=True)
class Contracts:
    """What a market is made of; a hostile token or a seeded bug takes the place of the ordinary one."""

    vault: Artifact
    pool: Artifact
    token: Artifact
    feed: Artifact
    lens: Artifact

    @staticmethod
    def compiled() -> "Contracts":
        """Return the ordinary contracts; raises ArtifactMissing, ProjectError."""
        vault, pool, lens = map(contract, OF_A_MARKET)
        return Contracts(vault, pool, load("MockToken"), load("MockPriceFeed"), lens)

    @staticmethod
    def of(sources: Sources, optimizer: Optimizer = HASTY) -> "Contracts":
        """Return them as other sources compile; raises DoesNotCompile."""
        codes = (creation_code(name, sources, optimizer) for name in OF_A_MARKET)
        vault, pool, lens = map(_artifact, OF_A_MARKET, codes)
        return replace(Contracts.compiled(), vault=vault, pool=pool, lens=lens)

    @property
    def with_blacklist(self) -> "Contracts":
        """Return them with a collateral that can blacklist; raises ArtifactMissing."""
        return replace(self, token=load("BlacklistToken"))

    @property
    def creation_code(self) -> bytes:
        """Return the code of vault and pool before their arguments: its hash goes into findings."""
        return self.vault.bytecode + self.pool.bytecode


@cache
def _artifact(name: str, code: bytes) -> Artifact:
    return replace(load(name), bytecode=code)
