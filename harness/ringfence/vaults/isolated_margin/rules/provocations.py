"""Sequences of steps that have broken vaults: what seeded bugs are searched for with."""

from typing import Final

from isolated_margin.fixed import PPM

from ringfence.engine.generators.rules import Points, rule
from ringfence.evm.signing import Flaw
from ringfence.types.roles import LIQUIDATORS, OPERATOR, POOL, PROVIDERS
from ringfence.vaults.isolated_margin.actions import (
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
    SetOperatorWithSig,
)
from ringfence.vaults.isolated_margin.rules import choices as some
from ringfence.vaults.isolated_margin.rules.points.amounts import ALL, ONE, Amount, Part
from ringfence.vaults.isolated_margin.rules.points.margins import Margin, MarginLimit
from ringfence.vaults.isolated_margin.rules.points.picks import Caller, Pick
from ringfence.vaults.isolated_margin.rules.points.prices import AtLevel, Level, Price
from ringfence.vaults.isolated_margin.rules.points.sizes import LONG, SHORT, Raised, Sized, SizeLimit
from ringfence.vaults.isolated_margin.rules.points.times import OldestPrice, Seconds, Time
from ringfence.vaults.isolated_margin.rules.squeezes import SqueezeRules
from ringfence.vaults.isolated_margin.rules.trades import TradingRules

SHARES: Final = Points([ONE, *(Part(part * PPM // 10, 0) for part in (3, 6, 8, 9))])
HALVES: Final = Points([Part(part * PPM // 10, 0) for part in (3, 5, 7)])
SIDES: Final = Points((LONG, SHORT))
NEAR: Final = Points((0, -1, 1))
LONG_WAITS: Final = Points((Seconds(86_400), Seconds(2_592_000)))
LATENESSES: Final = Points((OldestPrice(1), OldestPrice(0)))
JUST_ENOUGH: Final = Margin(MarginLimit.INITIAL, ALL)
AMPLE: Final = Margin(MarginLimit.INITIAL, Part(8 * PPM, 0))


class ProvocationRules(TradingRules, SqueezeRules):
    """What a correct vault refuses, in the moments when a broken one would not."""

    # Margin that is not free

    @rule(sized=some.whole_sizes, account=some.traders, share=HALVES)
    def open_with_too_little(self, account: str, sized: Sized, share: Part) -> None:
        """Open a position with part of the margin that it needs."""
        self._open(account, sized, Margin(MarginLimit.INITIAL, share), some.ANY_TERMS)

    @rule(times=2, price=some.moves, pick=some.picks, share=SHARES)
    def take_margin(self, price: Price, pick: Pick, share: Amount) -> None:
        """Take out a share of a position's margin after the price has moved."""
        self.move_price(price)
        position = pick.of(self.scene)
        self.step(RemoveMargin(self._owner(position), position, share.of(self.scene.margin(position))))

    @rule(times=3, seconds=LONG_WAITS, pick=some.picks, share=SHARES)
    def take_margin_late(self, seconds: Time, pick: Pick, share: Amount) -> None:
        """Take out a little margin, then more, after carry has grown."""
        self.pass_time(seconds)
        position = pick.of(self.scene)
        self.step(RemoveMargin(self._owner(position), position, 1))
        self.step(RemoveMargin(self._owner(position), position, share.of(self.scene.margin(position))))

    @rule(seconds=LONG_WAITS, pick=some.picks, raised=some.raises)
    def increase_late(self, seconds: Time, pick: Pick, raised: Raised) -> None:
        """Increase a position after carry has grown, with more margin than it takes."""
        self.pass_time(seconds)
        position = pick.of(self.scene)
        account, size = self._owner(position), raised.of(self.scene, position)
        is_long = self.scene.size(position) >= 0
        assets = AMPLE.of(self.scene, account, position, size if is_long else -size)
        self.step(Increase(account, position, size, assets, *self._terms(buying=is_long)))

    # Losses above the margin, profits above the pool

    @rule(times=3, price=some.jumps, pick=some.picks, is_paid=some.booleans)
    def leave(self, price: Price, pick: Pick, is_paid: bool) -> None:
        """Close a position after the price has moved further than its margin reaches, either way.

        Of what the pool could not pay, a little may be collected as soon as it can.
        """
        self.move_price(price)
        position = pick.of(self.scene)
        owner = self._owner(position)
        self._close(owner, position)
        if is_paid:
            self.step(Donate(PROVIDERS[0], POOL, 1))
            self.step(CollectOwed(owner, owner))

    @rule(price=some.jumps, pick=some.losers, share=SHARES)
    def reduce_too_late(self, price: Price, pick: Pick, share: Amount) -> None:
        """Reduce a position whose loss has reached its margin."""
        self.move_price(price)
        position = pick.of(self.scene)
        size = self.scene.size(position)
        terms = self._terms(buying=size < 0)
        self.step(Decrease(self._owner(position), position, share.of(abs(size)), *terms))

    @rule(times=3, account=some.keepers, price=some.jumps, pick=some.losers)
    def ruin(self, account: str, price: Price, pick: Pick) -> None:
        """Liquidate a position whose loss is far above its margin."""
        self.move_price(price)
        self.step(Liquidate(account, pick.of(self.scene)))

    # Liquidations at their edges

    @rule(owner=some.traders, side=SIDES, plus=NEAR, is_claimed=some.booleans)
    def squeeze_out(self, owner: str, side: int, plus: int, is_claimed: bool) -> None:
        """Open a position too small to be liquidated in parts, and liquidate it as soon as that is due.

        Its owner may then claim what is left of the margin.
        """
        self._open(owner, Sized(side, SizeLimit.SMALLEST, ALL), JUST_ENOUGH, some.ANY_TERMS)
        position = Pick.NEWEST.of(self.scene)
        self.move_price(AtLevel(Level.LIQUIDATION, Pick.NEWEST, plus))
        self.step(Liquidate(LIQUIDATORS[0], position))
        if is_claimed:
            self.step(Claim(owner, owner))

    @rule(account=some.keepers, price=some.level_prices, late=LATENESSES)
    def liquidate_late(self, account: str, price: AtLevel, late: Time) -> None:
        """Liquidate by a price that was due a while ago, and may be too old by a second."""
        position = price.position.of(self.scene)
        self.move_price(price)
        self.wait(late.of(self.scene))
        self.step(Liquidate(account, position))

    # People who may, and people who may not

    @rule(pick=some.picks, share=SHARES)
    def send_an_operator(self, pick: Pick, share: Amount) -> None:
        """Allow an operator, who takes out margin and closes."""
        position = pick.of(self.scene)
        self.step(SetOperator(self._owner(position), OPERATOR, True))
        self.step(RemoveMargin(OPERATOR, position, share.of(self.scene.max_removable(position))))
        self._close(OPERATOR, position)

    @rule(account=some.accounts, pick=some.picks)
    def intrude(self, account: str, pick: Pick) -> None:
        """Take out margin and close, whoever's position it is."""
        position = pick.of(self.scene)
        self.step(RemoveMargin(account, position, 1))
        self._close(account, position)

    @rule(account=some.accounts, owner=some.traders)
    def forge(self, account: str, owner: str) -> None:
        """Hand in an owner's permission, signed by whoever hands it in."""
        deadline, nonce = some.ANY_TERMS.time(self.scene), self.scene.nonce(owner)
        self.step(SetOperatorWithSig(account, owner, account, True, nonce, deadline, account, Flaw.NONE))

    @rule(account=some.traders, sized=some.refused_sizes)
    def open_absurdly(self, account: str, sized: Sized) -> None:
        """Open a position of a size that is refused, by whatever margin."""
        size = sized.of(self.scene)
        self.step(Open(account, size, 0, *self._terms(buying=size > 0)))

    def _close(self, account: str, position: int) -> None:
        terms = self._terms(buying=self.scene.size(position) < 0)
        self.step(Close(account, position, *terms))

    def _owner(self, position: int) -> str:
        return Caller.ITS_OWNER.of(self.scene, position)

    def _terms(self, *, buying: bool) -> tuple[int, int]:
        terms = some.ANY_TERMS
        return terms.price_wad(self.scene, buying=buying), terms.time(self.scene)
