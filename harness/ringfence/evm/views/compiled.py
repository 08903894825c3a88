"""Answers of views without the EVM: each view is compiled once, path by path."""

from collections.abc import Callable
from math import inf
from typing import Any, Final

from ringfence.evm.views.interpreter import Interpreter, WorldState
from ringfence.evm.views.path import NotCompilable, TooLong
from ringfence.types.errors import RingfenceError

ASKED_BEFORE: Final = 3  # times that the EVM answers, before a path is worth the work
WORTH: Final = 400  # opcodes to interpret for each time that the EVM has answered: what it costs, about
MOST_PATHS: Final = 12  # of one view
SHADOWED: Final = 8  # one of a view's compiled answers in 8 is compared with the EVM's
SELDOM: Final = 64  # one in 64, after this many


class ViewMiscompiled(RingfenceError):
    """A compiled view answers something else than the EVM. The message is one sentence."""


class CompiledViews:
    """What the views of one chain have in common: ``scope`` holds the names by which they read its state.

    A path depends on the code that it ran: all are forgotten when any of that has changed.
    """

    def __init__(self, state: WorldState, scope: dict[str, Any]) -> None:
        self._state, self._scope = state, scope
        self._codes: dict[str, bytes] = {}
        self.generation = 0  # of code
        self.is_stale = False  # the state has changed: code is looked at before the next answer

    def compiled(self, to: str, data: bytes, sender: str, most_opcodes: int) -> Callable[[], bytes | None]:
        """Return the path that a view takes now, of N opcodes at most; raises NotCompilable, TooLong."""
        run = Interpreter(self._state, sender, most_opcodes)
        ended = run.call(to, to, sender, tuple(data))
        path = run.path.function(ended.ok, ended.output, self._scope)
        self._codes |= {address: self._state.code_hash(address) for address in run.codes}
        return path

    def look_at_code(self) -> None:
        """Begin a new generation if code has changed."""
        self.is_stale = False
        code_hash = self._state.code_hash
        if any(code_hash(address) != known for address, known in self._codes.items()):
            self.generation += 1
            self._codes.clear()


class CompiledView:
    """One view with its arguments, which ``ask`` has the EVM answer; the path taken last is tried first."""

    def __init__(self, views: CompiledViews, call: tuple[str, bytes, str], ask: Callable[[], bytes]) -> None:
        self._views, self._call, self._ask = views, call, ask
        self._generation = views.generation
        self._paths: list[Callable[[], bytes | None]] = []
        self._hits = self._misses = 0
        self._due: float = ASKED_BEFORE  # misses after which the next path is compiled

    def answer(self) -> bytes:
        """Return what the view answers now; raises Reverted, ViewMiscompiled."""
        views = self._views
        if views.is_stale:
            views.look_at_code()
        if self._generation == views.generation:
            for path in self._paths:
                found = path()
                if found is not None:
                    self._hits += 1
                    if path is not self._paths[0]:
                        self._paths.remove(path)
                        self._paths.insert(0, path)
                    is_due = self._hits % (SHADOWED if self._hits <= SELDOM else SELDOM) == 0
                    return self._shadowed(found) if is_due else found
        return self._learned()

    def _shadowed(self, found: bytes) -> bytes:
        if self._ask() != found:
            to, data, _ = self._call
            call = f"{to} with the calldata 0x{data.hex()}"
            raise ViewMiscompiled(f"The compiled view of {call} differs from the EVM: please report it.")
        return found

    def _learned(self) -> bytes:
        """Return the EVM's answer, and compile the path to it."""
        if self._generation != self._views.generation:
            self._paths.clear()
            self._generation, self._misses, self._due = self._views.generation, 0, ASKED_BEFORE
        self._misses += 1
        if self._misses >= self._due:
            self._compile()
        return self._ask()

    def _compile(self) -> None:
        """Add the path that the view takes now, if there is room and it is not too long yet."""
        self._due = self._misses + ASKED_BEFORE - 1
        if len(self._paths) == MOST_PATHS:
            self._due = inf
            if self._misses > self._hits:  # it takes ever new paths
                self._paths.clear()
            return
        try:
            self._paths.insert(0, self._views.compiled(*self._call, self._misses * WORTH))
        except TooLong:
            self._due = 4 * self._misses
        except NotCompilable:
            self._due = inf
