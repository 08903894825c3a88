"""How Ringfence talks to the lending market: a position is a loan, of a collateral and a debt."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

import ringfence as rf

USD = 10**6  # what is lent, with 6 decimals
ETH = 10**18  # the collateral, with 18
SIZE = 10**12  # a size has 18 decimals, debt shares have 6
PPM, WAD, PRICE_SCALE = 10**6, 10**18, 10**20
LIQUIDATION_LTV = 800_000  # ppm
KINK, SLOPE, STEEP_SLOPE = 9 * 10**17, 15 * 10**8, 6 * 10**10  # WAD, as the market's rate model has them


class Lent(rf.Number):
    """An amount of what is lent: parts of 10,000."""

    def usual(self, look: rf.Look) -> int:
        """Return 10,000."""
        return 10_000 * USD


class LendingMarket(rf.Adapter):
    """One loan a borrower; debt and supply by shares, with interest; bad debt is the lenders' loss."""

    project = rf.solidity(Path(__file__).parent / "contracts")
    facts = rf.Facts(
        answer=2_000 * 10**8,
        price_decimals=8,
        size=1_000 * 10**18,
        margin=ETH,
        decimals=18,
        seconds=(1, 86_400, 2_592_000),
        amounts=(rf.Amount("debt", "USD", 6), rf.Amount("usd", "USD", 6), rf.Amount("queued", "shares", 6)),
    )
    abilities = frozenset(
        {
            rf.Ability.BALANCES,
            rf.Ability.SUMS,
            rf.Ability.VALUATION,
            rf.Ability.DEBT,
            rf.Ability.NAMED_ERRORS,
        }
    )

    def deploy(self, workspace: rf.Workspace) -> None:
        workspace.deploy("eth", self.project["Token"], 18)
        workspace.deploy("usd", self.project["Token"], 6)
        workspace.deploy("feed", self.project["PriceFeed"])
        workspace.deploy("market", self.project["LendingMarket"], "eth", "usd", "feed")
        for account in workspace.accounts:
            for token, assets in (("eth", 10**6 * ETH), ("usd", 10**8 * USD)):
                workspace.do("owner", token, "mint", account, assets)
                workspace.do(account, token, "approve", "market", 2**256 - 1)
        workspace.do("owner", "feed", "setAnswer", self.facts.answer)
        workspace.do("provider_1", "market", "supply", 20_000 * USD)

    @rf.action(rf.OPENS)
    def open(self, account: rf.Trader, size: rf.Size, margin: rf.Assets) -> rf.Outcome:
        opened = self.send(account, "market", "open", margin, abs(size) // SIZE)  # all loans are on one side
        return self.workspace.opened(opened, account)

    @rf.action(rf.INCREASES)
    def borrow(self, account: rf.Trader, position: rf.Position, size: rf.SizeDelta) -> rf.Outcome:
        return self.send(account, "market", "borrow", self.workspace.key(position), size // SIZE)

    @rf.action(rf.DECREASES)
    def repay(self, account: rf.Trader, position: rf.Position, size: rf.SizeDelta) -> rf.Outcome:
        return self.send(account, "market", "repay", self.workspace.key(position), size // SIZE)

    @rf.action(rf.CLOSES)
    def close(self, account: rf.Trader, position: rf.Position) -> rf.Outcome:
        return self.send(account, "market", "close", self.workspace.key(position))

    @rf.action(rf.ADDS_MARGIN)
    def add_collateral(self, account: rf.Anyone, position: rf.Position, assets: rf.Assets) -> rf.Outcome:
        return self.send(account, "market", "addCollateral", self.workspace.key(position), assets)

    @rf.action(rf.REMOVES_MARGIN)
    def remove_collateral(self, account: rf.Trader, position: rf.Position, assets: rf.Assets) -> rf.Outcome:
        return self.send(account, "market", "removeCollateral", self.workspace.key(position), assets)

    @rf.action(rf.LIQUIDATES)
    def liquidate(self, account: rf.Liquidator, position: rf.Position) -> rf.Outcome:
        return self.send(account, "market", "liquidate", self.workspace.key(position))

    @rf.action(rf.LEAVES_POSITIONS)
    def supply(self, account: rf.Provider, amount: Annotated[int, Lent()]) -> rf.Outcome:
        return self.send(account, "market", "supply", amount)

    @rf.action(rf.LEAVES_POSITIONS)
    def request_withdrawal(self, account: rf.Provider, shares: Annotated[int, Lent()]) -> rf.Outcome:
        return self.send(account, "market", "requestWithdrawal", shares)

    @rf.action(rf.LEAVES_POSITIONS)
    def serve_withdrawal(self, account: rf.Anyone) -> rf.Outcome:
        return self.send(account, "market", "serveWithdrawal")

    @rf.action(rf.LEAVES_POSITIONS)
    def collect_reserve(self, account: rf.PriceSetter) -> rf.Outcome:
        return self.send(account, "market", "collectReserve")

    @rf.action(rf.MOVES_PRICE)
    def set_price(self, account: rf.PriceSetter, price: rf.Price) -> rf.Outcome:
        return self.send(account, "feed", "setAnswer", price)

    def observe(self) -> rf.VaultState:
        number, positions = self.workspace.number, {}
        for position, borrower in self.workspace.latest():
            collateral, shares = self.workspace.read("market", "loans", borrower)
            if shares:
                amounts = {"debt": shares}  # by shares: interest on all loans changes no single one
                positions[position] = rf.PositionState(borrower, shares * SIZE, collateral, amounts=amounts)
        totals = {
            "long_size": number("market", "totalDebtShares") * SIZE,
            "borrowed": number("market", "borrowed"),
            "supplied": number("market", "supplied"),
            "supply_shares": number("market", "totalSupplyShares"),
            "reserve": number("market", "reserve"),
            "accrued_at": number("market", "accruedAt"),
            "served": number("market", "head"),
            "requested": number("market", "tail"),
            "vault_tokens": number("eth", "balanceOf", "market"),
            "lent_tokens": number("usd", "balanceOf", "market"),
            "price": number("feed", "latestAnswer"),
        }
        queue = self.workspace.read("market", "places")
        accounts = {role: self._account(role, queue) for role in self.workspace.accounts}
        return rf.VaultState(positions, totals, accounts)

    def _account(self, role: str, queue: tuple[tuple[str, int], ...]) -> rf.AccountState:
        number = self.workspace.number
        queued = sum(shares for lender, shares in queue if lender == role)
        amounts = {"usd": number("usd", "balanceOf", role), "queued": queued}
        shares = number("market", "supplyShares", role)
        return rf.AccountState(number("eth", "balanceOf", role), shares=shares, amounts=amounts)

    def book(self, state: rf.VaultState, moment: rf.Moment) -> rf.SimpleBook | None:
        """Value loans in collateral: it earns nothing; required is the least that keeps a loan healthy."""
        values = {}
        for position, held in state.positions.items():
            debt = owed(state, position, moment.timestamp)
            worth, least = up(debt * PRICE_SCALE, moment.answer), up(debt * PPM, LIQUIDATION_LTV)
            required = up(least * PRICE_SCALE, moment.answer)
            values[position] = rf.Valued(held.margin, worth, 0, required, debt=debt)
        return rf.SimpleBook(moment.answer, values)

    @rf.property_("LEN-2", "The shares of the supply are those of lenders, waiting in the queue or not.")
    def supply_shares_are_the_lenders(self, state: rf.VaultState) -> bool:
        held = sum(each.shares + each.amounts["queued"] for each in state.accounts.values())
        return held == state.totals["supply_shares"]

    @rf.property_(
        "LEN-4", "What a borrower gets is added to the debt, and no more than what is paid is taken off."
    )
    def rounding_favours_lenders(self, transition: rf.Transition) -> Iterator[bool]:
        named, now = transition.named, transition.moment.timestamp
        if transition.done and named is not None and transition.action.kind is not rf.LIQUIDATES:
            had, has = (
                each.accounts[transition.owner].amounts["usd"] - owed(each, named, now)
                for each in (transition.before, transition.after)
            )
            yield has <= had


def owed(state: rf.VaultState, position: int, now: int) -> int:
    """Return a loan's debt with interest up to a time, rounded up; 0 for one that is not open."""
    if position not in state.positions:
        return 0
    shares = state.positions[position].amounts["debt"]
    total = state.totals["borrowed"] + interest(state.totals, now)
    return up(shares * total, state.totals["long_size"] // SIZE)


def interest(totals: Mapping[str, int], now: int) -> int:
    """Return what all loans together have to pay since the market's last accrual."""
    borrowed, elapsed = totals["borrowed"], now - totals["accrued_at"]
    use = min(WAD, borrowed * WAD // totals["supplied"]) if totals["supplied"] else WAD
    plain = borrowed * (use * SLOPE // WAD) * elapsed // WAD
    return plain + borrowed * (max(0, use - KINK) * STEEP_SLOPE // WAD) * elapsed // WAD


def up(amount: int, divisor: int) -> int:
    """Divide, rounded up."""
    return -(-amount // divisor)
