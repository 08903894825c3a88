"""A crew without processes, whose turns are written down."""

from collections.abc import Callable
from concurrent.futures import Future

from ringfence.engine.disagreement import Disagreement
from ringfence.engine.result import Explored
from ringfence.engine.workers.crew import WorkerDied
from ringfence.engine.workers.searcher import Turn
from ringfence.engine.workers.turns import Told

Script = Callable[[int, int], Told | None]  # a worker's number and steps, to its turn; None: it dies


class ScriptedWorker:
    """A worker whose turns are done as soon as they are asked for."""

    def __init__(self, script: Script, number: int, name: str) -> None:
        self._script, self._number, self.name = script, number, name
        self.is_stopped = False

    def turn(self, steps: int) -> "Future[Told]":
        """Do what the script says."""
        future: Future[Told] = Future()
        turn = self._script(self._number, steps)
        if turn is None:
            future.set_exception(WorkerDied())
        else:
            future.set_result(turn)
        return future

    def stop(self) -> None:
        """Note it."""
        self.is_stopped = True


class ScriptedCrew:
    """Hires scripted workers, and remembers them and their seeds."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self.hired: list[ScriptedWorker] = []
        self.seeds: list[int] = []
        self.is_closed = False

    def hire(self, number: int, seed: int) -> ScriptedWorker:
        """Hire the next."""
        self.seeds.append(seed)
        self.hired.append(ScriptedWorker(self._script, number, f"hand {len(self.hired) + 1}"))
        return self.hired[-1]

    def close(self) -> None:
        """Note it."""
        self.is_closed = True


def turn(steps: int, *found: Disagreement) -> Turn:
    """Return a turn of so many steps."""
    explored = Explored(seed=0, disagreements=list(found))
    explored.tally.steps = steps
    return Turn(explored)
