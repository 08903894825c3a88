"""A real browser: Debian's chromium if there is one, else the one that npm brings, unpacked once."""

import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Error, sync_playwright

ROOT: Final = Path(__file__).resolve().parents[2]
PACKED: Final = ROOT / "node_modules/@sparticuz/chromium/bin"
UNPACKED: Final = ROOT / ".tools/chromium"
NODE: Final = ROOT / ".tools/bin/node"
UNBROTLI: Final = "process.stdin.pipe(require('zlib').createBrotliDecompress()).pipe(process.stdout)"
LIBRARIES: Final = ("al2023", "fonts")  # for systems that lack them
FONTS: Final = "<fontconfig><dir>/usr/share/fonts</dir><dir>{}</dir></fontconfig>\n"
MISSING: Final = "There is no browser: install Debian's chromium, or run `make setup` where npm has one."


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Give a headless browser. Without one, tests fail: a page that nobody has seen is not tested."""
    executable, surroundings = _chromium()
    with sync_playwright() as playwright:
        try:
            # Without its sandbox it also runs as root and in containers; it shows our own pages alone.
            launched = playwright.chromium.launch(
                executable_path=executable, args=["--no-sandbox"], env=surroundings
            )
        except Error as failure:
            pytest.fail(f"{executable} does not start: {failure.message.splitlines()[0]}")
        yield launched
        launched.close()


def _chromium() -> tuple[str, dict[str, Any]]:
    """Return the program and its environment."""
    installed = shutil.which("chromium")
    if installed:
        return installed, dict(os.environ)
    if not UNPACKED.exists():
        if not PACKED.exists():
            pytest.fail(MISSING)
        _unpack()
    own = {"LD_LIBRARY_PATH": str(UNPACKED / "lib"), "FONTCONFIG_PATH": str(UNPACKED)}
    return str(UNPACKED / "chromium"), os.environ | own


def _unpack() -> None:
    """Unpack the program, fonts and libraries beside the tools, whole or not at all."""
    folder = Path(tempfile.mkdtemp(dir=UNPACKED.parent))
    _decompress(PACKED / "chromium.br", folder / "chromium")
    (folder / "chromium").chmod(0o755)
    for name in LIBRARIES:
        _decompress(PACKED / f"{name}.tar.br", folder / f"{name}.tar")
        with tarfile.open(folder / f"{name}.tar") as archive:
            archive.extractall(folder, filter="data")
    (folder / "fonts.conf").write_text(FONTS.format(UNPACKED / "fonts"))
    try:
        folder.rename(UNPACKED)
    except OSError:  # another process was quicker
        shutil.rmtree(folder)


def _decompress(packed: Path, unpacked: Path) -> None:
    with packed.open("rb") as source, unpacked.open("wb") as target:
        subprocess.run([NODE, "-e", UNBROTLI], stdin=source, stdout=target, check=True)
