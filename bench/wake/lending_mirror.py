"""What the lending market should be: loans, lenders and their queue, to the unit."""

from dataclasses import dataclass, field, replace

from wake_rs import Account

from bench.wake.mirror import require
from bench.wake.play import PPM, up

PRICE_SCALE, WAD = 10**20, 10**18
MAX_LTV, LIQUIDATION_LTV, WITH_BONUS, RESERVE_CUT = 750_000, 800_000, 1_050_000, 100_000  # ppm
SLOPE, STEEP_SLOPE, KINK = 15 * 10**8, 60 * 10**9, 9 * 10**17
MIN_DEBT, MAX_SHARES, PLACES = 100 * 10**6, 10**36, 8


@dataclass(frozen=True)
class Loan:
    """A loan of the mirror."""

    collateral: int = 0
    shares: int = 0


NO_LOAN = Loan()


@dataclass
class Mirror:
    """Everything that the market has; its methods change it, or raise Refused and leave it half changed."""

    owner: Account
    eth: dict[Account, int]
    usd: dict[Account, int]
    loans: dict[Account, Loan] = field(default_factory=dict)
    supply_shares: dict[Account, int] = field(default_factory=dict)
    requests: list[tuple[Account, int]] = field(default_factory=list)  # all that were ever made
    served: int = 0
    supplied: int = 0
    total_supply_shares: int = 0
    borrowed: int = 0
    total_debt_shares: int = 0
    reserve: int = 0
    accrued_at: int = 0
    cash: int = 0
    price: int = 0
    now: int = 0

    def copy(self) -> "Mirror":
        """Return another that can be changed alone."""
        parts = (dict(self.eth), dict(self.usd), dict(self.loans), dict(self.supply_shares))
        eth, usd, loans, shares = parts
        return replace(
            self, eth=eth, usd=usd, loans=loans, supply_shares=shares, requests=list(self.requests)
        )

    # Lenders

    def supply(self, sender: Account, assets: int) -> None:
        """LEN-5: shares are worth no more than what was supplied."""
        self.accrue()
        shares = assets * (self.total_supply_shares + 1) // (self.supplied + 1)
        require(shares > 0 and self.total_supply_shares + shares <= MAX_SHARES)
        self.supplied += assets
        self.total_supply_shares += shares
        self.supply_shares[sender] = self.supply_shares.get(sender, 0) + shares
        self.take(sender, assets)

    def requestWithdrawal(self, sender: Account, shares: int) -> None:
        """QUE-1: a lender can queue, with shares and while there is a place."""
        require(0 < shares <= self.supply_shares.get(sender, 0))
        require(len(self.requests) - self.served < PLACES)
        self.supply_shares[sender] -= shares
        self.requests.append((sender, shares))

    def serveWithdrawal(self, _: Account) -> None:
        """QUE-2: the first in the queue is paid what the shares are worth."""
        self.accrue()
        require(self.served < len(self.requests))
        lender, shares = self.requests[self.served]
        self.served += 1
        assets = shares * (self.supplied + 1) // (self.total_supply_shares + 1)
        require(assets <= self.idle())
        self.supplied -= assets
        self.total_supply_shares -= shares
        self.pay(lender, assets)

    def collectReserve(self, sender: Account) -> None:
        """RES-1: the reserve is the owner's when it is there."""
        require(sender == self.owner)
        self.accrue()
        require(self.cash >= self.reserve)
        self.pay(sender, self.reserve)
        self.reserve = 0

    # Borrowers

    def open(self, sender: Account, pledged: int, assets: int) -> None:
        """Open a loan, one for each borrower."""
        self.accrue()
        require(sender not in self.loans and pledged <= self.eth[sender])
        self.loans[sender] = Loan(pledged, 0)
        self.lend(sender, assets)
        self.eth[sender] -= pledged

    def borrow(self, sender: Account, borrower: Account, assets: int) -> None:
        """ACC-1: the borrower alone borrows."""
        require(sender == borrower and borrower in self.loans)
        self.accrue()
        self.lend(borrower, assets)

    def addCollateral(self, sender: Account, borrower: Account, assets: int) -> None:
        """EXI-2: anyone adds collateral."""
        require(borrower in self.loans and 0 < assets <= self.eth[sender])
        loan = self.loans[borrower]
        self.loans[borrower] = replace(loan, collateral=loan.collateral + assets)
        self.eth[sender] -= assets

    def removeCollateral(self, sender: Account, borrower: Account, assets: int) -> None:
        """MAR-2: a loan keeps its collateral."""
        require(sender == borrower and borrower in self.loans)
        self.accrue()
        loan = self.loans[borrower]
        require(0 < assets <= loan.collateral)
        self.loans[borrower] = replace(loan, collateral=loan.collateral - assets)
        self.require_within(borrower, MAX_LTV)
        self.eth[borrower] += assets

    def repay(self, sender: Account, borrower: Account, shares: int) -> None:
        """LEN-4: a part of the debt is paid rounded up."""
        require(sender == borrower and borrower in self.loans)
        self.accrue()
        loan = self.loans[borrower]
        require(0 < shares < loan.shares)
        paid = self.debt(shares)
        self.loans[borrower] = replace(loan, shares=loan.shares - shares)
        self.take_off(shares, paid)
        require(self.debt(loan.shares - shares) >= MIN_DEBT)
        self.require_within(borrower, LIQUIDATION_LTV)
        self.take(borrower, paid)

    def close(self, sender: Account, borrower: Account) -> None:
        """EXI-1, VAL-2: who owes can pay, at any price, and gets all collateral back."""
        require(sender == borrower and borrower in self.loans)
        self.accrue()
        loan = self.loans.pop(borrower)
        paid = self.debt(loan.shares)
        self.take_off(loan.shares, paid)
        self.take(borrower, paid)
        self.eth[borrower] += loan.collateral

    def liquidate(self, sender: Account, borrower: Account) -> None:
        """LIQ-1 to LIQ-5, LPS-1: the reserve pays what collateral can't, then lenders."""
        require(borrower in self.loans)
        self.accrue()
        loan = self.loans[borrower]
        owed, worth = self.debt(loan.shares), self.worth(loan.collateral)
        require(owed > worth * LIQUIDATION_LTV // PPM)
        paid, seized = worth * PPM // WITH_BONUS, loan.collateral
        if owed <= paid:
            paid, seized = owed, loan.collateral * owed * WITH_BONUS // (worth * PPM)
        del self.loans[borrower]
        self.take_off(loan.shares, owed)
        from_reserve = min(owed - paid, self.reserve)
        self.reserve -= from_reserve
        self.supplied -= owed - paid - from_reserve
        self.take(sender, paid)
        self.eth[sender] += seized
        self.eth[borrower] += loan.collateral - seized

    # Parts

    def accrue(self, _: Account | None = None) -> None:
        """CAR-1: interest is what use and time make it."""
        elapsed, self.accrued_at = self.now - self.accrued_at, self.now
        if self.borrowed == 0:
            return
        use = min(WAD, self.borrowed * WAD // self.supplied) if self.supplied else WAD
        interest = self.borrowed * (use * SLOPE // WAD) * elapsed // WAD
        if use > KINK:
            interest += self.borrowed * ((use - KINK) * STEEP_SLOPE // WAD) * elapsed // WAD
        cut = interest * RESERVE_CUT // PPM
        self.borrowed += interest
        self.reserve += cut
        self.supplied += interest - cut

    def lend(self, borrower: Account, assets: int) -> None:
        """MAR-1, MAR-3: a loan has its collateral, and is not too small."""
        require(0 < assets <= self.idle())
        shares = up(assets * self.total_debt_shares, self.borrowed) if self.borrowed else assets
        self.borrowed += assets
        self.total_debt_shares += shares
        loan = self.loans[borrower]
        self.loans[borrower] = replace(loan, shares=loan.shares + shares)
        require(self.debt(loan.shares + shares) >= MIN_DEBT)
        self.require_within(borrower, MAX_LTV)
        self.pay(borrower, assets)

    def take_off(self, shares: int, assets: int) -> None:
        """Take a debt off the totals."""
        self.borrowed -= assets
        self.total_debt_shares -= shares

    def take(self, sender: Account, assets: int) -> None:
        """Have an account pay."""
        require(0 <= assets <= self.usd[sender])
        self.usd[sender] -= assets
        self.cash += assets

    def pay(self, receiver: Account, assets: int) -> None:
        """Pay an account."""
        self.usd[receiver] += assets
        self.cash -= assets

    # Values

    def require_within(self, borrower: Account, ltv: int) -> None:
        """Go on if a loan is worth no more than a share of its collateral; raises Refused."""
        loan = self.loans[borrower]
        require(self.debt(loan.shares) <= self.worth(loan.collateral) * ltv // PPM)

    def debt(self, shares: int) -> int:
        """Return what shares of the debt come to, rounded up."""
        return up(shares * self.borrowed, self.total_debt_shares) if self.total_debt_shares else 0

    def worth(self, pledged: int) -> int:
        """Return the worth of collateral, rounded down."""
        return pledged * self.price // PRICE_SCALE

    def idle(self) -> int:
        """Return what can be lent or paid out."""
        return max(0, self.cash - self.reserve)
