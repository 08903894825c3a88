# pragma version ~=0.4.3
# @license MIT
# @title The first price that is used in a block holds for all of it.

from interfaces import IPriceFeed

MAX_AGE: constant(uint256) = 3600 # seconds

FEED: immutable(IPriceFeed)
locked_price: public(uint256) # dollars, 8 decimals
locked_at: public(uint256) # the time of the block

@deploy
def __init__(feed: IPriceFeed):
    FEED = feed

@internal
def _current() -> uint256:
    if self.locked_at != block.timestamp:
        price: uint256 = 0
        pushed_at: uint256 = 0
        price, pushed_at = staticcall FEED.latest()
        assert block.timestamp <= pushed_at + MAX_AGE, "stale price"
        self.locked_price = price
        self.locked_at = block.timestamp
    return self.locked_price
