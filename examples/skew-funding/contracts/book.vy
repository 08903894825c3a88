# pragma version ~=0.4.3
# @license MIT
# @title Positions, and what they are worth.
# @dev A position keeps what its size has cost and its size times the index then; both add up, so nothing is averaged.
#      It earns as much as it has cost at most, which is reserved.

import funding
import rounding

uses: funding

struct Position:
    owner: address
    size: int256 # units, 18 decimals, negative for a short
    margin: uint256 # assets
    cost: uint256 # assets
    entry: int256 # size times index

VALUE_SCALE: constant(uint256) = 10**20 # from a size times a price to assets
MAX_SIZE: constant(uint256) = 10**24

positions: public(HashMap[uint256, Position])

@view
@internal
def _equity(held: Position, price: uint256) -> int256:
    return convert(held.margin, int256) + self._gain(held, price)

@view
@internal
def _gain(held: Position, price: uint256) -> int256:
    """
    @notice Returns what a position has earned less the funding that it owes; rounded down, at most its cost.
    """
    cost: int256 = convert(held.cost, int256)
    value: int256 = convert(self._value(held.size, price, held.size < 0), int256)
    earned: int256 = value - cost if held.size > 0 else cost - value
    return min(earned - funding._owed(held.size, held.entry), cost)

@pure
@internal
def _part(held: Position, size: uint256) -> Position:
    """
    @notice Returns what a part of a position's size has cost, without margin; a long's part rounded up.
    """
    whole: uint256 = self._magnitude(held.size)
    cost: uint256 = held.cost * size
    return Position(
        owner=held.owner,
        size=self._signed(size, held.size > 0),
        margin=0,
        cost=rounding._divided(cost, whole, held.size > 0),
        entry=rounding._down(held.entry * convert(size, int256), convert(whole, int256)),
    )

@pure
@internal
def _value(size: int256, price: uint256, is_rounded_up: bool) -> uint256:
    return rounding._divided(self._magnitude(size) * price, VALUE_SCALE, is_rounded_up)

@pure
@internal
def _signed(size: uint256, is_long: bool) -> int256:
    assert size <= MAX_SIZE, "bad size"
    return convert(size, int256) if is_long else -convert(size, int256)

@pure
@internal
def _magnitude(size: int256) -> uint256:
    return convert(abs(size), uint256)

@view
@internal
def _owned(id: uint256) -> Position:
    held: Position = self._existing(id)
    assert held.owner == msg.sender, "not the owner"
    return held

@view
@internal
def _existing(id: uint256) -> Position:
    held: Position = self.positions[id]
    assert held.size != 0, "no position"
    return held
