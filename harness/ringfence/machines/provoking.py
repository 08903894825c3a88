"""Steps that belong together because vaults were broken by them: what bugs are hunted with."""

from typing import Final

from hypothesis import strategies as st
from hypothesis.stateful import rule
from isolated_margin.fixed import PPM

from ringfence import strategies as some
from ringfence.actions import (
    Claim,
    Close,
    CollectOwed,
    Decrease,
    Donate,
    Increase,
    Liquidate,
    Open,
    RemoveMargin,
    SetOperator,
)
from ringfence.machines import MovingPriceMachine
from ringfence.points.amounts import ONE, Amount, Part
from ringfence.points.margins import Margin, MarginLimit
from ringfence.points.picks import Caller, Creditor, Pick
from ringfence.points.prices import AtLevel, Level, Price
from ringfence.points.sizes import Raised, Sized
from ringfence.points.times import OldestPrice, Time
from ringfence.roles import OPERATOR, POOL, PROVIDERS

SHARES: Final = st.sampled_from([ONE, *(Part(part * PPM // 10, 0) for part in (3, 6, 8, 9))])
HALVES: Final = st.sampled_from([Part(part * PPM // 10, 0) for part in (3, 5, 7)])
LIQUIDATION: Final = st.sampled_from([AtLevel(Level.LIQUIDATION, Pick.WORST, plus) for plus in (0, -1, 1)])
AMPLE: Final = Margin(MarginLimit.INITIAL, Part(8 * PPM, 0))


class HuntingMachine(
    MovingPriceMachine, take_margin=2, take_margin_late=3, leave=2, be_paid=2, squeeze_out=2
):
    """Adds what a correct vault refuses, in the moments when a broken one would not."""

    @rule(price=some.moves, pick=some.picks, share=SHARES)
    def take_margin(self, price: Price, pick: Pick, share: Amount) -> None:
        """Take out a share of a position's margin after the price has moved."""
        self.move_price(price)
        position = pick.of(self.scene)
        self.step(RemoveMargin(self._owner(position), position, share.of(self.scene.margin(position))))

    @rule(sized=some.whole_sizes, account=some.traders, share=HALVES)
    def open_with_too_little(self, account: str, sized: Sized, share: Part) -> None:
        """Open a position with part of the margin that it needs."""
        size = sized.of(self.scene)
        assets = Margin(MarginLimit.INITIAL, share).of(self.scene, account, 0, size)
        limit, deadline = self._terms(buying=size > 0)
        self.step(Open(account, size, assets, limit, deadline))

    @rule(price=some.jumps, pick=some.picks)
    def leave(self, price: Price, pick: Pick) -> None:
        """Close a position after the price has moved further than its margin reaches, either way."""
        self.move_price(price)
        self._close(pick.of(self.scene), Caller.ITS_OWNER)

    @rule(pick=some.picks, share=SHARES)
    def send_an_operator(self, pick: Pick, share: Part) -> None:
        """Allow an operator, who takes out margin and closes."""
        position = pick.of(self.scene)
        self.step(SetOperator(self._owner(position), OPERATOR, True))
        self.step(RemoveMargin(OPERATOR, position, share.of(self.scene.max_removable(position))))
        self._close(position, Caller.OPERATOR)

    @rule(creditor=some.creditors, share=SHARES)
    def be_paid(self, creditor: Creditor, share: Part) -> None:
        """Give the pool some of what it owes, and collect it."""
        account = creditor.of(self.scene)
        self.step(Donate(PROVIDERS[0], POOL, share.of(self.scene.vault.owed(account))))
        self.step(CollectOwed(account, account))

    @rule(
        account=some.keepers, price=some.level_prices, plus=st.sampled_from((OldestPrice(1), OldestPrice(0)))
    )
    def liquidate_late(self, account: str, price: AtLevel, plus: Time) -> None:
        """Liquidate by a price that was due a while ago, and is too old by a second."""
        position = price.position.of(self.scene)
        self.move_price(price)
        self.wait(plus.of(self.scene))
        self.step(Liquidate(account, position))

    @rule(account=some.keepers, level=LIQUIDATION, pick=some.picks)
    def squeeze_out(self, account: str, level: AtLevel, pick: Pick) -> None:
        """Liquidate a position as soon as it is due, and have its owner claim what is left of the margin."""
        position = pick.of(self.scene)
        owner = self._owner(position)
        self.move_price(AtLevel(level.level, pick, level.plus))
        self.step(Liquidate(account, position))
        self.step(Claim(owner, owner))

    @rule(seconds=some.waits, pick=some.picks, share=SHARES)
    def take_margin_late(self, seconds: Time, pick: Pick, share: Part) -> None:
        """Take out margin after carry has grown."""
        self.pass_time(seconds)
        position = pick.of(self.scene)
        self.step(RemoveMargin(self._owner(position), position, share.of(self.scene.margin(position))))

    @rule(seconds=some.waits, pick=some.picks, raised=some.raises)
    def increase_late(self, seconds: Time, pick: Pick, raised: Raised) -> None:
        """Increase a position after carry has grown, with more margin than it takes."""
        self.pass_time(seconds)
        position = pick.of(self.scene)
        account, size = self._owner(position), raised.of(self.scene, position)
        is_long = self.scene.size(position) >= 0
        assets = AMPLE.of(self.scene, account, position, size if is_long else -size)
        self.step(Increase(account, position, size, assets, *self._terms(buying=is_long)))

    @rule(price=some.jumps, pick=some.losers, share=SHARES)
    def reduce_too_late(self, price: Price, pick: Pick, share: Part) -> None:
        """Reduce a position whose loss has reached its margin."""
        self.move_price(price)
        position = pick.of(self.scene)
        size = self.scene.size(position)
        terms = self._terms(buying=size < 0)
        self.step(Decrease(self._owner(position), position, share.of(abs(size)), *terms))

    def _close(self, position: int, caller: Caller) -> None:
        terms = self._terms(buying=self.scene.size(position) < 0)
        self.step(Close(caller.of(self.scene, position), position, *terms))

    def _owner(self, position: int) -> str:
        return Caller.ITS_OWNER.of(self.scene, position)

    def _terms(self, *, buying: bool) -> tuple[int, int]:
        terms = some.ANY_TERMS
        return terms.price_wad(self.scene, buying=buying), terms.time(self.scene)
