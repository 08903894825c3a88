"""Workers on a Ray cluster: a local one of two processors, on which a worker is killed midway."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from ringfence.engine.result import SearchResult
from ringfence.engine.workers.batches import search
from ringfence.engine.workers.cluster import ClusterPool
from ringfence.engine.workers.job import Job
from ringfence.engine.workers.pool import PoolFailed

from tests.workers.killing import searched_while_killing

pytest.importorskip("ray", reason="Ray, an optional extra, is not installed")
pytestmark = pytest.mark.slow

THEIRS = Path(__file__).parents[1] / "byo"  # where the command is given, and the cluster is not


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Start a cluster's head with two processors and no dashboard; stop it afterwards."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = Path(sys.executable).with_name("ray")
    options = ["--num-cpus=2", f"--port={port}", "--include-dashboard=false", "--disable-usage-stats"]
    command = [str(program), "start", "--head", "--block", *options]
    head = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert head.stdout is not None
    said = []
    for line in head.stdout:
        said.append(line)
        if "runtime started" in line:
            break
    else:
        pytest.fail("".join(said))
    yield f"127.0.0.1:{port}"
    head.send_signal(signal.SIGTERM)
    head.wait(timeout=60)


def test_search__on_a_cluster_whose_worker_is_killed__replaces_and_names_it(address: str) -> None:
    searched_while_killing(ClusterPool(Job("isolated-margin", is_timed=False), address), 8_000)


@pytest.mark.parametrize(
    ("vault", "told"),
    [
        ([], "steps in "),
        (["--adapter", "paper_vault.py:PaperVault"], "a property that every step breaks: seen"),
    ],
    ids=("ours", "theirs"),
)
def test_campaign__on_a_cluster__tells_where_it_was(
    address: str, vault: list[str], told: str, tmp_path: Path
) -> None:
    options = ["--ray", address, "--steps", "1000", "--seed", "1", "--findings", str(tmp_path)]
    main = "from ringfence.cli.main import main; main()"
    command = [sys.executable, "-c", main, "campaign", *vault, *options]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=THEIRS)
    assert f"2 workers on the cluster at {address}" in ended.stdout
    assert told in ended.stdout
    assert "Traceback" not in ended.stderr


def test_search__of_an_adapter_that_is_not_there__says_so_in_a_sentence(address: str) -> None:
    pool = ClusterPool(Job("/nowhere/adapter.py:Vault"), address)
    with pytest.raises(PoolFailed) as refused:
        search(pool, SearchResult(1, 2), steps=100)
    started = "Worker 1 did not start on the cluster"
    assert str(refused.value) == f"{started}: /nowhere/adapter.py: there is no such file."
