"""One run of `deploy`: makes a plan, resumes an earlier run, or finds that nothing is left to do."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ringfence.types.errors import RingfenceError
from ringfence.vaults.isolated_margin.market_file import MarketFile

from ringfence_operations.deploy.deployment import Files, deploy
from ringfence_operations.deploy.plan_text import plan_text
from ringfence_operations.deploy.preflight import check_surroundings, make_plan
from ringfence_operations.deploy.steps import Terms, step_fees
from ringfence_operations.market import manifest as manifests
from ringfence_operations.market.manifest import Manifest
from ringfence_operations.node.client import Node
from ringfence_operations.sending.fees import check_funds
from ringfence_operations.sending.keys import address_of, unlock
from ringfence_operations.verify.checks import DeployedMarket, static_checks

SAME: Final = (
    "chain_id",
    "collateral",
    "feed",
    "owner",
    "guardian",
    "pool_name",
    "pool_symbol",
    "salt",
    "parameters",
)


@dataclass(frozen=True, slots=True)
class Run:
    """What a run needs: the account's keystore, its passphrase's file, where to write, how to send."""

    market: MarketFile
    account: str
    passphrase_file: Path | None
    files: Files
    terms: Terms
    is_dry: bool
    report: Callable[[str], None]

    def on(self, node: Node) -> Manifest | None:
        """Deploy what is missing; return the manifest, or nothing after a dry run.

        Raises:
            RingfenceError: something is not as the configuration says, or a step can't be done now.
        """
        if self.files.manifest.exists():
            return self._finished(node)
        if self.files.journal.exists():
            check_surroundings(node, self.market)
            self.report(f"going on with the deployment noted in {self.files.journal}")
        else:
            self._plan(node, address_of(self.account))
        if self.is_dry:
            self.report("dry run: nothing was signed or sent")
            return None
        key = unlock(self.account, self.passphrase_file)
        manifest = deploy(node, key, self.market, self.files, self.terms, self.report)
        self.report(f"deployed and read back; written to {self.files.manifest}")
        self._remaining(node, manifest)
        return manifest

    def _plan(self, node: Node, deployer: str) -> None:
        """Report the plan, and see that it can be paid for."""
        plan = make_plan(node, self.market, deployer)
        fee = step_fees(node, node.block(), self.terms.max_fee).most
        self.report(plan_text(plan, self.market, deployer, fee))
        check_funds(node, deployer, plan.cost(fee), "the deployment")

    def _finished(self, node: Node) -> Manifest:
        """Return the manifest of a deployment that is whole, and still what is asked for."""
        path = self.files.manifest
        manifest = manifests.load(path, node.chain_id)
        for name in SAME:
            if getattr(manifest, name) != getattr(self.market, name):
                raise RingfenceError(
                    f"{self.market.file.path}: {name} is not what was deployed ({path}); terms can't "
                    "change, so name another --manifest to deploy another one"
                )
        if not node.code(manifest.vault.address):
            raise RingfenceError(
                f"{path}: there is no vault at {manifest.vault.address} on this chain {node.chain_id}; "
                "name another --manifest to deploy here"
            )
        self.files.journal.unlink(missing_ok=True)  # of a run that was cut off just before its end
        self.report(f"nothing to do: deployed in block {manifest.deployment_block}, see {path}")
        self._remaining(node, manifest)
        return manifest

    def _remaining(self, node: Node, manifest: Manifest) -> None:
        """Report what others have still to do."""
        for check in static_checks(DeployedMarket(manifest, node, node.block().number)):
            for note in check.notes:
                self.report(f"remains: {note}")
