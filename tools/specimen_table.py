"""Hunt every specimen, and write docs/specimens.md: which law caught it, how soon, with what program.

Ends with 1 when one was not caught, or too late, or only with a long program. `--seeds N` hunts each N times;
names of specimens hunt those alone, and write nothing.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.progress import track
from ringfence.engine.campaign import versions
from ringfence.engine.hunt import Catch
from ringfence.vaults.isolated_margin.seeded_bugs import Specimen, specimens
from ringfence.vaults.isolated_margin.seeded_bugs.hunting import MOST_SECONDS, catches, shortest
from ringfence.vaults.isolated_margin.seeded_bugs.vaults import starting

TABLE = Path(__file__).resolve().parents[1] / "docs/specimens.md"
MEDIAN_SECONDS = 2.0
HEAD = """\
# Specimens

Our own vault with one bug each, and how a search found it. *Caught* is the processor time of one core until
the law was broken for the first time, *shortening* what it took to make that program short; compiling the
broken vault comes before. With several seeds, both are the slowest. *Steps* are those of the shortest
program, *also* the other laws that it breaks.

Written by `make specimens`, which fails when a bug is not caught by its law, takes more than 30 seconds, or
has no program as short as its entry in `harness/ringfence/vaults/isolated_margin/seeded_bugs/` promises.

"""
COLUMNS = "| law | bug | caught, s | shortening, s | steps | also |\n|---|---|---|---|---|---|\n"


@dataclass(frozen=True, slots=True)
class Hunted:
    """What came of a specimen, hunted once with every seed."""

    specimen: Specimen
    runs: list[list[Catch]]

    @property
    def seconds(self) -> float:
        """Return the longest time to a first catch; infinite if there was none."""
        return max(run[0].seconds if run else float("inf") for run in self.runs)

    @property
    def shortening(self) -> float:
        """Return the longest time that the first catch's program took to become short."""
        return max((run[0].shortening for run in self.runs if run), default=0.0)

    @property
    def best(self) -> Catch:
        """Return the catch with the shortest program."""
        return shortest([catch for run in self.runs for catch in run])

    def complaints(self) -> Iterator[str]:
        """Give a sentence for every promise that was not kept."""
        name, law = self.specimen.name, self.specimen.law
        if not all(self.runs):
            yield f"{name}: {law} did not catch it in {MOST_SECONDS:.0f} seconds."
        elif len(self.best.program) > self.specimen.steps:
            yield f"{name}: no program of {self.specimen.steps} steps, but one of {len(self.best.program)}."

    def row(self) -> str:
        """Return its row of the table."""
        bug, best = " ".join(self.specimen.bug.split()), self.best
        times = f"{self.seconds:.2f} | {self.shortening:.2f} | {len(best.program)}"
        return f"| {self.specimen.law} | {bug} | {times} | {', '.join(best.also)} |\n"


def main() -> None:
    """Hunt, print what came of each, and write the table if all were hunted."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=1, metavar="N")
    parser.add_argument("names", nargs="*")
    asked = parser.parse_args()
    chosen = [each for each in specimens() if not asked.names or each.name in asked.names]
    console = Console()
    done = []
    for specimen in track(chosen, "specimens", console=Console(stderr=True)):
        starting(specimen.sources())  # compiled before the clock starts
        done.append(Hunted(specimen, [catches(specimen, seed) for seed in range(1, asked.seeds + 1)]))
        console.print(told(done[-1]), highlight=False)
    typical = median(each.seconds for each in done)
    complaints = [complaint for each in done for complaint in each.complaints()]
    if typical >= MEDIAN_SECONDS:
        complaints.append(f"The median is {typical:.2f} seconds, and {MEDIAN_SECONDS:.0f} are promised.")
    if not asked.names and not complaints:
        TABLE.write_text(page(done, asked.seeds))
    sys.exit("\n".join(complaints) or None)


def told(hunted: Hunted) -> str:
    """Return a line for the terminal."""
    if not all(hunted.runs):
        return f"{hunted.specimen.law} {hunted.specimen.name}: not caught"
    return (
        f"{hunted.specimen.law} {hunted.specimen.name}: caught in {hunted.seconds:.2f} s, "
        f"shortened in {hunted.shortening:.2f} s, {len(hunted.best.program)} steps"
    )


def page(done: list[Hunted], seeds: int) -> str:
    """Return the whole page."""
    seconds = [each.seconds for each in done]
    program = ", ".join(f"{name} {number}" for name, number in versions().items())
    summary = (
        f"{len(done)} specimens, seeds 1 to {seeds}, {program}: all caught, in a median of "
        f"{median(seconds):.2f} and at most {max(seconds):.2f} seconds.\n\n"
    )
    rows = sorted(done, key=lambda each: (each.specimen.law, each.specimen.name))
    return HEAD + summary + COLUMNS + "".join(each.row() for each in rows)


if __name__ == "__main__":
    main()
