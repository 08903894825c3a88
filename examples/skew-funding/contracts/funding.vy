# pragma version ~=0.4.3
# @license MIT
# @title The larger side pays the smaller one by the skew between them, and what the smaller one can't take, the pool.
# @dev An index is what a unit of its side has paid since the start, in dollars with 18 decimals; it falls while that
#      side receives. Both are rounded against the trader.

import rounding

RATE: constant(int256) = 12 * 10**11 # of the price for each second, WAD, when there is one side alone; 10 % a day
WAD: constant(int256) = 10**18
PRICE_TO_WAD: constant(int256) = 10**10
INDEX_SCALE: constant(int256) = 10**30 # from a size times an index to assets

long_index: public(int256)
short_index: public(int256)
accrued_at: public(uint256)
long_size: public(int256) # units, 18 decimals
short_size: public(int256)

@internal
def _accrue(price: uint256):
    """
    @notice Move both indices to this time, at a price.
    """
    elapsed: int256 = convert(block.timestamp - self.accrued_at, int256)
    self.accrued_at = block.timestamp
    total: int256 = self.long_size + self.short_size
    if total > 0:
        paid: int256 = convert(price, int256) * PRICE_TO_WAD * RATE * elapsed * (self.long_size - self.short_size)
        self.long_index += rounding._up(paid, WAD * total)
        self.short_index += rounding._up(-paid, WAD * total)

@internal
def _resize(size: int256):
    """
    @notice Add a size to the open interest of a side, long when it is positive.
    """
    if size > 0:
        self.long_size += size
    else:
        self.short_size -= size

@internal
def _reduce(size: int256):
    if size > 0:
        self.long_size -= size
    else:
        self.short_size += size

@view
@internal
def _product(size: int256) -> int256:
    """
    @notice Returns a size times the index of its side: what it owes when it started at an index of zero.
    """
    return size * self.long_index if size > 0 else -size * self.short_index

@view
@internal
def _owed(size: int256, entry: int256) -> int256:
    """
    @notice Returns what a size has to pay, in assets, since its product was `entry`; negative when it receives.
    """
    return rounding._up(self._product(size) - entry, INDEX_SCALE)
