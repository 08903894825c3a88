"""What keepers do, and whoever pays into the insurance fund."""

from ringfence.engine.generators.rules import rule
from ringfence.vaults.isolated_margin.actions import Deleverage, FundInsurance, Liquidate
from ringfence.vaults.isolated_margin.rules import choices as some
from ringfence.vaults.isolated_margin.rules.base import VaultRules
from ringfence.vaults.isolated_margin.rules.points import limits
from ringfence.vaults.isolated_margin.rules.points.amounts import Amount
from ringfence.vaults.isolated_margin.rules.points.picks import Pick


class LiquidationRules(VaultRules):
    """Liquidating, deleveraging, insuring: whether due or not."""

    @rule(times=4, account=some.keepers, pick=some.losers)
    def liquidate(self, account: str, pick: Pick) -> None:
        """Liquidate a position."""
        self.step(Liquidate(account, pick.of(self.scene)))

    @rule(times=2, account=some.keepers, pick=some.winners)
    def deleverage(self, account: str, pick: Pick) -> None:
        """Realise a winner's profit."""
        self.step(Deleverage(account, pick.of(self.scene)))

    @rule(account=some.accounts, amount=some.amounts)
    def fund_insurance(self, account: str, amount: Amount) -> None:
        """Pay in what the worst position's deficit asks for, exactly or one off."""
        self.step(FundInsurance(account, amount.of(limits.uninsured(self.scene, Pick.WORST.of(self.scene)))))
