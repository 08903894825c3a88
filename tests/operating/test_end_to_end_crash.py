"""A market's life through a crash: deployed, traded in, kept, watched, and checked against everything."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any, Final

import pytest
from isolated_margin.scenario import Bar, flash_crash, read_prices, seeded_book
from ringfence.types.exit_codes import ExitCode
from ringfence.types.roles import VAULT
from ringfence.vaults.isolated_margin.reference.model_values import names_of
from ringfence_operations.follow.watcher import Watcher
from ringfence_operations.keeper.duties import Duties, Duty, Job

from tests.operating.crowd import Crowd, deployed
from tests.operating.nodes import Anvil
from tests.operating.scripts import RunningScript, run, start
from tests.operating.site import ROOT, keystore, make_site

pytestmark = pytest.mark.slow

LUNA: Final = ROOT.parent / "shared/data/lunausdt_binance_1h_2022-05_collapse.csv"
SEED: Final = 1
POSITIONS: Final = 50
FEED: Final = 10**10  # a feed of 8 decimals
ETHER: Final = 10**18
PATIENCE: Final = 300  # seconds, on a machine that does much else
A_BLOCK_COMES: Final = 30  # seconds at most
REORGANISED: Final = 3  # blocks
MANY: Final = 2  # positions due at once: then something happens
EDITS: Final = (  # sizes for a coin of 86 tokens
    ("max_open_interest: 2_000 base", "max_open_interest: 2_000_000 base"),
    ("skew_scale: 1_000 base", "skew_scale: 1_000_000 base"),
)


@dataclass
class Life:
    """The market, its keeper and its monitor, all on one node."""

    folder: Path
    anvil: Anvil
    crowd: Crowd
    keeper: RunningScript
    monitor: RunningScript
    options: tuple[str, ...]
    address: str
    happened: list[str] = field(default_factory=list)
    priced: int = 0
    undone: set[str] = field(default_factory=set)

    @property
    def common(self) -> tuple[str, ...]:
        """Return what every program is told."""
        return ("--manifest", str(self.crowd.site.files.manifest), "--network", self.anvil.url)

    def start_keeper(self) -> None:
        """Start a keeper that goes on where the journal ends."""
        self.keeper = start("keeper", *self.common, *self.options, "--max-gas-price", "50", "--every", "0.1")

    def due(self) -> list[Job]:
        """Return what the model has due, seen with other eyes than the keeper's."""
        market = Watcher(self.crowd.node, self.crowd.manifest, None).snapshot().market
        return Duties().due(market, self.address.lower())

    def settle(self) -> None:
        """Wait until the keeper has left nothing due.

        anvil mines when a transaction comes, and can leave one of several to wait for the next: then a block
        is asked for, which comes by itself on a real chain.
        """
        end, overdue = monotonic() + PATIENCE, monotonic() + A_BLOCK_COMES
        while due := self.due():
            assert monotonic() < end, f"still due: {due}; the keeper: {''.join(self.keeper.lines[-30:])}"
            if monotonic() > overdue:
                self.crowd.node.ask("evm_mine")
                overdue += A_BLOCK_COMES

    def keeper_knows(self) -> None:
        """Wait until the keeper has seen all that it sent in blocks."""
        end = monotonic() + PATIENCE
        while hashes("sent", self.keeper.lines) - hashes("done in block", self.keeper.lines):
            assert monotonic() < end, "".join(self.keeper.lines[-30:])

    def price(self, price_wad: int) -> None:
        """Push a price to the feed."""
        self.priced = self.crowd.site.sandbox.set_price(max(1, price_wad // FEED))


def hashes(word: str, lines: list[str]) -> set[str]:
    """Return the transactions of which a keeper has said this."""
    return {line.split()[-1] for line in lines if word in line}


def prices() -> tuple[Bar, ...]:
    """Return LUNA's path in May 2022, or a generated crash where its file is not at hand."""
    if LUNA.exists():
        return read_prices(LUNA)
    print(f"{LUNA.name} is not beside the project: a generated crash, seed {SEED}, takes its place")
    return flash_crash(SEED, 100)


@pytest.fixture
def life(anvil: Anvil, tmp_path: Path) -> Iterator[Life]:
    """Deploy a market, let 10 accounts open 50 positions, and have it kept and watched."""
    site = make_site(tmp_path, anvil.connect())
    for edit in EDITS:
        site.edit(*edit)
    first = prices()[0].open_wad
    site.sandbox.set_price(first // FEED)
    crowd = deployed(site)
    book = seeded_book(SEED, POSITIONS, crowd.accounts, first, crowd.manifest.parameters)
    crowd.fund(liquidity=book.pool_assets // 10**6, insurance=book.insurance_assets // 10**6 + 1)
    crowd.open([(order.owner, order.size, order.margin) for order in book.orders])
    key, options = keystore(tmp_path, "keeper", 4242)
    crowd.node.ask("anvil_setBalance", key.address, hex(1_000 * ETHER))
    common = ("--manifest", str(site.files.manifest), "--network", anvil.url)
    monitor = start("monitor", *common, "--json", "--every", "0.2")
    life = Life(tmp_path, anvil, crowd, monitor, monitor, tuple(options), key.address)
    life.start_keeper()
    life.keeper.wait_for("is keeper of")
    yield life
    for program in (life.keeper, life.monitor):
        program.kill()


def kill_keeper(life: Life) -> None:
    """Kill the keeper while it is at work, and start another."""
    life.keeper.kill()
    life.start_keeper()


def restart_node(life: Life) -> None:
    """Stop the node while the keeper is at work, and start it again with the chain that it had."""
    life.anvil.stop()
    life.anvil.start()


def reorganise(life: Life) -> None:
    """Let the keeper do its work, and undo the last blocks of it, up to three."""
    life.settle()
    life.keeper_knows()
    latest = life.crowd.node.block().number
    count = min(REORGANISED, latest - life.priced)
    sent = life.crowd.transactions_of(life.address)
    life.undone = {tx["hash"] for tx in sent if int(tx["blockNumber"], 16) > latest - count}
    life.crowd.node.ask("anvil_reorg", count, [])


ACCIDENTS: Final = (kill_keeper, restart_node, reorganise)


def test_end_to_end__through_a_crash_and_three_accidents__loses_nothing_and_sends_nothing_twice(
    life: Life, record_property: Callable[[str, object], None]
) -> None:
    """Whatever became due was done once; monitor, chain and model agree on every position and total.

    The keeper is killed, the node restarted, and up to three blocks are replaced, while positions are due.
    """
    accidents = list(ACCIDENTS)
    for bar in prices():
        life.price(bar.close_wad)
        if accidents and len(life.due()) >= MANY:
            accident = accidents.pop(0)
            accident(life)
            life.happened.append(f"{accident.__name__} at {bar.close_wad / 10**18}")
        life.settle()
    assert accidents == []

    agree(life)
    lines = [json.loads(line) for line in journal(life).read_text().splitlines()]
    sent = life.crowd.transactions_of(life.address)
    record_property("table:end to end", f"{reported(lines, sent)}\n" + "\n".join(life.happened))
    assert [tx["hash"] for tx in sent if not tx["ok"]] == []
    assert Counter(tx["hash"] for tx in sent) == Counter(lasting(lines))
    assert work_of(life) == Counter(tx["input"] for tx in sent)
    intended = {line["task"].split()[0] for line in lines if line["kind"] == "intended"}
    assert intended == {Duty.LIQUIDATE, Duty.DELEVERAGE}
    undone = {line["hash"] for line in lines if line["kind"] == "unmined"}
    assert undone == life.undone != set()
    assert undone <= {line["hash"] for line in lines if line["kind"] == "resent"}


def journal(life: Life) -> Path:
    """Return the keeper's journal."""
    return life.crowd.site.files.manifest.with_name("market.keeper.jsonl")


def lasting(lines: list[dict[str, Any]]) -> list[str]:
    """Return the hashes of all that was meant to be sent and not dropped, each as often as it was meant."""
    hashes: list[str] = []
    for line in lines:
        if line["kind"] == "intended":
            hashes.append(line["hash"])
        elif line["kind"] == "dropped":
            hashes.remove(line["hash"])
    return hashes


def work_of(life: Life) -> Counter[str]:
    """Return the calls that the vault says were carried out for the keeper, by its events."""
    vault = life.crowd.decoder.addresses[VAULT]
    query = {"address": vault, "fromBlock": "0x0", "toBlock": "latest"}
    events = life.crowd.decoder.events(life.crowd.node.ask("eth_getLogs", query))
    duties = {"Liquidated": "liquidate", "Deleveraged": "deleverage"}
    functions = life.crowd.decoder.interfaces[VAULT]
    return Counter(
        "0x" + functions[duties[event.name]].call(event.args[0]).hex()
        for event in events
        if event.name in duties and event.args[2] == life.address.lower()
    )


def agree(life: Life) -> None:
    """Check that monitor, verify, chain and model tell of one market, position by position."""
    latest = life.crowd.node.block().number
    end = monotonic() + PATIENCE
    while (watched := json.loads(life.monitor.lines[-1]))["block"] != str(latest):
        assert monotonic() < end, f"the monitor is at {watched['block']}, the chain at {latest}"
    fresh = run("monitor", *life.common, "--once", "--json", "--checkpoint", str(life.folder / "none.json"))
    assert json.loads(fresh.stdout) == watched
    assert (watched["differing"], watched["surplus"]) == ([], "0")
    market = Watcher(life.crowd.node, life.crowd.manifest, None).snapshot().market
    verified = run("verify", *life.common)
    failed = [line.split()[1] for line in verified.stdout.splitlines() if line.split()[:1] == ["FAILED"]]
    assert failed == ([] if market.pool.balance() else ["pool"]), (
        verified.stdout
    )  # an empty pool owes winners
    assert verified.returncode == (ExitCode.FAILED if failed else 0)
    functions, address = life.crowd.decoder.interfaces[VAULT], life.crowd.decoder.addresses[VAULT]

    def said(view: str, *args: int) -> Any:
        return functions[view].result(life.crowd.node.call(address, functions[view].call(*args)))

    rows = {int(row["position"]): row for row in watched["rows"]}
    for number in range(1, said("ledger")[-2]):
        on_chain = said("position", number)
        assert astuple(market.vault.position(number)) == on_chain
        _, size, margin, *_ = on_chain
        assert (number in rows) == bool(size)
        if size:
            assert (rows[number]["size"], rows[number]["margin"]) == (str(size), str(margin))
    ledger = market.vault.ledger()
    assert tuple(getattr(ledger, name) for name in names_of(type(ledger))) == said("ledger")


def reported(lines: list[dict[str, Any]], sent: list[dict[str, Any]]) -> str:
    """Return what the journal counts."""
    kinds = Counter(line["kind"] for line in lines)
    duties = Counter(line["task"].split()[0] for line in lines if line["kind"] == "intended")
    return f"seed {SEED}; journal {dict(kinds)}; {dict(duties)}; {len(sent)} transactions in blocks"
