"""A crew of processes whose first worker is killed."""

import os
import signal
from typing import Any

from ringfence.engine.workers.processes import ProcessCrew
from ringfence.engine.workers.together import Together


class Killing:
    """Kills the first worker as soon as a turn was done."""

    def __init__(self, crew: ProcessCrew) -> None:
        self._crew = crew
        self.hired: list[int] = []

    def hire(self, number: int, seed: int):
        """Hire, and remember the process."""
        worker = self._crew.hire(number, seed)
        self.hired.append(worker.process)
        return worker

    def close(self) -> None:
        """Let go."""
        self._crew.close()

    def kill(self, done: Together[Any, Any]) -> None:
        """Kill the first worker, once."""
        if done.steps and not done.deaths:
            os.kill(self.hired[0], signal.SIGKILL)
