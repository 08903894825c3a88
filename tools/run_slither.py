"""Run slither over contracts/, after a seeded bug: a wrong set-up finds nothing, in silence."""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from artifacts import ARTIFACTS, CONTRACTS, ROOT, solc, standard_json

SEEDED = ROOT / "tools/Seeded.sol"
SEEDED_BUG = "suicidal"
OUTPUTS = [
    "ast",
    "abi",
    "userdoc",
    "devdoc",
    "evm.bytecode.object",
    "evm.bytecode.sourceMap",
    "evm.deployedBytecode.object",
    "evm.deployedBytecode.sourceMap",
]
OPTIONS = [
    "--compile-force-framework=Solc-json",
    "--solc-disable-warnings",  # `make compile` has shown them
    "--filter-paths=node_modules|contracts/mocks",  # others' code; hostile on purpose
    "--exclude-low",
    "--exclude-informational",
    "--exclude-optimization",
    "--fail-medium",
]


def main() -> None:
    """Fail on a medium or high finding, on contracts left out, and when the seeded bug is missed."""
    found = run([SEEDED])
    if not found.returncode or f"Detector: {SEEDED_BUG}" not in found.stderr:
        sys.exit(f"{found.stderr}slither: the seeded bug ({SEEDED_BUG}) was not found: see the set-up.")
    result = run(list(CONTRACTS.rglob("*.sol")))
    print(result.stderr, end="")
    count = re.search(r"analyzed \((\d+) contracts", result.stderr)
    expected = len(list(ARTIFACTS.glob("*.json")))
    if not count or int(count[1]) < expected:
        sys.exit(f"slither: fewer contracts were analysed than the {expected} in contracts/.")
    if "Impossible to generate IR" in result.stderr:  # no failure to slither, which skips them
        sys.exit("slither: it skipped the functions above; in mixed-width sums put the wider operand first.")
    if result.returncode:
        sys.exit("slither: mend each finding above, or suppress it where it stands, with the reason.")
    print(
        f"slither: {count[1]} contracts analysed, with imports; no medium or high finding but the seeded one"
    )


def run(sources: list[Path]) -> subprocess.CompletedProcess[str]:
    """Slither's verdict on `sources`, compiled with the project's settings."""
    with tempfile.TemporaryDirectory() as folder:
        request = Path(folder, "contracts.json")
        request.write_text(json.dumps(standard_json(sources, OUTPUTS)))
        command = [str(ROOT / ".venv-slither/bin/slither"), str(request), f"--solc={solc()}", *OPTIONS]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


if __name__ == "__main__":
    main()
