"""A project's contracts, as a draft needs them: with what the compiler said of them, where it did."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from ringfence.evm.projects import Project
from ringfence.types.errors import RingfenceError
from ringfence.vaults.draft.signatures import Contract
from ringfence.vaults.draft.trees import Trees
from ringfence.vaults.draft.words import words


class CannotDraft(RingfenceError):
    """An adapter can't be drafted. The message is one sentence: what, where, and what to do."""


@dataclass(frozen=True)
class Sources:
    """A project's contracts by name, by full name where several have one.

    ``text`` is how an adapter has them; ``remark`` says why the sources were not read.
    """

    folder: Path
    text: str
    project: Project
    contracts: Mapping[str, Contract]
    trees: Trees = field(default_factory=Trees)
    remark: str = ""

    def contract(self, name: str) -> Contract:
        """Return a contract by name or full name; raises CannotDraft for an unknown or an ambiguous one."""
        found = [each for each in self.contracts.values() if each.is_called(name)]
        if len(found) > 1:
            paths, first = " and ".join(each.path for each in found), found[0].key
            raise CannotDraft(
                f"{self.folder}: there are {len(found)} contracts called {name}, in {paths}: name a folder"
                f" with one of them by --sources, or one by --contract {first}."
            )
        if not found:
            near = get_close_matches(name, self.contracts, 1)
            advice = f"did you mean {near[0]}?" if near else f"there is {', '.join(sorted(self.contracts))}."
            raise CannotDraft(f"{self.folder}: there is no contract {name} that can be deployed: {advice}")
        return found[0]

    def implementing(self, declared: str) -> list[Contract]:
        """Return the contracts that implement an interface, or inherit a contract."""
        return [
            each
            for each in self.contracts.values()
            if declared and declared in [base["name"] for base in self.trees.bases(each.key)]
        ]

    def called(self, name: str) -> list[Contract]:
        """Return the contracts whose names have all words of an identifier."""
        mine = set(words(name))
        return [each for each in self.contracts.values() if mine and mine <= set(words(each.name))]
