"""The differential level with our own model as the reference: our vault, searched as anyone's is."""

import ringfence as rf
from ringfence.vaults.isolated_margin import actions as every
from ringfence.vaults.isolated_margin.adapter import IsolatedMargin
from ringfence.vaults.isolated_margin.markets import STANDARD
from ringfence.vaults.isolated_margin.reference.reference import ReferenceVault

from tests.byo.searches import searched

RUNS = 80


class Ours(IsolatedMargin):
    """Our vault as an adapter that states no markets and proposes no steps of its own."""

    markets = ()
    actions = rf.Alphabet(
        (
            *(every.Open, every.Increase, every.Decrease, every.Close, every.AddMargin, every.RemoveMargin),
            *(every.Liquidate, every.Deleverage, every.SetPrice, every.Deposit, every.Withdraw, every.Pause),
        )
    )
    comparison = rules = features = None  # type: ignore[assignment]  # as in an adapter without them

    def __init__(self, bench: rf.Workspace) -> None:
        super().__init__(bench)
        for step in STANDARD.opening():
            self.apply(step)

    def reference(self, timestamp: int) -> ReferenceVault:
        """Return the model in the state of the opening."""
        model = super().reference(timestamp)
        for step in STANDARD.opening():
            model.apply(step)
        return model


def test_search__our_vault_with_our_model__nothing_found() -> None:
    done = searched(Ours, RUNS)
    assert (done.finding, done.fault) == (None, "")
    assert done.canaries.comparison
    assert done.stats.outcomes["Liquidate", "done"] > 0
    assert done.stats.outcomes["Decrease", "done"] > 0
