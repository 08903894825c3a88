"""What a trader does with a position: open, increase, decrease, close, add and remove margin."""

from dataclasses import replace

from isolated_margin import trade
from isolated_margin.applying import Applying, to_pool
from isolated_margin.arguments import check_amount, check_maximum, check_opening
from isolated_margin.carry import Carry
from isolated_margin.errors import InsufficientMargin, InvalidSize, MarketPaused, WrongOwner
from isolated_margin.events import Decreased, DecreaseResult, Increased, MarginAdded, MarginRemoved, Opened
from isolated_margin.fixed import int256, uint256
from isolated_margin.margin import EMPTY, Position, notional
from isolated_margin.permission import DECREASE, INCREASE, REMOVE
from isolated_margin.pool import VAULT


class Trading(Applying):
    """The functions of a position's owner and operators; anybody opens and adds margin.

    Sizes are in size units, margin and assets in raw token units, prices scaled by WAD, deadlines
    in seconds. All raise NotAnInteger and OutOfDomain before anything else.
    """

    __slots__ = ()

    def open(self, caller: str, size: int, margin: int, limit_price_wad: int, deadline: int) -> int:
        """Open a position of a signed ``size`` for the caller, who pays ``margin``; return its id.

        Raises:
            MarketSettled, MarketPaused: no new risk is taken.
            Expired: the deadline has passed.
            ZeroSize, InvalidSize, AmountTooLarge: an argument is out of bounds.
            InvalidPrice, StalePrice: there is no live price.
            PriceLimit: it is worse than the limit.
            OpenInterestExceeded, InsufficientLiquidity: the side would be too large.
            PositionTooSmall, InsufficientMargin, BelowInitialMargin: the position would be unsound.
            ERC20InsufficientAllowance, ERC20InsufficientBalance: the token refuses.
        """
        int256(size), uint256(margin), uint256(limit_price_wad), uint256(deadline)
        return self._open(caller, size, margin, limit_price_wad, deadline, has_permit=False)

    def open_with_permit(
        self,
        caller: str,
        size: int,
        margin: int,
        limit_price_wad: int,
        deadline: int,
        signer: str | None,
    ) -> int:
        """Open as ``open`` does, after the token's permit of exactly ``margin`` to the vault.

        ``signer`` is who really signed that permit, with the same deadline and the caller's next
        nonce; a permit that is not the caller's fails and is ignored. Raises as ``open``.
        """
        int256(size), uint256(margin), uint256(limit_price_wad), uint256(deadline)
        return self._open(caller, size, margin, limit_price_wad, deadline, has_permit=signer == caller)

    def increase(
        self,
        caller: str,
        position_id: int,
        size_delta: int,
        margin: int,
        limit_price_wad: int,
        deadline: int,
    ) -> None:
        """Add ``size_delta`` to a position on its own side; the caller pays ``margin``, or nothing.

        Raises:
            NoPosition, NotAuthorised: there is no such position of the caller's.
            MarketSettled, MarketPaused: no new risk is taken.
            Expired: the deadline has passed.
            ZeroSize, InvalidSize, AmountTooLarge: an argument, or the margin it makes, is out of bounds.
            InvalidPrice, StalePrice: there is no live price.
            PriceLimit: it is worse than the limit.
            OpenInterestExceeded, InsufficientLiquidity: the side would be too large.
            PositionTooSmall, InsufficientMargin, BelowInitialMargin: the whole would be unsound.
            ERC20InsufficientAllowance, ERC20InsufficientBalance: the token refuses.
        """
        uint256(size_delta), uint256(margin), uint256(limit_price_wad), uint256(deadline)
        position = self._own_position(caller, position_id, INCREASE)
        self._check_opening(size_delta, margin, deadline)
        check_maximum(position.margin + margin)
        is_buying = position.size > 0
        price_wad = self._limited_price(limit_price_wad, is_buying)
        carry = self.accrued(price_wad)
        size = size_delta if is_buying else -size_delta
        new, fee, fresh = self._bought(position, size, margin, carry, price_wad)
        self._check_pull(caller, margin)

        self._store_carry(carry)
        self._store_position(position_id, position, new)
        self._freshen(size, fresh)
        self.insurance += fee.to_insurance
        fees = fee.to_pool, fee.to_insurance
        event = Increased(position_id, new.owner, new, size_delta, margin, price_wad, *fees, fresh)
        self._emit(event)
        self._pull(caller, margin)
        self._transfer_pool(fee.to_pool)

    def decrease(
        self, caller: str, position_id: int, size_delta: int, limit_price_wad: int, deadline: int
    ) -> DecreaseResult:
        """Close ``size_delta`` of a position; return what moved. Never paused.

        Raises:
            NoPosition, NotAuthorised: there is no such position of the caller's.
            MarketSettled: only all of it can be closed.
            Expired: the deadline has passed.
            InvalidSize: ``size_delta`` is zero or more than the position holds.
            InvalidPrice, StalePrice: there is no live price.
            PriceLimit: it is worse than the limit.
            Bankrupt: the position cannot pay its loss.
            PositionTooSmall, Liquidatable: what would stay would be unsound.
        """
        uint256(size_delta), uint256(limit_price_wad), uint256(deadline)
        position = self._own_position(caller, position_id, DECREASE)
        return self._decrease(position_id, position, size_delta, limit_price_wad, deadline)

    def close(self, caller: str, position_id: int, limit_price_wad: int, deadline: int) -> DecreaseResult:
        """Close all of a position and pay its margin to the owner, in a settled market free of fee; raises as
        ``decrease``.
        """
        uint256(limit_price_wad), uint256(deadline)
        position = self._own_position(caller, position_id, DECREASE)
        return self._decrease(position_id, position, abs(position.size), limit_price_wad, deadline)

    def add_margin(self, caller: str, position_id: int, assets: int, owner: str) -> None:
        """Add ``assets``, pulled from any caller, to a position of ``owner``. No price; never paused.

        Raises:
            NoPosition: there is no such position.
            WrongOwner: it is somebody else's.
            ZeroAmount, AmountTooLarge: the amount, or the margin it makes, is out of bounds.
            ERC20InsufficientAllowance, ERC20InsufficientBalance: the token refuses.
        """
        uint256(assets)
        position = self.live_position(position_id)
        if position.owner != owner:
            raise WrongOwner(position_id, position.owner)
        check_amount(assets)
        margin = position.margin + assets
        check_maximum(margin)
        self._check_pull(caller, assets)

        new = replace(position, margin=margin)
        self._store_position(position_id, position, new)
        self._freshen(position.size, assets)
        self._emit(MarginAdded(position_id, owner, caller, new, assets))
        self._pull(caller, assets)

    def remove_margin(self, caller: str, position_id: int, assets: int) -> None:
        """Send ``assets`` of a position's margin to its owner.

        Raises:
            NoPosition, NotAuthorised: there is no such position of the caller's.
            MarketSettled: only all of a position can be closed.
            ZeroAmount, AmountTooLarge: the amount is out of bounds.
            InvalidPrice, StalePrice: there is no live price.
            InsufficientMargin: the position holds less.
            BelowInitialMargin: what would stay does not back the position.
        """
        uint256(assets)
        position = self._own_position(caller, position_id, REMOVE)
        self._check_unsettled()
        check_amount(assets)
        price_wad = self.price_wad()
        carry = self.accrued(price_wad)
        new = self._relieved(self.settled(position, carry), assets, price_wad)

        self._store_carry(carry)
        self._store_position(position_id, position, new)
        self._pay_out(position.size, assets)
        self._emit(MarginRemoved(position_id, new.owner, new, price_wad, assets))
        self._push(new.owner, assets)

    def _open(
        self, caller: str, size: int, margin: int, limit_price_wad: int, deadline: int, has_permit: bool
    ) -> int:
        self._check_opening(size, margin, deadline)
        price_wad = self._limited_price(limit_price_wad, is_buying=size > 0)
        carry = self.accrued(price_wad)
        nothing = Position(caller, size=0, margin=0, carry_entry=carry.index_of(size), quote=0)
        new, fee, fresh = self._bought(nothing, size, margin, carry, price_wad)
        if has_permit:
            self.token.check_transfer(caller, VAULT, margin)
            self.token.permit(caller, VAULT, margin)
        else:
            self._check_pull(caller, margin)

        self._store_carry(carry)
        position_id = self.next_id
        self.next_id = position_id + 1
        self._store_position(position_id, EMPTY, new)
        self._freshen(size, fresh)
        self.insurance += fee.to_insurance
        self._emit(Opened(position_id, caller, new, price_wad, fee.to_pool, fee.to_insurance, fresh))
        self._pull(caller, margin)
        self._transfer_pool(fee.to_pool)
        return position_id

    def _decrease(
        self, position_id: int, position: Position, size: int, limit_price_wad: int, deadline: int
    ) -> DecreaseResult:
        held = abs(position.size)
        if size < held:
            self._check_unsettled()
        self._check_deadline(deadline)
        if not 0 < size <= held:
            raise InvalidSize(size, held)
        price_wad = self._limited_price(limit_price_wad, is_buying=position.size < 0)
        carry, free = self.accrued(price_wad), self.free()
        settled = self.settled(position, carry)
        new, moved = trade.decrease(settled, size, price_wad, self.scale, self.terms, free)

        self._store_carry(carry)
        self._store_position(position_id, position, new)
        self._pay_out(position.size, moved.payout)
        self.insurance += moved.insurance_fee
        self._owe(position.owner, moved.fill.owed)
        self._emit(Decreased(position_id, position.owner, new, price_wad, moved))
        self._transfer_last(moved.pool_fee + to_pool(moved.fill))
        self._push(position.owner, moved.payout)
        return moved

    def _check_opening(self, size: int, margin: int, deadline: int) -> None:
        self._check_unsettled()
        if self.paused:
            raise MarketPaused
        self._check_deadline(deadline)
        check_opening(size, margin)

    def _bought(
        self, position: Position, size: int, margin: int, carry: Carry, price_wad: int
    ) -> tuple[Position, trade.Fee, int]:
        settled = self.settled(position, carry) if position.size else position
        book = self.book.replaced(position, settled)  # settling may cost a unit of rounding
        room = self.room(size, book, carry, price_wad)
        return trade.increase(settled, size, margin, price_wad, self.scale, self.parameters, room)

    def _relieved(self, position: Position, assets: int, price_wad: int) -> Position:
        margin = position.margin
        if assets > margin:
            raise InsufficientMargin(margin, assets)
        new = replace(position, margin=margin - assets)
        its_notional = notional(position.size, price_wad, self.scale)
        trade.check_backed(new, its_notional, price_wad, self.scale, self.parameters)
        return new
