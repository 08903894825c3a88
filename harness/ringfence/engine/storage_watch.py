"""Whether an adapter sees all of its vault: observe must look at each storage word that a step changed.

To find out, the word alone is set to what it was before, or in the state before to what it is now, and the
vault is observed again: something must differ. It covers every slot of every contract of the workspace, on
the chain in process. A word that holds several variables counts as seen when any of them is.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, TypeAlias

from ringfence.engine.guard import ValidatedVault
from ringfence.evm.abi.slot_names import SlotNames
from ringfence.evm.chains.revm import RevmChain
from ringfence.types.actions import Action, Step
from ringfence.types.state import VaultState

ALWAYS: Final = 3  # successes of each kind of action that are looked at,
OFTEN_TRIED: Final = 24  # as often as that an action may be refused before it is looked at less
LATER: Final = 16  # then one try in 16

Place: TypeAlias = tuple[str, int]  # a contract and a slot


@dataclass(frozen=True, slots=True)
class Unseen:
    """A storage word that changed, and no observation with it."""

    contract: str
    slot: int
    action: str
    name: str | None = None  # by the source

    def __str__(self) -> str:
        slot = str(self.slot) if self.slot < 2**64 else f"{self.slot:#x}, of a mapping or an array"
        what = self.name or f"slot {slot}"
        return f"{self.action} changed storage of {self.contract} that observe does not show: {what}"


@dataclass(frozen=True, slots=True)
class Before:
    """A state, all storage that was touched up to it, and the way back."""

    state: VaultState
    words: Mapping[Place, int]
    mark: object


@dataclass(slots=True)
class Tries:
    """How often each kind of action was tried, and how often a success was looked at."""

    of_kinds: Counter[type[Action]] = field(default_factory=Counter)
    looked_at: Counter[type[Action]] = field(default_factory=Counter)


class StorageWatch:
    """Looks at the storage of a vault's contracts. ``checked`` counts the changed words that it looked at."""

    def __init__(self, vault: ValidatedVault, tries: Tries) -> None:
        """Look at one market; ``tries`` are shared by all markets of a vault."""
        self.unseen: dict[Place, Unseen] = {}
        self.checked = 0
        self._named: dict[str, SlotNames] = {}
        self._vault, self._tries, self._looked_at = vault, tries.of_kinds, tries.looked_at

    @cached_property
    def _waived(self) -> Mapping[tuple[str, int | str | None], str]:
        """Return the words that the adapter need not show, each with its reason.

        A word is given by its slot, or by its variable's name; None stands for all of a contract.
        """
        return getattr(self._vault, "waived_words", dict)()

    def _is_waived(self, place: Place) -> bool:
        """Return whether the adapter waives a word: by its slot, its variable, or its whole contract."""
        contract, waived = place[0], self._waived
        if place in waived or (contract, None) in waived:
            return True
        names = [name for of, name in waived if of == contract and isinstance(name, str)]
        return bool(names) and not self._names(contract).variables(place[1]).isdisjoint(names)

    def _names(self, contract: str) -> SlotNames:
        if contract not in self._named:
            self._named[contract] = self._vault.bench.slot_names(contract)
        return self._named[contract]

    @property
    def is_possible(self) -> bool:
        """Return whether the vault's chain shows what was written."""
        return isinstance(self._vault.bench.chain, RevmChain) and bool(self._vault.bench.contracts)

    def before(self, action: Action, state: VaultState) -> Before | None:
        """Return what ``after`` needs of the state before; None for a step that is not looked at."""
        kind = type(action)
        self._tries[kind] += 1
        is_new = self._looked_at[kind] < ALWAYS and self._tries[kind] <= OFTEN_TRIED
        is_due = is_new or self._tries[kind] % LATER == 0
        if not (self.is_possible and is_due):
            return None
        mark = self._vault.snapshot()  # first: what was only foreseen is undone
        return Before(state, self._words(), mark)

    def after(self, before: Before, step: Step, state: VaultState) -> None:
        """Note every word that ``step`` has changed and nothing shows."""
        self._looked_at[type(step.action)] += 1
        old, new = before.words, self._words()
        # Sorted: the journal has no order of its own, and views are compiled by how often they are asked.
        changed = sorted(place for place, word in new.items() if old.get(place, 0) != word)
        self.checked += len(changed)
        shown = [place for place in changed if not self._is_waived(place)]
        hidden = self._hidden(shown, old, state)
        if hidden:
            self._vault.restore(before.mark)
            hidden = self._hidden(hidden, new, before.state)
            self._vault.apply(step)
        for contract, slot in hidden:
            name = self._vault.bench.slot_names(contract).name(slot)  # with the keys of now
            unseen_word = Unseen(contract, slot, type(step.action).__name__, name)
            self.unseen.setdefault((contract, slot), unseen_word)

    def _hidden(self, places: Iterable[Place], words: Mapping[Place, int], state: VaultState) -> list[Place]:
        """Return the places where another word makes no difference to what is observed."""
        chain = self._chain
        mark, hidden = self._vault.snapshot(), []
        for contract, slot in places:
            self._vault.restore(mark)  # what was observed before is not known to be of another word
            chain.poke(self._vault.bench.contracts[contract], slot, words.get((contract, slot), 0))
            if self._shows(state):
                hidden.append((contract, slot))
        self._vault.restore(mark)
        return hidden

    def _shows(self, state: VaultState) -> bool:
        try:
            return self._vault.observe() == state
        except Exception:  # an observation that is not possible with that word is one that sees it
            return False

    def _words(self) -> dict[Place, int]:
        contracts = self._vault.bench.contracts
        touched = self._chain.touched(contracts.values())
        return {(name, slot): word for name, at in contracts.items() for slot, word in touched[at].items()}

    @property
    def _chain(self) -> RevmChain:
        chain = self._vault.bench.chain
        assert isinstance(chain, RevmChain)
        return chain
