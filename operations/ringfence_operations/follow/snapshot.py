"""The market in the model as of a block: the ledger by its events, and what only the chain has."""

from dataclasses import astuple, dataclass
from typing import Any

from isolated_margin.book import Round
from isolated_margin.ledger import Ledger
from isolated_margin.margin import Position
from isolated_margin.market import Market
from isolated_margin.permission import Permission
from isolated_margin.resuming import Standing
from ringfence.evm.abi.coder import MalformedOutput
from ringfence.types.outcome import Value
from ringfence.types.roles import FEED, POOL, TOKEN, VAULT
from ringfence.types.state import VaultState
from ringfence.vaults.isolated_margin.reference.model_values import names_of
from ringfence.vaults.isolated_margin.slots import ROUNDS

from ringfence_operations.follow.decoder import Decoder
from ringfence_operations.follow.follower import Follower
from ringfence_operations.market.manifest import Manifest
from ringfence_operations.node.client import Block, Node
from ringfence_operations.node.rpc import Failure, NodeRefused


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A market at a block. ``mismatches``: the totals that are not what the vault itself says.

    ``vault_tokens``: the assets that the vault holds; ``obligations``: those that it owes to others.
    """

    block: Block
    market: Market
    mismatches: tuple[str, ...]
    vault_tokens: int
    obligations: int
    pool_shares: int


def take_snapshot(node: Node, manifest: Manifest, follower: Follower, block: Block) -> Snapshot:
    """Return the market at ``block``, to which ``follower`` has come.

    Raises:
        NodeRefused: the block is no longer on the chain, or the node has lost its state.
        NodeUnreachable: it does not answer.
    """
    decoder, state = follower.decoder, follower.state()
    feed, pool_tokens, vault_tokens, ledger, *rounds, again = node.ask_many(
        [
            decoder.question(block.number, FEED, "latestRoundData"),
            decoder.question(block.number, TOKEN, "balanceOf", POOL),
            decoder.question(block.number, TOKEN, "balanceOf", VAULT),
            decoder.question(block.number, VAULT, "ledger"),
            decoder.question(block.number, VAULT, "rounds", True),
            decoder.question(block.number, VAULT, "rounds", False),
            ("eth_getBlockByNumber", [hex(block.number), False]),
        ],
    )
    if node.answered(again) is None or again["hash"] != block.hash:
        raise NodeRefused(f"{node.place}: block {block.number} was replaced while it was read")
    market = market_of(manifest, state, block.timestamp)
    _set_feed(market, decoder, node, feed)
    market.token.mint(POOL, _number(node, pool_tokens))
    market.token.mint(VAULT, _number(node, vault_tokens))
    market.drain_log()
    vault = decoder.interfaces[VAULT]
    stated = _tuple(vault["ledger"].result(_bytes(node.answered(ledger))))
    for its_round in rounds:
        stated += _tuple(vault["rounds"].result(_bytes(node.answered(its_round))))
    return Snapshot(
        block,
        market,
        _mismatches(state, stated),
        _number(node, vault_tokens),
        obligations(state),
        state.totals["pool_shares"],
    )


def market_of(manifest: Manifest, state: VaultState, timestamp: int) -> Market:
    """Return the model's market with this ledger; its token has no balances, its feed no answer yet."""
    market = Market(
        manifest.parameters,
        collateral_decimals=manifest.collateral.decimals,
        feed_decimals=manifest.feed.decimals,
        owner=manifest.owner,
        guardian=manifest.guardian,
        deployed_at=manifest.deployed_at,
    )
    market.clock.advance(timestamp - manifest.deployed_at)
    market.vault.resume(standing_of(state))
    return market


def standing_of(state: VaultState) -> Standing:
    """Return what a vault with this ledger remembers."""
    accounts = state.accounts.items()
    return Standing(
        ledger=Ledger(*[state.totals[name] for name in names_of(Ledger)]),  # type: ignore[arg-type]  # paused
        rounds=(_round(state, "long"), _round(state, "short")),
        positions={number: Position(*astuple(held)[:7]) for number, held in state.positions.items()},
        claimable={role: account.claimable for role, account in accounts if account.claimable},
        owed={role: account.owed for role, account in accounts if account.owed},
        nonces={role: account.nonce for role, account in accounts if account.nonce},
        operators={pair: Permission(*astuple(given)) for pair, given in state.operators.items()},
        owner=state.officers["owner"],
        pending_owner=state.officers["pending_owner"],
        guardian=state.officers["guardian"],
    )


def _round(state: VaultState, side: str) -> Round:
    return Round(*[state.totals[f"{side}_{name}"] for name in names_of(Round)])


def _set_feed(market: Market, decoder: Decoder, node: Node, answer: Any) -> None:
    """Let the model's feed say what the real one does; a revert, or too short an answer, is a broken feed."""
    if isinstance(answer, Failure) and not answer.is_revert:
        node.answered(answer)
    try:
        market.feed.broken = isinstance(answer, Failure)
        if not market.feed.broken:
            round_data = decoder.interfaces[FEED]["latestRoundData"].result(_bytes(answer))
            assert isinstance(round_data, tuple)
            market.feed.set(int(round_data[1]), int(round_data[3]))  # type: ignore[arg-type]  # by its ABI
    except MalformedOutput:
        market.feed.broken = True


def obligations(state: VaultState) -> int:
    """Return the assets of margins, insurance and claims."""
    margins = sum(held.margin for held in state.positions.values())
    claims = sum(account.claimable for account in state.accounts.values())
    return margins + state.totals["insurance"] + claims


def _tuple(value: Value) -> tuple[Value, ...]:
    assert isinstance(value, tuple)
    return value


def _mismatches(state: VaultState, stated: tuple[Value, ...]) -> tuple[str, ...]:
    names = (*names_of(Ledger), *ROUNDS)
    return tuple(name for name, value in zip(names, stated, strict=True) if state.totals[name] != value)


def _number(node: Node, answer: Any) -> int:
    return int(node.answered(answer), 16)


def _bytes(answer: str) -> bytes:
    return bytes.fromhex(answer[2:])
