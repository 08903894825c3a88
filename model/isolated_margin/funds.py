"""Money that waits for its owner, and the insurance fund. No price; never paused."""

from isolated_margin.applying import Applying
from isolated_margin.arguments import check_amount, check_maximum
from isolated_margin.errors import InvalidReceiver, NothingOwed, NothingToClaim, PoolEmpty
from isolated_margin.events import Claimed, InsuranceFunded, OwedCollected
from isolated_margin.fixed import uint256
from isolated_margin.pool import POOL, VAULT


class Funds(Applying):
    """What anybody may take out that is theirs, or give."""

    __slots__ = ()

    def claim(self, caller: str, to: str) -> int:
        """Send to ``to`` all that forced closes left for the caller; return the assets.

        Raises:
            InvalidReceiver: ``to`` is the vault or its pool.
            NothingToClaim: there is nothing.
            ERC20InvalidReceiver: ``to`` is nobody.
        """
        if to in (VAULT, POOL):
            raise InvalidReceiver(to)
        assets = self.claimable(caller)
        if assets == 0:
            raise NothingToClaim(caller)
        self.token.check_transfer(VAULT, to, assets)

        del self._claimable[caller]
        self._emit(Claimed(caller, to, assets))
        self._push(to, assets)
        return assets

    def collect_owed(self, caller: str, account: str) -> int:
        """Have the pool pay the account, as far as it can, what it owes; return the assets.

        Raises:
            NothingOwed: it owes nothing.
            PoolEmpty: it has nothing.
        """
        owed, balance = self.owed(account), self.pool.balance()
        if owed == 0:
            raise NothingOwed(account)
        if balance == 0:
            raise PoolEmpty
        assets = min(owed, balance)

        self._owed[account] = owed - assets
        self.total_owed -= assets
        self._emit(OwedCollected(account, caller, assets))
        self.pool.pay(VAULT, account, assets)
        return assets

    def fund_insurance(self, caller: str, assets: int) -> None:
        """Give ``assets`` of the caller's to the insurance fund, for good.

        Raises:
            NotAnInteger, OutOfDomain: ``assets`` is no ``uint256``.
            MarketSettled: what is left of the fund would be nobody's.
            ZeroAmount, AmountTooLarge: the amount, or the fund it makes, is out of bounds.
            ERC20InsufficientAllowance, ERC20InsufficientBalance: the token refuses.
        """
        uint256(assets)
        self._check_unsettled()
        check_amount(assets)
        check_maximum(self.insurance + assets)
        self._check_pull(caller, assets)

        self.insurance += assets
        self._emit(InsuranceFunded(caller, assets))
        self._pull(caller, assets)
