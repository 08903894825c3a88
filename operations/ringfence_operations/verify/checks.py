"""What was deployed is what the manifest says: code, origin, terms and roles, as the chain has them."""

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
    violations: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DeployedMarket:
    """A deployed market at one block of a node."""

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


Violations: TypeAlias = Iterator[str]


def static_checks(market: DeployedMarket) -> Iterator[Check]:
    """Make the checks that need neither events nor positions."""
    yield _check("code", "every contract runs the code that was deployed", market, _code)
    yield _check("origin", "vault and pool were made by the factory, with these arguments", market, _origin)
    yield _check("parameters", "the terms are those of the manifest", market, _parameters)
    roles = _check("roles", "owner and guardian are those of the manifest", market, _roles)
    yield Check(roles.name, roles.claim, roles.violations, tuple(_handover(market)))


def _check(
    name: str, claim: str, market: DeployedMarket, find: Callable[[DeployedMarket], Violations]
) -> Check:
    """Return a check; a contract that does not answer is a violation too."""
    violations: list[str] = []
    try:
        violations.extend(find(market))
    except Reverted as refusal:
        violations.append(f"a contract does not answer as it should ({refusal})")
    return Check(name, claim, tuple(violations))


def _code(market: DeployedMarket) -> Violations:
    manifest = market.manifest
    contracts = (
        (FACTORY, manifest.factory),
        (LENS, manifest.lens),
        (VAULT, manifest.vault),
        (POOL, manifest.pool),
    )
    for name, contract in contracts:
        code = market.node.code(contract.address, market.block)
        if not code:
            yield f"{name}: there is no code at {contract.address}"
        elif "0x" + keccak(code).hex() != contract.code_hash:
            yield f"{name}: the code at {contract.address} is not what it was at deployment"
        elif contract.creation_hash == build(name).creation_hash and not build(name).is_code_of(code):
            yield f"{name}: the code at {contract.address} is not what the compiler made"


def _origin(market: DeployedMarket) -> Violations:
    manifest, views = market.manifest, market.views
    factory, vault = manifest.factory.address, manifest.vault.address
    if not views.ask(FACTORY, factory, "isVault", vault):
        yield f"the factory {factory} does not know the vault {vault}"
    for view, made in (("vaultCodeHash", manifest.vault), ("poolCodeHash", manifest.pool)):
        pinned = views.ask(FACTORY, factory, view)
        if pinned != bytes.fromhex(made.creation_hash[2:]):
            yield f"the factory's {view} is not that of the manifest"
    if manifest.vault.creation_hash == build(VAULT).creation_hash:
        yield from _addresses(market)
    for contract, address, view, expected in (
        (VAULT, vault, "pool", manifest.pool.address),
        (POOL, manifest.pool.address, "vault", vault),
        (POOL, manifest.pool.address, "asset", manifest.collateral.address),
    ):
        found = str(views.ask(contract, address, view))
        if found != expected.lower():
            yield f"{view} of {contract} is {_shown(found)}, not {expected}"


def _addresses(market: DeployedMarket) -> Violations:
    """An address made by CREATE2 is a hash of code and arguments: the right address proves both."""
    manifest = market.manifest
    vault = Blueprint(manifest, manifest.deployer).vault_at(manifest.factory.address)
    if vault != manifest.vault.address:
        yield f"made with the manifest's arguments the vault would be at {vault}"


def _parameters(market: DeployedMarket) -> Violations:
    manifest = market.manifest
    held = market.vault("riskParameters")
    assert isinstance(held, tuple)
    tiers, *numbers = held
    if tiers != tuple(astuple(tier) for tier in manifest.parameters.tiers):
        yield f"tiers are {tiers!r}"
    for name, found in zip(PARAMETER_NAMES, numbers, strict=True):
        expected = getattr(manifest.parameters, name)
        if found != expected:
            yield f"{name} is {found!r}, not {expected}"
    views = market.views
    for given, contract, name in (
        (manifest.collateral, TOKEN, "collateral"),
        (manifest.feed, FEED, "feed"),
    ):
        if str(market.vault(name)) != given.address.lower():
            yield f"{name} is {_shown(str(market.vault(name)))}, not {given.address}"
        for place, found in (
            ("the vault", market.vault(f"{name}Decimals")),
            (given.address, views.ask(contract, given.address, "decimals")),
        ):
            if found != given.decimals:
                yield f"{name} decimals are {found!r} for {place}, not {given.decimals}"
    for view, expected in (("name", manifest.pool_name), ("symbol", manifest.pool_symbol)):
        found = views.ask(POOL, manifest.pool.address, view)
        if found != expected:
            yield f"the pool's {view} is {found!r}, not {expected!r}"


def _roles(market: DeployedMarket) -> Violations:
    manifest = market.manifest
    owner, pending, guardian = (_role(market, view) for view in ("owner", "pendingOwner", "guardian"))
    if owner != manifest.owner and (owner, pending) != (manifest.deployer, manifest.owner):
        yield f"the owner is {_shown(owner)}, not {manifest.owner}"
    if pending not in (NOBODY, manifest.owner):
        yield f"{pending} may become the owner"
    if guardian != (manifest.guardian if int(manifest.guardian, 16) else NOBODY):
        yield f"the guardian is {_shown(guardian)}, not {manifest.guardian}"


def _handover(market: DeployedMarket) -> Iterator[str]:
    """What is left to do, while the deployer still owns the vault."""
    try:
        if _role(market, "pendingOwner") == market.manifest.owner:
            yield (
                f"{market.manifest.owner} has still to accept the vault (ape run accept); until then it is "
                f"owned by {_role(market, 'owner')}"
            )
    except Reverted:
        return


def _role(market: DeployedMarket, view: str) -> str:
    """Return who has a role, checksummed; NOBODY for the zero address."""
    address = str(market.vault(view))
    return to_checksum_address(address) if address else NOBODY


def _shown(address: str) -> str:
    return to_checksum_address(address) if address else "nobody"
