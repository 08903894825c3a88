"""What the world does: prices move, time passes, feeds fall silent."""

from ringfence.engine.generators.rules import rule
from ringfence.types.roles import OWNER
from ringfence.vaults.isolated_margin.actions import BreakFeed, SetPrice
from ringfence.vaults.isolated_margin.rules import choices as some
from ringfence.vaults.isolated_margin.rules.base import VaultRules
from ringfence.vaults.isolated_margin.rules.points.prices import Price, clamped
from ringfence.vaults.isolated_margin.rules.points.times import Time

BEARER = OWNER  # who brings the news does not matter


class WorldRules(VaultRules):
    """Prices at the exact points where positions change their status, and every way to have no price."""

    def move_price(self, price: Price) -> None:
        """Make the feed answer a price, given now."""
        if self.scene.is_broken:
            self.step(BreakFeed(BEARER, broken=False))
        self.step(SetPrice(BEARER, clamped(price.answer(self.scene)), 0))

    @rule(times=3, price=some.level_prices)
    def move_to_level(self, price: Price) -> None:
        """Move to where a position's status changes."""
        self.move_price(price)

    @rule(price=some.trigger_prices)
    def move_to_trigger(self, price: Price) -> None:
        """Move to where deleveraging is triggered."""
        self.move_price(price)

    @rule(times=2, price=some.moves)
    def move(self, price: Price) -> None:
        """Move a little."""
        self.move_price(price)

    @rule(price=some.any_moves)
    def move_anywhere(self, price: Price) -> None:
        """Move to a price like no other."""
        self.move_price(price)

    @rule(price=some.jumps)
    def jump(self, price: Price) -> None:
        """Move further than any margin reaches."""
        self.move_price(price)

    @rule(times=2, price=some.returns)
    def return_home(self, price: Price) -> None:
        """Move back to where it began."""
        self.move_price(price)

    @rule(price=some.edge_answers)
    def answer_at_the_edge(self, price: Price) -> None:
        """Answer what is hardly a price, or none."""
        self.move_price(price)

    @rule(age=some.ages)
    def age(self, age: Time) -> None:
        """Answer the same again, given at another time."""
        self.step(SetPrice(BEARER, self.scene.answer, age.of(self.scene)))

    @rule(times=2, seconds=some.waits)
    def pass_time(self, seconds: Time) -> None:
        """Wait, and have the price confirmed."""
        self.wait(seconds.of(self.scene))
        self.step(SetPrice(BEARER, self.scene.answer, 0))

    @rule(seconds=some.silences)
    def fall_silent(self, seconds: Time) -> None:
        """Wait while the feed says nothing; the next action is in the later block."""
        self.wait(seconds.of(self.scene))

    @rule(broken=some.booleans)
    def break_feed(self, broken: bool) -> None:
        """Make the feed revert, or answer again."""
        self.step(BreakFeed(BEARER, broken))
