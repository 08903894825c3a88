"""The notional vault under Wake: flows, and a mirror of positions and balances."""

from dataclasses import dataclass

from wake.testing.fuzzing import flow, invariant, random_bool, random_int
from wake_rs import Account

from bench.wake.play import (
    ANY,
    PPM,
    VaultTest,
    amount,
    between,
    margin_for,
    moved,
    off_by_one,
    one_in,
    pick,
    up,
    within,
)

USD, USUAL_PRICE = 10**6, 2_000 * 10**18
FUNDS = 1_000_000 * USD
MAX_AGE = 3_600
FEE, SPREAD, MAINTENANCE, REWARD = 1_000, 3_000, 50_000, 5_000  # ppm

Key = tuple[Account, bool]


@dataclass
class Held:
    """A position of the mirror."""

    notional: int
    margin: int
    entry: int


class NotionalVaultTest(VaultTest):
    """Traders, liquidators, providers and the price's keeper."""

    def set_up(self) -> None:
        """Deploy the vault, with some liquidity."""
        self.token, self.feed = self.deploy("Collateral"), self.deploy("PushedPrice")
        self.router = self.deploy("Router", self.token, self.feed)
        self.custody = self.at("Custody", self.router.custody())
        self.book = self.at("PositionBook", self.router.book())
        self.positions: dict[Key, Held] = {}
        self.balances = dict.fromkeys(self.everyone, FUNDS)
        self.liquidity, self.reserved, self.interest = 0, 0, {True: 0, False: 0}
        for account in self.everyone:
            self.token.mint(account, FUNDS, from_=self.owner)
            self.token.approve(self.custody, ANY, from_=account)
        self.push(USUAL_PRICE)
        self.do_provide(self.providers[0], 20_000 * USD)

    # Flows

    @flow(weight=8)
    def open(self) -> None:
        """Open a position, with about the least margin or more."""
        room = self.liquidity - self.reserved
        notional = off_by_one(room) if one_in(8) else between(10 * USD, min(room, 5_000 * USD))
        notional = off_by_one(10 * USD) if one_in(20) else notional
        least = up(notional * 106_000, PPM) + up(notional * FEE, PPM)
        self.do_open((pick(*self.traders), random_bool()), notional, margin_for(least), least)

    @flow(weight=2)
    def add_margin(self) -> None:
        """EXI-2: anyone adds margin."""
        payer, key, assets = self.anyone(), self.position(), amount(200 * USD)
        due = key in self.positions and 0 < assets <= self.balances[payer]
        assert self.send(payer, self.router.addMargin, *key, assets) == due, "EXI-2 margin can be added"
        if due:
            self.positions[key].margin += assets
            self.balances[payer] -= assets

    @flow(weight=4)
    def close(self) -> None:
        """EXI-1, ACC-1, VAL-2: the owner closes while equity is left."""
        key = self.position()
        caller, equity = self.mostly(key[0]), self.equity(key)
        due = key in self.positions and self.is_fresh() and caller == key[0] and equity >= 0
        assert self.send(caller, self.router.close, *key) == due, "EXI-1 the owner can close"
        if due:
            payout = max(0, equity - up(self.positions[key].notional * FEE, PPM))
            self.remove(key, payout)
            self.balances[key[0]] += payout

    @flow(weight=4)
    def liquidate(self) -> None:
        """Liquidate a position, or try to."""
        self.do_liquidate(self.position())

    @flow(weight=1)
    def liquidate_all(self) -> None:
        """Everyone who can be liquidated is, one after the other."""
        for trader in self.traders:
            for is_long in (True, False):
                self.do_liquidate((trader, is_long))

    @flow(weight=1)
    def provide(self) -> None:
        """Add liquidity."""
        self.do_provide(pick(*self.providers), amount(5_000 * USD))

    @flow(weight=4)
    def move(self) -> None:
        """Move the price."""
        self.push(moved(self.price, USUAL_PRICE))

    @flow(weight=3, precondition=lambda self: self.positions)
    def move_to_maintenance(self) -> None:
        """Move the price to where a position is liquidated, or some units of its equity to either side."""
        (_, is_long), held = pick(*self.positions.items())
        wanted = up(held.notional * MAINTENANCE, PPM) - held.margin + random_int(-2, 2)
        change = wanted * held.entry // held.notional
        self.push(held.entry + (change if is_long else -change))

    @flow(weight=1)
    def pass_time(self) -> None:
        """Let time pass, or the price grow too old."""
        self.wait(pick(1, 600, MAX_AGE, MAX_AGE + 1))

    @flow(weight=1)
    def intrude(self) -> None:
        """ACC-1: custody, book and price obey nobody but who they belong to."""
        caller, key = self.anyone(), (pick(*self.traders), random_bool())
        custody, book = self.custody, self.book
        refused = pick(
            *((custody.pay, caller, 1), (custody.take, key[0], 1), (custody.settle, 1)),
            *((custody.release, 0), (custody.reserve, 0), (book.remove, *key), (book.addMargin, *key, 0)),
            (self.feed.push, USUAL_PRICE),
        )
        assert not self.send(caller, *refused), "ACC-1 only the router and the keeper"

    # Invariants

    @invariant()
    def positions_are_the_mirrors(self) -> None:
        """ISO-1, VAL-1, LIQ-3."""
        for trader in self.traders:
            for is_long in (True, False):
                told = self.book.position(trader, is_long)
                held = self.positions.get((trader, is_long), Held(0, 0, 0))
                terms = (told.notional, told.margin, told.entryPrice)
                assert terms == (held.notional, held.margin, held.entry), "ISO-1 a position is the mirror's"

    @invariant()
    def tokens_are_the_mirrors(self) -> None:
        """CUS-1, CUS-2, LIQ-4, LIQ-5."""
        for account, balance in self.balances.items():
            assert self.token.balanceOf(account) == balance, "an account has what it is due"
        margins = sum(held.margin for held in self.positions.values())
        assert self.token.balanceOf(self.custody) == self.liquidity + margins, "CUS-1 all is there"

    @invariant()
    def totals_are_the_mirrors(self) -> None:
        """CUS-3, LPS-1, FEE-1, RES-1."""
        assert self.custody.liquidity() == self.liquidity, "LPS-1 liquidity"
        assert self.custody.reserved() == self.reserved <= self.liquidity, "RES-1 reserved"
        for is_long, notional in self.interest.items():
            assert self.book.openInterest(is_long) == notional, "CUS-3 open interest"

    # Parts

    def do_open(self, key: Key, notional: int, margin: int, least: int) -> None:
        """MAR-1: a position opens when it has its margin; VAL-1: the price is worse by the spread."""
        (trader, is_long), free = key, self.liquidity - self.reserved
        due = key not in self.positions and self.is_fresh() and margin >= least
        due = due and 10 * USD <= notional <= free and margin <= self.balances[trader]
        assert self.send(trader, self.router.open, is_long, notional, margin) == due, (
            "MAR-1 opens with its margin"
        )
        if not due:
            return
        fee, spread = up(notional * FEE, PPM), self.price * SPREAD // PPM
        entry = self.price + spread if is_long else self.price - spread
        self.positions[key] = Held(notional, margin - fee, entry)
        self.interest[is_long] += notional
        self.liquidity, self.reserved = self.liquidity + fee, self.reserved + notional
        self.balances[trader] -= margin

    def do_liquidate(self, key: Key) -> None:
        """LIQ-1: below maintenance, and only then."""
        caller, equity = self.anyone(), self.equity(key)
        held = self.positions.get(key, Held(0, 0, 1))
        due = held.notional > 0 and self.is_fresh() and equity < up(held.notional * MAINTENANCE, PPM)
        assert self.send(caller, self.router.liquidate, *key) == due, "LIQ-1 below maintenance, and only then"
        if due:
            left = max(0, equity)
            reward = min(held.notional * REWARD // PPM, left)
            self.remove(key, left)
            self.balances[caller] += reward
            self.balances[key[0]] += left - reward

    def do_provide(self, provider: Account, assets: int) -> None:
        """LPS-1: liquidity grows by what was provided."""
        due = 0 < assets <= self.balances[provider]
        assert self.send(provider, self.router.provide, assets) == due, "LPS-1 liquidity can be provided"
        if due:
            self.liquidity += assets
            self.balances[provider] -= assets

    def remove(self, key: Key, payout: int) -> None:
        """Take a position off the mirror: what its margin has more than the payout is the liquidity's."""
        held = self.positions.pop(key)
        self.interest[key[1]] -= held.notional
        self.reserved -= held.notional
        self.liquidity += held.margin - payout

    def push(self, price: int) -> None:
        """Push a price."""
        self.price, self.pushed_at = within(price, 10**15, 10**24), self.now
        assert self.send(self.owner, self.feed.push, self.price), "the keeper pushes"

    # Values

    def position(self) -> Key:
        """Draw a position; mostly one that is open."""
        if self.positions and not one_in(10):
            return pick(*self.positions)
        return pick(*self.traders), random_bool()

    def is_fresh(self) -> bool:
        """Return whether the price is not too old."""
        return self.now <= self.pushed_at + MAX_AGE

    def equity(self, key: Key) -> int:
        """Return margin and profit, at most the notional; nothing for what is not open."""
        if key not in self.positions:
            return 0
        held = self.positions[key]
        change = self.price - held.entry
        return held.margin + min(held.notional, held.notional * (change if key[1] else -change) // held.entry)
