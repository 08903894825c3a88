"""What a vault changes and its adapter does not show is reported: nothing escapes."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import ringfence as rf
from ringfence.engine.storage_watch import StorageWatch, Tries
from ringfence.types.outcome import Done
from ringfence.types.roles import OWNER, STRANGER
from ringfence.vaults.isolated_margin.actions import BreakFeed, SettleMarket
from ringfence.vaults.isolated_margin.markets import STANDARD
from ringfence.vaults.isolated_margin.target import our_vault

from tests.byo.searches import searched

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
    done = searched(Forgetful, RUNS)
    (sentence,) = map(str, done.unseen.values())
    assert sentence.endswith("changed storage of custody that observe does not show: reserved")
    assert not done.is_clean


def test_search__field_in_a_mapping_not_shown__is_reported() -> None:
    done = searched(Ageless, RUNS, only="CUS-1")
    assert {unseen.contract for unseen in done.unseen.values()} == {"book"}
    assert done.unseen


def test_settlement__of_our_vault__shows_every_word_that_it_changes() -> None:
    """The clock starts, stops and starts, and the market is settled; a kept observation hides nothing."""
    dead, alive, settle = BreakFeed(OWNER, True), BreakFeed(OWNER, False), SettleMarket(STRANGER)
    vault = our_vault().system(STANDARD).vault
    for change, wait in ((dead, 1), (alive, 1), (dead, 1), (None, STANDARD.parameters.settle_after)):
        if change:
            vault.apply(rf.Step(change, 1))
        watch, step = StorageWatch(vault, Tries()), rf.Step(settle, wait)
        before = watch.before(settle, vault.observe())
        assert before
        assert isinstance(vault.apply(step), Done)
        watch.after(before, step, vault.observe())
        assert watch.checked
        assert watch.unseen == {}
    assert vault.observe().totals["settled"]
