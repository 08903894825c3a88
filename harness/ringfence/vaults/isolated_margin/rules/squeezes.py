"""Steps that belong together: a price that changes what may be done, and whoever does it at once."""

from ringfence.engine.generators.rules import rule
from ringfence.types.roles import OWNER
from ringfence.vaults.isolated_margin.actions import Decrease, Deleverage, FundInsurance, Liquidate
from ringfence.vaults.isolated_margin.rules import choices as some
from ringfence.vaults.isolated_margin.rules.points import limits
from ringfence.vaults.isolated_margin.rules.points.amounts import Amount
from ringfence.vaults.isolated_margin.rules.points.picks import Caller, Pick
from ringfence.vaults.isolated_margin.rules.points.prices import AtLevel, Price
from ringfence.vaults.isolated_margin.rules.points.sizes import Lowered
from ringfence.vaults.isolated_margin.rules.world import WorldRules


class SqueezeRules(WorldRules):
    """Liquidating, deleveraging and fleeing at the very prices where they become possible, or stop being."""

    @rule(times=4, account=some.keepers, price=some.level_prices)
    def squeeze(self, account: str, price: AtLevel) -> None:
        """Move to where a position's status changes, and liquidate it."""
        position = price.position.of(self.scene)
        self.move_price(price)
        self.step(Liquidate(account, position))

    @rule(times=2, price=some.level_prices, lowered=some.lowerings)
    def flee(self, price: AtLevel, lowered: Lowered) -> None:
        """Move to where a position's status changes, and have its owner reduce it."""
        position = price.position.of(self.scene)
        self.move_price(price)
        limit = some.ANY_TERMS.price_wad(self.scene, buying=self.scene.size(position) < 0)
        account, size = Caller.ITS_OWNER.of(self.scene, position), lowered.of(self.scene, position)
        self.step(Decrease(account, position, size, limit, some.ANY_TERMS.time(self.scene)))

    @rule(times=2, account=some.keepers, price=some.jumps, amount=some.off_by_one)
    def insure(self, account: str, price: Price, amount: Amount) -> None:
        """Move far, insure the worst position's deficit, or all but one unit of it, and liquidate."""
        self.move_price(price)
        position = Pick.WORST.of(self.scene)
        self.step(FundInsurance(OWNER, amount.of(limits.uninsured(self.scene, position))))
        self.step(Liquidate(account, position))

    @rule(times=3, account=some.keepers, price=some.trigger_prices, pick=some.winners)
    def squeeze_the_pool(self, account: str, price: Price, pick: Pick) -> None:
        """Move to where deleveraging is triggered, and deleverage."""
        self.move_price(price)
        self.step(Deleverage(account, pick.of(self.scene)))
