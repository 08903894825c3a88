"""The market in the model as of a block: the ledger by its events, and what only the chain itself tells."""

from dataclasses import astuple, dataclass
from typing import Any

from isolated_margin.ledger import Ledger
from isolated_margin.margin import Position
from isolated_margin.market import Market
from isolated_margin.resuming import Standing
from ringfence.evm.abi.coder import MalformedOutput
from ringfence.types.outcome import Value
from ringfence.types.roles import FEED, POOL, TOKEN, VAULT
from ringfence.types.state import VaultState
from ringfence.vaults.isolated_margin.reference.model_values import names_of

from ringfence_operations.deploy.manifest import Manifest
from ringfence_operations.follow.batches import Failure, answered, ask_many
from ringfence_operations.follow.connection import Node, NodeRefused
from ringfence_operations.follow.decoding import Decoder
from ringfence_operations.follow.following import Follower, Head


@dataclass(frozen=True, slots=True)
class Sight:
    """A market at a block. ``differing``: the totals that are not what the vault itself says.

    ``vault_tokens``: the assets that the vault holds; ``kept``: those that it keeps for others.
    """

    head: Head
    market: Market
    differing: tuple[str, ...]
    vault_tokens: int
    kept: int
    pool_shares: int


def look(node: Node, manifest: Manifest, follower: Follower, head: Head) -> Sight:
    """Return the market at ``head``, to which ``follower`` has come.

    Raises:
        NodeRefused: the block is no longer on the chain, or the node has lost its state.
        NodeUnreachable: it does not answer.
    """
    decoder, state = follower.decoder, follower.state()
    feed, pool_tokens, vault_tokens, ledger, block = ask_many(
        node,
        [
            _call(decoder, head, FEED, "latestRoundData"),
            _call(decoder, head, TOKEN, "balanceOf", POOL),
            _call(decoder, head, TOKEN, "balanceOf", VAULT),
            _call(decoder, head, VAULT, "ledger"),
            ("eth_getBlockByNumber", [hex(head.number), False]),
        ],
    )
    if answered(node, block) is None or block["hash"] != head.hash:
        raise NodeRefused(f"{node.place}: block {head.number} was replaced while it was looked at")
    market = market_of(manifest, state, head.timestamp)
    _set_feed(market, decoder, node, feed)
    market.token.mint(POOL, _number(node, pool_tokens))
    market.token.mint(VAULT, _number(node, vault_tokens))
    market.drain_log()
    said = decoder.interfaces[VAULT]["ledger"].result(_bytes(answered(node, ledger)))
    assert isinstance(said, tuple)
    return Sight(
        head,
        market,
        _differing(state, said),
        _number(node, vault_tokens),
        kept(state),
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
        positions={number: Position(*astuple(held)[:5]) for number, held in state.positions.items()},
        claimable={role: account.claimable for role, account in accounts if account.claimable},
        owed={role: account.owed for role, account in accounts if account.owed},
        nonces={role: account.nonce for role, account in accounts if account.nonce},
        operators=state.operators,
        owner=state.officers["owner"],
        pending_owner=state.officers["pending_owner"],
        guardian=state.officers["guardian"],
    )


def _set_feed(market: Market, decoder: Decoder, node: Node, answer: Any) -> None:
    """Let the model's feed say what the real one does; a revert, or too short an answer, is a broken feed."""
    if isinstance(answer, Failure) and not answer.is_revert:
        answered(node, answer)
    try:
        market.feed.broken = isinstance(answer, Failure)
        if not market.feed.broken:
            round_data = decoder.interfaces[FEED]["latestRoundData"].result(_bytes(answer))
            assert isinstance(round_data, tuple)
            market.feed.set(int(round_data[1]), int(round_data[3]))  # type: ignore[arg-type]  # by its ABI
    except MalformedOutput:
        market.feed.broken = True


def kept(state: VaultState) -> int:
    """Return the assets of margins, insurance and claims."""
    margins = sum(held.margin for held in state.positions.values())
    claims = sum(account.claimable for account in state.accounts.values())
    return margins + state.totals["insurance"] + claims


def _differing(state: VaultState, said: tuple[Value, ...]) -> tuple[str, ...]:
    names = names_of(Ledger)
    return tuple(name for name, value in zip(names, said, strict=True) if state.totals[name] != value)


def _call(decoder: Decoder, head: Head, role: str, function: str, *args: Value) -> tuple[str, list[Any]]:
    data = decoder.interfaces[role][function].call(*args)
    return "eth_call", [{"to": decoder.addresses[role], "data": "0x" + data.hex()}, hex(head.number)]


def _number(node: Node, answer: Any) -> int:
    return int(answered(node, answer), 16)


def _bytes(answer: str) -> bytes:
    return bytes.fromhex(answer[2:])
