"""The contracts of one market, compiled."""

from dataclasses import dataclass
from typing import Final

from ringfence.evm.artifacts import Artifact, load

LENS: Final = "lens"  # what the lens is called where it is deployed too


@dataclass(frozen=True, slots=True)
class Contracts:
    """What a market is made of; a hostile token or a seeded bug takes the place of the ordinary one."""

    vault: Artifact
    pool: Artifact
    token: Artifact
    feed: Artifact

    @staticmethod
    def compiled() -> "Contracts":
        """Return the ordinary contracts; raises ArtifactMissing."""
        return Contracts(
            load("IsolatedMarginVault"), load("LiquidityPool"), load("MockToken"), load("MockPriceFeed")
        )

    @property
    def creation_code(self) -> bytes:
        """Return the code of vault and pool before their arguments: findings are told apart by its hash."""
        return self.vault.bytecode + self.pool.bytecode
