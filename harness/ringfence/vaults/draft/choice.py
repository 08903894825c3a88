"""Choosing the vault among a project's contracts: the one that offers most of what a trader does."""

from typing import Final

from ringfence.types.kinds import Kind
from ringfence.vaults.draft.kinds import kind_of
from ringfence.vaults.draft.project import CannotDraft, Sources
from ringfence.vaults.draft.signatures import Contract
from ringfence.vaults.draft.synonyms import VAULTS
from ringfence.vaults.draft.words import words

WORTH: Final = {Kind.OPENS: 4, Kind.LIQUIDATES: 4, Kind.CLOSES: 3}
ENOUGH: Final = 5
OF_A_TOKEN: Final = 3  # a pool with shares is no vault of positions


def chosen(sources: Sources) -> Contract:
    """Return the likeliest vault; raises CannotDraft when none is like one."""
    found = [each for each in sources.contracts.values() if not each.is_apart and not each.is_token]
    best = max(found, key=lambda each: _score(each, sources), default=None)
    if best is None or _score(best, sources) < ENOUGH:
        names = ", ".join(sorted(sources.contracts))
        raise CannotDraft(
            f"{sources.folder}: no contract here opens, closes and liquidates positions by the names of its"
            f" functions: name the vault by --contract; there is {names}."
        )
    return sources.contract(best.name)


def _score(contract: Contract, sources: Sources) -> int:
    free = [
        each
        for each in contract.functions.values()
        if not each.is_view and not sources.trees.is_guarded(contract.key, each.name)
    ]
    kinds = set(filter(None, map(kind_of, free)))
    named = len(VAULTS & set(words(contract.name)))
    return sum(WORTH.get(kind, 1) for kind in kinds) + named - (OF_A_TOKEN if contract.is_token else 0)
