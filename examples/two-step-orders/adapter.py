"""How Ringfence talks to an exchange whose orders are executed by keepers, later."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import ringfence as rf

USD = 10**6  # the token's decimals
SIZE = 10**12  # a size is the notional with 18 decimals
PRICE = 10**8  # prices have 10 decimals, 8 less than a WAD
PPM, WAD = 10**6, 10**18
FEE, EXECUTION_FEE = 800, USD  # ppm of notional; the keeper's
DELAY, LIFETIME, MAX_AGE = 5, 86_400, 3_600  # seconds
BORROW_RATE = 6 * 10**9  # WAD a second
ORDER_FIELDS = ("kind", "is_long", "notional", "margin", "limit", "placed_at")
CLOSE = 3  # the kind of an order
UNASKED = ("OrderPending", "NoPosition", "not the owner", "balance exceeded")
Slippage = Annotated[
    int, rf.Choice(PPM, 10_000, 0, neutral=PPM)
]  # ppm of the price at which the order is placed


class TwoStepOrders(rf.Adapter):
    """An order opens, increases or closes a position when a keeper executes it; a profit is limited."""

    project = rf.solidity(Path(__file__).parent / "contracts")
    facts = rf.Facts(
        answer=2_000 * 10**10,
        price_decimals=10,
        size=1_000 * 10**18,
        margin=150 * USD,
        decimals=6,
        execution_delay=DELAY,
        seconds=(DELAY, 60, 300, MAX_AGE, LIFETIME + 1),
        amounts=(rf.Amount("max_profit", "USD", 6),),
    )
    abilities = frozenset(
        {rf.Ability.BALANCES, rf.Ability.SUMS, rf.Ability.VALUATION, rf.Ability.NAMED_ERRORS}
    )

    def deploy(self, workspace: rf.Workspace) -> None:
        workspace.deploy("token", self.project["Stablecoin"])
        workspace.deploy("oracle", self.project["PriceOracle"])
        workspace.deploy("exchange", self.project["Exchange"], "token", "oracle")
        workspace.know("treasury", self.project["Treasury"], str(workspace.read("exchange", "treasury")))
        for account in workspace.accounts:
            workspace.do("owner", "token", "mint", account, 1_000_000 * USD)
            workspace.do(account, "token", "approve", "treasury", 2**256 - 1)
        workspace.do("owner", "oracle", "push", self.facts.answer)
        workspace.do("provider_1", "exchange", "provide", 100_000 * USD)

    @rf.action(rf.OPENS)
    def request_open(
        self, account: rf.Trader, size: rf.Size, margin: rf.Assets, slippage: Slippage
    ) -> rf.Outcome:
        limit = self._limit(size > 0, slippage)
        return self.send(account, "exchange", "requestOpen", size > 0, abs(size) // SIZE, margin, limit)

    @rf.action(rf.LEAVES_POSITIONS)
    def request_increase(
        self, account: rf.Trader, position: rf.Position, size: rf.Size, margin: rf.Assets, slippage: Slippage
    ) -> rf.Outcome:
        limit = self._limit(self._is_long(position), slippage)
        return self.send(account, "exchange", "requestIncrease", position, abs(size) // SIZE, margin, limit)

    @rf.action(rf.ASKS_TO_CLOSE, refusals=UNASKED)
    def request_close(self, account: rf.Trader, position: rf.Position, slippage: Slippage) -> rf.Outcome:
        limit = self._limit(not self._is_long(position), slippage)
        return self.send(account, "exchange", "requestClose", position, limit)

    @rf.action(rf.EXECUTES)
    def execute_open(self, account: rf.Anyone, position: rf.ClosedPosition) -> rf.Outcome:
        return self.send(account, "exchange", "execute", position)

    @rf.action(rf.EXECUTES)
    def execute(self, account: rf.Anyone, position: rf.Position) -> rf.Outcome:
        return self.send(account, "exchange", "execute", position)

    @rf.action(rf.LEAVES_POSITIONS)
    def cancel_open(self, account: rf.Trader, position: rf.ClosedPosition) -> rf.Outcome:
        return self.send(account, "exchange", "cancel", position)

    @rf.action(rf.LEAVES_POSITIONS)
    def cancel(self, account: rf.Trader, position: rf.Position) -> rf.Outcome:
        return self.send(account, "exchange", "cancel", position)

    @rf.action(rf.ADDS_MARGIN)
    def add_margin(self, account: rf.Anyone, position: rf.Position, assets: rf.Assets) -> rf.Outcome:
        return self.send(account, "exchange", "addMargin", position, assets)

    @rf.action(rf.REMOVES_MARGIN)
    def remove_margin(self, account: rf.Trader, position: rf.Position, assets: rf.Assets) -> rf.Outcome:
        return self.send(account, "exchange", "removeMargin", position, assets)

    @rf.action(rf.LIQUIDATES)
    def liquidate(self, account: rf.Liquidator, position: rf.Position) -> rf.Outcome:
        return self.send(account, "exchange", "liquidate", position)

    @rf.action(rf.PROVIDES)
    def provide(self, account: rf.Provider, assets: rf.Assets) -> rf.Outcome:
        return self.send(account, "exchange", "provide", assets)

    @rf.action(rf.MOVES_PRICE)
    def push_price(self, account: rf.PriceSetter, price: rf.Price) -> rf.Outcome:
        return self.send(account, "oracle", "push", price)

    def observe(self) -> rf.VaultState:
        number = self.workspace.number
        held, placed = self.workspace.read("exchange", "everything")
        totals = {
            "long_size": number("exchange", "openInterest", True) * SIZE,
            "short_size": number("exchange", "openInterest", False) * SIZE,
            "weight": number("exchange", "weight"),
            "next_id": number("exchange", "nextId"),
            "liquidity": number("treasury", "liquidity"),
            "reserved": number("treasury", "reserved"),
            "pending": number("treasury", "escrow"),
            "vault_tokens": number("token", "balanceOf", "treasury"),
            "price": number("oracle", "price"),
            "pushed_at": number("oracle", "pushedAt"),
        }
        for position, (kind, _, *terms) in enumerate(placed, start=1):
            fields = zip(ORDER_FIELDS, (kind, *terms), strict=True) if kind else ()
            totals |= {_of(position, name): int(value) for name, value in fields}
        positions = {number: _position(each) for number, each in enumerate(held, start=1) if each[2]}
        accounts = {
            role: rf.AccountState(number("token", "balanceOf", role)) for role in self.workspace.accounts
        }
        return rf.VaultState(positions, totals, accounts)

    def book(self, state: rf.VaultState, moment: rf.Moment) -> rf.SimpleBook | None:
        if moment.timestamp > moment.updated_at + MAX_AGE:
            return None
        values = {}
        for position, held in state.positions.items():
            notional, entry = abs(held.size) // SIZE, held.entry_price_wad // PRICE
            earned = (notional if held.size > 0 else -notional) * (moment.answer - entry) // entry
            borrowing = up(notional * (moment.timestamp * BORROW_RATE - held.carry_entry), WAD)
            pnl = min(earned, held.amounts["max_profit"]) - borrowing
            values[position] = rf.Valued(
                held.margin, notional, pnl, up(notional * 50_000, PPM), up(notional * FEE, PPM)
            )
        return rf.SimpleBook(moment.answer * PRICE, values)

    @rf.property_("ORD-1", "What positions may earn at most is reserved, and is there.")
    def profits_are_reserved(self, state: rf.VaultState) -> bool:
        most = sum(held.amounts["max_profit"] for held in state.positions.values())
        return most == state.totals["reserved"] <= state.totals["liquidity"]

    @rf.property_("ORD-2", "What is held for orders is what they have put in.")
    def escrow_is_of_orders(self, state: rf.VaultState) -> bool:
        put_in = sum(
            each + EXECUTION_FEE
            for name, each in state.totals.items()
            if name.startswith("order") and name.endswith("margin")
        )
        return put_in == state.totals["pending"]

    @rf.property_("ORD-3", "An order is executed in its time, at a price within its limit.")
    def orders_are_executed_in_time(self, transition: rf.Transition) -> Iterator[bool]:
        if transition.done and transition.action.kind is rf.EXECUTES:
            order = order_of(transition)
            yield DELAY <= transition.moment.timestamp - order["placed_at"] <= LIFETIME
            buys = order["is_long"] == (order["kind"] != CLOSE)
            price, limit = transition.moment.answer, order["limit"]
            yield price <= limit if buys else price >= limit

    @rf.property_(
        "ORD-4", "An increase at the price adds its margin less the fee to a position's worth, and no more."
    )
    def increasing_is_neutral(self, transition: rf.Transition) -> Iterator[bool]:
        named, earlier, later = transition.named, transition.earlier, transition.later
        if not (transition.done and transition.action.kind is rf.EXECUTES and earlier and later):
            return
        if named in transition.before.positions and named in transition.after.positions:
            change = later.pnl(named) - earlier.pnl(named)
            yield change <= 1
            entry = transition.after.positions[named].entry_price_wad // PRICE
            yield change >= -3 - later.notional(named) * transition.moment.answer // entry**2

    @rf.property_("ORD-5", "A close pays what the position is worth, less the fee.")
    def closing_pays_the_equity(self, transition: rf.Transition) -> Iterator[bool]:
        if transition.closed and transition.action.kind is rf.EXECUTES and transition.earlier:
            position, owner = transition.named, transition.owner
            book, is_keeper = transition.earlier, transition.action.account == owner
            worth = max(0, book.equity(position) - book.closing_fee(position))
            yield transition.gain(owner) == worth + (EXECUTION_FEE if is_keeper else 0)

    def _limit(self, buys: bool, slippage: int) -> int:
        price = self.workspace.number("oracle", "price")
        return price * (PPM + slippage if buys else PPM - slippage) // PPM

    def _is_long(self, position: int) -> bool:
        return bool(self.workspace.read("exchange", "positions", position)[1])


def _position(held: Any) -> rf.PositionState:
    owner, is_long, notional, margin, entry, max_profit, index = held
    return rf.PositionState(
        owner,
        notional * SIZE * (1 if is_long else -1),
        margin,
        carry_entry=index,
        entry_price_wad=entry * PRICE,
        amounts={"max_profit": max_profit},
    )


def _of(position: int, field: str) -> str:
    return f"order {position} {field}"


def order_of(transition: rf.Transition) -> dict[str, int]:
    """Return the order that a step has executed."""
    return {name: transition.before.totals[_of(transition.named, name)] for name in ORDER_FIELDS}


def up(amount: int, divisor: int) -> int:
    """Divide, rounded up."""
    return -(-amount // divisor)
