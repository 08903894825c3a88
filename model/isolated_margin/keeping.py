"""What anybody may do to a position that the rules have given up: liquidate and deleverage."""

from isolated_margin.applying import Applying, to_pool
from isolated_margin.carry import Carry
from isolated_margin.deleverage import deleverage
from isolated_margin.events import Deleveraged, DeleverageResult, Liquidated, Liquidation
from isolated_margin.liquidation import liquidate
from isolated_margin.margin import Position


class Keeping(Applying):
    """The functions of keepers: never paused, they need only a live price or a settled market."""

    __slots__ = ()

    def liquidate(self, caller: str, position_id: int) -> Liquidation:
        """Close as much of a position as brings it back to its target; the caller gets the reward.

        In a settled market all of any position, without fee or reward.

        Raises:
            NotAnInteger, OutOfDomain: ``position_id`` is no ``uint256``.
            NoPosition: there is no such position.
            InvalidPrice, StalePrice: there is no live price.
            NotLiquidatable: it meets its maintenance margin.
        """
        position = self.live_position(position_id)
        price_wad = self.price_wad()
        carry, free = self.accrued(price_wad), self.free()
        settled = self.settled(position, carry)
        sizes = self.book.sizes(position.size)
        new, moved = liquidate(
            settled, price_wad, self.scale, self.terms, free, self.insurance, sizes, is_final=self.is_settled
        )

        owner = position.owner
        self._store_carry(carry)
        self._store_position(position_id, position, new)
        self.insurance += moved.to_insurance - moved.reward_from_insurance - moved.covered
        self._owe(owner, moved.fill.owed)
        self._keep_for(owner, moved.to_claimable)
        self._pay_out(position.size, moved.to_claimable)
        self._emit(Liquidated(position_id, owner, caller, new, price_wad, moved))
        self._transfer_last(to_pool(moved.fill) + moved.covered)
        self._push(caller, moved.reward_from_margin + moved.reward_from_insurance)
        return moved

    def deleverage(self, caller: str, position_id: int) -> DeleverageResult:
        """Close what its side's round takes of a profitable position; the caller gets the reward.

        Raises:
            NotAnInteger, OutOfDomain: ``position_id`` is no ``uint256``.
            NoPosition: there is no such position.
            MarketSettled: everything is liquidated.
            InvalidPrice, StalePrice: there is no live price.
            DeleverageNotNeeded: the pool can carry the side, or is not yet so small that it is due.
            NotProfitable: the position has no profit.
            AlreadyDeleveraged: it has lost its share in this round, or something in this second.
            PoolEmpty: the pool has nothing to pay with.
        """
        position = self.live_position(position_id)
        self._check_unsettled()
        price_wad = self.price_wad()
        carry = self.accrued(price_wad)
        new, moved = self.deleveraged(position_id, carry, price_wad)

        owner = position.owner
        self._store_carry(carry)
        self._store_position(position_id, position, new)
        self.book = self.book.deleveraged(position.size, moved.round)
        self._owe(owner, moved.fill.owed)
        self._keep_for(owner, moved.to_claimable)
        self._pay_out(position.size, moved.to_claimable)
        self._emit(Deleveraged(position_id, owner, caller, new, price_wad, moved))
        self._transfer_pool(to_pool(moved.fill))
        self._push(caller, moved.reward)
        return moved

    def deleveraged(
        self, position_id: int, carry: Carry, price_wad: int
    ) -> tuple[Position, DeleverageResult]:
        """Return a position as ``deleverage`` would leave it at a price and carry of now, and what would
        move; raises as it does, the price errors apart.
        """
        position = self.live_position(position_id)
        settled = self.settled(position, carry)
        book = self.book.replaced(position, settled)  # settling may cost a unit of rounding
        nav = self.room(position.size, book, carry, price_wad).nav
        return deleverage(
            position_id,
            settled,
            book.side_of(position.size),
            nav,
            self.free(),
            price_wad,
            self.scale,
            self.parameters,
            carry.last_accrual,
        )

    def _keep_for(self, account: str, assets: int) -> None:
        if assets:
            self._claimable[account] = self.claimable(account) + assets
