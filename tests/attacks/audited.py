"""The market that was audited: a pool of 1,000,000 at a price of 2,000, no insurance, no liquidity fee."""

from dataclasses import replace
from typing import Final

from ringfence.types.actions import Action
from ringfence.types.outcome import Done
from ringfence.types.roles import POOL, PROVIDERS
from ringfence.vaults.isolated_margin.actions import Deposit, Redeem
from ringfence.vaults.isolated_margin.markets import STANDARD

from tests.open_market import OpenMarket
from tests.sequences import USD

TERMS: Final = replace(
    STANDARD.parameters, liquidity_fee_ppm=0, borrow_rate_wad=0, max_funding_rate_wad=0, oi_scale_ppm=0
)  # nothing changes with time alone
STAYING, LEAVING = PROVIDERS


class AuditedMarket(OpenMarket):
    """A pool of two providers who brought ``leaving`` and what is missing to 1,000,000, whole tokens."""

    def __init__(self, leaving: int = 0, insurance: int = 0, **terms: int) -> None:
        """Deploy on the audited terms but for those named, and have both bring their assets."""
        super().__init__(
            replace(
                STANDARD,
                name="audited",
                parameters=replace(TERMS, **terms),
                liquidity=(1_000_000 - leaving) * USD,
                insurance=insurance * USD,
            )
        )
        if leaving:
            self.done(Deposit(LEAVING, leaving * USD, LEAVING))

    def done(self, *actions: Action) -> int:
        """Carry out actions, a second each; return what the last one returned."""
        value: object = 0
        for action in actions:
            outcome = self.act(action)
            assert isinstance(outcome, Done), f"{action}: {outcome}"
            value = outcome.value
        return value if isinstance(value, int) else 0

    def tokens(self, *accounts: str) -> int:
        """Return what accounts have in their wallets, in raw units."""
        state = self.observe()
        return sum(state.accounts[account].tokens for account in accounts)

    def shares(self, provider: str) -> int:
        """Return a provider's shares."""
        return self.observe().accounts[provider].shares

    def worth(self, provider: str) -> int:
        """Return what a provider's shares are worth, in whole tokens, rounded down."""
        assets = self.ask(POOL, "convertToAssets", self.shares(provider))
        assert isinstance(assets, int)
        return assets // USD

    def leave(self, provider: str) -> int:
        """Redeem all of a provider's shares; return the whole tokens paid, rounded down."""
        return self.done(Redeem(provider, self.shares(provider), provider, provider)) // USD
