"""A deployment, step by step; what was done before an interruption is found and not repeated."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from eth_account.signers.local import LocalAccount
from eth_utils.crypto import keccak
from ringfence.types.errors import RingfenceError
from ringfence.vaults.isolated_margin.market_file import MarketFile

from ringfence_operations.deploy.steps import Steps, Terms
from ringfence_operations.files import write_whole
from ringfence_operations.market import manifest as manifests
from ringfence_operations.market.blueprint import Blueprint
from ringfence_operations.market.build import (
    FACTORY,
    LENS,
    POOL,
    VAULT,
    build,
    compiler,
    hash_of,
    standard_json,
)
from ringfence_operations.market.manifest import Contract, Manifest
from ringfence_operations.node.client import Node
from ringfence_operations.sending.journal import Journal
from ringfence_operations.sending.outbox import Outbox
from ringfence_operations.verify.checks import DeployedMarket, static_checks


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a deployment: the manifest, and next to it journal and compiler input."""

    manifest: Path

    @property
    def journal(self) -> Path:
        """Return the journal of transactions, which is there until the deployment is finished."""
        return self.manifest.with_suffix(".journal.jsonl")

    @property
    def compiler_input(self) -> Path:
        """Return the compiler's standard-JSON input, with which explorers verify the contracts."""
        return self.manifest.with_suffix(".input.json")


def deploy(
    node: Node,
    key: LocalAccount,
    market: MarketFile,
    files: Files,
    terms: Terms,
    report: Callable[[str], None],
) -> Manifest:
    """Send what is missing of a deployment, and write its manifest.

    Raises:
        RingfenceError: a step can't be done now; the journal knows how far it came.
    """
    blueprint = Blueprint(market, str(key.address))
    write_whole(standard_json(), files.compiler_input)
    subject = {"configuration": f"{node.chain_id}:{blueprint.subject}", "account": blueprint.deployer}
    with Journal(files.journal, subject) as journal:
        steps = Steps(node, Outbox(node, key, journal), terms, report)
        manifest = _sent(node, blueprint, market, steps)
        _read_back(node, manifest)
        manifests.save(manifest, files.manifest)
        journal.remove()
    return manifest


def _sent(node: Node, blueprint: Blueprint, market: MarketFile, steps: Steps) -> Manifest:
    """Send the steps, and return the manifest of what they made; raises RingfenceError."""
    factory = market.factory or steps.create("factory", blueprint.factory_code)
    lens = market.lens or steps.create("lens", blueprint.lens_code)
    made = steps.call("market", factory, blueprint.create_market)
    vault = blueprint.vault_at(factory)
    if blueprint.hands_over:
        steps.call("handover", vault, blueprint.hand_over)
    block = node.block(made.block)
    return Manifest(
        chain_id=node.chain_id,
        deployment_block=block.number,
        deployment_block_hash=block.hash,
        deployed_at=block.timestamp,
        deployer=blueprint.deployer,
        owner=market.owner,
        guardian=market.guardian,
        collateral=market.collateral,
        feed=market.feed,
        factory=_contract(node, FACTORY, factory),
        lens=_contract(node, LENS, lens),
        vault=_contract(node, VAULT, vault),
        pool=_contract(node, POOL, blueprint.pool_at(vault)),
        pool_name=market.pool_name,
        pool_symbol=market.pool_symbol,
        salt=market.salt,
        parameters=market.parameters,
        transactions=tuple(steps.sent),
        compiler=compiler(),
        source_hash=hash_of(standard_json()),
    )


def _contract(node: Node, name: str, address: str) -> Contract:
    return Contract(address, build(name).creation_hash, "0x" + keccak(node.code(address)).hex())


def _read_back(node: Node, manifest: Manifest) -> None:
    """See that what is on the chain is what was to be deployed; raises RingfenceError when it isn't."""
    for check in static_checks(DeployedMarket(manifest, node, node.block().number)):
        for violation in check.violations:
            raise RingfenceError(f"{check.name}: what was deployed is not what was asked for: {violation}")
