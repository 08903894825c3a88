"""Replaying on a node that runs already: it shows the finding, and is left as it was."""

import re
import subprocess
from collections import deque
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from click.testing import CliRunner
from ringfence.cli.group import ringfence
from ringfence.evm.chains import connect
from ringfence.evm.chains.anvil import NO_SUCH_METHOD
from web3 import HTTPProvider

ANVIL = Path(__file__).resolve().parents[2] / ".tools/bin/anvil"


@pytest.fixture(scope="module")
def node() -> Iterator[str]:
    """Give the URL of an anvil on a free port."""
    command = [str(ANVIL), "--port", "0", "--chain-id", "1234"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    found = next(filter(None, (re.search(r"Listening on (\S+)", line) for line in process.stdout)))
    Thread(target=deque, args=(process.stdout, 0), daemon=True).start()  # whose pipe would fill up
    yield f"http://{found[1]}"
    process.terminate()
    process.wait()


def replayed(file: Path, chain: str) -> tuple[int, str]:
    """Return exit code and output of the command, with blanks where it broke lines."""
    done = CliRunner().invoke(ringfence, ["replay", str(file), "--chain", chain])
    return done.exit_code, " ".join(done.output.split())


def height(url: str) -> int:
    """Return the number of a node's latest block."""
    return int(HTTPProvider(url).make_request("eth_blockNumber", [])["result"], 16)  # type: ignore[arg-type]


def test_replay__on_a_node__reproduces_and_leaves_it_as_it_was(node: str, file: Path) -> None:
    before = height(node)
    code, output = replayed(file, node)
    assert (code, f"still reproduces on {node}, at step 2 of 2" in output) == (1, True)
    assert height(node) == before


def test_replay__on_a_slow_node__is_the_same(node: str, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A node without anvil's own method for sending mines each transaction when it is reported to."""
    done = replayed(file, node)
    refuse(monkeypatch, "eth_sendTransactionSync")
    assert replayed(file, node) == done


@pytest.mark.parametrize("method", ["evm_snapshot", "hardhat_impersonateAccount", "debug_traceTransaction"])
def test_replay__on_a_node_that_lacks_a_method__is_one_sentence(
    node: str, file: Path, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    refuse(monkeypatch, method)
    code, output = replayed(file, node)
    assert code == 2
    assert output.startswith(f"Error: {node} ")
    assert method in output or "keeps no snapshots" in output
    assert "Traceback" not in output


@pytest.mark.parametrize(
    ("body", "expected"), [(b"<html>", "No node answers at {}"), (b"{}", "{} keeps no snapshots")]
)
def test_replay__on_what_is_no_node__is_one_sentence(file: Path, body: bytes, expected: str) -> None:
    class Page(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Page) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        code, output = replayed(file, url)
        server.shutdown()
    assert (code, output.startswith(f"Error: {expected.format(url)}")) == (2, True)
    assert replayed(file, url)[1].startswith(f"Error: No node answers at {url}")


def refuse(monkeypatch: pytest.MonkeyPatch, refused: str) -> None:
    """Let no node know a method."""
    make_request = HTTPProvider.make_request

    def request(self: HTTPProvider, method: Any, params: Any) -> Any:
        if method == refused:
            return {"error": {"code": NO_SUCH_METHOD, "message": "Method not found"}}
        return make_request(self, method, params)

    monkeypatch.setattr(HTTPProvider, "make_request", request)


def test_connect__to_a_node__has_its_chain_id(node: str) -> None:
    with connect(node) as chain:
        assert chain.chain_id == 1234
