"""The exchange of two-step orders under Wake: flows, and invariants that compare with its mirror."""

from dataclasses import replace

from wake.testing.fuzzing import flow, invariant, random_int

from bench.wake.orders_mirror import DELAY, INITIAL, LIFETIME, MAX_AGE, USD, USUAL_PRICE, OrdersMirror
from bench.wake.play import PPM, amount, moved, pick, up

CANCEL_DELAY = 300
MAINTENANCE, REWARD = 50_000, 5_000  # ppm
NONE = 0


class TwoStepOrdersTest(OrdersMirror):
    """Traders, keepers, liquidators, providers and the oracle's keeper."""

    # Orders

    @flow(weight=3)
    def request_open(self) -> None:
        """Order to open."""
        self.do_request_open()

    @flow(weight=6)
    def open_at_once(self) -> None:
        """Order to open, executed as soon as it can be."""
        ordered = self.next_id
        if self.do_request_open():
            self.now += DELAY
            self.do_execute(ordered)

    @flow(weight=2)
    def request_increase(self) -> None:
        """Order to increase."""
        self.do_request_increase(self.any_id(self.positions))

    @flow(weight=3, precondition=lambda self: self.positions)
    def increase_at_once(self) -> None:
        """Order to increase, executed as soon as it can be."""
        wanted = self.any_id(self.positions)
        self.do_request_increase(wanted)
        self.now += DELAY
        self.do_execute(wanted)

    @flow(weight=3)
    def request_close(self) -> None:
        """Order to close."""
        wanted = self.any_id(self.positions)
        self.do_request_close(wanted, self.mostly(self.owner_of(wanted)))

    @flow(weight=2, precondition=lambda self: self.positions)
    def close_at_once(self) -> None:
        """Order to close, executed as soon as it can be."""
        wanted = self.any_id(self.positions)
        self.do_request_close(wanted, self.owner_of(wanted))
        self.now += DELAY
        self.do_execute(wanted)

    @flow(weight=5)
    def execute(self) -> None:
        """Execute an order, or try to."""
        self.do_execute(self.any_id(self.orders))

    @flow(weight=2)
    def cancel(self) -> None:
        """ORD-6: the owner takes an order back after a while, whatever the price is; nobody else does."""
        wanted = self.any_id(self.orders)
        order = self.orders.get(wanted)
        caller = self.mostly(order.owner if order else self.anyone())
        due = order is not None and caller == order.owner and self.now >= order.placed_at + CANCEL_DELAY
        assert self.send(caller, self.exchange.cancel, wanted) == due, "ORD-6 an order can be taken back"
        if due:
            self.refund(wanted)

    # Margin, liquidation and liquidity

    @flow(weight=1)
    def add_margin(self) -> None:
        """EXI-2: anyone adds margin."""
        payer, wanted, assets = self.anyone(), self.any_id(self.positions), amount(200 * USD)
        due = wanted in self.positions and 0 < assets <= self.balances[payer]
        assert self.send(payer, self.exchange.addMargin, wanted, assets) == due, "EXI-2 margin can be added"
        if due:
            held = self.positions[wanted]
            self.positions[wanted] = replace(held, margin=held.margin + assets)
            self.balances[payer] -= assets

    @flow(weight=2)
    def remove_margin(self) -> None:
        """MAR-2: the owner takes margin above what is needed."""
        wanted = self.any_id(self.positions)
        held, caller = self.positions.get(wanted), self.mostly(self.owner_of(wanted))
        spare = self.equity(held) - up(held.notional * INITIAL, PPM) if held else 0
        assets = amount(max(0, spare))
        due = held is not None and caller == held.owner and 0 < assets <= min(held.margin, spare)
        due = due and self.is_fresh()
        assert self.send(caller, self.exchange.removeMargin, wanted, assets) == due, "MAR-2 spare margin"
        if held and due:
            self.positions[wanted] = replace(held, margin=held.margin - assets)
            self.balances[caller] += assets

    @flow(weight=4)
    def liquidate(self) -> None:
        """LIQ-1 to LIQ-5: below maintenance, and only then; an order is given back."""
        caller, wanted = self.anyone(), self.any_id(self.positions)
        held = self.positions.get(wanted)
        equity = self.equity(held) if held else 0
        due = held is not None and self.is_fresh() and equity < up(held.notional * MAINTENANCE, PPM)
        assert self.send(caller, self.exchange.liquidate, wanted) == due, "LIQ-1 below maintenance, only then"
        if held and due:
            left = max(0, equity)
            reward = min(held.notional * REWARD // PPM, left)
            self.remove(wanted, left)
            self.balances[caller] += reward
            self.balances[held.owner] += left - reward
            if wanted in self.orders:
                self.refund(wanted)

    @flow(weight=1)
    def provide(self) -> None:
        """Add liquidity."""
        self.do_provide(pick(*self.providers), amount(5_000 * USD))

    # Price and time

    @flow(weight=3)
    def move(self) -> None:
        """Move the price."""
        self.push(moved(self.price, USUAL_PRICE))

    @flow(weight=3, precondition=lambda self: self.positions)
    def move_to_maintenance(self) -> None:
        """Move the price to where a position is liquidated, or some units of its equity to either side."""
        held = pick(*self.positions.values())
        wanted = (
            up(held.notional * MAINTENANCE, PPM) + self.borrow_fee(held) - held.margin + random_int(-2, 2)
        )
        self.push_for(held, wanted * held.entry // held.notional)

    @flow(weight=1, precondition=lambda self: self.positions)
    def move_to_max_profit(self) -> None:
        """Move the price to where a position earns the most that it can, or a little beyond."""
        held = pick(*self.positions.values())
        self.push_for(held, held.max_profit * held.entry // held.notional + random_int(-2, 2))

    @flow(weight=2)
    def pass_time(self) -> None:
        """Let time pass."""
        self.wait(pick(1, DELAY, 60, CANCEL_DELAY, MAX_AGE, MAX_AGE + 1, LIFETIME, 30 * 86_400))

    @flow(weight=2)
    def pass_time_and_push(self) -> None:
        """Keep the price fresh while an order ages."""
        self.wait(pick(DELAY, CANCEL_DELAY, LIFETIME - 1, LIFETIME, LIFETIME + 1, 30 * 86_400))
        self.push(self.price)

    @flow(weight=1)
    def intrude(self) -> None:
        """ACC-1: the treasury obeys the exchange alone, the oracle its keeper."""
        caller, trader, treasury = self.anyone(), pick(*self.traders), self.treasury
        refused = pick(
            *((treasury.take, trader, 1), (treasury.pay, caller, 1), (treasury.hold, trader, 1)),
            *((treasury.release, 0), (treasury.settle, 1), (treasury.reserve, 0), (treasury.free, 0)),
            (self.oracle.push, USUAL_PRICE),
        )
        assert not self.send(caller, *refused), "ACC-1 only the exchange and the keeper"

    # Invariants

    @invariant()
    def positions_are_the_mirrors(self) -> None:
        """ISO-1, VAL-1, ORD-4, ORD-7."""
        for each in {*self.positions, *self.orders, self.gone}:
            told, held = self.exchange.positions(each), self.positions.get(each)
            is_same = (
                told[2:] == (held.notional, held.margin, held.entry, held.max_profit, held.index)
                and told[:2] == (held.owner.address, held.is_long)
                if held
                else told[2:] == (0,) * 5
            )
            assert is_same, "ISO-1 a position is the mirror's"

    @invariant()
    def orders_are_the_mirrors(self) -> None:
        """ORD-1, ORD-6, ISO-1."""
        for each in {*self.positions, *self.orders, self.gone}:
            told, order = self.exchange.orders(each), self.orders.get(each)
            is_same = (
                told[3:] == (order.notional, order.margin, order.limit, order.placed_at)
                and told[:3] == (order.kind, order.owner.address, order.is_long)
                if order
                else told[0] == NONE
            )
            assert is_same, "ORD-1 an order is the mirror's"

    @invariant()
    def tokens_are_the_mirrors(self) -> None:
        """CUS-1, CUS-2, ORD-2, ORD-3, ORD-5."""
        for account, balance in self.balances.items():
            assert self.token.balanceOf(account) == balance, "an account has what it is due"
        escrow = sum(order.escrow for order in self.orders.values())
        margins = sum(held.margin for held in self.positions.values())
        assert self.treasury.escrow() == escrow, "ORD-2 escrow is of orders"
        kept = self.token.balanceOf(self.treasury)
        assert kept == self.liquidity + escrow + margins, "CUS-1 margins, escrow and liquidity are there"

    @invariant()
    def totals_are_the_mirrors(self) -> None:
        """CUS-3, CAR-1, LPS-1, ORD-1."""
        assert self.treasury.liquidity() == self.liquidity, "LPS-1 liquidity"
        assert self.treasury.reserved() == self.reserved() <= self.liquidity, "ORD-1 reserved"
        for is_long in (True, False):
            notional = sum(held.notional for held in self.positions.values() if held.is_long == is_long)
            assert self.exchange.openInterest(is_long) == notional, "CUS-3 open interest"
        weight = sum(held.notional * held.index for held in self.positions.values())
        assert self.exchange.weight() == weight, "CUS-3 weight"
        notional = sum(held.notional for held in self.positions.values())
        assert self.exchange.feesDue() == (notional * self.index() - weight) // 10**18, "CAR-1 fees due"
