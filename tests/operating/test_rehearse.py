"""A rehearsal plays with a copy of the deployed market, in step with the model, and only reads the market."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
from click.testing import CliRunner, Result
from isolated_margin.scenario import flash_crash
from ringfence.engine.budget import Budget
from ringfence.engine.system import Violated
from ringfence.types.errors import RingfenceError
from ringfence.vaults.isolated_margin import ComparedVault
from ringfence.vaults.isolated_margin.scenario.play import Stop
from ringfence_operations.commands.rehearse import rehearse as command
from ringfence_operations.follow.follower import Follower
from ringfence_operations.market.build import VAULT, build
from ringfence_operations.rehearse.fork import fork_market
from ringfence_operations.rehearse.rehearsal import run_path, scaled, search_fork
from ringfence_operations.verify.getters import ChainState

from tests.operating.crowd import Crowd
from tests.operating.nodes import Anvil
from tests.operating.recorder import recording

READS: Final = {
    *("eth_blockNumber", "eth_call", "eth_chainId", "eth_getBalance", "eth_getBlockByNumber", "eth_getCode"),
    *("eth_getLogs", "eth_getStorageAt", "eth_getTransactionCount", "eth_syncing", "net_version"),
    "web3_clientVersion",
}


def remembered(market: Crowd) -> dict[str, Any]:
    """Return what the node would show of any transaction: its head, and every account's nonce and wei."""
    node = market.site.node
    accounts = [*market.accounts, market.site.key.address]
    return {
        "head": node.block(),
        "nonces": [node.nonce(account, "pending") for account in accounts],
        "wei": [node.balance(account) for account in accounts],
    }


def run(market: Crowd, network: str, *arguments: str) -> Result:
    """Run the command."""
    given = ["--manifest", str(market.site.files.manifest), "--network", network, "--seconds", "1"]
    return CliRunner().invoke(command, [*given, "--bars", "20", *arguments])


def test_copy__of_a_market_with_a_life__has_all_that_the_real_one_has(traded: Crowd) -> None:
    node, manifest = traded.site.node, traded.manifest
    follower = Follower(node, manifest)
    head = follower.advance()
    real = ChainState(node, follower.decoder, head.number).like(follower.state())

    fork = fork_market(node, manifest)

    state, text = fork.vault.state, fork.vault.vault.workspace.book.text
    moved = {"last_accrual": 0, "last_price": 0}
    assert state.totals | moved == real.totals | moved
    assert {n: replace(held, owner=text(held.owner)) for n, held in state.positions.items()} == real.positions
    named = {(text(owner), text(operator)): given for (owner, operator), given in state.operators.items()}
    assert named == real.operators
    shares = {text(name): account.shares for name, account in state.accounts.items()}
    assert {name: account.shares for name, account in real.accounts.items()}.items() <= shares.items()
    assert len(state.positions) == 3


def test_rehearse__along_a_crash_and_in_a_search__ends_where_it_began(traded: Crowd) -> None:
    fork = fork_market(traded.site.node, traded.manifest)
    before = fork.vault.state
    played = run_path(fork, flash_crash(1, 60), Stop(), lambda: None)
    totals = played.result.totals
    assert (totals.opened, totals.refused, totals.full_liquidations > 0) == (0, 0, True)
    assert played.result.insurance < played.result.insurance_assets == before.totals["insurance"]
    assert fork.vault.state == before
    done = search_fork(fork, 1, Budget(None, None, 1_000), lambda result: None)
    assert (done.findings, done.is_interrupted) == ({}, False)
    assert done.steps >= 1_000


@pytest.mark.slow
def test_command__only_reads_the_real_node(traded: Crowd, anvil: Anvil, tmp_path: Path) -> None:
    """By every method that it called, and by what the node has to show afterwards."""
    before = remembered(traded)

    log = tmp_path / "methods"
    with recording(anvil.url, log) as url:
        done = run(traded, url)
    methods = set(log.read_text().split())

    assert done.exit_code == 0, done.output
    assert methods <= READS, methods - READS
    assert "eth_getStorageAt" in methods
    assert remembered(traded) == before
    assert re.search(r"^forked vault 0x\w{40} at block \d+: 3 positions of 3", done.output)
    assert "mismatches of chain and model" in done.output
    assert done.output.endswith("no mismatch\n")


@pytest.mark.slow
def test_command__with_a_vault_that_charges_another_fee__finds_it(traded: Crowd) -> None:
    node, vault = traded.site.node, traded.manifest.vault.address
    code, fee = bytearray(node.code(vault)), traded.manifest.parameters.trading_fee_ppm.to_bytes(4)
    ends = [start + length for start, length in build(VAULT).immutables]
    places = [end - 4 for end in ends if code[end - 4 : end] == fee]  # the last share of its word
    assert places
    for start in places:
        code[start + 3] ^= 1
    node.ask("anvil_setCode", vault, "0x" + bytes(code).hex())
    done = run(traded, node.place)
    assert done.exit_code == 1, done.output
    # The crash shows it already: what insurance adds to a reward is at most one trading fee.
    assert re.search(r"accounts\[liquidator_1\].tokens: model \d+, vault \d+", done.output)


def test_copy__of_a_changed_ledger__is_told_apart_from_the_start(traded: Crowd) -> None:
    """A vault whose sums are not those of its positions has no model."""
    fork = fork_market(traded.site.node, traded.manifest)
    vault = fork.vault.vault
    chain = vault.workspace.chain
    chain.poke(traded.manifest.vault.address.lower(), 7, 12345)  # type: ignore[attr-defined]  # revm
    vault.watch(())
    with pytest.raises(Violated, match="the start"):
        ComparedVault(vault, fork.vault.reference, fork.setup)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--prices", "nowhere.csv"), "nowhere.csv: there is no such file"),
        (("--manifest", "nowhere.json"), "nowhere.json: No such file or directory"),
        (("--network", "http://127.0.0.1:1"), "no node listens at 127.0.0.1:1"),
        (("--network", "ethereum:local:test"), "the manifest is of chain 31337, and the node is of chain"),
    ],
)
def test_command__of_bad_arguments__ends_in_one_sentence(
    traded: Crowd, arguments: tuple[str, ...], complaint: str
) -> None:
    done = run(traded, traded.site.node.place, *arguments)
    assert (done.exit_code, done.output.count("\n")) == (2, 1), done.output
    assert complaint in done.output


def test_copy__of_a_market_without_a_price__is_refused(traded: Crowd) -> None:
    other = replace(traded.manifest.vault, creation_hash="0x" + 64 * "1")
    with pytest.raises(RingfenceError, match="not the one that was deployed"):
        fork_market(traded.site.node, replace(traded.manifest, vault=other))
    traded.price(0)
    with pytest.raises(RingfenceError, match="has no price to begin with"):
        fork_market(traded.site.node, traded.manifest)


def test_scaled__path__begins_at_the_present_price() -> None:
    bars = flash_crash(2, 20)
    path = scaled(bars, bars[0].open_wad // 1_000)
    assert path[0].open_wad == bars[0].open_wad // 1_000
    assert [bar.low_wad for bar in path] == [bar.low_wad // 1_000 for bar in bars]
    assert min(bar.low_wad for bar in scaled(bars, 1)) == 1
