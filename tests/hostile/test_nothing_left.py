"""DOM-1: a position with neither margin nor profit, as a fee may leave it, is answered without a panic."""

import pytest
from ringfence.evm.abi.layout import Layout
from ringfence.evm.artifacts import load
from ringfence.types.roles import TRADERS, VAULT
from ringfence.vaults.isolated_margin.contracts import LENS
from ringfence.vaults.isolated_margin.markets import PLAIN, SIZE

from tests.open_market import OpenMarket
from tests.sequences import long

pytestmark = pytest.mark.property("DOM-1")


def test_score__of_a_position_without_margin_and_profit__is_zero() -> None:
    """Few call sequences lead there, so its word is changed from outside."""
    market = OpenMarket(PLAIN)
    market.deploy(LENS, load("VaultLens"))
    market.act(long(TRADERS[0], SIZE, PLAIN.tokens // 100))
    assert market.ask(LENS, "pnl", VAULT, 1) == 0
    place = Layout(load("IsolatedMarginVault").storage_layout).fields("_positions", 1)["margin"]
    vault = market.book.text(VAULT)
    (word,) = market.chain.storage(vault, [place.slot])
    assert place.read(word) > 0
    market.chain.poke(vault, place.slot, place.write(word, 0))
    assert market.ask(LENS, "adlScore", VAULT, 1) == 0
