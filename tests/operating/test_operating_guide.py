"""docs/operating.md says what is printed: every command of the page is run, in its order, on a node."""

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.operating.placing import ROOT

GUIDE: Final = (ROOT / "docs/operating.md").read_text()
BLOCK: Final = re.compile(r"```console\n(.*?)```", re.DOTALL)
PORT: Final = "8545"
PASSPHRASE: Final = "Correct-Horse-Battery-7"
MARK: Final = "@@@"
VARIABLE: Final = re.compile(r"0x[0-9a-fA-F]+|\d[\d,.]*")
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
    for number, (command, _) in enumerate(commands()):
        lines.append(f"echo {MARK}{number}")
        if command.startswith("anvil"):
            waiting = f"until (: </dev/tcp/127.0.0.1/{port}) 2>/dev/null; do :; done"
            lines.append(f"{command} --port {port} >anvil.log 2>&1 & {waiting}")
        else:
            lines.append((answers if command.startswith(GENERATE) else "") + command.replace(PORT, port))
    return "\n".join(lines)


def played(folder: Path) -> list[str]:
    """Run the page in a folder like the project's, with an empty home; return what each command printed."""
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
    parts = re.split(rf"{MARK}\d+\n", done.stdout)[1:]
    assert len(parts) == len(commands()), done.stdout
    return [part.replace(port, PORT) for part in parts]


def plain(line: str) -> str:
    """Return a line without what differs from run to run, and with single blanks."""
    return " ".join(VARIABLE.sub("#", line).split())


@pytest.mark.slow
def test_guide__commands__print_what_the_page_shows(tmp_path: Path) -> None:
    """Every line of the page is printed by its command; addresses, hashes and numbers are another run's."""
    missing = []
    for (command, shown), output in zip(commands(), played(tmp_path), strict=True):
        printed = {plain(line) for line in output.splitlines()}
        missing += [(command, line, output) for line in shown if line != "..." and plain(line) not in printed]
    assert missing == []
