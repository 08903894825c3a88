"""Two steps that belong together: a price that changes what may be done, and whoever does it at once."""

from hypothesis.stateful import rule

from ringfence import strategies as some
from ringfence.actions import Decrease, Deleverage, Liquidate
from ringfence.machines.moving import WorldRules
from ringfence.points.picks import Caller, Pick
from ringfence.points.prices import AtLevel, Price
from ringfence.points.sizes import Lowered


class PressingRules(WorldRules, squeeze=4, squeeze_the_pool=3, flee=2):
    """Liquidating, deleveraging and fleeing at the very prices where they become possible, or stop being."""

    @rule(account=some.keepers, price=some.level_prices)
    def squeeze(self, account: str, price: AtLevel) -> None:
        """Move to where a position's status changes, and liquidate it."""
        position = price.position.of(self.scene)
        self.move_price(price)
        self.step(Liquidate(account, position))

    @rule(price=some.level_prices, lowered=some.lowerings)
    def flee(self, price: AtLevel, lowered: Lowered) -> None:
        """Move to where a position's status changes, and have its owner reduce it."""
        position = price.position.of(self.scene)
        self.move_price(price)
        limit = some.ANY_TERMS.price_wad(self.scene, buying=self.scene.size(position) < 0)
        account, size = Caller.ITS_OWNER.of(self.scene, position), lowered.of(self.scene, position)
        self.step(Decrease(account, position, size, limit, some.ANY_TERMS.time(self.scene)))

    @rule(account=some.keepers, price=some.trigger_prices, pick=some.winners)
    def squeeze_the_pool(self, account: str, price: Price, pick: Pick) -> None:
        """Move to where deleveraging is triggered, and deleverage."""
        self.move_price(price)
        self.step(Deleverage(account, pick.of(self.scene)))
