"""Steps that belong together: they change what may be done, and do it at once."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from isolated_margin.fixed import PPM

from ringfence.engine.generators.rules import Points, rule
from ringfence.types.roles import LIQUIDATORS, NOBODY, OPERATOR, OWNER, POOL, PROVIDERS, STRANGER
from ringfence.vaults.isolated_margin import actions as do
from ringfence.vaults.isolated_margin.rules import choices as some
from ringfence.vaults.isolated_margin.rules.base import VaultRules
from ringfence.vaults.isolated_margin.rules.boundary import (
    ONE_TOO_MANY,
    AtPosition,
    Boundary,
    Near,
    Part,
    Sized,
)
from ringfence.vaults.isolated_margin.rules.limits import FundsLimit, Level, MarginLimit, SizeLimit, TimeLimit
from ringfence.vaults.isolated_margin.rules.subjects import Which, Who

Amount: TypeAlias = Near | int
Position: TypeAlias = Boundary | int
SHAREHOLDERS = frozenset((*PROVIDERS, STRANGER))
little_margins = some.parts_of(MarginLimit.WHOLE, *some.A_LITTLE)


class PairRules(VaultRules):
    """Actions that come in pairs, at one price and one time."""

    @rule(times=4, first=some.traders, second=some.traders, size=some.sizes, margin=some.margins)
    def oppose(self, first: str, second: str, size: Sized, margin: Amount) -> None:
        """Open two positions, one against the other."""
        self.act(do.Open, account=first, size=size, margin=margin)
        self.act(do.Open, account=second, size=replace(size, side=-size.side), margin=margin)

    @rule(
        account=some.providers,
        owner=some.share_owners,
        receiver=some.receivers,
        amount=some.parts_of(FundsLimit.SHARES, *some.OFF_BY_ONE),
        shares=some.parts_of(FundsLimit.SHARES, *some.MOVED),
    )
    def transfer_shares_from(
        self, account: str, owner: str, receiver: str, amount: Amount, shares: Amount
    ) -> None:
        """Have the owner allow an account to move shares, which moves as many or more, locked ones too."""
        if owner != NOBODY:
            self.act(do.Approve, account=owner, token=POOL, spender=account, amount=amount)
        self.act(do.TransferSharesFrom, account=account, owner=owner, receiver=receiver, shares=shares)

    @rule(
        account=some.providers,
        assets=some.parts_of(FundsLimit.DEPOSITABLE, *some.OR_BEYOND),
        to=some.receivers,
    )
    def deposit_and_leave(self, account: str, assets: Amount, to: str) -> None:
        """Bring assets, and pass all shares on, those just minted too, to an account that gives them back."""
        self.act(do.Deposit, account=account, assets=assets, receiver=account)
        self.act(do.TransferShares, account=account, to=to, shares=Near(FundsLimit.SHARES))
        if to in SHAREHOLDERS:
            self.act(do.Redeem, account=to, shares=Near(FundsLimit.SHARES), receiver=to, owner=to)


def moves_to(answers: Points, times: int = 1) -> Callable[..., None]:
    """Return a rule that has the feed answer one of these, given now."""

    def move(rules: "PriceRules", answer: Amount) -> None:
        rules.move_price(answer)

    return rule(times=times, answer=answers)(move)


class PriceRules(VaultRules):
    """Prices at the exact points where positions change their status, time that passes, and silence."""

    move_to_level = moves_to(some.level_answers, 3)
    move_to_trigger = moves_to(some.trigger_answers)  # of deleveraging
    move = moves_to(some.moves, 2)
    move_anywhere = moves_to(some.any_moves)
    jump = moves_to(some.jumps)  # further than any margin reaches
    return_home = moves_to(some.returns, 2)
    answer_at_the_edge = moves_to(some.edge_answers)

    def move_price(self, answer: Amount | AtPosition) -> None:
        """Make the feed answer a price, given now."""
        if self.view.market.feed.broken:
            self.step(do.BreakFeed(OWNER, broken=False))
        self.act(do.SetPrice, account=OWNER, answer=answer)

    @rule(times=2, seconds=some.waits)
    def pass_time(self, seconds: int) -> None:
        """Wait, and have the price confirmed."""
        self.wait(seconds)
        self.act(do.SetPrice, account=OWNER, answer=Level.LAST)

    @rule(seconds=some.silences)
    def fall_silent(self, seconds: Amount) -> None:
        """Wait while the feed says nothing; the next action is in the later block."""
        self.wait(self.value(seconds))


class SqueezeRules(PriceRules):
    """Liquidating, deleveraging and fleeing at the very prices where they become possible, or stop being."""

    @rule(times=4, account=some.keepers, answer=some.level_answers)
    def squeeze(self, account: str, answer: AtPosition) -> None:
        """Move to where a position's status changes, and liquidate it."""
        position = self.value(answer.position)
        self.move_price(answer)
        self.act(do.Liquidate, account=account, position=position)

    @rule(times=2, answer=some.level_answers, size_delta=some.lowerings)
    def flee(self, answer: AtPosition, size_delta: Amount) -> None:
        """Move to where a position's status changes, and have its owner reduce it."""
        position = self.value(answer.position)
        self.move_price(answer)
        self.act(do.Decrease, position=position, size_delta=size_delta)

    @rule(
        times=2,
        account=some.keepers,
        answer=some.jumps,
        assets=some.parts_of(MarginLimit.UNINSURED, *some.OFF_BY_ONE),
    )
    def insure(self, account: str, answer: Amount, assets: Amount) -> None:
        """Move far, insure the worst position's deficit, or all but one unit of it, and liquidate."""
        self.move_price(answer)
        position = self.value(Which.WORST)
        self.act(do.FundInsurance, account=OWNER, assets=assets)
        self.act(do.Liquidate, account=account, position=position)

    @rule(
        times=3,
        account=some.keepers,
        answer=some.trigger_answers,
        position=some.winners,
        seconds=some.turns,
        other=some.winners,
    )
    def squeeze_the_pool(
        self, account: str, answer: Amount, position: Boundary, seconds: int, other: Boundary
    ) -> None:
        """Move to where a side becomes due, or a little further, and deleverage two of it, or one twice."""
        self.move_price(answer)
        self.deleverage_two(account, self.value(position), seconds, self.value(other))

    @rule(
        times=2,
        first=some.traders,
        second=some.traders,
        size=some.sizes,
        answer=some.trigger_answers,
        seconds=some.turns,
    )
    def crowd_a_side(self, first: str, second: str, size: Sized, answer: Amount, seconds: int) -> None:
        """Open two positions on one side, move to where it becomes due, and deleverage one of them twice."""
        self.act(do.Open, account=first, size=size)
        self.act(do.Open, account=second, size=size)
        number = self.value(Which.NEWEST)
        self.move_price(answer)
        self.deleverage_two(LIQUIDATORS[0], number, seconds, number)

    def deleverage_two(self, account: str, first: int, seconds: int, second: int) -> None:
        """Deleverage a position, wait, and deleverage another, or the same again."""
        self.act(do.Deleverage, account=account, position=first)
        self.wait(seconds)
        self.act(do.Deleverage, account=account, position=second)


class SettlementRules(PriceRules):
    """Feeds that are reported dead, and markets that are settled, or nearly."""

    @rule(seconds=some.settlement_waits, is_broken=some.booleans, answers=some.booleans)
    def abandon(self, seconds: Near, is_broken: bool, answers: bool) -> None:
        """Report a dead feed, which may give one more answer half-way, and settle when that may be due."""
        if is_broken:
            self.act(do.BreakFeed, account=OWNER, broken=True)
        else:
            self.wait(self.value(Near(TimeLimit.OLDEST_AGE, ONE_TOO_MANY)))
        self.act(do.SettleMarket, account=STRANGER)
        left = self.value(seconds)
        if answers:
            self.wait(left // 2)
            self.move_price(Near(Level.LAST))
            left -= left // 2
        self.wait(left)
        self.act(do.SettleMarket, account=STRANGER)

    @rule(
        account=some.providers,
        assets=some.parts_of(FundsLimit.DEPOSITABLE, *some.OFF_BY_ONE),
        shares=some.parts_of(FundsLimit.SHARES, *some.MOVED),
    )
    def provide_while_the_clock_runs(self, account: str, assets: Amount, shares: Amount) -> None:
        """Report a dead feed that answers again, and come to the pool and leave it before that is seen."""
        self.wait(self.value(Near(TimeLimit.OLDEST_AGE, ONE_TOO_MANY)))
        self.act(do.SettleMarket, account=STRANGER)
        self.move_price(Near(Level.LAST))
        self.act(do.Deposit, account=account, assets=assets, receiver=account)
        self.act(do.Redeem, account=account, shares=shares, receiver=account, owner=account)

    @rule(account=some.keepers, position=some.losers, is_owner=some.booleans)
    def leave_a_settled_market(self, account: str, position: Position, is_owner: bool) -> None:
        """Close a position of a settled market, by its owner or by anybody."""
        if not self.view.vault.is_settled:
            return
        if is_owner:
            self.act(do.Close, position=position)
        else:
            self.act(do.Liquidate, account=account, position=position)


class ProvocationRules(SqueezeRules):
    """What a correct vault refuses, in the moments when a broken one would not."""

    # Margin that is not free

    @rule(
        size=some.sizes,
        account=some.traders,
        margin=some.parts_of(MarginLimit.NEEDED, *(Part(tenths * PPM // 10) for tenths in (3, 5, 7))),
    )
    def open_with_too_little(self, account: str, size: Sized, margin: Near) -> None:
        """Open a position with part of the margin that it needs."""
        self.act(do.Open, account=account, size=size, margin=margin)

    @rule(times=2, answer=some.moves, position=some.positions, assets=little_margins)
    def take_margin(self, answer: Amount, position: Position, assets: Near) -> None:
        """Take out a share of a position's margin after the price has moved."""
        self.move_price(answer)
        self.act(do.RemoveMargin, position=position, assets=assets)

    @rule(times=3, seconds=some.long_waits, position=some.positions, assets=little_margins)
    def take_margin_late(self, seconds: int, position: Position, assets: Near) -> None:
        """Take out a little margin, then more, after carry has grown."""
        self.pass_time(seconds)
        number = self.value(position)
        self.act(do.RemoveMargin, position=number, assets=1)
        self.act(do.RemoveMargin, position=number, assets=assets)

    @rule(seconds=some.long_waits, position=some.positions, size_delta=some.raises)
    def increase_late(self, seconds: int, position: Position, size_delta: Amount) -> None:
        """Increase a position after carry has grown, with more margin than it takes."""
        self.pass_time(seconds)
        self.act(
            do.Increase,
            position=position,
            size_delta=size_delta,
            margin=Near(MarginLimit.NEEDED, Part(8 * PPM)),
        )

    # Losses above the margin, profits above the pool

    @rule(times=3, answer=some.jumps, position=some.positions, is_paid=some.booleans)
    def leave(self, answer: Amount, position: Position, is_paid: bool) -> None:
        """Close a position after the price has moved further than its margin reaches, either way.

        Of what the pool could not pay, a little may be collected as soon as it can.
        """
        self.move_price(answer)
        number = self.value(position)
        owner = self.value(Who.ITS_OWNER, number)
        self.act(do.Close, position=number)
        if is_paid:
            self.step(do.Donate(PROVIDERS[0], POOL, 1))
            self.step(do.CollectOwed(owner, owner))

    @rule(answer=some.jumps, position=some.losers, size_delta=some.parts_of(SizeLimit.WHOLE, *some.A_LITTLE))
    def reduce_too_late(self, answer: Amount, position: Position, size_delta: Near) -> None:
        """Reduce a position whose loss has reached its margin."""
        self.move_price(answer)
        self.act(do.Decrease, position=position, size_delta=size_delta)

    @rule(times=3, account=some.keepers, answer=some.jumps, position=some.losers)
    def ruin(self, account: str, answer: Amount, position: Position) -> None:
        """Liquidate a position whose loss is far above its margin."""
        self.move_price(answer)
        self.act(do.Liquidate, account=account, position=position)

    # Liquidations at their edges

    @rule(owner=some.traders, side=some.sides, plus=some.nudges, wait=some.claim_waits)
    def squeeze_out(self, owner: str, side: int, plus: int, wait: Amount | None) -> None:
        """Open a position too small to be liquidated in parts, and liquidate it as soon as that is due.

        Its owner may then claim what is left of the margin, at once or when the price is too old.
        """
        self.act(do.Open, account=owner, size=Sized(SizeLimit.SMALLEST, side=side))
        position = self.value(Which.NEWEST)
        self.move_price(AtPosition(Level.LIQUIDATION, Which.NEWEST, plus))
        self.act(do.Liquidate, account=LIQUIDATORS[0], position=position)
        if wait is not None:
            self.wait(self.value(wait))
            self.step(do.Claim(owner, owner))

    @rule(account=some.keepers, answer=some.level_answers, late=some.latenesses)
    def liquidate_late(self, account: str, answer: AtPosition, late: Near) -> None:
        """Liquidate by a price that was due a while ago, and may be too old by a second."""
        position = self.value(answer.position)
        self.move_price(answer)
        self.wait(self.value(late))
        self.act(do.Liquidate, account=account, position=position)

    # People who may, and people who may not

    @rule(
        times=3,
        position=some.positions,
        permissions=some.permissions,
        expiry=some.expiries,
        size_delta=some.parts_of(SizeLimit.WHOLE, *some.A_LITTLE),
        assets=some.parts_of(MarginLimit.REMOVABLE, *some.A_LITTLE),
    )
    def send_an_operator(
        self, position: Position, permissions: int, expiry: Amount, size_delta: Near, assets: Near
    ) -> None:
        """Permit an operator something, who increases without margin, takes out margin and closes."""
        number = self.value(position)
        owner = self.value(Who.ITS_OWNER, number)
        self.act(do.SetOperator, account=owner, operator=OPERATOR, permissions=permissions, expiry=expiry)
        self.act(do.Increase, account=OPERATOR, position=number, size_delta=size_delta, margin=0)
        self.act(do.RemoveMargin, account=OPERATOR, position=number, assets=assets)
        self.act(do.Close, account=OPERATOR, position=number)

    @rule(account=some.accounts, position=some.positions)
    def intrude(self, account: str, position: Position) -> None:
        """Take out margin and close, no matter whose position it is."""
        number = self.value(position)
        self.act(do.RemoveMargin, account=account, position=number, assets=1)
        self.act(do.Close, account=account, position=number)

    @rule(account=some.accounts, owner=some.traders)
    def forge(self, account: str, owner: str) -> None:
        """Hand in an owner's permission, signed by who hands it in."""
        self.act(do.SetOperatorWithSig, account=account, owner=owner, operator=account, signer=account)

    @rule(account=some.traders, size=some.refused_sizes)
    def open_absurdly(self, account: str, size: Sized | int) -> None:
        """Open a position of a size that is refused, without a margin."""
        self.act(do.Open, account=account, size=size, margin=0)
