"""A deployed market, forked into this process: its vault's and pool's own code and storage on an EVM that
branches off the node's latest block, and the model in the same state.

Token and feed are doubles at their addresses, so that any account can be given tokens and the price be set.
The node is only read.
"""

from dataclasses import dataclass
from itertools import product

from isolated_margin.market import Market
from ringfence.evm.abi.layout import Layout
from ringfence.evm.chains.revm import Fork, RevmChain
from ringfence.evm.workspace import Workspace
from ringfence.types.errors import RingfenceError
from ringfence.types.outcome import Refused, Value
from ringfence.types.roles import ACCOUNTS, FEED, FUNDED, GUARDIAN, OWNER, POOL, TOKEN, VAULT, addresses
from ringfence.types.state import VaultState
from ringfence.vaults.isolated_margin import ComparedVault
from ringfence.vaults.isolated_margin.contracts import Contracts
from ringfence.vaults.isolated_margin.deployment import Deployment
from ringfence.vaults.isolated_margin.markets import INFINITE, MarketSetup
from ringfence.vaults.isolated_margin.reference.reference import ReferenceVault
from ringfence.vaults.isolated_margin.vault import IsolatedMarginVault

from ringfence_operations.follow.follower import Follower
from ringfence_operations.follow.snapshot import Snapshot, market_of, take_snapshot
from ringfence_operations.market import build
from ringfence_operations.market.manifest import Manifest
from ringfence_operations.node.client import Node


@dataclass(frozen=True, slots=True)
class ForkedMarket:
    """A market's fork, compared with its model, and the block that it branches off."""

    vault: ComparedVault
    setup: MarketSetup
    block: int
    block_hash: str


def fork_market(node: Node, manifest: Manifest) -> ForkedMarket:
    """Return a fork of the market at the node's latest block, owned by the harness's owner.

    Raises:
        RingfenceError: the node has no URL, the feed no price, or what was compiled is not what was deployed.
        NodeRefused, NodeUnreachable: as the node does.
        Violated: fork and model do not match at the start.
    """
    if node.url is None:
        raise RingfenceError(f"{node.place}: a market can be forked from a node with a URL only")
    if manifest.vault.creation_hash != build.build(build.VAULT).creation_hash:
        raise RingfenceError(
            "the vault that is compiled here is not the one that was deployed: check out its sources"
        )
    follower = Follower(node, manifest)
    block = follower.advance()
    snapshot = take_snapshot(node, manifest, follower, block)
    if snapshot.market.feed.answer <= 0:
        raise RingfenceError(f"{node.place}: the feed {manifest.feed.address} has no price to begin with")
    chain = RevmChain(fork=Fork(node.url, manifest.chain_id, block.number, block.timestamp))
    builder = _Builder(chain, manifest, follower.state(), snapshot)
    return ForkedMarket(builder.compared(), builder.setup, block.number, block.hash)


class _Builder:
    """Prepares one fork and its model."""

    def __init__(self, chain: RevmChain, manifest: Manifest, state: VaultState, snapshot: Snapshot) -> None:
        self._chain, self._manifest, self._state, self._snapshot = chain, manifest, state, snapshot
        self._market = snapshot.market
        self._contracts = Contracts.compiled()
        roles = {name: address.lower() for name, address in addresses().items()}
        strangers = sorted(state.accounts.keys() - {""} - {roles[name] for name in ACCOUNTS})
        unit = 10**manifest.collateral.decimals
        self.setup = MarketSetup(
            name="rehearsal",
            parameters=manifest.parameters,
            collateral_decimals=manifest.collateral.decimals,
            feed_decimals=manifest.feed.decimals,
            answer=snapshot.market.feed.answer,
            tokens=10 * snapshot.market.pool.balance() + 1_000_000 * unit,
            liquidity=0,
            insurance=0,
            pool_name=manifest.pool_name,
            pool_symbol=manifest.pool_symbol,
            crowd=tuple(strangers),
        )
        self._workspace = Workspace(chain)
        self._book = self._workspace.book
        self._workspace.know(VAULT, self._contracts.vault, manifest.vault.address)
        self._workspace.know(POOL, self._contracts.pool, manifest.pool.address)
        self._workspace.know(TOKEN, self._contracts.token, manifest.collateral.address)
        self._workspace.know(FEED, self._contracts.feed, manifest.feed.address)
        self._workspace.creation_code = self._contracts.creation_code

    def compared(self) -> ComparedVault:
        """Return the fork next to its model, after the present price was set once more."""
        self._place_doubles()
        self._take_roles()
        self._fund()
        deployed_at, ready_at = self._manifest.deployed_at, self._chain.timestamp
        vault = IsolatedMarginVault(Deployment(self._workspace, self.setup, deployed_at, ready_at))
        vault.watch((self._name(owner), self._name(operator)) for owner, operator in self._state.operators)
        model = ReferenceVault(self.setup, deployed_at=deployed_at, ready_at=ready_at)
        model.market = self._model(vault.observe())
        return ComparedVault(vault, model, self.setup)

    def _place_doubles(self) -> None:
        """Put an obedient token and feed in place of the real ones; vault and pool hold what they held."""
        for artifact, name, decimals in (
            (self._contracts.token, TOKEN, self.setup.collateral_decimals),
            (self._contracts.feed, FEED, self.setup.feed_decimals),
        ):
            made = self._chain.deploy(artifact.bytecode + decimals.to_bytes(32), self._book.text(OWNER))
            self._chain.place(self._book.text(name), self._chain.code(made))
        layout = Layout(self._contracts.token.storage_layout)
        token = self._snapshot.market.token
        for name in (*self.setup.accounts, VAULT, POOL):
            place = layout.value("_balances", int.from_bytes(self._book.address(name)))
            self._chain.poke(self._book.text(TOKEN), place.slot, token.balance_of(name))

    def _take_roles(self) -> None:
        """Make the harness's accounts owner and guardian of the fork."""
        self._do(self._state.officers["owner"], VAULT, "transferOwnership", OWNER)
        self._do(OWNER, VAULT, "acceptOwnership")
        self._do(OWNER, VAULT, "setGuardian", GUARDIAN)
        self._do(OWNER, FEED, "setBroken", False)

    def _fund(self) -> None:
        """Give the harness's accounts tokens, and leave to take them."""
        for account in FUNDED:
            self._do(account, TOKEN, "mint", account, self.setup.tokens)
            for spender in (VAULT, POOL):
                self._do(account, TOKEN, "approve", spender, INFINITE)

    def _model(self, state: VaultState) -> Market:
        """Return the model's market with everything that the fork has."""
        market = market_of(self._manifest, state, self._chain.timestamp)
        market.feed.set(self.setup.answer, self._market.feed.updated_at)
        for name, account in state.accounts.items():
            market.token.mint(name, account.tokens)
        market.token.mint(VAULT, state.totals["vault_tokens"])
        market.token.mint(POOL, state.totals["pool_tokens"])
        market.pool.resume({name: account.shares for name, account in state.accounts.items()})
        for owner, spender in product(ACCOUNTS, (*ACCOUNTS, VAULT, POOL)):
            for contract, ledger in ((TOKEN, market.token), (POOL, market.pool)):
                allowed = self._workspace.read(contract, "allowance", owner, spender)
                if isinstance(allowed, int) and allowed:
                    ledger.approve(owner, spender, allowed)
        market.drain_log()
        return market

    def _name(self, address: str) -> str:
        return self._book.name(self._book.address(address))

    def _do(self, account: str, contract: str, function: str, *args: Value) -> None:
        outcome = self._workspace.send(account, contract, function, *args, seconds=0)
        if isinstance(outcome, Refused):
            raise RingfenceError(f"the fork of {self._manifest.vault.address} refuses {function}: {outcome}")
