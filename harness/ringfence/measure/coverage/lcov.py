"""Coverage as ``lcov`` tracefiles have it, for editors, CI services and ``genhtml``.

A count is 1 for what was reached: marks say whether, not how often. A branch of a condition that was never
evaluated has ``-``, as geninfo(1) asks for.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from ringfence.measure.coverage.reached import FileReached


def tracefile(files: Iterable[FileReached], root: Path) -> str:
    """Return the tracefile; its source files are absolute, below ``root``."""
    return "".join(f"{line}\n" for each in files for line in _record(each, root))


def _record(of: FileReached, root: Path) -> Iterator[str]:
    lines, functions, ways = of.shares
    yield "TN:"
    yield f"SF:{root / of.file}"
    yield from (f"FN:{each.line},{each.name}" for each in of.functions)
    yield from (f"FNDA:{int(hit)},{each.name}" for each, hit in of.functions.items())
    yield f"FNF:{functions.of}"
    yield f"FNH:{functions.hit}"
    for block, ((line, *_), hits) in enumerate(of.conditions.items()):
        is_evaluated = any(hits.values())
        for branch, hit in enumerate(hits.values()):
            yield f"BRDA:{line},{block},{branch},{int(hit) if is_evaluated else '-'}"
    yield f"BRF:{ways.of}"
    yield f"BRH:{ways.hit}"
    yield from (f"DA:{line},{int(hit)}" for line, hit in of.lines.items())
    yield f"LF:{lines.of}"
    yield f"LH:{lines.hit}"
    yield "end_of_record"
