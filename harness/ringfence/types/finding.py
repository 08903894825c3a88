"""A finding as data: the call sequence that breaks a vault, where, and what it takes to see it again."""

import os
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from ringfence.types.actions import CallSequence
from ringfence.types.market import VaultMarket
from ringfence.types.outcome import Value

SCHEMA: Final = "ringfence.finding"
VERSION: Final = 4
LOGGED: Final = re.compile(r"[A-Z]|events\[")  # how the path of an event's value begins


@dataclass(frozen=True, slots=True)
class Versions:
    """What found it. ``compiler`` is what the vault's bytecode says of itself."""

    ringfence: str
    python: str
    chain: str
    compiler: str


@dataclass(frozen=True, slots=True)
class VaultId:
    """The vault under test: what starts it, and the hash of its creation code (``""``: not known).

    ``id`` is that of a known vault, ``package.module:Class``, or with a ``file`` the class in it. The path of
    the file is absolute, and in a finding's own file relative to that.
    """

    id: str
    file: str
    code: str

    @staticmethod
    def named(name: str, code: str = "") -> "VaultId":
        """Return the vault of a name, as a command takes it."""
        place, _, attribute = name.rpartition(":")
        if not place.endswith(".py"):
            return VaultId(name, "", code)
        return VaultId(attribute, str(Path(place).resolve()), code)

    @property
    def name(self) -> str:
        """Return the name by which the vault is loaded, from any working directory."""
        return f"{self.file}:{self.id}" if self.file else self.id

    def seen_from(self, folder: Path) -> "VaultId":
        """Return the vault with its path relative to a folder."""
        return replace(self, file=Path(os.path.relpath(self.file, folder)).as_posix()) if self.file else self

    def found_from(self, folder: Path) -> "VaultId":
        """Return the vault whose path is relative to a folder, with its absolute path."""
        return replace(self, file=str((folder / self.file).resolve())) if self.file else self


@dataclass(frozen=True, slots=True)
class BrokenProperty:
    """The property that was broken, and how."""

    id: str
    sentence: str
    message: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that model and chain do not agree on. ``field`` is a path: ``positions[1].margin``."""

    field: str
    model: Value
    chain: Value

    def __str__(self) -> str:
        return f"{self.field}: model {self.model!r}, vault {self.chain!r}"


@dataclass(frozen=True, slots=True)
class CauseKey:
    """What a finding is recognised by, and what shrinking keeps: the property or ``MODEL``, and the rest.

    ``action`` is the one that the violation shows after, ``detail`` what differs or how it was refused,
    ``site`` where that refusal reverts. They are empty for what only further actions, or a changed run, show.
    """

    property_id: str
    action: str = ""
    detail: str = ""
    site: str = ""

    def __str__(self) -> str:
        place = f"at {self.site}" if self.site else ""
        return ", ".join(filter(None, (self.property_id, self.action, self.detail, place)))


@dataclass(frozen=True, slots=True)
class Cause:
    """Why it is a finding: a property that was broken, values that differ, or both, but never neither."""

    broken: BrokenProperty | None
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """A call sequence whose step number ``step`` (from 1; 0 is the start) goes wrong in a market.

    ``also`` are other properties that it violates, ``against`` is the version of the vault that it was
    compared with.
    """

    versions: Versions
    seed: int | None
    market: VaultMarket
    vault: VaultId
    sequence: CallSequence
    step: int
    cause: Cause
    also: tuple[str, ...] = ()
    against: VaultId | None = None

    def seen_from(self, folder: Path) -> "Finding":
        """Return the finding with the paths of its vaults relative to a folder."""
        against = self.against and self.against.seen_from(folder)
        return replace(self, vault=self.vault.seen_from(folder), against=against)

    def found_from(self, folder: Path) -> "Finding":
        """Return the finding whose paths are relative to a folder, with absolute ones."""
        against = self.against and self.against.found_from(folder)
        return replace(self, vault=self.vault.found_from(folder), against=against)

    @property
    def property_id(self) -> str | None:
        """Return the id of the property that was broken, if one was."""
        return self.cause.broken.id if self.cause.broken else None

    @property
    def name(self) -> str:
        """Return the property's id, or the path of the first value that differs."""
        if self.cause.broken:
            return self.cause.broken.id
        return self.first_difference.field

    @property
    def first_difference(self) -> Difference:
        """Return the first value that differs, a logged one only if need be; there must be one."""
        found = self.cause.differences
        return next((each for each in found if not LOGGED.match(each.field)), found[0])
