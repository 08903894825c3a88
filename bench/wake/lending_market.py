"""The lending market under Wake: flows, and invariants that compare with its mirror."""

from dataclasses import replace

from wake.testing.fuzzing import flow, invariant, random_int
from wake_rs import Account

from bench.wake.lending_mirror import (
    LIQUIDATION_LTV,
    MAX_LTV,
    MIN_DEBT,
    NO_LOAN,
    PLACES,
    PRICE_SCALE,
    Loan,
    Mirror,
)
from bench.wake.mirror import MirroredTest
from bench.wake.play import ANY, PPM, amount, between, moved, off_by_one, one_in, pick, up, within

ETH_FUNDS, USD_FUNDS = 10**24, 10**14
USUAL_ANSWER = 2_000 * 10**8


class LendingMarketTest(MirroredTest):
    """Borrowers, lenders, liquidators and the owner."""

    mirror: Mirror

    def set_up(self) -> None:
        """Deploy the market, with some supply."""
        self.eth, self.usd, self.feed = (
            self.deploy("Token", 18),
            self.deploy("Token", 6),
            self.deploy("PriceFeed"),
        )
        self.market = self.deploy("LendingMarket", self.eth, self.usd, self.feed)
        eth, usd = (dict.fromkeys(self.everyone, funds) for funds in (ETH_FUNDS, USD_FUNDS))
        self.mirror = Mirror(self.owner, eth, {**usd, self.owner: 0}, now=self.now)
        for account in self.everyone:
            for token, funds in ((self.eth, ETH_FUNDS), (self.usd, USD_FUNDS)):
                token.mint(account, funds, from_=self.owner)
                token.approve(self.market, ANY, from_=account)
        self.push(USUAL_ANSWER)
        self.act(self.providers[0], "supply", 20_000 * 10**6)

    # Lenders

    @flow(weight=2)
    def supply(self) -> None:
        """Supply what is lent."""
        self.act(pick(*self.providers), "supply", amount(10_000 * 10**6))

    @flow(weight=3)
    def request_withdrawal(self) -> None:
        """Queue to be paid out."""
        lender = self.mostly(pick(*self.providers))
        shares = amount(self.mirror.supply_shares.get(lender, 0))
        self.act(lender, "requestWithdrawal", shares)

    @flow(weight=2)
    def serve_withdrawal(self) -> None:
        """Pay the first in the queue, or try to."""
        self.act(self.anyone(), "serveWithdrawal")

    @flow(weight=1)
    def collect_reserve(self) -> None:
        """Take the reserve as the owner, or try to as somebody else."""
        self.act(self.anyone() if one_in(3) else self.owner, "collectReserve")

    # Borrowers

    @flow(weight=6)
    def open(self) -> None:
        """Open a loan, with about the least collateral or more."""
        assets = off_by_one(MIN_DEBT) if one_in(10) else between(MIN_DEBT, self.mirror.idle())
        least = self.least_collateral(assets)
        pledged = off_by_one(least) if one_in(3) else between(least, least * 2)
        self.act(pick(*self.traders), "open", pledged, assets)

    @flow(weight=2)
    def borrow(self) -> None:
        """Borrow more."""
        borrower = self.borrower()
        allowed = self.mirror.worth(self.loan(borrower).collateral) * MAX_LTV // PPM - self.owed(borrower)
        assets = amount(allowed if allowed > 0 else self.mirror.idle())
        self.act(self.mostly(borrower), "borrow", borrower, assets)

    @flow(weight=1)
    def add_collateral(self) -> None:
        """Add collateral to anyone's loan."""
        self.act(self.anyone(), "addCollateral", self.borrower(), amount(10**18))

    @flow(weight=2)
    def remove_collateral(self) -> None:
        """Take collateral, some of it needed."""
        borrower = self.borrower()
        held, needed = self.loan(borrower).collateral, self.least_collateral(self.owed(borrower))
        assets = amount(held - needed if held > needed else held)
        self.act(self.mostly(borrower), "removeCollateral", borrower, assets)

    @flow(weight=2)
    def repay(self) -> None:
        """Repay a part."""
        borrower = self.borrower()
        shares = between(1, 1_000) if one_in(3) else amount(self.loan(borrower).shares)
        self.act(self.mostly(borrower), "repay", borrower, shares)

    @flow(weight=2)
    def close(self) -> None:
        """Repay all."""
        borrower = self.borrower()
        self.act(self.mostly(borrower), "close", borrower)

    @flow(weight=4)
    def liquidate(self) -> None:
        """Liquidate a loan, or try to."""
        self.act(self.anyone(), "liquidate", self.borrower())

    @flow(weight=1)
    def liquidate_all(self) -> None:
        """Everyone who can be liquidated is, one after the other."""
        for borrower in self.traders:
            self.act(self.anyone(), "liquidate", borrower)

    # Price and time

    @flow(weight=2)
    def move(self) -> None:
        """Move the price."""
        self.push(moved(self.mirror.price, USUAL_ANSWER))

    @flow(weight=3, precondition=lambda self: self.mirror.loans)
    def move_to_liquidation(self) -> None:
        """Move the price to where a loan is liquidated or is worth its debt, or a little to either side."""
        borrower, loan = pick(*self.mirror.loans.items())
        ltv = pick(LIQUIDATION_LTV, LIQUIDATION_LTV, 950_000, PPM)
        if loan.collateral:
            worth = up(self.owed(borrower) * PPM, ltv)
            self.push(off_by_one(worth * PRICE_SCALE // loan.collateral))

    @flow(weight=3)
    def pass_time(self) -> None:
        """Let time pass."""
        self.mirror.now += pick(1, 3_600, 86_400, 30 * 86_400)

    @flow(weight=1)
    def accrue(self) -> None:
        """Bring interest up to now."""
        self.act(self.anyone(), "accrue")

    # Invariants

    @invariant()
    def loans_are_the_mirrors(self) -> None:
        """ISO-1, ISO-5, MAR-1."""
        for account in self.everyone:
            loan = self.loan(account)
            assert self.market.loans(account) == (loan.collateral, loan.shares), (
                "ISO-1 a loan is the mirror's"
            )

    @invariant()
    def lenders_are_the_mirrors(self) -> None:
        """LEN-2, LEN-5, QUE-1."""
        mirror = self.mirror
        for account in self.everyone:
            assert self.market.supplyShares(account) == mirror.supply_shares.get(account, 0), "LEN-2 shares"
        assert (self.market.head(), self.market.tail()) == (mirror.served, len(mirror.requests)), (
            "QUE-1 length"
        )
        places = self.market.places()
        for place in range(mirror.served, len(mirror.requests)):
            lender, shares = mirror.requests[place]
            kept = places[place % PLACES]
            assert (kept.lender, kept.shares) == (lender.address, shares), "QUE-1 first come, first served"

    @invariant()
    def tokens_are_the_mirrors(self) -> None:
        """CUS-1, CUS-2, LIQ-2 to LIQ-5."""
        mirror = self.mirror
        for token, balances in ((self.eth, mirror.eth), (self.usd, mirror.usd)):
            for account, balance in balances.items():
                assert token.balanceOf(account) == balance, "an account has what it is due"
        pledged = sum(loan.collateral for loan in mirror.loans.values())
        assert self.eth.balanceOf(self.market) == pledged, "CUS-1 collateral is there"
        assert self.usd.balanceOf(self.market) == mirror.cash, "CUS-2 no token is lost"

    @invariant()
    def totals_are_the_mirrors(self) -> None:
        """CAR-1, CUS-1, CUS-3, LPS-1."""
        market, mirror = self.market, self.mirror
        supplied, borrowed, reserve = market.supplied(), market.borrowed(), market.reserve()
        assert mirror.cash + borrowed == supplied + reserve, "CUS-1 the market is solvent"
        assert (supplied, borrowed) == (mirror.supplied, mirror.borrowed), "CAR-1 LPS-1 supplied and borrowed"
        assert reserve == mirror.reserve, "LPS-1 the reserve"
        assert market.totalSupplyShares() == mirror.total_supply_shares, "LEN-2 supply shares"
        assert market.totalDebtShares() == mirror.total_debt_shares, "CUS-3 debt shares are the loans'"
        assert market.accruedAt() == mirror.accrued_at, "CAR-1 accrued"

    # Parts

    def push(self, answer: int) -> None:
        """Set the price."""
        self.mirror.price = within(answer, 10**8, 10**14)
        assert self.send(self.owner, self.feed.setAnswer, self.mirror.price), "the owner sets the price"

    def borrower(self) -> Account:
        """Draw a borrower; mostly one with a loan."""
        if self.mirror.loans and not one_in(10):
            return pick(*self.mirror.loans)
        return self.traders[random_int(0, len(self.traders) - 1)]

    def loan(self, borrower: Account) -> Loan:
        """Return a loan; an empty one where there is none."""
        return self.mirror.loans.get(borrower, NO_LOAN)

    def owed(self, borrower: Account) -> int:
        """Return a debt with interest up to now."""
        then = replace(self.mirror)
        then.accrue()
        return then.debt(self.loan(borrower).shares)

    def least_collateral(self, assets: int) -> int:
        """Return the least collateral for a debt."""
        return up(up(assets * PPM, MAX_LTV) * PRICE_SCALE, self.mirror.price)
