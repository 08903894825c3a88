"""The ledger by events is the chain's, whatever node and chain do."""

from dataclasses import astuple, replace
from pathlib import Path
from typing import Any

import pytest
from ringfence.types.errors import RingfenceError
from ringfence.types.roles import OWNER
from ringfence.vaults.isolated_margin.actions import BreakFeed
from ringfence_operations.follow import checkpoint
from ringfence_operations.follow.follower import UNSETTLED, Follower
from ringfence_operations.follow.snapshot import Snapshot, take_snapshot
from ringfence_operations.node.rpc import NodeRefused, NodeUnreachable

from tests.operating.live_market import LiveMarket, ledger_of, state_of

TRADES = ((2, 1_000), (-3, 900), (4, 800), (-1, 400), (2, 300))


@pytest.fixture
def market() -> LiveMarket:
    """Return a market with five positions, one of them closed by a liquidation."""
    market = LiveMarket()
    for size, margin in TRADES:
        market.open(size, margin)
    market.price(1_840)
    market.liquidate(3, "liquidator_1")
    return market


def followed(market: LiveMarket) -> Follower:
    """Return a follower that has seen all blocks."""
    follower = Follower(market.node, market.manifest)
    follower.advance()
    return follower


def snapshot(market: LiveMarket) -> Snapshot:
    """Return the model in the state of the latest block."""
    follower = Follower(market.node, market.manifest)
    return take_snapshot(market.node, market.manifest, follower, follower.advance())


def assert_follows(follower: Follower, market: LiveMarket) -> None:
    """Check that the ledger by events is the chain's."""
    assert ledger_of(follower.state()) == state_of(market)
    assert follower.number == len(market.chain.blocks) - 1


def test_ledger__followed_from_the_deployment__is_the_chains(market: LiveMarket) -> None:
    follower = followed(market)
    assert_follows(follower, market)
    market.open(1, 500)
    follower.advance()
    assert_follows(follower, market)


@pytest.mark.parametrize(
    ("limit", "value"),
    [
        ("timed_logs", False),
        ("batches", False),
        *((limit, most) for limit in ("most_logs", "most_blocks") for most in (3, 4, 7)),
    ],
)
def test_ledger__from_a_limited_node__is_the_chains(market: LiveMarket, limit: str, value: int) -> None:
    setattr(market.chain, limit, value)
    market.open(1, 500)
    market.chain.mine(3)
    assert_follows(followed(market), market)


def test_ledger__from_a_node_that_gives_not_even_one_block__ends_in_a_sentence(market: LiveMarket) -> None:
    market.chain.most_logs = 0
    with pytest.raises(
        NodeRefused, match=r"refuses the logs of blocks (\d+) to \1: query returned more than 0"
    ):
        followed(market)


@pytest.mark.parametrize("settled", [0, UNSETTLED + 5])
def test_ledger__after_a_reorganisation__is_that_of_the_new_blocks(market: LiveMarket, settled: int) -> None:
    """What was in the replaced blocks is forgotten, also when the new chain is shorter."""
    market.chain.mine(settled)
    follower = followed(market)
    mark = market.chain.mark()
    for size, margin in TRADES[:3]:
        market.open(size, margin)
        follower.advance()
    replaced = follower.state()

    market.rewind(mark)
    market.open(-5, 1_500)
    follower.advance()
    assert follower.rolled_back == 1
    assert ledger_of(follower.state()) == state_of(market) != ledger_of(replaced)


def test_ledger__when_only_the_latest_block_is_replaced__is_that_of_the_new_one(market: LiveMarket) -> None:
    mark = market.chain.mark()
    market.open(1, 500)
    follower = followed(market)
    market.rewind(mark)
    market.chain.mine()
    follower.advance()
    assert follower.number == len(market.chain.blocks) - 1
    assert max(follower.state().positions) == len(TRADES)


def test_ledger__when_the_chain_changes_while_it_is_read__is_that_of_one_chain(market: LiveMarket) -> None:
    follower = followed(market)
    mark = market.chain.mark()
    market.open(1, 500)
    follower.advance()
    market.open(2, 700)
    usual = market.chain._eth_getLogs

    def replaced(query: dict[str, Any]) -> dict[str, Any]:
        market.chain._eth_getLogs = usual
        answer = usual(query)
        market.rewind(mark)
        market.chain.mine(3)
        return answer

    market.chain._eth_getLogs = replaced
    follower.advance()
    assert max(follower.state().positions) == len(TRADES)


def test_ledger__of_a_node_that_goes_away__goes_on_where_it_was(market: LiveMarket) -> None:
    follower = followed(market)
    market.open(1, 500)
    market.chain.down = True
    with pytest.raises(NodeUnreachable, match="does not answer") as reported:
        follower.advance()
    assert "secret-key" not in str(reported.value)
    market.chain.down = False
    follower.advance()
    assert_follows(follower, market)


def test_follower__of_another_chain__is_refused_in_a_sentence(market: LiveMarket) -> None:
    other = replace(market.manifest, deployment_block_hash="0x" + 64 * "1")
    with pytest.raises(RingfenceError, match="is not the manifest's block of deployment"):
        Follower(market.node, other)


def test_checkpoint__of_a_market__saves_following_from_deployment(market: LiveMarket, tmp_path: Path) -> None:
    """The next run begins at the newest saved block that is still on the chain, and comes to the same."""
    market.chain.mine(UNSETTLED + 10)
    follower = followed(market)
    mark = market.chain.mark()
    market.open(1, 500)
    follower.advance()
    path = tmp_path / "monitor.json"
    checkpoint.save(follower.marks, market.manifest, path)

    again = Follower(market.node, market.manifest, checkpoint.load(market.manifest, path))
    assert again.state() == follower.state()
    market.rewind(mark)
    market.open(-2, 700)
    again.advance()
    assert again.events < follower.events
    assert_follows(again, market)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{", "damaged"),
        ('{"schema": "ringfence-checkpoint/0"}', "this is no ringfence-checkpoint/2"),
        ('{"schema": "ringfence-checkpoint/2", "market": {}}', "of another market"),
    ],
)
def test_checkpoint__that_is_none_of_this_market__is_refused_in_a_sentence(
    market: LiveMarket, tmp_path: Path, content: str, reason: str
) -> None:
    path = tmp_path / "monitor.json"
    path.write_text(content)
    with pytest.raises(RingfenceError, match=reason) as reported:
        checkpoint.load(market.manifest, path)
    assert str(reported.value).startswith(f"{path}: ")
    assert "delete it" in str(reported.value)


def test_snapshot__of_a_market__is_the_model_in_the_chains_state(market: LiveMarket) -> None:
    seen = snapshot(market)
    assert seen.mismatches == ()
    assert seen.vault_tokens == seen.obligations
    assert astuple(seen.market.vault.exposure()) == market.vault.workspace.read("pool", "exposure")


def test_snapshot__with_a_dead_feed__has_none_either(market: LiveMarket) -> None:
    market.act(BreakFeed(OWNER, True))
    seen = snapshot(market)
    assert seen.market.feed.broken
    assert not seen.market.vault.exposure().live


def test_snapshot__by_events_that_lack_one__says_which_totals_differ(market: LiveMarket) -> None:
    block = next(block for block in market.chain.blocks[-3:] if block.logs)
    block.logs = [log for log in block.logs if log["address"] != market.manifest.vault.address.lower()]
    assert "long_size" in snapshot(market).mismatches
