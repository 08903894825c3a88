"""The command that searches with many workers: what it prints, and what it refuses."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from ringfence.cli.group import ringfence

MAIN = "from ringfence.cli.main import main; main()"
PAPER = f"{Path(__file__).parents[1] / 'byo' / 'paper_vault.py'}:PaperVault"
SILENT = "127.0.0.1:1"  # a port that nobody answers at


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--workers", "0"], "--workers must be at least 1, not 0."),
        (["--workers", "2", "--seconds", "-1"], "--seconds must be at least 1, not -1."),
        (["--workers", "2", "--runs", "5"], "--runs are counted by one process: give --workers --steps."),
        (["--ray", SILENT], f"--ray {SILENT}: nobody answers there (Connection refused)"),
        (["--ray", "nowhere"], "--ray nowhere: must be host:port of a cluster's head"),
    ],
)
def test_campaign__with_workers_that_can_t_be_had__is_refused(arguments: list[str], sentence: str) -> None:
    ended = CliRunner().invoke(ringfence, ["campaign", *arguments])
    assert ended.exit_code not in (0, 130)
    assert sentence in ended.output
    assert ended.exception is None or isinstance(ended.exception, SystemExit)


@pytest.mark.slow
@pytest.mark.parametrize("vault", [[], ["--adapter", PAPER]], ids=("ours", "theirs"))
def test_campaign__interrupted__tells_what_was_done(vault: list[str], tmp_path: Path) -> None:
    command = [sys.executable, "-c", MAIN, "campaign", *vault, "--workers", "2", "--seconds", "600"]
    process = subprocess.Popen(
        [*command, "--findings", str(tmp_path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    assert "worker 2 is process" in process.stderr.readline()
    process.send_signal(signal.SIGINT)
    said, complained = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "Interrupted; this is what was done." in said
    assert "Traceback" not in complained
