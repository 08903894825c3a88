"""Puts a market on a chain, with every account's tokens and approvals in place."""

from dataclasses import dataclass

from ringfence.evm.abi import AddressBook, Function, Interface, Refusals
from ringfence.evm.abi.interface import inputs_coder
from ringfence.evm.artifacts import Artifact
from ringfence.evm.chains.base import Call, Chain, Receipt
from ringfence.evm.signing import Domain
from ringfence.types.outcome import Value
from ringfence.types.roles import FEED, GUARDIAN, OWNER, POOL, TOKEN, VAULT, addresses
from ringfence.vaults.isolated_margin.contracts import Contracts
from ringfence.vaults.isolated_margin.markets import INFINITE, MarketSetup, abi_tuple


@dataclass(frozen=True)
class Deployment:
    """A market on a chain: ``deployed_at`` is the time of the vault's block, ``ready_at`` of the last one."""

    chain: Chain
    setup: MarketSetup
    contracts: Contracts
    book: AddressBook
    interfaces: dict[str, Interface]
    refusals: Refusals
    deployed_at: int
    ready_at: int

    def function(self, contract: str, name: str) -> Function:
        """Return a function of one of the contracts."""
        return self.interfaces[contract][name]

    def send(self, account: str, contract: str, data: bytes, seconds: int) -> Receipt:
        """Send a transaction from an account to a contract, both by name."""
        return self.chain.send(Call(self.book.text(account), self.book.text(contract), data), seconds)

    def read(self, contract: str, name: str, *args: Value) -> Value:
        """Return what a view answers to the owner; raises Reverted."""
        function = self.function(contract, name)
        output = self.chain.call(self.book.text(contract), function.call(*args), self.book.text(OWNER))
        return function.result(output)

    def domain(self, contract: str) -> Domain:
        """Return what signatures for a contract are bound to."""
        answer = self.read(contract, "eip712Domain")
        assert isinstance(answer, tuple)
        name, version = str(answer[1]), str(answer[2])
        return Domain(name, version, self.chain.chain_id, self.book.text(contract))


def deploy(chain: Chain, setup: MarketSetup, contracts: Contracts) -> Deployment:
    """Deploy token, feed and vault, one block each, then fund every account; raises Reverted."""
    named = dict(addresses())
    named[TOKEN] = _create(chain, contracts.token, AddressBook(named), setup.collateral_decimals)
    named[FEED] = _create(chain, contracts.feed, AddressBook(named), setup.feed_decimals)
    config = (TOKEN, FEED, OWNER, GUARDIAN, setup.pool_name, setup.pool_symbol, abi_tuple(setup.parameters))
    named[VAULT] = _create(chain, contracts.vault, AddressBook(named), config, contracts.pool.bytecode)
    deployed_at = chain.timestamp
    named[POOL] = _pool_of(chain, contracts, AddressBook(named))
    return _fund(chain, setup, contracts, AddressBook(named), deployed_at)


def _create(chain: Chain, artifact: Artifact, book: AddressBook, *args: object) -> str:
    """Return the address of a new contract, made by the owner."""
    constructor = next(entry for entry in artifact.abi if entry["type"] == "constructor")
    arguments = inputs_coder(constructor["inputs"], book).encode(args)
    return chain.deploy(artifact.bytecode + arguments, book.text(OWNER))


def _pool_of(chain: Chain, contracts: Contracts, book: AddressBook) -> str:
    """Return the address of the pool that the vault has made."""
    pool = Interface(contracts.vault.abi, book)["pool"]
    address = pool.result(chain.call(book.text(VAULT), pool.call(), book.text(OWNER)))
    assert isinstance(address, str)
    return address


def _fund(
    chain: Chain, setup: MarketSetup, contracts: Contracts, book: AddressBook, deployed_at: int
) -> Deployment:
    """Give the accounts tokens, and vault and pool leave to take them; one block for each."""
    artifacts = {VAULT: contracts.vault, POOL: contracts.pool, TOKEN: contracts.token, FEED: contracts.feed}
    interfaces = {name: Interface(artifact.abi, book) for name, artifact in artifacts.items()}
    refusals = Refusals([artifact.abi for artifact in artifacts.values()], book)
    token = interfaces[TOKEN]
    for account in setup.funded:
        orders = [token["mint"].call(account, setup.tokens)]
        orders += [token["approve"].call(spender, INFINITE) for spender in (VAULT, POOL)]
        for order in orders:
            receipt = chain.send(Call(book.text(account), book.text(TOKEN), order), 1)
            assert receipt.ok, f"{account} could not be funded: {refusals.read(receipt.output)}"
    return Deployment(chain, setup, contracts, book, interfaces, refusals, deployed_at, chain.timestamp)
