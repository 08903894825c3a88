"""What a deployment will send, and at which addresses it will end up: known before a key is used."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Protocol

import rlp
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak
from isolated_margin.parameters import RiskParameters
from ringfence.evm.abi.interface import inputs_coder
from ringfence.types.outcome import Value
from ringfence.vaults.isolated_margin.market_file import Foreign
from ringfence.vaults.isolated_margin.markets import abi_tuple

from ringfence_operations.market.build import FACTORY, LENS, POOL, VAULT, Build, build
from ringfence_operations.node.views import NAMES, interface

POOL_SALT: Final = bytes(32)


class Described(Protocol):
    """What decides a market's addresses: a configuration, or the manifest of what came of it."""

    @property
    def collateral(self) -> Foreign:
        """Return the token."""
        ...

    @property
    def feed(self) -> Foreign:
        """Return the price feed."""
        ...

    @property
    def owner(self) -> str:
        """Return who is to own the vault."""
        ...

    @property
    def guardian(self) -> str:
        """Return who may pause beside the owner."""
        ...

    @property
    def pool_name(self) -> str:
        """Return the name of the pool's shares."""
        ...

    @property
    def pool_symbol(self) -> str:
        """Return the symbol of the pool's shares."""
        ...

    @property
    def salt(self) -> str:
        """Return what tells markets of one configuration apart, as hex text."""
        ...

    @property
    def parameters(self) -> RiskParameters:
        """Return the terms."""
        ...


@dataclass(frozen=True)
class Blueprint:
    """A market and who deploys it: the deployer is the vault's first owner, and hands it over."""

    market: Described
    deployer: str

    @cached_property
    def config(self) -> Value:
        """Return the vault's first constructor argument, as the ABI has it."""
        market = self.market
        return (
            market.collateral.address,
            market.feed.address,
            self.deployer,
            market.guardian,
            market.pool_name,
            market.pool_symbol,
            abi_tuple(market.parameters),
        )

    @property
    def hands_over(self) -> bool:
        """Return whether the owner is somebody else than the deployer."""
        return self.market.owner != self.deployer

    @property
    def factory_code(self) -> bytes:
        """Return what creates the factory."""
        pinned = (keccak(build(VAULT).creation), keccak(build(POOL).creation))
        return build(FACTORY).creation + b"".join(pinned)

    @property
    def lens_code(self) -> bytes:
        """Return what creates the lens."""
        return build(LENS).creation

    @cached_property
    def vault_code(self) -> bytes:
        """Return what creates the vault, its arguments included."""
        return with_arguments(build(VAULT), self.config, build(POOL).creation)

    @property
    def create_market(self) -> bytes:
        """Return the call of the factory."""
        salt = bytes.fromhex(self.market.salt[2:])
        return interface(FACTORY)["createMarket"].call(
            self.config, salt, build(VAULT).creation, build(POOL).creation
        )

    @property
    def hand_over(self) -> bytes:
        """Return the call of the vault that names the new owner."""
        return interface(VAULT)["transferOwnership"].call(self.market.owner)

    def vault_at(self, factory: str) -> str:
        """Return the vault's address, made by that factory."""
        return create2_address(factory, bytes.fromhex(self.market.salt[2:]), self.vault_code)

    def pool_at(self, vault: str) -> str:
        """Return the address of the pool that the vault makes."""
        market = self.market
        code = with_arguments(build(POOL), market.collateral.address, market.pool_name, market.pool_symbol)
        return create2_address(vault, POOL_SALT, code)

    @property
    def subject(self) -> str:
        """Return a text that tells this deployment from any other, its chain apart."""
        return "0x" + keccak(self.vault_code + self.lens_code + bytes.fromhex(self.market.salt[2:])).hex()


def with_arguments(contract: Build, *args: Value) -> bytes:
    """Return creation code with its constructor's arguments."""
    constructor = next(entry for entry in contract.abi if entry["type"] == "constructor")
    return contract.creation + inputs_coder(constructor["inputs"], NAMES).encode(args)


def create_address(sender: str, nonce: int) -> str:
    """Return the address of the contract that an account's transaction of that nonce creates."""
    return to_checksum_address(keccak(rlp.encode([bytes.fromhex(sender[2:]), nonce]))[12:])


def create2_address(creator: str, salt: bytes, code: bytes) -> str:
    """Return the address of what a contract creates with that salt and code."""
    return to_checksum_address(keccak(b"\xff" + bytes.fromhex(creator[2:]) + salt + keccak(code))[12:])
