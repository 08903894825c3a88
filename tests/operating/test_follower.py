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
from ringfence_operations.follow.snapshot import take_snapshot
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


def test_ledger__followed_from_the_deployment__is_the_chains(market: LiveMarket) -> None:
    follower = Follower(market.node, market.manifest)
    head = follower.advance()
    assert ledger_of(follower.state()) == state_of(market)
    assert head.number == len(market.chain.blocks) - 1
    market.open(1, 500)
    follower.advance()
    assert ledger_of(follower.state()) == state_of(market)


def test_ledger__when_logs_do_not_say_their_time__has_the_time_of_the_last_accrual(
    market: LiveMarket,
) -> None:
    """The block of the last accrual is asked for its time, be it the piece's last block or not."""
    market.chain.timed_logs = False
    market.chain.mine(3)
    follower = Follower(market.node, market.manifest)
    follower.advance()
    assert ledger_of(follower.state()) == state_of(market)


@pytest.mark.parametrize("limit", ["most_logs", "most_blocks"])
@pytest.mark.parametrize("most", [3, 4, 7])
def test_ledger__from_a_node_that_refuses_ranges__is_the_chains(
    market: LiveMarket, limit: str, most: int
) -> None:
    setattr(market.chain, limit, most)
    follower = Follower(market.node, market.manifest)
    follower.advance()
    assert ledger_of(follower.state()) == state_of(market)


def test_ledger__from_a_node_that_gives_not_even_one_block__ends_in_a_sentence(market: LiveMarket) -> None:
    market.chain.most_logs = 0
    with pytest.raises(
        NodeRefused, match=r"refuses the logs of blocks (\d+) to \1: query returned more than 0"
    ):
        Follower(market.node, market.manifest).advance()


def test_ledger__from_a_node_without_batches__is_the_chains(market: LiveMarket) -> None:
    market.chain.batches = False
    follower = Follower(market.node, market.manifest)
    follower.advance()
    assert ledger_of(follower.state()) == state_of(market)


@pytest.mark.parametrize("settled", [0, UNSETTLED + 5])
def test_ledger__after_a_reorganisation__is_that_of_the_new_blocks(market: LiveMarket, settled: int) -> None:
    """What was in the replaced blocks is forgotten, also when the new chain is shorter."""
    market.chain.mine(settled)
    follower = Follower(market.node, market.manifest)
    follower.advance()
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
    follower = Follower(market.node, market.manifest)
    follower.advance()
    market.rewind(mark)
    market.chain.mine()
    follower.advance()
    assert follower.number == len(market.chain.blocks) - 1
    assert max(follower.state().positions) == len(TRADES)


def test_ledger__when_the_chain_changes_while_it_is_read__is_that_of_one_chain(market: LiveMarket) -> None:
    follower = Follower(market.node, market.manifest)
    follower.advance()
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
    follower = Follower(market.node, market.manifest)
    follower.advance()
    market.open(1, 500)
    market.chain.down = True
    with pytest.raises(NodeUnreachable, match="does not answer") as reported:
        follower.advance()
    assert "secret-key" not in str(reported.value)
    market.chain.down = False
    follower.advance()
    assert ledger_of(follower.state()) == state_of(market)


def test_follower__of_another_chain__is_refused_in_a_sentence(market: LiveMarket) -> None:
    other = replace(market.manifest, deployment_block_hash="0x" + 64 * "1")
    with pytest.raises(RingfenceError, match="is not the manifest's block of deployment"):
        Follower(market.node, other)


def test_checkpoint__of_a_market__saves_following_from_the_deployment(
    market: LiveMarket, tmp_path: Path
) -> None:
    """The next run begins at the newest saved block that is still on the chain, and comes to the same."""
    market.chain.mine(UNSETTLED + 10)
    follower = Follower(market.node, market.manifest)
    follower.advance()
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
    assert ledger_of(again.state()) == state_of(market)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{", "damaged"),
        ('{"schema": "ringfence-checkpoint/0"}', "this is no ringfence-checkpoint/1"),
        ('{"schema": "ringfence-checkpoint/1", "market": {}}', "of another market"),
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
    follower = Follower(market.node, market.manifest)
    snapshot = take_snapshot(market.node, market.manifest, follower, follower.advance())
    assert snapshot.mismatches == ()
    assert snapshot.vault_tokens == snapshot.obligations
    exposure = market.vault.workspace.read("vault", "exposure")
    assert astuple(snapshot.market.vault.exposure()) == exposure


def test_snapshot__with_a_dead_feed__has_none_either(market: LiveMarket) -> None:
    market.act(BreakFeed(OWNER, True))
    follower = Follower(market.node, market.manifest)
    snapshot = take_snapshot(market.node, market.manifest, follower, follower.advance())
    assert snapshot.market.feed.broken
    assert not snapshot.market.vault.exposure().live


def test_snapshot__by_events_that_lack_one__says_which_totals_differ(market: LiveMarket) -> None:
    block = next(block for block in market.chain.blocks[-3:] if block.logs)
    block.logs = [log for log in block.logs if log["address"] != market.manifest.vault.address.lower()]
    follower = Follower(market.node, market.manifest)
    snapshot = take_snapshot(market.node, market.manifest, follower, follower.advance())
    assert "long_size" in snapshot.mismatches
