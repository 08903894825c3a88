"""How a vault's functions are applied: the checks, and the effects, that several of them share."""

from isolated_margin.carry import Carry
from isolated_margin.errors import Expired, MarketSettled, NotAuthorised, PriceLimit
from isolated_margin.events import Accrued, Fill, InsuranceReleased, LoggedEvent
from isolated_margin.margin import Position
from isolated_margin.pool import POOL, VAULT
from isolated_margin.vault_state import ReadOnlyVault


class Applying(ReadOnlyVault):
    """Every function of a vault checks everything first, the token's refusal included, and changes
    state only then: a refused call has changed nothing.
    """

    __slots__ = ()

    # Checks

    def _own_position(self, caller: str, position_id: int, needed: int) -> Position:
        """Return a position of the caller's, or of an owner who permits it what is ``needed``."""
        position = self.live_position(position_id)
        given = self.operators(position.owner, caller)
        if caller != position.owner and not given.allows(needed, self.clock.timestamp):
            raise NotAuthorised(caller, position_id)
        return position

    def _check_unsettled(self) -> None:
        if self.is_settled:
            raise MarketSettled

    def _check_deadline(self, deadline: int) -> None:
        if self.clock.timestamp > deadline:
            raise Expired(deadline, self.clock.timestamp)

    def _limited_price(self, limit_price_wad: int, is_buying: bool) -> int:
        price_wad = self.price_wad()
        if price_wad > limit_price_wad if is_buying else price_wad < limit_price_wad:
            raise PriceLimit(price_wad, limit_price_wad)
        return price_wad

    # Effects

    def _store_carry(self, carry: Carry) -> None:
        if carry is not self.carry:
            self.carry, self.dead_since = carry, 0
            self._emit(Accrued(carry.last_price, carry.carry_long, carry.carry_short))

    def _store_position(self, position_id: int, old: Position, new: Position) -> None:
        """Put ``new`` in the place of ``old``, or delete it when ``new`` is empty; ``book`` follows."""
        self.book = self.book.replaced(old, new)
        if new.size == 0:
            del self.positions[position_id]
        else:
            self.positions[position_id] = new

    def _freshen(self, size: int, assets: int) -> None:
        """Have ``assets`` that came into a side's margin count from the next second on."""
        self.book = self.book.freshened(size, assets, self.clock.timestamp)

    def _pay_out(self, size: int, assets: int) -> None:
        """Take ``assets`` that a side's margin pays out off what came in this second."""
        self.book = self.book.paid_out(size, assets, self.clock.timestamp)

    def _owe(self, account: str, assets: int) -> None:
        if assets:
            self._owed[account] = self.owed(account) + assets
            self.total_owed += assets

    def _emit(self, event: LoggedEvent) -> None:
        self._log.append((VAULT, event))

    def _check_pull(self, payer: str, assets: int) -> None:
        if assets > 0:
            self.token.check_transfer_from(VAULT, payer, VAULT, assets)

    def _pull(self, payer: str, assets: int) -> None:
        if assets > 0:
            self.token.transfer_from(VAULT, payer, VAULT, assets)

    def _push(self, receiver: str, assets: int) -> None:
        if assets > 0:
            self.token.transfer(VAULT, receiver, assets)

    def _transfer_last(self, assets: int) -> None:
        """Move the net as ``_transfer_pool``, and what insurance releases when a settled market's last
        position is gone: what the pool owes and has not after all else that moves.
        """
        released = 0
        if self.is_settled and self.book.is_empty:
            owing = max(0, self.total_owed - (self.pool.balance() + assets))
            released = min(self.insurance, owing)
        if released:
            self.insurance -= released
            self._emit(InsuranceReleased(released))
        self._transfer_pool(assets + released)

    def _transfer_pool(self, assets: int) -> None:
        """Move the net: from the vault to the pool when positive, from the pool when negative."""
        if assets < 0:
            self.pool.pay(VAULT, VAULT, -assets)
        elif assets > 0:
            self.token.transfer(VAULT, POOL, assets)


def to_pool(fill: Fill) -> int:
    """Return the assets that a fill moves from margin to the pool; negative from the pool."""
    return fill.paid if fill.realised < 0 else -fill.paid
