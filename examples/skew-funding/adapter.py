"""How Ringfence talks to the market with funding by skew, which is written in Vyper."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

import ringfence as rf

USD = 10**6  # the token's decimals
UNIT, WAD = 10**18, 10**18
PRICE = 10**10  # prices have 8 decimals, 10 less than a WAD
VALUE_SCALE, INDEX_SCALE = 10**20, 10**30  # from a size times a price, or an index, to assets
PPM = 10**6
MAINTENANCE = 50_000  # ppm of a position's worth
FEE, DISCOUNTED = 1_000, 500  # ppm of what is traded
DISCOUNT_VOLUME = 1_500_000 * USD  # what an account has opened before its fee is halved
RATE = 12 * 10**11  # of the price for each second, WAD
PENALTY = 10_000  # ppm of a position's cost
LEAST_REWARD = USD  # for a liquidator, where the insurance has it
MAX_AGE = 3_600  # seconds
ROUNDINGS = 4  # of a position and of its part, against the owner
ACCRUED = ("accrued_at", "carry_long", "carry_short", "long_size", "short_size")
TRADES = (rf.OPENS, rf.INCREASES, rf.DECREASES, rf.CLOSES, rf.REMOVES_MARGIN, rf.LIQUIDATES)


class Backing(rf.Number):
    """What the pool's backer brings or takes out: parts of 50,000."""

    def usual(self, look: rf.Look) -> int:
        """Return 50,000."""
        return 50_000 * USD


class SkewFunding(rf.Adapter):
    """A pool is the other side of every position; the larger side pays funding; one price in a block."""

    project = rf.vyper(Path(__file__).parent / "contracts")
    facts = rf.Facts(
        answer=2_000 * 10**8,
        price_decimals=8,
        size=10 * UNIT,
        margin=3_000 * USD,
        decimals=6,
        seconds=(1, 60, MAX_AGE, MAX_AGE + 1, 86_400),
        amounts=(rf.Amount("cost", "USD", 6), rf.Amount("volume", "USD", 6)),
    )
    abilities = frozenset(
        {
            rf.Ability.BALANCES,
            rf.Ability.SUMS,
            rf.Ability.VALUATION,
            rf.Ability.NAMED_ERRORS,
            rf.Ability.CARRY,
            rf.Ability.INSURANCE,
        }
    )

    def deploy(self, workspace: rf.Workspace) -> None:
        workspace.deploy("token", self.project["Dollar"])
        workspace.deploy("feed", self.project["PriceFeed"])
        workspace.deploy("market", self.project["Market"], "token", "feed")
        for account in workspace.accounts:
            workspace.do("owner", "token", "mint", account, 1_000_000 * USD)
            workspace.do(account, "token", "approve", "market", 2**256 - 1)
        workspace.do("owner", "feed", "push", self.facts.answer)
        workspace.do("owner", "market", "provide", 200_000 * USD)

    @rf.action(rf.OPENS)
    def open(self, account: rf.Trader, size: rf.Size, margin: rf.Assets) -> rf.Outcome:
        return self.send(account, "market", "open", size > 0, abs(size), margin)

    @rf.action(rf.INCREASES)
    def increase(self, account: rf.Trader, position: rf.Position, size: rf.SizeDelta) -> rf.Outcome:
        return self.send(account, "market", "increase", position, size)

    @rf.action(rf.DECREASES)
    def decrease(self, account: rf.Trader, position: rf.Position, size: rf.SizeDelta) -> rf.Outcome:
        return self.send(account, "market", "decrease", position, size)

    @rf.action(rf.CLOSES)
    def close(self, account: rf.Trader, position: rf.Position) -> rf.Outcome:
        return self.send(account, "market", "close", position)

    @rf.action(rf.ADDS_MARGIN)
    def add_margin(self, account: rf.Anyone, position: rf.Position, assets: rf.Assets) -> rf.Outcome:
        return self.send(account, "market", "add_margin", position, assets)

    @rf.action(rf.REMOVES_MARGIN)
    def remove_margin(self, account: rf.Trader, position: rf.Position, assets: rf.Assets) -> rf.Outcome:
        return self.send(account, "market", "remove_margin", position, assets)

    @rf.action(rf.LIQUIDATES)
    def liquidate(self, account: rf.Liquidator, position: rf.Position) -> rf.Outcome:
        return self.send(account, "market", "liquidate", position)

    @rf.action(rf.LEAVES_POSITIONS)
    def provide(self, account: rf.PriceSetter, amount: Annotated[int, Backing()]) -> rf.Outcome:
        return self.send(account, "market", "provide", amount)

    @rf.action(rf.LEAVES_POSITIONS)
    def withdraw(self, account: rf.PriceSetter, amount: Annotated[int, Backing()]) -> rf.Outcome:
        return self.send(account, "market", "withdraw", amount)

    @rf.action(rf.MOVES_PRICE)
    def push_price(self, account: rf.PriceSetter, price: rf.Price) -> rf.Outcome:
        return self.send(account, "feed", "push", max(0, price))  # a drawn price has a sign

    def observe(self) -> rf.VaultState:
        number, positions = self.workspace.number, {}
        next_id = number("market", "next_id")
        for position in range(1, next_id):
            owner, size, margin, cost, entry = self.workspace.read("market", "positions", position)
            if size:
                positions[position] = rf.PositionState(
                    owner, size, margin, carry_entry=entry, amounts={"cost": cost}
                )
        totals = {
            "next_id": next_id,
            "long_size": number("market", "long_size"),
            "short_size": number("market", "short_size"),
            "carry_long": number("market", "long_index"),
            "carry_short": number("market", "short_index"),
            "accrued_at": number("market", "accrued_at"),
            "locked_price": number("market", "locked_price"),
            "locked_at": number("market", "locked_at"),
            "liquidity": number("market", "liquidity"),
            "reserved": number("market", "reserved"),
            "insurance": number("market", "insurance"),
            "vault_tokens": number("token", "balanceOf", "market"),
            "price": number("feed", "price"),
            "pushed_at": number("feed", "pushed_at"),
        }
        accounts = {role: self._account(role) for role in self.workspace.accounts}
        return rf.VaultState(positions, totals, accounts)

    def _account(self, role: str) -> rf.AccountState:
        volume = self.workspace.number("market", "volume", role)
        return rf.AccountState(self.workspace.number("token", "balanceOf", role), amounts={"volume": volume})

    def book(self, state: rf.VaultState, moment: rf.Moment) -> rf.SimpleBook | None:
        """Value positions at the block's price, with the funding up to now."""
        price = price_of(state, moment)
        if price is None:
            return None
        indices = indices_at(state.totals, price, moment.timestamp)
        values = {}
        for position, held in state.positions.items():
            cost, size = held.amounts["cost"], abs(held.size)
            low, high = size * price // VALUE_SCALE, up(size * price, VALUE_SCALE)
            owed = up(size * indices[held.size < 0] - held.carry_entry, INDEX_SCALE)
            earned = low - cost if held.size > 0 else cost - high
            values[position] = rf.Valued(
                held.margin,
                high,
                min(earned - owed, cost),
                up(high * MAINTENANCE, PPM),
                fee_of(state, held.owner, high),
            )
        return rf.SimpleBook(price * PRICE, values)

    @rf.property_("FUN-1", "What positions may earn at most is reserved, and is there.")
    def profits_are_reserved(self, state: rf.VaultState) -> bool:
        most = sum(held.amounts["cost"] for held in state.positions.values())
        return most == state.totals["reserved"] <= state.totals["liquidity"]

    @rf.property_(
        "FUN-2", "Before a size changes, funding is accrued: by the sizes that held, at the block's price."
    )
    def funding_is_by_the_sizes_that_held(self, transition: rf.Transition) -> Iterator[bool]:
        before, after, now = transition.before.totals, transition.after.totals, transition.moment.timestamp
        if transition.done and transition.action.kind in TRADES:
            yield after["accrued_at"] == now
            due = indices_at(before, after["locked_price"], now)
            yield due == (after["carry_long"], after["carry_short"])
        else:
            yield all(before[name] == after[name] for name in ACCRUED)

    @rf.property_(
        "FUN-3",
        "Funding paid is funding received and what the pool keeps: what a position loses or pays goes to pool"
        " and insurance with its fee, what it earns or receives comes from them.",
    )
    def what_is_paid_is_received(self, transition: rf.Transition) -> Iterator[bool]:
        named, earlier, later = transition.named, transition.earlier, transition.later
        is_trade = transition.done and transition.action.kind in TRADES
        if is_trade and earlier and later and named in transition.before.positions:
            kept = funds(transition.after) - funds(transition.before)
            is_open = named in transition.after.positions
            realised = earlier.pnl(named) - (later.pnl(named) if is_open else 0)
            yield 0 <= kept + realised - charge_of(transition) <= (ROUNDINGS if is_open else 0)

    @rf.property_("LOC-1", "The first price that is used in a block holds for all of it.")
    def one_price_in_a_block(self, transition: rf.Transition) -> Iterator[bool]:
        before, after = lock_of(transition.before), lock_of(transition.after)
        if transition.done and transition.action.kind in TRADES:
            now = transition.moment.timestamp
            yield after == (now, price_of(transition.before, transition.moment))
        else:
            yield after == before


def price_of(state: rf.VaultState, moment: rf.Moment) -> int | None:
    """Return the price that a trade would use: the block's if there is one; None for one that is too old."""
    if state.totals["locked_at"] == moment.timestamp:
        return state.totals["locked_price"]
    return moment.answer if moment.timestamp <= moment.updated_at + MAX_AGE else None


def lock_of(state: rf.VaultState) -> tuple[int, int | None]:
    """Return when a price was locked last, and which."""
    return state.totals["locked_at"], state.totals["locked_price"]


def indices_at(totals: Mapping[str, int], price: int, now: int) -> tuple[int, int]:
    """Return what a unit of the long and of the short side has paid up to a time, in WAD dollars."""
    long, short = totals["long_size"], totals["short_size"]
    paid = price * PRICE * RATE * (now - totals["accrued_at"]) * (long - short)
    scale = WAD * max(1, long + short)
    return totals["carry_long"] + up(paid, scale), totals["carry_short"] + up(-paid, scale)


def funds(state: rf.VaultState) -> int:
    """Return what pool and insurance have."""
    return state.totals["liquidity"] + state.totals["insurance"]


def charge_of(transition: rf.Transition) -> int:
    """Return what a trade adds to the funds beside what the position loses: a fee, less what is missing."""
    named, kind, book = transition.named, transition.action.kind, transition.earlier
    held, left = transition.before.positions[named], transition.after.positions.get(named)
    if kind is rf.CLOSES:
        return min(book.equity(named), book.closing_fee(named))
    if kind is rf.LIQUIDATES:
        equity = book.equity(named)
        penalty = min(max(0, equity), up(held.amounts["cost"] * PENALTY, PPM))
        missing = max(0, LEAST_REWARD - penalty // 2)
        kept = penalty - penalty // 2
        return min(0, equity) + kept - min(missing, transition.before.totals["insurance"] + kept)
    if kind is rf.INCREASES:
        return fee_of(transition.before, held.owner, left.amounts["cost"] - held.amounts["cost"])
    price = book.price_wad // PRICE
    return fee_of(transition.before, held.owner, up(abs(held.size - left.size) * price, VALUE_SCALE))


def fee_of(state: rf.VaultState, owner: str, value: int) -> int:
    """Return what it costs an account to trade a value."""
    has_discount = state.accounts[owner].amounts["volume"] >= DISCOUNT_VOLUME
    return up(value * (DISCOUNTED if has_discount else FEE), PPM)


def up(amount: int, divisor: int) -> int:
    """Divide, rounded up."""
    return -(-amount // divisor)
