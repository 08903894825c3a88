"""The exchange of two-step orders as Wake's flows use it: a mirror of positions, orders and balances."""

from dataclasses import dataclass

from wake.testing.fuzzing import random_bool, random_int
from wake_rs import Account

from bench.wake.play import ANY, PPM, VaultTest, between, margin_for, off_by_one, one_in, pick, up, within

USD, USUAL_PRICE = 10**6, 2_000 * 10**10
FUNDS = 1_000_000 * USD
MAX_AGE, DELAY, LIFETIME = 3_600, 5, 86_400
EXECUTION_FEE = USD
FEE, INITIAL = 800, 100_000  # ppm
BORROW_RATE = 6 * 10**9  # WAD a second
OPEN, INCREASE, CLOSE = 1, 2, 3
ANY_LIMIT = 2**128 - 1


@dataclass(frozen=True)
class Held:
    """A position of the mirror."""

    owner: Account
    is_long: bool
    notional: int
    margin: int
    entry: int
    max_profit: int
    index: int


@dataclass(frozen=True)
class Order:
    """An order of the mirror."""

    kind: int
    owner: Account
    is_long: bool
    notional: int
    margin: int
    limit: int
    placed_at: int

    @property
    def escrow(self) -> int:
        """Return what its owner has put in."""
        return self.margin + EXECUTION_FEE


class OrdersMirror(VaultTest):
    """The exchange with a mirror of positions, orders and balances, and what flows do with both."""

    def set_up(self) -> None:
        """Deploy the exchange, with some liquidity."""
        self.token, self.oracle = self.deploy("Stablecoin"), self.deploy("PriceOracle")
        self.exchange = self.deploy("Exchange", self.token, self.oracle)
        self.treasury = self.at("Treasury", self.exchange.treasury())
        self.positions: dict[int, Held] = {}
        self.orders: dict[int, Order] = {}
        self.balances = dict.fromkeys(self.everyone, FUNDS)
        self.liquidity, self.next_id, self.gone = 0, 1, 1
        for account in self.everyone:
            self.token.mint(account, FUNDS, from_=self.owner)
            self.token.approve(self.treasury, ANY, from_=account)
        self.push(USUAL_PRICE)
        self.do_provide(self.providers[0], 100_000 * USD)

    # Parts

    def do_request_open(self) -> bool:
        """MAR-1, ORD-2: an order has its margin, and puts it in with the execution fee."""
        trader, is_long, wanted = pick(*self.traders), random_bool(), self.next_id
        notional, margin, limit = self.draw_order(is_long)
        due = self.is_payable(trader, notional, margin)
        sent = self.send(trader, self.exchange.requestOpen, is_long, notional, margin, limit)
        assert sent == due, "MAR-1 an order has its margin"
        if due:
            self.next_id += 1
            self.place(wanted, Order(OPEN, trader, is_long, notional, margin, limit, self.now))
        return due

    def do_request_increase(self, wanted: int) -> None:
        """ACC-1: the owner alone, one order at a time."""
        held, trader = self.positions.get(wanted), self.mostly(self.owner_of(wanted))
        is_long = held.is_long if held else True
        notional, margin, limit = self.draw_order(is_long)
        due = held is not None and trader == held.owner and wanted not in self.orders
        due = due and self.is_payable(trader, notional, margin)
        sent = self.send(trader, self.exchange.requestIncrease, wanted, notional, margin, limit)
        assert sent == due, "ACC-1 the owner alone, one order at a time"
        if due:
            self.place(wanted, Order(INCREASE, trader, is_long, notional, margin, limit, self.now))

    def do_request_close(self, wanted: int, caller: Account) -> None:
        """EXI-1: the owner can order to close."""
        held = self.positions.get(wanted)
        limit = self.draw_limit(not held.is_long if held else True)
        due = held is not None and caller == held.owner and wanted not in self.orders
        assert self.send(caller, self.exchange.requestClose, wanted, limit) == due, "EXI-1 can order to close"
        if held and due:
            self.place(wanted, Order(CLOSE, caller, held.is_long, 0, 0, limit, self.now))

    def do_execute(self, wanted: int) -> None:
        """ORD-3: in its time, within its limit; the keeper is paid."""
        keeper, order = self.anyone(), self.orders.get(wanted)
        then = self.after(wanted, order) if order and self.is_executable(order) else None
        assert self.send(keeper, self.exchange.execute, wanted) == (then is not None), "ORD-3 EXI-1 execution"
        if order and then:
            del self.orders[wanted]
            self.balances[keeper] += EXECUTION_FEE
            if order.kind == CLOSE:
                payout = max(0, self.equity(then) - up(then.notional * FEE, PPM))
                self.remove(wanted, payout)
                self.balances[then.owner] += payout
            else:
                self.positions[wanted] = then
                self.liquidity += up(order.notional * FEE, PPM)

    def after(self, wanted: int, order: Order) -> Held | None:
        """Return the position that an order closes or makes; None where it is refused."""
        held = self.positions.get(wanted)
        if order.kind == CLOSE:
            return held if held and self.equity(held) >= 0 else None
        if held and self.pnl(held) > held.max_profit:
            return None
        then = self.added(held, order)
        reserve = then.max_profit - (held.max_profit if held else 0)
        is_safe = self.equity(then) >= up(then.notional * INITIAL, PPM)
        return then if is_safe and reserve <= self.liquidity - self.reserved() else None

    def added(self, held: Held | None, order: Order) -> Held:
        """ORD-4: the entry is the price at which the sum of both is worth what they are."""
        added = order.margin - up(order.notional * FEE, PPM)
        if held is None:
            terms = (order.notional, added, self.price, 4 * added, self.index())
            return Held(order.owner, order.is_long, *terms)
        notional = held.notional + order.notional
        worth = held.entry * self.price * notional
        divisor = held.notional * self.price + order.notional * held.entry
        entry = up(worth, divisor) if held.is_long else worth // divisor
        index = up(held.notional * held.index + order.notional * self.index(), notional)
        terms = (notional, held.margin + added, entry, held.max_profit + 4 * added, index)
        return Held(order.owner, order.is_long, *terms)

    def do_provide(self, provider: Account, assets: int) -> None:
        """LPS-1: liquidity grows by what was provided."""
        due = 0 < assets <= self.balances[provider]
        assert self.send(provider, self.exchange.provide, assets) == due, "LPS-1 liquidity can be provided"
        if due:
            self.liquidity += assets
            self.balances[provider] -= assets

    def place(self, wanted: int, order: Order) -> None:
        """Put an order into the mirror."""
        self.orders[wanted] = order
        self.balances[order.owner] -= order.escrow

    def refund(self, wanted: int) -> None:
        """Give back what an order has put in."""
        order = self.orders.pop(wanted)
        self.balances[order.owner] += order.escrow
        self.gone = wanted

    def remove(self, wanted: int, payout: int) -> None:
        """Take a position off the mirror: what its margin has more than the payout is the liquidity's."""
        self.liquidity += self.positions.pop(wanted).margin - payout
        self.gone = wanted

    def push(self, price: int) -> None:
        """Push a price."""
        self.price, self.pushed_at = within(price, 10**9, 10**15), self.now
        assert self.send(self.owner, self.oracle.push, self.price), "the keeper pushes"

    def push_for(self, held: Held, change: int) -> None:
        """Push a price that differs from an entry in a position's favour."""
        self.push(held.entry + (change if held.is_long else -change))

    # Draws

    def any_id(self, preferred: "dict[int, Held] | dict[int, Order]") -> int:
        """Draw an id; mostly one of those preferred."""
        if preferred and not one_in(10):
            return pick(*preferred)
        return random_int(1, self.next_id)

    def draw_order(self, is_long: bool) -> tuple[int, int, int]:
        """Draw notional, margin and limit of an order."""
        notional = off_by_one(10 * USD) if one_in(12) else between(10 * USD, 5_000 * USD)
        least = up(notional * INITIAL, PPM) + up(notional * FEE, PPM)
        return notional, margin_for(least), self.draw_limit(is_long)

    def draw_limit(self, buys: bool) -> int:
        """Draw the worst price that is accepted: any, one per cent from here, or this one."""
        if random_int(0, 5) < 4:
            return ANY_LIMIT if buys else 0
        slippage = pick(self.price // 100, 0)
        return self.price + (slippage if buys else -slippage)

    # Values

    def owner_of(self, wanted: int) -> Account:
        """Return the owner of a position; of none, somebody."""
        held = self.positions.get(wanted)
        return held.owner if held else self.everyone[0]

    def is_payable(self, trader: Account, notional: int, margin: int) -> bool:
        """Return whether an order has its margin, and the trader has what it takes."""
        required = up(notional * INITIAL, PPM) + up(notional * FEE, PPM)
        return notional >= 10 * USD and required <= margin <= self.balances[trader] - EXECUTION_FEE

    def is_executable(self, order: Order) -> bool:
        """Return whether time, age of the price, and limit allow to execute an order."""
        buys = order.is_long == (order.kind != CLOSE)
        is_within = self.price <= order.limit if buys else self.price >= order.limit
        return is_within and self.is_fresh() and DELAY <= self.now - order.placed_at <= LIFETIME

    def is_fresh(self) -> bool:
        """Return whether the price is not too old."""
        return self.now <= self.pushed_at + MAX_AGE

    def reserved(self) -> int:
        """Return the most that all positions may earn."""
        return sum(held.max_profit for held in self.positions.values())

    def index(self) -> int:
        """Return the index of the borrowing fee."""
        return self.now * BORROW_RATE

    def borrow_fee(self, held: Held) -> int:
        """Return what a position owes for borrowing."""
        return up(held.notional * (self.index() - held.index), 10**18)

    def pnl(self, held: Held) -> int:
        """Return the profit, whatever its limit."""
        change = self.price - held.entry
        return held.notional * (change if held.is_long else -change) // held.entry

    def equity(self, held: Held) -> int:
        """Return margin and profit, which is limited, less the borrowing fee."""
        return held.margin + min(self.pnl(held), held.max_profit) - self.borrow_fee(held)
