"""What a vault changes and its adapter does not show is reported: nothing escapes."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import ringfence as rf
from ringfence.engine.budget import Budget
from ringfence.engine.objective import Violations
from ringfence.engine.search import Search
from ringfence.engine.target import Target

ADAPTER = Path(__file__).parents[2] / "examples" / "notional-vault" / "adapter.py"
WHOLE: Any = rf.load(f"{ADAPTER}:NotionalVault")
RUNS = 8


class Forgetful(WHOLE):  # type: ignore[misc]  # loaded by its path
    """Does not show what is reserved, and has no property of it."""

    reserves_are_covered = None

    def observe(self) -> rf.VaultState:
        state: rf.VaultState = super().observe()
        del state.totals["reserved"]
        return state


class Ageless(WHOLE):  # type: ignore[misc]  # loaded by its path
    """Does not show the entry price of positions."""

    def observe(self) -> rf.VaultState:
        state: rf.VaultState = super().observe()
        for position, held in state.positions.items():
            state.positions[position] = replace(held, entry_price_wad=1)
        return state


def test_search__total_not_shown__its_slot_is_reported() -> None:
    """The sentence names the action, the contract and the slot."""
    done = Search(Target(Forgetful), seed=1).run(Budget(RUNS, 30))
    (sentence,) = map(str, done.unseen.values())
    assert sentence.endswith("changed storage of custody that observe does not show: slot 1")
    assert not done.is_clean


def test_search__field_in_a_mapping_not_shown__is_reported() -> None:
    done = Search(Target(Ageless), seed=1, objective=Violations("CUS-1")).run(Budget(RUNS, 30))
    assert {unseen.contract for unseen in done.unseen.values()} == {"book"}
    assert all("of a mapping or an array" in str(unseen) for unseen in done.unseen.values())
