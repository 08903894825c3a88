"""What a search has reached, and the programs that reached it first, from which new ones are made."""

from collections import deque
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random

from ringfence.actions import Program
from ringfence.explore.corpus import BadCorpus, Corpus
from ringfence.explore.entry import Entry
from ringfence.explore.features import Feature
from ringfence.explore.mutation import Kept
from ringfence.markets import MarketSetup


class Memory:
    """Features that were ``seen``, and a corpus. ``waiting`` are its programs that were not done yet."""

    def __init__(self, code: str, setups: Iterable[MarketSetup], folder: Path | None) -> None:
        """Read the corpus of a vault whose code has that hash; raises BadCorpus."""
        markets = list(setups)
        self.corpus = Corpus(code, markets, folder)
        self.waiting = deque(self.corpus.fresh())
        self.seen: set[Feature] = set()
        self._kept: dict[str, list[Kept]] = {setup.name: [] for setup in markets}

    def news(self, reached: Iterable[Feature]) -> list[Feature]:
        """Return what was never reached before, and remember it."""
        new = [feature for feature in reached if feature not in self.seen]
        self.seen.update(new)
        return new

    def keep(
        self, market: str, program: Program, opened: Sequence[int | None], new: Iterable[Feature]
    ) -> Entry:
        """Keep a program that reached something new, on disk too; return what was kept."""
        entry = Entry(market, program, tuple(sorted(map(str, new))), is_trimmed=False)
        self.corpus.add(entry)
        self.know(entry, opened)
        return entry

    def know(self, entry: Entry, opened: Sequence[int | None]) -> None:
        """Make new programs from an entry too; ``opened``: the position that each of its steps opens."""
        self._kept[entry.market].append(Kept(entry.program, opened))

    def replace(self, old: Entry, new: Entry, opened: Sequence[int | None]) -> None:
        """Keep an entry in the place of another."""
        self.corpus.replace(old, new)
        kept = self._kept[old.market]
        place = next((number for number, each in enumerate(kept) if each.program == old.program), None)
        if place is not None:
            kept[place] = Kept(new.program, opened)

    def parents(self, market: str, random: Random) -> tuple[Kept, Kept] | None:
        """Return two programs of a market, or one twice; None while there is none."""
        kept = self._kept[market]
        return (random.choice(kept), random.choice(kept)) if kept else None

    def rescan(self) -> str:
        """Take in what other campaigns have found; return a sentence about what can't be read."""
        try:
            self.waiting.extend(self.corpus.fresh())
        except BadCorpus as refusal:
            return str(refusal)
        return ""
