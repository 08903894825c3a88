"""What a search depends on besides its seed."""

from importlib.metadata import version
from platform import python_version
from typing import Final

PACKAGES: Final = ("ringfence", "pyrevm")


def versions() -> dict[str, str]:
    """Return the versions of Python, of ringfence and of the EVM."""
    return {"python": python_version()} | {name: version(name) for name in PACKAGES}
