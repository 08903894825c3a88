"""Programs that reached somewhere new, by market, and on disk if they are to outlive the campaign.

A file for each, named by its content and written whole before it gets its name: campaigns can share a folder,
and one that dies leaves every entry readable.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from ringfence.engine.corpus.entry import BadEntry, Entry, Header, entry_of, market_of, name_of, text_of
from ringfence.types.actions import Alphabet
from ringfence.types.errors import RingfenceError
from ringfence.types.market import VaultMarket

SUFFIX: Final = ".json"


class BadCorpus(RingfenceError):
    """A corpus can't be used. The message is one sentence that names the file."""


class Corpus:
    """Entries of one vault. ``problem`` is why the last ones are not on disk."""

    def __init__(
        self, code: str, setups: Iterable[VaultMarket], folder: Path | None, actions: Alphabet
    ) -> None:
        """Read what ``folder`` has, which is made if need be; raises BadCorpus."""
        self.problem = ""
        self._actions = actions
        self._headers = {setup.name: Header.of(code, setup) for setup in setups}
        self._entries: dict[str, dict[str, Entry]] = {name: {} for name in self._headers}
        self._known: set[str] = set()
        self._unwritten: dict[str, Entry] = {}
        self._folder = folder
        if folder:
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as failure:
                raise BadCorpus(f"{folder}: {failure.strerror}.") from None

    def fresh(self) -> list[Entry]:
        """Read and return the entries that were not there before; raises BadCorpus."""
        return [entry for path in self._new_files() if (entry := self._read(path)) is not None]

    def of(self, market: str) -> list[Entry]:
        """Return the entries of a market, in the order in which they came."""
        return list(self._entries[market].values())

    def __len__(self) -> int:
        """Return how many entries there are."""
        return sum(map(len, self._entries.values()))

    def add(self, entry: Entry) -> None:
        """Keep an entry, on disk too; if that fails ``problem`` says so, and a later one tries again."""
        name = self._name(entry)
        self._entries[entry.market][name] = entry
        if self._folder:
            self._known.add(name)
            self._unwritten[name] = entry
            self.flush()

    def replace(self, old: Entry, new: Entry) -> None:
        """Keep an entry in the place of another."""
        name = self._name(old)
        self._entries[old.market].pop(name, None)
        self._unwritten.pop(name, None)
        self.add(new)
        if self._folder and not self._unwritten and name != self._name(new):
            (self._folder / name).unlink(missing_ok=True)

    def flush(self) -> None:
        """Write what is not on disk yet."""
        for name, entry in list(self._unwritten.items()):
            assert self._folder
            try:
                _write_whole(self._folder / name, text_of(entry, self._headers[entry.market]))
            except OSError as failure:
                rest = f"{len(self._unwritten)} entries are kept in memory alone"
                self.problem = f"{self._folder / name}: {failure.strerror}; {rest}."
                return
            del self._unwritten[name]
        self.problem = ""

    def _name(self, entry: Entry) -> str:
        """Return the name of an entry's file, which takes a while; without a folder any name is good."""
        return name_of(entry, self._headers[entry.market]) if self._folder else str(id(entry))

    def _new_files(self) -> Iterator[Path]:
        if self._folder is None:
            return
        try:
            names = sorted(name for name in os.listdir(self._folder) if name.endswith(SUFFIX))
        except OSError as failure:
            raise BadCorpus(f"{self._folder}: {failure.strerror}.") from None
        yield from (self._folder / name for name in names if name not in self._known)

    def _read(self, path: Path) -> Entry | None:
        """Return a file's entry; None for a market that is not explored, or when another campaign took it."""
        self._known.add(path.name)
        try:
            market, data = market_of(path.read_text(encoding="utf-8"))
            if market not in self._headers:
                return None
            entry = entry_of(data, self._headers[market], self._actions)
        except FileNotFoundError:
            return None
        except OSError as failure:
            raise BadCorpus(f"{path}: {failure.strerror}.") from None
        except UnicodeDecodeError:
            raise BadCorpus(f"{path} is no entry of a corpus, or is damaged: remove it.") from None
        except BadEntry as refusal:
            raise BadCorpus(f"{path} {refusal}: remove it, or use another folder.") from None
        self._entries[market][path.name] = entry
        return entry


def _write_whole(path: Path, text: str) -> None:
    """Write a file that nobody sees before it is complete."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
