"""The market with funding by skew under Wake, as Vyper compiled it: flows, and invariants."""

from wake.testing.fuzzing import flow, invariant, random_bool, random_int
from wake_rs import Account

from bench.wake.mirror import MirroredTest, Refused
from bench.wake.play import ANY, PPM, amount, between, margin_for, moved, off_by_one, one_in, pick, up, within
from bench.wake.skew_mirror import (
    INITIAL,
    INSURANCE_TARGET,
    MAINTENANCE,
    MAX_AGE,
    MAX_COST,
    MIN_COST,
    USD,
    VALUE_SCALE,
    Mirror,
    share,
)

USUAL_PRICE = 2_000 * 10**8
FUNDS = 1_000_000 * USD


class SkewFundingTest(MirroredTest):
    """Traders, liquidators, the pool's backer and the price's keeper."""

    mirror: Mirror

    def set_up(self) -> None:
        """Deploy the market, with some liquidity of the owner."""
        self.token, self.feed = self.deploy("Dollar"), self.deploy("PriceFeed")
        self.market = self.deploy("Market", self.token, self.feed)
        funded = [*self.everyone, self.owner]
        self.mirror = Mirror(dict.fromkeys(funded, FUNDS), self.owner, now=self.now)
        for account in funded:
            self.token.mint(account, FUNDS, from_=self.owner)
            self.token.approve(self.market, ANY, from_=account)
        self.push(USUAL_PRICE)
        self.act(self.owner, "provide", 200_000 * USD)

    # Flows

    @flow(weight=8)
    def open(self) -> None:
        """Open a position, with about the least margin or more."""
        size = self.draw_size()
        least = up(up(size * self.mirror.price, VALUE_SCALE) * 101_000, PPM)
        self.act(pick(*self.traders), "open", random_bool(), size, margin_for(least))

    @flow(weight=3)
    def increase(self) -> None:
        """Increase a position."""
        wanted = self.any_id()
        self.act(self.mostly(self.owner_of(wanted)), "increase", wanted, self.draw_size())

    @flow(weight=3)
    def decrease(self) -> None:
        """Decrease a position."""
        wanted = self.any_id()
        size = amount(abs(self.mirror.positions[wanted].size) if wanted in self.mirror.positions else 10**18)
        self.act(self.mostly(self.owner_of(wanted)), "decrease", wanted, size)

    @flow(weight=3)
    def close(self) -> None:
        """Close a position."""
        wanted = self.any_id()
        self.act(self.mostly(self.owner_of(wanted)), "close", wanted)

    @flow(weight=1)
    def close_all(self) -> None:
        """EXI-1: everyone is paid, one after the other."""
        for wanted, held in list(self.mirror.positions.items()):
            self.act(held.owner, "close", wanted)

    @flow(weight=1)
    def add_margin(self) -> None:
        """Add margin to anyone's position."""
        self.act(self.anyone(), "add_margin", self.any_id(), amount(3_000 * USD))

    @flow(weight=2)
    def remove_margin(self) -> None:
        """Take margin, some of it needed."""
        wanted = self.any_id()
        assets = amount(max(0, self.spare(wanted, INITIAL)))
        self.act(self.mostly(self.owner_of(wanted)), "remove_margin", wanted, assets)

    @flow(weight=4)
    def liquidate(self) -> None:
        """Liquidate a position, or try to."""
        self.act(self.anyone(), "liquidate", self.any_id())

    @flow(weight=1)
    def provide(self) -> None:
        """Add liquidity."""
        self.act(self.anyone(), "provide", amount(50_000 * USD))

    @flow(weight=1)
    def withdraw(self) -> None:
        """Take liquidity that is free, or try to."""
        caller = self.anyone() if one_in(4) else self.owner
        free = self.mirror.liquidity - self.mirror.reserved
        self.act(caller, "withdraw", amount(free) if one_in(3) else free // 4)

    @flow(weight=3)
    def move(self) -> None:
        """Move the price."""
        self.push(moved(self.mirror.price, USUAL_PRICE))

    @flow(weight=2, precondition=lambda self: self.mirror.positions)
    def move_after_a_trade(self) -> None:
        """Move the price and trade on in the same block."""
        wanted = self.any_id()
        self.act(self.owner_of(wanted), "remove_margin", wanted, 1)
        self.push(moved(self.mirror.price, USUAL_PRICE))
        self.act(self.owner_of(wanted), "close", wanted)

    @flow(weight=3, precondition=lambda self: self.mirror.positions)
    def move_to_maintenance(self) -> None:
        """Move the price to where a position is liquidated, or some units of its equity to either side."""
        self.mirror.now += 1
        wanted = pick(*self.mirror.positions)
        held, price = self.mirror.positions[wanted], self.mirror.price
        change = (self.spare(wanted, MAINTENANCE) + random_int(-2, 2)) * VALUE_SCALE // held.size
        self.push(price - change * 100 // (95 if held.size > 0 else 105))

    @flow(weight=1)
    def pass_time(self) -> None:
        """Let time pass, or the price grow too old."""
        self.mirror.now += pick(1, 60, MAX_AGE, MAX_AGE + 1, 86_400)

    @flow(weight=3)
    def pass_time_and_push(self) -> None:
        """Let funding run up while the price stays."""
        self.mirror.now += pick(1, 60, 3_600, 86_400)
        self.push(self.mirror.price)

    # Invariants

    @invariant()
    def positions_are_the_mirrors(self) -> None:
        """ISO-1, VAL-1, VAL-2."""
        for each in {*self.mirror.positions, self.mirror.gone}:
            told, held = self.market.positions(each), self.mirror.positions.get(each)
            is_same = told.size == (held.size if held else 0)
            if held and is_same:
                is_same = (told.margin, told.cost, told.entry) == (held.margin, held.cost, held.entry)
                is_same = is_same and told.owner == held.owner.address
            assert is_same, "ISO-1 a position is the mirror's"

    @invariant()
    def tokens_are_the_mirrors(self) -> None:
        """CUS-1, CUS-2, LIQ-4, LIQ-5."""
        mirror = self.mirror
        for account, balance in mirror.balances.items():
            assert self.token.balanceOf(account) == balance, "an account has what it is due"
        margins = sum(held.margin for held in mirror.positions.values())
        due = mirror.liquidity + mirror.insurance + margins
        assert self.token.balanceOf(self.market) == due, "CUS-1 margins, liquidity, insurance are there"

    @invariant()
    def pool_is_the_mirrors(self) -> None:
        """LPS-1, FUN-1, INS-1, CUS-3."""
        market, mirror = self.market, self.mirror
        assert market.liquidity() == mirror.liquidity, "LPS-1 liquidity"
        costs = sum(held.cost for held in mirror.positions.values())
        assert market.reserved() == costs <= mirror.liquidity, "FUN-1 what may be earned is reserved"
        assert market.insurance() == mirror.insurance <= INSURANCE_TARGET, "INS-1 insurance"
        longs = sum(held.size for held in mirror.positions.values() if held.size > 0)
        shorts = -sum(held.size for held in mirror.positions.values() if held.size < 0)
        assert (market.long_size(), market.short_size()) == (longs, shorts), "CUS-3 open interest"

    @invariant()
    def funding_is_the_mirrors(self) -> None:
        """FUN-2, LOC-1, FEE-2."""
        market, mirror = self.market, self.mirror
        indices = (market.long_index(), market.short_index(), market.accrued_at())
        assert indices == (mirror.long_index, mirror.short_index, mirror.accrued_at), "FUN-2 funding"
        locked = (market.locked_price(), market.locked_at())
        assert locked == (mirror.locked_price, mirror.locked_at), "LOC-1 one price in a block"
        for trader in self.traders:
            assert market.volume(trader) == mirror.volume.get(trader, 0), "FEE-2 what is opened counts"

    # Parts

    def push(self, price: int) -> None:
        """Push a price."""
        self.now = self.mirror.now
        self.mirror.price, self.mirror.pushed_at = within(price, 10**7, 10**13), self.now
        assert self.send(self.owner, self.feed.push, self.mirror.price), "the keeper pushes"

    def any_id(self) -> int:
        """Draw an id; mostly that of an open position."""
        if self.mirror.positions and not one_in(20):
            return pick(*self.mirror.positions)
        return random_int(1, self.mirror.next_id)

    def owner_of(self, wanted: int) -> Account:
        """Return the owner of a position; of none, somebody."""
        held = self.mirror.positions.get(wanted)
        return held.owner if held else self.everyone[0]

    def spare(self, wanted: int, ppm: int) -> int:
        """Return what a position has above a requirement now; nothing where it can't be said."""
        then = self.mirror.copy()
        try:
            then.sync()
        except Refused:
            return 0
        held = then.positions.get(wanted)
        return then.equity(held) - share(then.value(held.size), ppm) if held else 0

    def draw_size(self) -> int:
        """Draw the size of a trade, from the least to the most."""
        least = up(MIN_COST * VALUE_SCALE, self.mirror.price)
        if one_in(12):
            return off_by_one(least)
        return between(least, MAX_COST * VALUE_SCALE // self.mirror.price)
