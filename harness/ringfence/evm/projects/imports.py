"""What sources import, from a project's folder or its libraries, by the names that solc gives them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Final

IMPORT: Final = re.compile(r"""(?:^|;)\s*import\b[^;"']*["']([^"']+)["']""", re.MULTILINE)
MODULES: Final = "node_modules"


class Imports:
    """Sources with what they import; what is not there, or is no text, is left to the compiler to report."""

    def __init__(self, root: Path, sources: Mapping[str, str], remappings: Iterable[str]) -> None:
        """Read what ``sources``, by their paths from ``root``, import."""
        self._root = root
        self._remappings = [_remapping(each) for each in remappings if "=" in each]
        self._texts = dict(sources)
        self._imported: dict[str, Sequence[str]] = {}
        self._read(sources)

    def closure(self, names: Iterable[str]) -> Mapping[str, str]:
        """Return the texts of some sources and of all that they import, by name."""
        found: dict[str, str] = {}
        waiting = list(reversed([*names]))
        while waiting:
            name = waiting.pop()
            if name not in found:
                found[name] = self._texts[name]
                waiting += self._imported[name]
        return found

    def _read(self, names: Iterable[str]) -> None:
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name not in self._imported:
                self._imported[name] = [each for each in self._names(name) if self._is_read(each)]
                waiting += self._imported[name]

    def _names(self, importer: str) -> Iterator[str]:
        """Yield what a source imports by its names, remapped as solc does it."""
        for written in IMPORT.findall(self._texts[importer]):
            is_relative = written.startswith(("./", "../"))
            name = normpath(join(dirname(importer), written)) if is_relative else written
            fitting = [
                (len(context), len(prefix), place, target + name[len(prefix) :])
                for place, (context, prefix, target) in enumerate(self._remappings)
                if importer.startswith(context) and name.startswith(prefix)
            ]
            yield max(fitting)[-1] if fitting else name

    def _is_read(self, name: str) -> bool:
        """Return whether there is a text of that name, which is read when it is first seen."""
        for folder in (self._root, self._root / MODULES):
            if name not in self._texts and not name.startswith("..") and (folder / name).is_file():
                try:
                    self._texts[name] = (folder / name).read_text(encoding="utf-8")
                except (OSError, UnicodeDecodeError):
                    return False
        return name in self._texts


def _remapping(text: str) -> tuple[str, str, str]:
    """Return the context, the prefix and the target of ``context:prefix=target``."""
    before, target = text.split("=", 1)
    context, _, prefix = before.rpartition(":")
    return context, prefix, target
