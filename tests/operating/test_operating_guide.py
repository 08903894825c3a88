"""docs/operating.md says what commands do: every command of the page is run, in its order, on a node."""

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from ringfence.types.exit_codes import ExitCode

from tests.operating.site import ROOT
from tests.structure import missing

GUIDE: Final = (ROOT / "docs/operating.md").read_text()
BLOCK: Final = re.compile(r"```console\n(.*?)```", re.DOTALL)
PORT: Final = "8545"
PASSPHRASE: Final = "Correct-Horse-Battery-7"
MARK: Final = "@@@"
GENERATE: Final = "ape accounts generate"
NOT_COPIED: Final = {"deployments", "out", ".build", ".git"}


def commands() -> list[tuple[str, list[str]]]:
    """Return the page's commands, each with the lines that it prints."""
    found: list[tuple[str, list[str]]] = []
    for block in BLOCK.findall(GUIDE):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            else:
                found[-1][1].append(line)
    return found


def script(port: str) -> str:
    """Return the commands as one program: answers to prompts are piped, the node runs beside the rest."""
    answers = f"printf 'random\\n{PASSPHRASE}\\n{PASSPHRASE}\\n' | "
    lines = ["trap 'kill $(jobs -p)' EXIT"]
    for command, _ in commands():
        if command.startswith("anvil"):
            waiting = f"until (: </dev/tcp/127.0.0.1/{port}) 2>/dev/null; do :; done"
            lines.append(f"{command} --port {port} >anvil.log 2>&1 & {waiting}")
        else:
            lines.append((answers if command.startswith(GENERATE) else "") + command.replace(PORT, port))
        lines.append(f"echo {MARK}$?")
    return "\n".join(lines)


def played(folder: Path) -> list[tuple[str, int]]:
    """Run the page in a folder like the project's, with an empty home; return outputs and exit codes."""
    home = folder / "home"
    home.mkdir()
    project = folder / "project"
    project.mkdir()
    for entry in ROOT.iterdir():
        if entry.name not in NOT_COPIED:
            (project / entry.name).symlink_to(entry)
    for name in ("deployer", "owner", "keeper"):
        (project / f"{name}.pass").write_text(PASSPHRASE + "\n")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    programs = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    environment = os.environ | {"HOME": str(home), "PATH": programs, "COLUMNS": "110"}
    bash = shutil.which("bash")
    assert bash
    done = subprocess.run(
        [bash, "-c", script(port)],
        cwd=project,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    parts = re.findall(rf"(.*?){MARK}(\d+)\n", done.stdout, re.DOTALL)
    assert len(parts) == len(commands()), done.stdout
    return [(printed, int(code)) for printed, code in parts]


@pytest.mark.slow
def test_guide__commands__do_what_the_page_shows(tmp_path: Path) -> None:
    """Names, terms, files and commands are printed as shown; it fails where the page shows an error."""
    for (command, shown), (printed, code) in zip(commands(), played(tmp_path), strict=True):
        page = "\n".join(shown)
        assert missing(page, printed) == [], (command, printed)
        expected = ExitCode.CANNOT_TELL if page.startswith("Error: ") else ExitCode.CLEAN
        assert code == expected, (command, printed)


def test_guide__commands__are_all_shown() -> None:
    run = {command.split()[2] for command, _ in commands() if command.startswith("ape run ")}
    assert run == {"sandbox", "deploy", "accept", "verify", "rehearse"}
