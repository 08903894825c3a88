"""What a node is asked, the same on anvil and on Ape's test chain; a node that is not there is a sentence."""

from collections.abc import Iterator

import pytest
from eth_utils.crypto import keccak
from ringfence.evm.artifacts import load
from ringfence.evm.chains.base import Reverted
from ringfence_operations.deploy.sandbox import transact
from ringfence_operations.node.client import Node
from ringfence_operations.node.connection import connected
from ringfence_operations.node.rpc import NodeRefused, NodeUnreachable

from tests.operating.nodes import Anvil

FEED_BROKEN = keccak(text="FeedBroken()")[:4]
LATEST = keccak(text="latestRoundData()")[:4]
BREAK = keccak(text="setBroken(bool)")[:4] + (1).to_bytes(32)


@pytest.fixture(params=["anvil", "eth-tester"])
def node(request: pytest.FixtureRequest) -> Iterator[Node]:
    """Give each kind of node, connected through Ape."""
    network = "ethereum:local:test"
    if request.param == "anvil":
        network = request.getfixturevalue("anvil").url
    with connected(network) as node:
        yield node


def test_node__of_any_kind__answers_alike(node: Node) -> None:
    account = node.ask("eth_accounts")[0]
    creation = load("MockPriceFeed").bytecode + (8).to_bytes(32)
    made = transact(node, account, None, creation)

    assert made.contract is not None
    assert (made.ok, made.block, node.nonce(account)) == (True, node.block().number, 1)
    assert node.code(made.contract)
    assert node.call(made.contract, keccak(text="decimals()")[:4]) == (8).to_bytes(32)
    assert transact(node, account, made.contract, BREAK).ok
    assert node.storage(made.contract, 0) & 1
    for ask in (node.call, lambda to, data: node.estimate_gas(account, to, data)):
        with pytest.raises(Reverted) as refusal:
            ask(made.contract, LATEST)
        assert refusal.value.output == FEED_BROKEN
    assert node.receipts(["0x" + 64 * "1"]) == [None]
    with pytest.raises(NodeRefused):
        node.block(1_000)


@pytest.mark.parametrize(
    ("network", "complaint"),
    [
        ("http://127.0.0.1:1", "no node listens at 127.0.0.1:1"),
        ("nowhere:mainnet", "No ecosystem named 'nowhere'"),
        ("ethereum:nowhere", "nowhere"),
    ],
)
def test_connected__to_nothing__is_one_sentence(network: str, complaint: str) -> None:
    with pytest.raises((NodeUnreachable, NodeRefused), match=complaint) as refusal, connected(network):
        pass
    assert str(refusal.value).startswith(f"--network {network}: ")
    assert "\n" not in str(refusal.value)


def test_node__that_went_away__is_unreachable(anvil: Anvil) -> None:
    node = anvil.connect()
    node.ask("evm_mine")
    anvil.stop()
    with pytest.raises(NodeUnreachable, match="does not answer"):
        node.block()
    anvil.start()
    assert node.block().number == 1
