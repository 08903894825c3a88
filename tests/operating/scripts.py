"""The operating programs as a user runs them, each a process of its own that can be killed."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Final

from tests.operating.site import ROOT

APE: Final = Path(sys.executable).with_name("ape")
PATIENCE: Final = 300  # seconds, on a machine that does much else


@dataclass
class RunningScript:
    """A running script; ``lines`` are what it has said so far."""

    process: subprocess.Popen[str]
    lines: list[str]
    _queue: Queue[str]

    def wait_for(self, text: str) -> str:
        """Return the next line with ``text`` in it, once it is said."""
        while True:
            try:
                line = self._queue.get(timeout=PATIENCE)
            except Empty:
                raise AssertionError(f"nothing about {text!r} in: " + "".join(self.lines[-50:])) from None
            if text in line:
                return line

    def kill(self) -> None:
        """End the program at once, without a word to it."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """Ask the program to end; return its exit code."""
        self.process.terminate()
        return self.process.wait(timeout=PATIENCE)


def start(script: str, *arguments: str) -> RunningScript:
    """Start a script by Ape; errors and output are one stream."""
    process = subprocess.Popen(
        [str(APE), "run", script, *arguments],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    script = RunningScript(process, [], Queue())
    Thread(target=_read, args=(script,), daemon=True).start()
    return script


def run(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a script by Ape to its end."""
    command = [str(APE), "run", script, *arguments]
    return subprocess.run(
        command, cwd=ROOT, text=True, capture_output=True, timeout=2 * PATIENCE, check=False
    )


def _read(script: RunningScript) -> None:
    assert script.process.stdout is not None
    for line in script.process.stdout:
        script.lines.append(line)
        script._queue.put(line)
