"""The native forge, whose exit code can be believed, on a folder of contracts."""

import subprocess
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
CONFIG: Final = f"""[profile.default]
src = "contracts"
solc = "{ROOT / ".tools/solc/solc-v0.8.30"}"
offline = true
optimizer = false
evm_version = "cancun"
"""


def forge(folder: Path, tests: dict[str, str], config: str = "") -> tuple[int, str]:
    """Run tests on the folder's contracts, with more configuration; return exit code and output."""
    (folder / "foundry.toml").write_text(CONFIG + config)
    (folder / "test").mkdir()
    for name, source in tests.items():
        (folder / "test" / f"{name}.t.sol").write_text(source)
    command = [ROOT / ".tools/bin/forge", "test", "--root", folder]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    return done.returncode, done.stdout + done.stderr


def failure(done: tuple[int, str]) -> str:
    """Return the line of the first test that failed; one must have."""
    code, output = done
    assert code == 1, output
    return next(line for line in output.splitlines() if "[FAIL" in line)
