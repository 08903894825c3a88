"""How a drafted adapter reads a position, as source code."""

from dataclasses import dataclass
from typing import Final

from ringfence.vaults.draft.keys import Key
from ringfence.vaults.draft.methods import call
from ringfence.vaults.draft.readings import Reading
from ringfence.vaults.draft.roles import Role
from ringfence.vaults.draft.wiring import Wiring

TO_SIZE: Final = " * SIZE // UNIT"


@dataclass(frozen=True, slots=True)
class PositionText:
    """Writes what ``observe`` says of a position; ``has_margin_first`` of one that begins with its margin."""

    reading: Reading
    key: Key
    wiring: Wiring
    has_margin_first: bool

    @property
    def held(self) -> str:
        """Return the statement that unpacks the fields, where they are read from storage."""
        reading = self.reading
        names = (reading.contract, reading.function, *(each.name for each in reading.fields.values()))
        contract, variable, *fields = (f'"{each}"' for each in names)
        return "\n".join(call(f"{reading.pattern} = self._stored", (contract, variable, "key", *fields)))

    @property
    def exists(self) -> str:
        """Return when there is a position: with a size, or any margin where that is put in first."""
        sizes = [each for each in (self.reading.size, self.reading.margin) if each]
        return " or ".join(sizes if self.has_margin_first else sizes[:1]) or "True"

    @property
    def state(self) -> list[str]:
        """Return the arguments of the position's state."""
        reading = self.reading
        found = [self._owner(), self._size(), reading.margin or "0"]
        if reading.entry:
            found.append(f"entry_price_wad={reading.entry}")
        if reading.rest:
            texts = (f'"{name}": {self._plain(name)}' for name in reading.rest)
            found.append(f"amounts={{{', '.join(texts)}}}")
        return found

    def _plain(self, name: str) -> str:
        return name if self.reading.fields[name].is_number else f"int({name})"

    def _owner(self) -> str:
        owner = self.reading.owner
        if owner:
            is_word = self.reading.is_stored
            return f"self.workspace.book.name({owner}.to_bytes(20))" if is_word else owner
        if not self.key.is_id:
            return "key[0]" if self.key.has_side else "key"
        found = (name for name, each in self.wiring.named.items() if "ownerOf" in each.functions)
        return next((f'str(self.workspace.read("{name}", "ownerOf", key))' for name in found), '""')

    def _size(self) -> str:
        """Return the size, positive for a long."""
        text = (self.reading.size or self.reading.margin) + TO_SIZE
        is_long = self._is_long()
        return f"{text} * (1 if {is_long} else -1)" if is_long else text

    def _is_long(self) -> str:
        """Return when a position is a long; ``""`` where all are of one side."""
        side = self.reading.side
        if not side:
            return "key[1]" if self.key.has_side else ""
        param = self.reading.fields[side]
        if param.is_enum:
            return f"{side} == 0"
        return f"not {side}" if param.role is Role.SHORT else side
