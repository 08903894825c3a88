"""Where a scenario acts when it is compared: every action goes to the vault and to the model, in step."""

from typing import Any

from isolated_margin import errors
from isolated_margin.book import Round
from isolated_margin.errors import Refusal
from isolated_margin.events import DeleverageResult, Fill, Liquidation
from isolated_margin.fixed import MAX_UINT256
from isolated_margin.market import Market
from isolated_margin.scenario.venue import KEEPER, PROVIDER, worst_price

from ringfence.types.actions import Action, Step
from ringfence.types.outcome import Refused
from ringfence.types.roles import OWNER
from ringfence.vaults.isolated_margin import ComparedVault, actions


class ComparedVenue:
    """Raises ``Violated`` as soon as vault and model differ.

    ``siblings``: how many other positions of a liquidated owner were looked at, once per liquidation;
    ``siblings_changed``: how many of them a liquidation has changed.
    """

    def __init__(self, vault: ComparedVault) -> None:
        """Act on a market that was just deployed."""
        self._vault = vault
        self.siblings = 0
        self.siblings_changed = 0

    @property
    def market(self) -> Market:
        """Return the model's market."""
        return self._vault.reference.market

    def set_price(self, price_wad: int, seconds: int) -> None:
        """Make the feed, of 18 decimals, answer the price."""
        self._act(actions.SetPrice(OWNER, price_wad, 0), seconds)

    def deposit(self, assets: int, seconds: int) -> None:
        """Bring liquidity to the pool."""
        self._act(actions.Deposit(PROVIDER, assets, PROVIDER), seconds)

    def fund_insurance(self, assets: int, seconds: int) -> None:
        """Give to the insurance fund."""
        self._act(actions.FundInsurance(PROVIDER, assets), seconds)

    def open(self, owner: str, size: int, margin: int, seconds: int) -> int:
        """Open a position at any price; return its id."""
        number = self._act(actions.Open(owner, size, margin, worst_price(size), MAX_UINT256), seconds)
        assert isinstance(number, int)
        return number

    def liquidate(self, position: int, seconds: int) -> Liquidation:
        """Liquidate as the keeper; look at what else the owner has, before and after."""
        before = self._vault.state.positions
        fill, *amounts = self._act(actions.Liquidate(KEEPER, position), seconds)
        after, owner = self._vault.state.positions, before[position].owner
        siblings = [number for number, held in before.items() if held.owner == owner and number != position]
        self.siblings += len(siblings)
        self.siblings_changed += sum(after.get(number) != before[number] for number in siblings)
        return Liquidation(Fill(*fill), *amounts)

    def deleverage(self, position: int, seconds: int) -> DeleverageResult:
        """Deleverage as the keeper."""
        fill, its_round, *amounts = self._act(actions.Deleverage(KEEPER, position), seconds)
        return DeleverageResult(Fill(*fill), Round(*its_round), *amounts)

    def _act(self, action: Action, seconds: int) -> Any:
        """Return what the action returned on both; raise the refusal of both."""
        outcome = self._vault.do(Step(action, seconds))
        if isinstance(outcome, Refused):
            refusal: type[Refusal] = getattr(errors, outcome.error)
            raise refusal(*outcome.args)
        return outcome.value
