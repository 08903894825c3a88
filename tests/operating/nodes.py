"""Real nodes for tests: anvil as a program of its own, with its own block time, stopped and started."""

import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import IO, Final, TypeVar

from ringfence_operations.node.client import Node
from web3 import HTTPProvider

N = TypeVar("N", bound=Node)

LISTENING: Final = re.compile(r"Listening on 127\.0\.0\.1:(\d+)")
HARDFORK: Final = "prague"


@dataclass
class Anvil:
    """An anvil node; ``state`` is where it keeps its chain from one start to the next."""

    state: Path
    options: tuple[str, ...] = ()
    port: int = 0
    _process: subprocess.Popen[str] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        """Return where the node listens: the same after a restart."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start the node and wait until it listens."""
        executable = shutil.which("anvil")
        assert executable, "anvil is not on the PATH: run `make setup`"
        command = [executable, "--port", str(self.port), "--hardfork", HARDFORK, "--state", str(self.state)]
        command += self.options
        self._process = subprocess.Popen(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        assert self._process.stdout is not None
        self.port = _port(self._process.stdout)
        Thread(target=self._process.stdout.read, daemon=True).start()  # a full pipe would stop the node

    def stop(self) -> None:
        """End the node; what it has mined is kept."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            self._process = None

    def connect(self, kind: type[N] = Node) -> N:
        """Return a connection that Ape knows nothing of."""
        return kind(HTTPProvider(self.url), self.url, self.url)


def _port(output: IO[str]) -> int:
    """Return the port that a starting node says it has."""
    reported = []
    for line in output:
        reported.append(line)
        if found := LISTENING.search(line):
            return int(found[1])
    raise AssertionError("anvil did not start: " + "".join(reported))
