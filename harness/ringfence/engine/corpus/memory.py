"""What a search has reached, and the call sequences that reached it first, from which new ones are made."""

from array import array
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from ringfence.engine.corpus.corpus import BadCorpus, Corpus
from ringfence.engine.corpus.entry import Entry
from ringfence.engine.features import Feature
from ringfence.types.actions import Alphabet, CallSequence
from ringfence.types.market import VaultMarket


@dataclass(frozen=True, slots=True)
class Parent:
    """An entry from which sequences are made, for ``mutation``. ``ids``: 0 where nothing is opened."""

    entry: Entry
    ids: "array[int]"

    @property
    def sequence(self) -> CallSequence:
        """Return the entry's call sequence."""
        return self.entry.sequence

    @property
    def opened(self) -> Sequence[int | None]:
        """Return the position that each of its steps opens, if it does."""
        return [position or None for position in self.ids]


class Memory:
    """Features that were ``seen``, and a corpus. ``waiting`` are its sequences that were not repeated yet."""

    def __init__(
        self, code: str, setups: Iterable[VaultMarket], folder: Path | None, actions: Alphabet
    ) -> None:
        """Read the corpus of a vault whose code has that hash; raises BadCorpus."""
        markets = list(setups)
        self.corpus = Corpus(code, markets, folder, actions)
        self.waiting = deque(self.corpus.fresh())
        self.seen: set[Feature] = set()
        self._parents: dict[str, list[Parent]] = {setup.name: [] for setup in markets}

    def news(self, reached: Iterable[Feature]) -> list[Feature]:
        """Return what was never reached before, and remember it."""
        new = [feature for feature in reached if feature not in self.seen]
        self.seen.update(new)
        return new

    def keep(
        self, market: str, sequence: CallSequence, opened: Sequence[int | None], new: Iterable[Feature]
    ) -> Entry:
        """Store a call sequence that reached something new, on disk too; return what was stored."""
        entry = Entry.of(market, sequence, sorted(map(str, new)), is_shrunk=False)
        self.corpus.add(entry)
        self.know(entry, opened)
        return entry

    def know(self, entry: Entry, opened: Sequence[int | None]) -> None:
        """Make new sequences from an entry too; ``opened``: the position that each of its steps opens."""
        self._parents[entry.market].append(_parent(entry, opened))

    def replace(self, old: Entry, new: Entry, opened: Sequence[int | None]) -> None:
        """Keep an entry in the place of another."""
        self.corpus.replace(old, new)
        parents = self._parents[old.market]
        place = next((number for number, each in enumerate(parents) if each.entry is old), None)
        if place is not None:
            parents[place] = _parent(new, opened)

    def parents(self, market: str, random: Random) -> tuple[Parent, Parent] | None:
        """Return two call sequences of a market, or one twice; None while there is none."""
        parents = self._parents[market]
        return (random.choice(parents), random.choice(parents)) if parents else None

    def rescan(self) -> str:
        """Take in what other campaigns have found; return a sentence about what can't be read."""
        try:
            self.waiting.extend(self.corpus.fresh())
        except BadCorpus as refusal:
            return str(refusal)
        return ""


def _parent(entry: Entry, opened: Iterable[int | None]) -> Parent:
    return Parent(entry, array("I", [position or 0 for position in opened]))
