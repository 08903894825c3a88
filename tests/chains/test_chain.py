"""Every chain runs transactions in blocks of the time it is told, and goes back as often as it is asked."""

import pytest
from ringfence.evm.abi import AddressBook, Interface
from ringfence.evm.abi.layout import Layout
from ringfence.evm.artifacts import load
from ringfence.evm.chains.base import GENESIS_TIME, Call, Chain, Receipt, Reverted
from ringfence.types.outcome import Event, Value
from ringfence.types.roles import OWNER, STRANGER, TRADERS, addresses

DECIMALS = (6).to_bytes(32)
BOOK = AddressBook(addresses())
TOKEN = Interface(load("MockToken").abi, BOOK)
TRADER = TRADERS[0]


class Token:
    """A token on a chain, to move things about."""

    def __init__(self, chain: Chain) -> None:
        self.chain = chain
        self.address = chain.deploy(load("MockToken").bytecode + DECIMALS, BOOK.text(OWNER))

    def send(self, account: str, function: str, *args: Value, seconds: int = 1) -> Receipt:
        call = Call(BOOK.text(account), self.address, TOKEN[function].call(*args))
        return self.chain.send(call, seconds)

    def read(self, function: str, *args: Value) -> Value:
        output = self.chain.call(self.address, TOKEN[function].call(*args), BOOK.text(OWNER))
        return TOKEN[function].result(output)


@pytest.fixture
def token(chain: Chain) -> Token:
    return Token(chain)


def test_send__a_transaction__returns_its_output_and_its_logs(token: Token) -> None:
    token.send(OWNER, "mint", TRADER, 100)
    receipt = token.send(TRADER, "transfer", STRANGER, 40)
    assert receipt.ok
    assert TOKEN["transfer"].result(receipt.output) is True
    (log,) = receipt.logs
    assert log.address == token.address
    assert TOKEN.event("token", log.topics, log.data) == Event("token", "Transfer", (TRADER, STRANGER, 40))


def test_send__a_refused_transaction__returns_its_error(token: Token) -> None:
    receipt = token.send(TRADER, "transfer", STRANGER, 1)
    assert not receipt.ok
    assert receipt.logs == ()
    assert receipt.output[4:] == BOOK.address(TRADER).rjust(32, b"\0") + bytes(32) + (1).to_bytes(32)


def test_call__a_refused_view__raises_its_error(token: Token) -> None:
    with pytest.raises(Reverted) as refused:
        token.read("transferFrom", TRADER, STRANGER, 1)
    assert len(refused.value.output) == 4 + 3 * 32


def test_deploy__with_a_constructor_that_reverts__raises(chain: Chain) -> None:
    revert = bytes.fromhex("5f5ffd")
    with pytest.raises(Reverted):
        chain.deploy(revert, BOOK.text(OWNER))


def test_timestamp__after_steps__is_exactly_what_was_asked_for(chain: Chain) -> None:
    """Time starts ahead of the wall clock and moves by the seconds of each step, in call and transaction."""
    start = chain.timestamp
    assert start == GENESIS_TIME
    token = Token(chain)
    token.send(OWNER, "mint", TRADER, 1, seconds=3_600)
    assert chain.timestamp == start + 1 + 3_600


def test_send__with_zero_seconds__joins_the_last_block(token: Token) -> None:
    """Transactions share a block where the chain lets them; elsewhere that is an error."""
    token.send(OWNER, "mint", TRADER, 100)
    if not token.chain.shares_blocks:
        with pytest.raises(ValueError, match="in one block"):
            token.send(TRADER, "transfer", STRANGER, 60, seconds=0)
        return
    before = token.chain.timestamp
    sent = [token.send(TRADER, "transfer", STRANGER, 60, seconds=0).ok for _ in range(2)]
    assert sent == [True, False]
    assert token.chain.timestamp == before
    assert token.read("balanceOf", STRANGER) == 60


def test_restore__again_and_again__gives_the_same_state(token: Token) -> None:
    token.send(OWNER, "mint", TRADER, 100)
    mark, then = token.chain.snapshot(), token.chain.timestamp
    for assets in (10, 20, 30):
        token.send(TRADER, "transfer", STRANGER, assets, seconds=assets)
        assert token.read("balanceOf", STRANGER) == assets
        token.chain.restore(mark)
        assert token.read("balanceOf", STRANGER) == 0
        assert token.chain.timestamp == then


def test_restore__to_an_outer_mark__undoes_what_inner_ones_kept(token: Token) -> None:
    outer = token.chain.snapshot()
    token.send(OWNER, "mint", TRADER, 100)
    inner = token.chain.snapshot()
    token.send(OWNER, "mint", TRADER, 11)
    token.chain.restore(inner)
    assert token.read("balanceOf", TRADER) == 100
    token.chain.restore(outer)
    assert token.read("balanceOf", TRADER) == 0


def test_restore__to_the_middle_of_a_block__lets_it_be_continued(token: Token) -> None:
    if not token.chain.shares_blocks:
        pytest.skip("one transaction a block")
    token.send(OWNER, "mint", TRADER, 100)
    token.send(TRADER, "transfer", STRANGER, 1, seconds=0)
    mark, then = token.chain.snapshot(), token.chain.timestamp
    for assets in (7, 9):
        token.send(TRADER, "transfer", STRANGER, assets, seconds=0)
        assert token.read("balanceOf", STRANGER) == 1 + assets
        token.chain.restore(mark)
        assert token.read("balanceOf", STRANGER) == 1
        assert token.chain.timestamp == then


def test_restore__to_a_lost_mark__is_an_error(token: Token) -> None:
    if token.chain.name == "eth-tester":
        pytest.skip("eth-tester keeps every block")
    outer = token.chain.snapshot()
    token.send(OWNER, "mint", TRADER, 100)
    inner = token.chain.snapshot()
    token.chain.restore(outer)
    with pytest.raises(LookupError, match="lost"):
        token.chain.restore(inner)


def test_storage__of_balances__is_what_the_getter_says(token: Token) -> None:
    token.send(OWNER, "mint", TRADER, 123)
    layout = Layout(load("MockToken").storage_layout)
    slots = [
        layout.value("_balances", int.from_bytes(BOOK.address(role))).slot for role in (TRADER, STRANGER)
    ]
    assert token.chain.storage(token.address, slots) == [123, 0]
