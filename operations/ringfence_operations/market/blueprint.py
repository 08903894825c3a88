"""What a deployment sends, and the addresses that it makes: known before a key is used."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import rlp
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak
from ringfence.evm.abi.interface import inputs_coder
from ringfence.types.outcome import Value
from ringfence.vaults.isolated_margin.market_file import MarketFile
from ringfence.vaults.isolated_margin.markets import abi_tuple

from ringfence_operations.market.build import FACTORY, LENS, POOL, VAULT, Build, build
from ringfence_operations.market.manifest import Manifest
from ringfence_operations.node.views import NAMES, interface

POOL_SALT: Final = bytes(32)


@dataclass(frozen=True)
class Blueprint:
    """A market, by its configuration or its manifest, and who deploys it: the vault's first owner."""

    market: MarketFile | Manifest
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
        """Return whether the owner is another account than the deployer."""
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
        """Return a text that no other deployment on the chain has."""
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
