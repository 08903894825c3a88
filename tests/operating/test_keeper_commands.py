"""The commands of monitor and keeper: what they print, and one sentence for whatever is wrong."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from click.testing import CliRunner, Result
from ringfence.types.roles import LIQUIDATORS, OWNER, TOKEN
from ringfence.vaults.isolated_margin.actions import BreakFeed
from ringfence_operations.commands.keeper import keeper
from ringfence_operations.commands.monitor import monitor
from ringfence_operations.follow.watcher import Watcher
from ringfence_operations.keeper.keeper import Limits
from ringfence_operations.keeper.modes import live_mode
from ringfence_operations.keeper.warnings import Warnings
from ringfence_operations.market import manifest
from ringfence_operations.monitor.metrics import Metrics, served
from ringfence_operations.node import connection
from ringfence_operations.node.client import Node

from tests.operating.keeper_rig import GWEI, in_danger
from tests.operating.live_market import LiveMarket
from tests.operating.site import keystore

ROLLUP_FEE = 10**13  # wei


class Shop:
    """A market in danger on a node in this process, its manifest in a file, and a keystore."""

    def __init__(self, folder: Path) -> None:
        """Write the manifest and the keystore."""
        self.folder, self.market = folder, in_danger(LiveMarket())
        self.manifest = folder / "market.json"
        manifest.save(self.market.manifest, self.manifest)
        self.key, self.account = keystore(folder, "keeper", 4242)

    def run(self, command: Any, *options: str, chain: str = "mini") -> Result:
        """Run a command on the market."""
        return CliRunner().invoke(command, ["--manifest", str(self.manifest), "--network", chain, *options])

    def keep(self, *options: str) -> Result:
        """Run the keeper once, with its account."""
        return self.run(keeper, "--once", *self.account, "--max-gas-price", "50", *options)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """Give a shop whose node is what every network's name means."""
    shop = Shop(tmp_path)

    @contextmanager
    def connected(network: str) -> Iterator[Node]:
        yield Node(shop.market.chain, f"--network {network}")

    monkeypatch.setattr(connection, "connected", connected)
    return shop


@pytest.fixture
def heard() -> Iterator[tuple[str, list[dict[str, Any]], list[int]]]:
    """Give a web address on loopback, what was posted to it, and the statuses that it answers with first."""
    posted: list[dict[str, Any]] = []
    statuses: list[int] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            posted.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(statuses.pop(0) if statuses else 204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Hook)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/secret-token", posted, statuses
    server.shutdown()
    server.server_close()
    thread.join()


def test_monitor__once__shows_the_book_and_leaves_a_checkpoint(shop: Shop) -> None:
    result = shop.run(monitor, "--once", "--top", "2")
    assert result.exit_code == 0, result.output
    assert "liquidatable" in result.output
    assert "and 4 more" in result.output
    assert (shop.folder / "market.monitor.json").exists()
    asked = len(shop.market.chain.asked)
    assert shop.run(monitor, "--once", "--top", "2").output == result.output
    assert len(shop.market.chain.asked) > asked


def test_monitor__once_as_json__is_one_object_in_a_line(shop: Shop) -> None:
    result = shop.run(monitor, "--once", "--json")
    book = json.loads(result.stdout)
    assert (book["schema"], book["liquidatable"], len(book["rows"])) == ("ringfence-book/3", "4", 6)


def test_keeper__dry_run__says_what_is_due_and_sends_nothing(shop: Shop) -> None:
    result = shop.run(keeper, "--dry-run", "--once")
    assert result.exit_code == 0, result.output
    assert "4 due, 4 of them possible" in result.output
    assert "liquidate position 4, reward 27.40: possible" in result.output
    assert shop.market.chain.sent == []
    assert not (shop.folder / "market.keeper.jsonl").exists()


def test_keeper__once__sends_what_is_due(shop: Shop) -> None:
    """Every transaction is told with its hash; neither key nor passphrase is ever printed or kept."""
    result = shop.keep()
    assert result.exit_code == 0, result.output
    assert result.output.count(": sent, 0x") == 4
    shop.market.chain.mine()
    assert shop.keep().output.count(": done in block") == 4
    secrets = (shop.key.key.hex(), "correct horse")
    written = [path.read_text() for path in shop.folder.iterdir() if path.name.startswith("market.")]
    assert not any(secret in text for secret in secrets for text in (*written, result.output))


def test_margin_calls__told_to_a_web_address__are_told_once_each(shop: Shop, heard: Any) -> None:
    """They are told when a position gets into danger and when it is out of it, and only then."""
    url, posted, _ = heard
    options = ("--once", "--margin-calls", "--webhook", url)
    first = shop.run(keeper, *options)
    assert first.exit_code == 0, first.output
    assert {(n["position"], n["status"]) for n in posted} == {(i, "liquidatable") for i in (1, 2, 3, 4)}
    assert "short of healthy" in first.output
    assert "secret-token" not in first.output
    shop.run(keeper, *options)
    assert len(posted) == 4
    shop.market.liquidate(1, "liquidator_1")
    shop.market.price(1_990)
    shop.run(keeper, *options)
    assert {(n["position"], n["status"]) for n in posted[4:]} == {(i, "healthy") for i in (1, 2, 3, 4)}
    assert shop.market.chain.sent == []


def test_margin_calls__that_nobody_took__are_told_again(shop: Shop, heard: Any) -> None:
    """A failing address ends a look in a sentence that has its host alone; the next look tells the rest."""
    url, posted, statuses = heard
    statuses += [204, 500]
    options = ("--once", "--margin-calls", "--webhook", url)
    failed = shop.run(keeper, *options)
    assert failed.exit_code != 0
    assert "refused the notice, HTTP 500" in failed.output
    assert "secret-token" not in failed.output
    assert shop.run(keeper, *options).exit_code == 0
    assert [notice["position"] for notice in posted].count(posted[0]["position"]) == 1
    assert {notice["position"] for notice in posted} == {1, 2, 3, 4}


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--margin-calls", "--webhook", "ftp://host/x"), "--webhook: the URL must begin with https://"),
        (("--margin-calls", "--webhook", "http://[::1"), "--webhook: this is no URL"),
        (("--webhook", "https://host/"), "--webhook goes with --margin-calls"),
        ((), "To send, --account and --max-gas-price are needed"),
        (("--account", "nobody-has-this", "--max-gas-price", "1"), "Ape has no such account"),
        (("--account", "/none.json", "--max-gas-price", "1"), "/none.json: the keystore can't be read"),
    ],
)
def test_keeper__told_something_wrong__says_so_in_a_sentence(
    shop: Shop, options: tuple[str, ...], sentence: str
) -> None:
    result = shop.run(keeper, "--once", *options)
    assert result.exit_code not in (0, None)
    assert isinstance(result.exception, SystemExit)
    assert sentence in result.output
    assert shop.market.chain.sent == []


def test_keeper__with_a_passphrase_file_that_others_can_read__is_refused(shop: Shop) -> None:
    Path(shop.account[3]).chmod(0o644)
    result = shop.keep()
    assert (result.exit_code, shop.market.chain.sent) == (2, [])
    assert "others may use the passphrase file (mode 0644); run chmod 600" in result.output


@pytest.mark.parametrize("command", [monitor, keeper], ids=["monitor", "keeper"])
@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (
            lambda shop: setattr(shop.market.chain, "chain_id", 5),
            "the manifest is of chain 31337, and the node is of chain 5",
        ),
        (lambda shop: shop.manifest.unlink(), "market.json: No such file or directory"),
        (lambda shop: setattr(shop.market.chain, "down", True), "the node does not answer (ConnectionError)"),
    ],
    ids=["another chain", "no manifest", "no node"],
)
def test_command__without_its_market__is_refused(
    shop: Shop, command: Any, spoil: Callable[[Shop], None], sentence: str
) -> None:
    """What the node's URL may hide is not told."""
    spoil(shop)
    result = shop.run(command, "--once", *(("--dry-run",) if command is keeper else ()))
    assert result.exit_code == 2
    assert sentence in result.output
    assert "secret-key" not in result.output


def test_monitor__at_a_metrics_port_that_is_taken__is_refused(shop: Shop) -> None:
    with served(Metrics("0x"), 0) as port:
        result = shop.run(monitor, "--once", "--metrics-port", str(port))
    assert result.exit_code == 2
    assert f"--metrics-port {port}: Address already in use; choose another" in result.output


def test_keeper__that_may_not_pay_for_gas__says_so_and_sends_nothing(shop: Shop) -> None:
    shop.market.chain.base_fee = 51 * 10**9
    assert shop.keep().output.count(": left over, gas costs more than --max-gas-price") == 4
    assert shop.market.chain.sent == []


@pytest.mark.parametrize("native_price", [None, 2_500])
def test_keeper__of_what_was_mined__reports_what_it_brought(shop: Shop, native_price: int | None) -> None:
    """What the account got and paid by the chain: side by side, or in tokens, where ether has a price."""
    options = () if native_price is None else ("--native-price", str(native_price))
    accounts = shop.market.vault.workspace.book
    shop.keep()
    shop.market.liquidate(2, LIQUIDATORS[1])
    shop.market.chain.mine()
    receipts = shop.market.chain.blocks[-1].receipts
    for receipt in receipts.values():
        receipt["l1Fee"] = hex(ROLLUP_FEE)
    shown = shop.keep(*options).output
    assert len(receipts) == 4
    for number, receipt in receipts.items():
        wei = int(receipt["gasUsed"], 16) * 2 * GWEI + ROLLUP_FEE  # a gwei for the block, one for its maker
        logs = [log for log in receipt["logs"] if log["address"] == accounts.text(TOKEN)]
        reward = sum(
            int(log["data"], 16) for log in logs if log["topics"][2].endswith(shop.key.address[2:].lower())
        )
        assert (reward == 0) == (receipt["status"] == "0x0")
        gas = wei * native_price / 10**18 if native_price else 0
        brought = (
            f"gas {gas:.2f}, profit {reward / 10**6 - gas:.2f}"
            if native_price
            else f"gas {wei / 10**18:.6f} ether"
        )
        assert f", reward {reward / 10**6:.2f}, {brought}, {number}\n" in shown


def test_keeper__with_a_least_reward__reports_once_what_it_leaves(shop: Shop) -> None:
    """In whole tokens; a dry run says the same."""
    dry = shop.run(keeper, "--dry-run", "--once", "--min-reward", "20").output
    assert "4 due, 2 of them possible" in dry
    assert dry.count(": less than --min-reward") == 2
    shown = shop.keep("--min-reward", "20").output
    assert (shown.count(": sent, 0x"), shown.count(": left over, less than --min-reward")) == (2, 2)


def test_live_mode__of_what_is_left_over__reports_it_once_for_each_reason(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    limits = Limits(500_000, 50 * 10**9, confirmations=4, min_reward=20 * 10**6)
    watcher, chain = Watcher(shop.market.node, shop.market.manifest, None), shop.market.chain
    with live_mode(
        shop.market.node, shop.market.manifest, shop.key, shop.folder / "j.jsonl", limits, 0
    ) as mode:
        for fee, balance, small, dear, poor in (
            (51, 1, 2, 2, 0),
            (51, 1, 0, 0, 0),
            (50, 0, 0, 0, 2),
            (50, 1, 0, 0, 0),
        ):
            chain.base_fee, chain.balance = fee * 10**9, balance * 10**20
            mode(watcher.snapshot())
            chain.mine()
            shown = capsys.readouterr().out
            assert shown.count("left over, less than --min-reward") == small
            assert shown.count("left over, gas costs more") == dear
            assert shown.count("has too little ether for the gas") == poor


def test_keeper__without_a_price__says_so_once(shop: Shop) -> None:
    said: list[str] = []
    warnings, watcher = Warnings(said.append), Watcher(shop.market.node, shop.market.manifest, None)
    warnings.run(watcher.snapshot())
    shop.market.act(BreakFeed(OWNER, True))
    for _ in range(3):
        shop.market.chain.mine()
        warnings.run(watcher.snapshot())
    shop.market.act(BreakFeed(OWNER, False))
    warnings.run(watcher.snapshot())
    assert len(said) == 1
    assert "the feed has no price (InvalidPrice), so nothing can be liquidated" in said[0]


def test_margin_calls__to_an_address_where_nobody_listens__end_in_a_sentence(shop: Shop) -> None:
    """The sentence has the host, and not the path, which may be a secret."""
    with served(Metrics("0x"), 0) as port:
        free = port
    url = f"http://127.0.0.1:{free}/secret-token"
    result = shop.run(keeper, "--once", "--margin-calls", "--webhook", url)
    assert result.exit_code == 2
    assert f"--webhook http://127.0.0.1:{free}: no answer (ConnectionError)" in result.output
    assert "secret-token" not in result.output
