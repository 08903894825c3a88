"""Break the model one change at a time, and see whether its tests notice: run by `make mutants-model`.

mutmut makes the mutants and finds out which tests reach them; `mutant_loop` tries them. What survives must be
listed in tests/model/equivalent_mutants.toml, whose entries must all survive. A second run goes on where the
first ended, and tries survivors again. `--only PATTERN` tries some, and judges nothing.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from platform import python_version

ROOT = Path(__file__).resolve().parents[2]
RUN = ROOT / "out/mutants-model"
SUMMARY = ROOT / "docs/mutants-model.md"
EQUIVALENT = ROOT / "tests/model/equivalent_mutants.toml"
NOTHING_RUN = 5  # pytest's word for it: the loop runs the tests, not pytest
LEAST_SCORE = 95  # per cent
FIRST = "isolated_margin.fixed.x_integer__mutmut_1"  # for mutmut's own checks, before all the others
CONFIGURATION = """\
[tool.mutmut]
source_paths = ["src"]
pytest_add_cli_args = ["--hypothesis-profile=mutants", "-p", "no:cacheprovider"]
pytest_add_cli_args_test_selection = ["tests"]

[tool.pytest.ini_options]
addopts = ["--strict-markers"]
"""
HEAD = """\
# Mutants of the model

`make mutants-model` breaks `isolated_margin` one change at a time and runs the tests of `tests/model` that
reach the broken function. Written by that command: {mutmut} on Python {python}, {hypothesis}.

**{score:.1f} % of {counted:,} mutants were killed**; {equivalent} more are equivalent, each with an argument
in [equivalent_mutants.toml](../tests/model/equivalent_mutants.toml). A time-out is no kill, and what the
tests do not notice in the seconds that they are given (`--budget`) has survived.

| file | mutants | killed | timed out | equivalent | survived | score |
|---|---|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Mutant:
    """A change to one function: what came of it, and, unless killed, the lines as they were and are."""

    file: str
    name: str
    status: str
    was: str
    now: str

    @property
    def key(self) -> tuple[str, str, str]:
        """Return what identifies it, whatever else changes in its file."""
        module, _, mangled = self.name.partition("__mutmut_")[0].rpartition(".")
        plain = mangled.removeprefix("x_").removeprefix("xǁ").replace("ǁ", ".")
        return f"{module.removeprefix('isolated_margin.')}.{plain}", self.was, self.now


def main() -> None:
    """Make, try, judge."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--only", default="*", help="a pattern of mutants' names; writes no summary")
    options.add_argument("--at-once", type=int, default=2, help="how many mutants are tried at once")
    options.add_argument("--budget", type=int, default=8, help="processor seconds of tests for a mutant")
    chosen = options.parse_args()
    prepare()
    call("-m", "mutmut", "run", "--max-children", "1", FIRST, folder=RUN)
    loop = ("-p", "mutant_loop", "--mutants", chosen.only, f"--at-once={chosen.at_once}")
    pytest = ("-m", "pytest", "-q", "--rootdir=.", "--tb=native", "--hypothesis-profile=mutants", "tests")
    call(*pytest, *loop, f"--budget={chosen.budget}", "-pno:cacheprovider", folder=RUN / "mutants")
    if chosen.only == "*":
        judge(list(mutants()))


def prepare() -> None:
    """Lay out what mutmut works on: the package under src, its tests, and their settings."""
    for source, target in (("model/isolated_margin", "src/isolated_margin"), ("tests/model", "tests/model")):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / source, RUN / target, dirs_exist_ok=True, ignore=ignored)
    for name in ("__init__.py", "conftest.py"):
        shutil.copy2(ROOT / "tests" / name, RUN / "tests" / name)
    (RUN / "pyproject.toml").write_text(CONFIGURATION, encoding="utf-8")
    (RUN / "mutants/src").mkdir(parents=True, exist_ok=True)  # Python ignores a path that is missing at start


def call(*arguments: str, folder: Path) -> None:
    """Run Python in a folder, where it finds the loop and the mutants; stop when it fails."""
    paths = f"{Path(__file__).parent}{os.pathsep}{RUN / 'mutants/src'}"
    done = subprocess.run([sys.executable, *arguments], cwd=folder, env={**os.environ, "PYTHONPATH": paths})
    if done.returncode not in (0, NOTHING_RUN):
        sys.exit(f"mutants-model: {' '.join(arguments[:3])} failed; its words are above.")


def mutants() -> Iterator[Mutant]:
    """Yield every mutant with what came of it, from mutmut's files."""
    os.chdir(RUN)  # where mutmut looks for its settings as soon as it is imported
    from mutmut.mutation.data import SourceFileMutationData
    from mutmut.mutation.diff_apply import get_diff_for_mutant
    from mutmut.stats import status_by_exit_code
    from mutmut.utils.file_utils import walk_mutatable_files

    for path in sorted(walk_mutatable_files()):
        file = SourceFileMutationData(path=path)
        file.load()
        for name, code in file.exit_code_by_key.items():
            status = status_by_exit_code[code]
            diff = "" if status == "killed" else get_diff_for_mutant(name, path=path)
            yield Mutant(str(path.relative_to("src/isolated_margin")), name, status, *changed(diff))


def changed(diff: str) -> tuple[str, str]:
    """Return the lines that a diff takes out and puts in, without indentation."""
    lines = [line for line in diff.splitlines() if not line.startswith(("---", "+++"))]
    taken, put = ([line[1:].strip() for line in lines if line[:1] == sign] for sign in "-+")
    return " ".join(taken), " ".join(put)


def judge(tried: list[Mutant]) -> None:
    """Write the summary; fail on a stale entry, on too many survivors, on a mutant not tried."""
    open_ones = [mutant for mutant in tried if mutant.status == "not checked"]
    if open_ones:
        sys.exit(
            f"mutants-model: {len(open_ones)} mutants were not tried, so there is no score; run it again."
        )
    listed, survivors = equivalents(), {mutant.key for mutant in tried if mutant.status == "survived"}
    stale = listed - survivors
    if stale:
        sys.exit(
            "\n".join(
                [
                    "mutants-model: these are listed as equivalent but do not survive:",
                    *map(str, sorted(stale)),
                ]
            )
        )
    score = summarise(tried, listed)
    for mutant in tried:
        if mutant.status == "survived" and mutant.key not in listed:
            print(f"survived: {mutant.name}\n  - {mutant.was}\n  + {mutant.now}")
    if score < LEAST_SCORE:
        sys.exit(f"mutants-model: {score:.1f} % were killed, less than {LEAST_SCORE} %; survivors are above.")


def equivalents() -> set[tuple[str, str, str]]:
    """Return the keys of the mutants that are listed, with an argument, as no different from the model."""
    groups = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8"))["equivalent"]
    return {(group["function"], was, now) for group in groups for was, now in group["changes"]}


def summarise(tried: list[Mutant], listed: set[tuple[str, str, str]]) -> float:
    """Write the summary; return the share of mutants that were killed, per cent, equivalent ones apart."""
    rows, totals = [], Counter[str]()
    for file in sorted({mutant.file for mutant in tried}):
        counts = Counter(
            "equivalent" if mutant.key in listed else mutant.status for mutant in tried if mutant.file == file
        )
        totals += counts
        rows.append(row(f"`{file}`", counts))
    counted = totals.total() - totals["equivalent"]
    score = 100 * totals["killed"] / counted
    head = HEAD.format(
        mutmut=f"mutmut {version('mutmut')}",
        python=python_version(),
        hypothesis=f"Hypothesis {version('hypothesis')}",
        score=score,
        counted=counted,
        equivalent=totals["equivalent"],
    )
    SUMMARY.write_text(head + "".join([*rows, row("**all**", totals)]), encoding="utf-8")
    return score


def row(title: str, counts: Counter[str]) -> str:
    """Return a line of the table; what neither died nor timed out nor is equivalent has survived."""
    killed, slow, same = counts["killed"], counts["timeout"], counts["equivalent"]
    counted = counts.total() - same
    score = f"{100 * killed / counted:.1f} %" if counted else ""
    return (
        f"| {title} | {counts.total()} | {killed} | {slow} | {same} | {counted - killed - slow} | {score} |\n"
    )


if __name__ == "__main__":
    main()
