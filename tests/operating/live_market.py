"""Markets to follow and to keep, on a node in this process."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from eth_utils.address import to_checksum_address
from isolated_margin.fixed import MAX_PRICE, MAX_UINT256
from ringfence.evm.workspace import Workspace
from ringfence.types.actions import Action, Step
from ringfence.types.outcome import Done
from ringfence.types.roles import FEED, GUARDIAN, OWNER, POOL, STRANGER, TOKEN, TRADERS, VAULT
from ringfence.types.state import VaultState
from ringfence.vaults.isolated_margin import Contracts, Deployment, IsolatedMarginVault, deploy
from ringfence.vaults.isolated_margin.actions import Liquidate, Open, SetPrice, SettleMarket
from ringfence.vaults.isolated_margin.markets import STANDARD, MarketSetup
from ringfence_operations.market.manifest import Compiler, Contract, Foreign, Manifest
from ringfence_operations.node.client import Node

from tests.operating.mini_node import MiniNode

NOTHING: Final = "0x" + 64 * "0"
SIZE: Final = 10**18
CENT: Final = 10**6  # a feed of 8 decimals
TOKENS: Final = 10**6
CALM: Final = replace(  # a day's prices stay good
    STANDARD,
    parameters=replace(STANDARD.parameters, max_price_age=604_800, settle_after=1_209_600, adl_trigger_ppm=1),
)


class LiveMarket:
    """A market on a node: the harness acts in it, the operating programs look at it."""

    def __init__(self, setup: MarketSetup = CALM, chain: Any = None) -> None:
        """Deploy a market and run its opening steps."""
        self.chain = chain if chain is not None else MiniNode()
        self.vault = IsolatedMarginVault(deploy(Workspace(self.chain), setup, Contracts.compiled()))
        for step in setup.opening():
            assert isinstance(self.vault.apply(step), Done)
        self.node = Node(self.chain, "--network mini")
        self.manifest = manifest_of(self.vault.deployment, self.chain)

    def act(self, action: Action, seconds: int = 2) -> None:
        """Carry out an action in a block of its own."""
        outcome = self.vault.apply(Step(action, seconds))
        assert isinstance(outcome, Done), outcome

    def price(self, dollars: int) -> None:
        """Let the feed say a price, in a block of its own."""
        self.act(SetPrice(OWNER, dollars * 100 * CENT, 0))

    def silence(self) -> None:
        """Let the feed say no price, and somebody report it."""
        self.act(SetPrice(OWNER, 0, 0))
        self.act(SettleMarket(STRANGER))

    def open(self, size: int, margin: int, owner: str = TRADERS[0]) -> int:
        """Open a position of whole base assets and tokens; return its id."""
        limit = MAX_PRICE if size > 0 else 0
        self.act(Open(owner, size * SIZE, margin * TOKENS, limit, MAX_UINT256))
        return int(self.vault.observe().totals["next_id"]) - 1

    def rewind(self, mark: Any) -> None:
        """Take blocks away, and what the harness knows of them."""
        self.chain.rewind(mark)
        self.vault.restore(self.vault.snapshot())

    def liquidate(self, position: int, by: str) -> None:
        """Be the faster keeper."""
        self.act(Liquidate(by, position))


def manifest_of(deployment: Deployment, chain: MiniNode) -> Manifest:
    """Return the manifest of a market that the harness deployed, as far as following looks at it."""
    book, setup = deployment.workspace.book, deployment.setup
    place = next(
        block for block in chain.blocks if any(log["address"] == book.text(VAULT) for log in block.logs)
    )

    def address(role: str) -> str:
        return str(to_checksum_address(book.text(role)))

    unknown = Contract(NOTHING[:42], NOTHING, NOTHING)
    return Manifest(
        chain_id=chain.chain_id,
        deployment_block=place.number,
        deployment_block_hash=place.hash,
        deployed_at=deployment.deployed_at,
        deployer=address(OWNER),
        owner=address(OWNER),
        guardian=address(GUARDIAN),
        collateral=Foreign(address(TOKEN), setup.collateral_decimals),
        feed=Foreign(address(FEED), setup.feed_decimals),
        factory=unknown,
        lens=unknown,
        vault=replace(unknown, address=address(VAULT)),
        pool=replace(unknown, address=address(POOL)),
        pool_name=setup.pool_name,
        pool_symbol=setup.pool_symbol,
        salt=NOTHING,
        parameters=setup.parameters,
        transactions=(),
        compiler=Compiler("0.8.30", "cancun", optimize=True, optimization_runs=200, via_ir=True),
        source_hash=NOTHING,
    )


def state_of(market: LiveMarket) -> dict[str, Any]:
    """Return the ledger on the chain, as ``ledger_of`` gives a follower's."""
    return ledger_of(market.vault.observe(), market.vault.workspace.book.text)


def ledger_of(state: VaultState, text: Callable[[str], str] = str) -> dict[str, Any]:
    """Return a ledger without wallets and tokens, its accounts by address; ``text`` has it for each."""
    accounts = {text(role): account for role, account in state.accounts.items()}
    return {
        "positions": {n: replace(held, owner=text(held.owner)) for n, held in state.positions.items()},
        "totals": {name: value for name, value in state.totals.items() if not name.endswith("_tokens")},
        "claimable": {role: account.claimable for role, account in accounts.items() if account.claimable},
        "owed": {role: account.owed for role, account in accounts.items() if account.owed},
        "shares": {role: account.shares for role, account in accounts.items() if account.shares},
        "officers": {name: text(role) if role else "" for name, role in state.officers.items()},
    }
