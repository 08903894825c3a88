"""What was deployed is what the manifest says: code, origin, terms and roles, as the chain has them now."""

from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass
from typing import Final, TypeAlias

from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak
from ringfence.evm.chains.base import Reverted
from ringfence.types.outcome import Value
from ringfence.vaults.isolated_margin.markets import PARAMETER_NAMES

from ringfence_operations.market.blueprint import Blueprint
from ringfence_operations.market.build import FACTORY, LENS, POOL, VAULT, build
from ringfence_operations.market.manifest import Manifest
from ringfence_operations.node.client import Node
from ringfence_operations.node.views import FEED, TOKEN, Views

NOBODY: Final = ""


@dataclass(frozen=True, slots=True)
class Check:
    """A check that was made: what should hold, a sentence for each thing that doesn't, and what to know."""

    name: str
    claim: str
    complaints: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scene:
    """A deployed market, looked at in one block."""

    manifest: Manifest
    node: Node
    block: int

    @property
    def views(self) -> Views:
        """Return the views of that block."""
        return Views(self.node, self.block)

    def vault(self, view: str, *args: Value) -> Value:
        """Return what a view of the vault answers; raises Reverted."""
        return self.views.ask(VAULT, self.manifest.vault.address, view, *args)


Differences: TypeAlias = Iterator[str]


def static_checks(scene: Scene) -> Iterator[Check]:
    """Make the checks that need neither events nor positions."""
    yield _made("code", "every contract runs the code that was deployed", scene, _code)
    yield _made("origin", "vault and pool were made by the factory, with these arguments", scene, _origin)
    yield _made("parameters", "the terms are those of the manifest", scene, _parameters)
    roles = _made("roles", "owner and guardian are those of the manifest", scene, _roles)
    yield Check(roles.name, roles.claim, roles.complaints, tuple(_handover(scene)))


def _made(name: str, claim: str, scene: Scene, differences: Callable[[Scene], Differences]) -> Check:
    """Return a check; a contract that does not answer is a complaint too."""
    complaints: list[str] = []
    try:
        complaints.extend(differences(scene))
    except Reverted as refusal:
        complaints.append(f"a contract does not answer as it should ({refusal})")
    return Check(name, claim, tuple(complaints))


def _code(scene: Scene) -> Differences:
    manifest = scene.manifest
    contracts = (
        (FACTORY, manifest.factory),
        (LENS, manifest.lens),
        (VAULT, manifest.vault),
        (POOL, manifest.pool),
    )
    for name, contract in contracts:
        code = scene.node.code(contract.address, scene.block)
        if not code:
            yield f"{name}: there is no code at {contract.address}"
        elif "0x" + keccak(code).hex() != contract.code_hash:
            yield f"{name}: the code at {contract.address} is not what it was at deployment"
        elif contract.creation_hash == build(name).creation_hash and not build(name).is_code_of(code):
            yield f"{name}: the code at {contract.address} is not what the compiler made"


def _origin(scene: Scene) -> Differences:
    manifest, views = scene.manifest, scene.views
    factory, vault = manifest.factory.address, manifest.vault.address
    if not views.ask(FACTORY, factory, "isVault", vault):
        yield f"the factory {factory} does not know the vault {vault}"
    for view, made in (("vaultCodeHash", manifest.vault), ("poolCodeHash", manifest.pool)):
        pinned = views.ask(FACTORY, factory, view)
        if pinned != bytes.fromhex(made.creation_hash[2:]):
            yield f"the factory's {view} is not that of the manifest"
    if manifest.vault.creation_hash == build(VAULT).creation_hash:
        yield from _addresses(scene)
    for contract, address, view, expected in (
        (VAULT, vault, "pool", manifest.pool.address),
        (POOL, manifest.pool.address, "vault", vault),
        (POOL, manifest.pool.address, "asset", manifest.collateral.address),
    ):
        found = str(views.ask(contract, address, view))
        if found != expected.lower():
            yield f"{view} of {contract} is {_told(found)}, not {expected}"


def _addresses(scene: Scene) -> Differences:
    """An address made by CREATE2 is a hash of code and arguments: the right address proves both."""
    manifest = scene.manifest
    vault = Blueprint(manifest, manifest.deployer).vault_at(manifest.factory.address)
    if vault != manifest.vault.address:
        yield f"made with the manifest's arguments the vault would be at {vault}"


def _parameters(scene: Scene) -> Differences:
    manifest = scene.manifest
    held = scene.vault("riskParameters")
    assert isinstance(held, tuple)
    tiers, *numbers = held
    if tiers != tuple(astuple(tier) for tier in manifest.parameters.tiers):
        yield f"tiers are {tiers!r}"
    for name, found in zip(PARAMETER_NAMES, numbers, strict=True):
        expected = getattr(manifest.parameters, name)
        if found != expected:
            yield f"{name} is {found!r}, not {expected}"
    views = scene.views
    for given, contract, name in (
        (manifest.collateral, TOKEN, "collateral"),
        (manifest.feed, FEED, "feed"),
    ):
        if str(scene.vault(name)) != given.address.lower():
            yield f"{name} is {_told(str(scene.vault(name)))}, not {given.address}"
        for place, found in (
            ("the vault", scene.vault(f"{name}Decimals")),
            (given.address, views.ask(contract, given.address, "decimals")),
        ):
            if found != given.decimals:
                yield f"{name} decimals are {found!r} for {place}, not {given.decimals}"
    for view, expected in (("name", manifest.pool_name), ("symbol", manifest.pool_symbol)):
        found = views.ask(POOL, manifest.pool.address, view)
        if found != expected:
            yield f"the pool's {view} is {found!r}, not {expected!r}"


def _roles(scene: Scene) -> Differences:
    manifest = scene.manifest
    owner, pending, guardian = (_role(scene, view) for view in ("owner", "pendingOwner", "guardian"))
    if owner != manifest.owner and (owner, pending) != (manifest.deployer, manifest.owner):
        yield f"the owner is {_told(owner)}, not {manifest.owner}"
    if pending not in (NOBODY, manifest.owner):
        yield f"{pending} may become the owner"
    if guardian != (manifest.guardian if int(manifest.guardian, 16) else NOBODY):
        yield f"the guardian is {_told(guardian)}, not {manifest.guardian}"


def _handover(scene: Scene) -> Iterator[str]:
    """What is left to do, while the deployer still owns the vault."""
    try:
        if _role(scene, "pendingOwner") == scene.manifest.owner:
            yield (
                f"{scene.manifest.owner} has still to accept the vault (ape run accept); until then it is "
                f"owned by {_role(scene, 'owner')}"
            )
    except Reverted:
        return


def _role(scene: Scene, view: str) -> str:
    """Return who has a role, checksummed; NOBODY for the zero address."""
    address = str(scene.vault(view))
    return to_checksum_address(address) if address else NOBODY


def _told(address: str) -> str:
    return to_checksum_address(address) if address else "nobody"
