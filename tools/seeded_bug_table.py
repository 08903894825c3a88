"""Search for every seeded bug, and write docs/seeded-bugs.md: its property, how soon, with what sequence.

Ends with 1 when one was not detected, or too late, or only with a long sequence. `--seeds N` searches N times
for each; names of bugs search for those alone, and leave the rows of the others as they are.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.progress import track
from ringfence.engine.versions import versions
from ringfence.vaults.isolated_margin.seeded_bugs import SeededBug, seeded_bugs
from ringfence.vaults.isolated_margin.seeded_bugs.searching import (
    MOST_STEPS,
    BugDetection,
    detections,
    shortest,
    target_of,
)

TABLE = Path(__file__).resolve().parents[1] / "docs/seeded-bugs.md"
MEDIAN_SECONDS = 2.0
MOST_SECONDS = 30.0
HEAD = """\
# Seeded bugs

Our own vault with one bug each, and how a search found it. *Found* is the processor time of one core until
the property was violated for the first time, *shrinking* what it took to make that call sequence short; the
broken vault is compiled before. With several seeds, both are the slowest. *Steps* are those of the shortest
call sequence, *also* the other properties that it violates.

Written by `make seeded-bugs`, which fails when a bug is not found by its property, takes more than 30
seconds, or has no call sequence as short as `harness/ringfence/vaults/isolated_margin/seeded_bugs/` promises.

"""
COLUMNS = "| property | bug | found, s | shrinking, s | steps | also |\n|---|---|---|---|---|---|\n"


@dataclass(frozen=True, slots=True)
class Searched:
    """What came of a seeded bug, searched for once with every seed."""

    seeded: SeededBug
    runs: list[list[BugDetection]]

    @property
    def bug(self) -> str:
        """Return what the bug is, in one line."""
        return " ".join(self.seeded.bug.split())

    @property
    def seconds(self) -> float:
        """Return the longest time to a first detection; infinite if there was none."""
        return max(run[0].seconds if run else float("inf") for run in self.runs)

    @property
    def shrinking(self) -> float:
        """Return the longest time that the first detection's sequence took to shrink."""
        return max((run[0].shrinking for run in self.runs if run), default=0.0)

    @property
    def best(self) -> BugDetection:
        """Return the detection with the shortest sequence."""
        return shortest([each for run in self.runs for each in run])

    def problems(self) -> Iterator[str]:
        """Give a sentence for every promise that was not rows."""
        name, property_id = self.seeded.name, self.seeded.property_id
        if not all(self.runs):
            yield f"{name}: {property_id} did not detect it in {MOST_STEPS:,} steps."
        elif self.seconds > MOST_SECONDS:
            yield f"{name}: {property_id} detected it after {self.seconds:.0f} seconds."
        elif self.best.steps > self.seeded.steps:
            yield f"{name}: no sequence of {self.seeded.steps} steps, but one of {self.best.steps}."

    def row(self) -> str:
        """Return its row of the table."""
        best = self.best
        times = f"{self.seconds:.2f} | {self.shrinking:.2f} | {best.steps}"
        return f"| {self.seeded.property_id} | {self.bug} | {times} | {', '.join(best.finding.also)} |\n"


def main() -> None:
    """Search, print what came of each, and write the table if all were searched for."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=1, metavar="N")
    parser.add_argument("names", nargs="*")
    asked = parser.parse_args()
    chosen = [each for each in seeded_bugs() if not asked.names or each.name in asked.names]
    console = Console()
    done = []
    for seeded in track(chosen, "seeded bugs", console=Console(stderr=True)):
        target_of(seeded)  # compiled before the clock starts
        done.append(Searched(seeded, [detections(seeded, seed) for seed in range(1, asked.seeds + 1)]))
        console.print(described(done[-1]), highlight=False)
    problems = [problem for each in done for problem in each.problems()]
    rows = {
        **written(),
        **{(each.seeded.property_id, each.bug): each.row() for each in done if all(each.runs)},
    }
    seconds = [float(row.split(" | ")[2]) for row in rows.values()]
    if median(seconds) >= MEDIAN_SECONDS:
        problems.append(
            f"The median is {median(seconds):.2f} seconds, and {MEDIAN_SECONDS:.0f} are promised."
        )
    if not problems:
        TABLE.write_text(page(rows, seconds, asked.seeds))
    sys.exit("\n".join(problems) or None)


def described(searched: Searched) -> str:
    """Return a line for the terminal."""
    if not all(searched.runs):
        return f"{searched.seeded.property_id} {searched.seeded.name}: not detected"
    return (
        f"{searched.seeded.property_id} {searched.seeded.name}: detected in {searched.seconds:.2f} s, "
        f"shrunk in {searched.shrinking:.2f} s, {searched.best.steps} steps"
    )


def written() -> dict[tuple[str, str], str]:
    """Return the rows that the page has of bugs that there still are, by property and bug."""
    rows = {}
    known = {(each.property_id, " ".join(each.bug.split())) for each in seeded_bugs()}
    for line in TABLE.read_text().splitlines(keepends=True):
        cells = [cell.strip("| ") for cell in line.split(" | ")]
        if tuple(cells[:2]) in known:
            rows[cells[0], cells[1]] = line
    return rows


def page(rows: dict[tuple[str, str], str], seconds: list[float], seeds: int) -> str:
    """Return the whole page."""
    versions_used = ", ".join(f"{name} {number}" for name, number in versions().items())
    summary = (
        f"{len(rows)} seeded bugs, seeds 1 to {seeds}, {versions_used}: all found, in a median of "
        f"{median(seconds):.2f} and at most {max(seconds):.2f} seconds.\n\n"
    )
    return HEAD + summary + COLUMNS + "".join(rows[key] for key in sorted(rows))


if __name__ == "__main__":
    main()
