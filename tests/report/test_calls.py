"""The calls of a step: as the receipt has them, and in words."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from ringfence.cli.group import ringfence
from ringfence.evm.call_trace import StorageWrite, TracedCall, call_tree
from ringfence.evm.chains.base import Call, Log
from ringfence.evm.chains.revm import RevmChain
from ringfence.evm.workspace import Workspace
from ringfence.report.calls import calls_of
from ringfence.vaults.isolated_margin.adapter import IsolatedMargin
from ringfence.vaults.isolated_margin.markets import INFINITE, SIZE, STANDARD

from tests.byo.searches import found_in

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "notional-vault"
TOKENS = 10**6


@pytest.fixture(scope="module")
def workspace() -> Workspace:
    """Give a market with a price and a pool."""
    bench = Workspace(RevmChain())
    IsolatedMargin(bench, STANDARD)
    bench.do("owner", "feed", "set", STANDARD.answer, bench.chain.timestamp)
    bench.do("provider_1", "pool", "deposit", STANDARD.liquidity, "provider_1")
    bench.do("trader_1", "vault", "open", 10 * SIZE, 2_000 * TOKENS, INFINITE, INFINITE)
    return bench


def parts(call: TracedCall) -> Iterator[Log | StorageWrite]:
    """Yield the logs and writes of a call and of those within it, in their order."""
    for part in call.parts:
        if isinstance(part, TracedCall):
            yield from parts(part)
        else:
            yield part


@pytest.mark.parametrize(("assets", "ok"), [(TOKENS, True), (10**30, False)])
def test_call_tree__of_a_transaction__ends_logs_and_stores_as_its_receipt_says(
    workspace: Workspace, assets: int, ok: bool
) -> None:
    """Whatever passed through memory: what is not traced follows from what is."""
    chain = workspace.chain
    assert isinstance(chain, RevmChain)
    data = workspace.calldata("vault", "addMargin", 1, assets, "trader_1")
    call = Call(workspace.book.text("trader_1"), workspace.contracts["vault"], data)
    tree = call_tree(chain.trace(call), call, chain.code)
    receipt = chain.send(call, 0)
    assert tree is not None
    assert (tree.ok, tree.output, ok) == (receipt.ok, receipt.output, receipt.ok)
    if ok:
        made = list(parts(tree))
        assert tuple(each for each in made if isinstance(each, Log)) == receipt.logs
        words = {(each.address, each.slot): each.word for each in made if isinstance(each, StorageWrite)}
        assert len(words) > 1
        assert words == {place: chain.word(*place) for place in words}


def test_call_tree__of_what_returns_another_s_answer__has_it_from_where_the_call_put_it(
    workspace: Workspace,
) -> None:
    """Code that asks the token for its decimals into memory, and returns that memory as it is."""
    chain, asks = workspace.chain, "0x" + "ab" * 20
    assert isinstance(chain, RevmChain)
    selector, token = workspace.calldata("token", "decimals"), bytes.fromhex(workspace.contracts["token"][2:])
    store = bytes.fromhex("63") + selector + bytes.fromhex("60e01b5f52")  # PUSH4, PUSH1 224 SHL PUSH0 MSTORE
    ask = bytes.fromhex("60205f60045f73") + token + bytes.fromhex("5afa50")  # ... GAS STATICCALL POP
    chain.place(asks, store + ask + bytes.fromhex("60205ff3"))  # PUSH1 32 PUSH0 RETURN
    call = Call(workspace.book.text("stranger"), asks, b"")
    tree = call_tree(chain.trace(call), call, chain.code)
    assert tree is not None
    assert tree.output == chain.send(call, 0).output == (6).to_bytes(32)


def test_explain__with_calls__has_them_by_name(file: object) -> None:
    done = CliRunner().invoke(ringfence, ["explain", str(file), "--calls"])
    assert done.exit_code == 0, done.output
    _, _, printed = done.output.partition("The calls of step 2:\n")
    lines = printed.splitlines()
    assert lines[:2] == ["trader_1:", "  vault.addMargin(id 1, assets 99.999999, owner trader_1)"]
    assert "    token.transferFrom(from trader_1, to vault, value 99,999,999) returns yes" in lines
    assert "      token logs Transfer(from trader_1, to vault, value 99,999,999)" in lines
    assert any(line.startswith("    vault logs MarginAdded(id 1, owner trader_1, ") for line in lines)


def test_calls__of_a_vault_whose_layout_is_known__have_its_storage_by_name() -> None:
    """A word of two variables is told in hexadecimals, and after what is read before it."""
    found = found_in(f"{EXAMPLE / 'seeded_bugs.py'}:LossTakenFromTheOtherSide")
    stored = [line.strip() for line in calls_of(found) if " stores " in line]
    assert any(re.fullmatch(r"custody stores liquidity = [\d,]+", line) for line in stored)
    both = r"book stores _positions\[trader_\d, True\].notional, _positions\[trader_\d, True\].margin = 0x0"
    assert any(re.fullmatch(both.replace("True", "(True|False)"), line) for line in stored)
