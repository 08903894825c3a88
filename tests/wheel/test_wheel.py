"""The wheel as another project gets it: the model alone, the command without its extra, a user's tests."""

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "notional-vault"
MODULE = """
from adapter import NotionalVault

def test_vault(check_vault):
    check_vault(NotionalVault, runs=60, seconds=60)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def alone(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel without any extra; give the environment."""
    return installed(wheel, tmp_path_factory.mktemp("alone"))


def installed(wheel: Path, place: Path) -> Path:
    """Make an environment with the wheel in it and nothing else."""
    venv.create(place, symlinks=True)
    pip = [sys.executable, "-m", "pip", "--python", str(place / "bin" / "python"), "install", "--quiet"]
    subprocess.run([*pip, "--no-deps", "--no-index", str(wheel)], check=True)
    return place


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a program outside of this repository."""
    return subprocess.run(list(map(str, command)), cwd=cwd, capture_output=True, text=True)


def test_wheel__contents__are_whole(wheel: Path) -> None:
    """Licence, types and the compiled vault travel in it, and no test does."""
    names = zipfile.ZipFile(wheel).namelist()
    for name in (
        "isolated_margin/py.typed",
        "ringfence/py.typed",
        "ringfence/evm/artifacts/IsolatedMarginVault.json",
    ):
        assert name in names
    assert any(name.endswith("LICENSE") for name in names)
    assert not any(name.startswith("tests") for name in names)


def test_wheel__model__needs_nothing_else(alone: Path, tmp_path: Path) -> None:
    """Every module of the model is imported without any other package."""
    every = "import isolated_margin, pkgutil, importlib; [importlib.import_module(found.name) for found in "
    every += "pkgutil.walk_packages(isolated_margin.__path__, 'isolated_margin.')]"
    done = run(alone / "bin" / "python", "-c", every, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


def test_wheel__command_without_the_extra__says_what_to_install(alone: Path, tmp_path: Path) -> None:
    """One sentence, and no traceback."""
    done = run(alone / "bin" / "ringfence", "--version", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr == "ringfence: the command needs the harness: pip install 'ringfence[harness]'\n"


def test_wheel__with_the_extra__tests_a_vault(wheel: Path, tmp_path: Path) -> None:
    """The command tells its version, and a user's test module passes; packages are borrowed."""
    place = installed(wheel, tmp_path / "venv")
    (site,) = (place / "lib").glob("python*/site-packages")
    (borrowed,) = [path for path in sys.path if path.endswith("site-packages")][:1]
    (site / "borrowed.pth").write_text(f"{borrowed}\n")
    work = tmp_path / "work"
    work.mkdir()
    (work / "adapter.py").write_text((EXAMPLE / "adapter.py").read_text())
    (work / "contracts").symlink_to(EXAMPLE / "contracts")
    (work / "test_vault.py").write_text(MODULE)
    told = run(place / "bin" / "ringfence", "--version", cwd=work)
    assert told.stdout.startswith("ringfence, version "), told.stderr
    where = run(place / "bin" / "python", "-c", "import ringfence; print(ringfence.__file__)", cwd=work)
    assert where.stdout.startswith(str(place))
    done = run(place / "bin" / "python", "-m", "pytest", "-q", "-p", "no:cacheprovider", cwd=work)
    assert "1 passed" in done.stdout, done.stdout + done.stderr
