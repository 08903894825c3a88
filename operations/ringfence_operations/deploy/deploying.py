"""Deploys a market step by step; what was done before an interruption is found, not done again."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from eth_account.signers.local import LocalAccount
from eth_utils.crypto import keccak
from ringfence.types.errors import RingfenceError
from ringfence.vaults.isolated_margin.market_file import MarketFile

from ringfence_operations.deploy import manifest as manifests
from ringfence_operations.deploy.blueprint import Blueprint
from ringfence_operations.deploy.build import (
    FACTORY,
    LENS,
    POOL,
    VAULT,
    build,
    compiler,
    hash_of,
    standard_json,
)
from ringfence_operations.deploy.manifest import Contract, Manifest, Sent, write_whole
from ringfence_operations.deploy.sending import Sender, Terms
from ringfence_operations.deploy.step_journal import Journal
from ringfence_operations.follow.connection import Mined, Node
from ringfence_operations.verify.checks import Scene, static_checks


@dataclass(frozen=True, slots=True)
class Files:
    """Where a deployment is written down: the manifest, and beside it journal and compiler input."""

    manifest: Path

    @property
    def journal(self) -> Path:
        """Return where transactions are noted while the deployment is not finished."""
        return self.manifest.with_suffix(".journal.json")

    @property
    def compiler_input(self) -> Path:
        """Return where the standard-JSON input is, with which explorers verify the contracts."""
        return self.manifest.with_suffix(".input.json")


def deploy(
    node: Node,
    key: LocalAccount,
    market: MarketFile,
    files: Files,
    terms: Terms,
    tell: Callable[[str], None],
) -> Manifest:
    """Send what is missing of a deployment, and write its manifest.

    Raises:
        RingfenceError: a step can't be done now; the journal knows how far it came.
    """
    blueprint = Blueprint(market, str(key.address))
    compiler_input = standard_json()
    write_whole(compiler_input, files.compiler_input)
    journal = Journal(files.journal, f"{node.chain_id}:{blueprint.subject}")
    steps = Steps(Sender(node, key, journal, terms, tell))
    factory = market.factory or steps.created("factory", blueprint.factory_code)
    lens = market.lens or steps.created("lens", blueprint.lens_code)
    made = steps.done("market", factory, blueprint.create_market)
    vault = blueprint.vault_at(factory)
    if blueprint.hands_over:
        steps.done("handover", vault, blueprint.hand_over)
    block = node.block(made.block)
    manifest = Manifest(
        chain_id=node.chain_id,
        deployment_block=block.number,
        deployment_block_hash="0x" + block.hash.hex(),
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
        source_hash=hash_of(compiler_input),
    )
    _read_back(node, manifest)
    manifests.save(manifest, files.manifest)
    journal.close()
    return manifest


class Steps:
    """The steps of a deployment, and a list of what they sent."""

    def __init__(self, sender: Sender) -> None:
        """Send by ``sender``."""
        self._sender = sender
        self.sent: list[Sent] = []

    def created(self, step: str, code: bytes) -> str:
        """Return the address of the contract that a step creates."""
        address, hash_, mined = self._sender.created(step, code)
        self.sent.append(Sent(step, hash_, mined.block))
        return address

    def done(self, step: str, to: str, data: bytes) -> Mined:
        """Return the receipt of a step that calls a contract."""
        hash_, mined = self._sender.send(step, to, data)
        self.sent.append(Sent(step, hash_, mined.block))
        return mined


def _contract(node: Node, name: str, address: str) -> Contract:
    """Return a contract as it is on the chain; raises RingfenceError when it is not the compiled one."""
    code = node.code(address)
    if not build(name).is_code_of(code):
        raise RingfenceError(
            f"{name} at {address}: the code there is not what was compiled; trust nothing there"
        )
    return Contract(address, build(name).creation_hash, "0x" + keccak(code).hex())


def _read_back(node: Node, manifest: Manifest) -> None:
    """See that what is on the chain is what was to be deployed; raises RingfenceError when it isn't."""
    for check in static_checks(Scene(manifest, node, node.block().number)):
        for complaint in check.complaints:
            raise RingfenceError(f"{check.name}: what was deployed is not what was asked for: {complaint}")
