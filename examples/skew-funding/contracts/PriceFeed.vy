# pragma version ~=0.4.3
# @license MIT
# @title A price that one keeper pushes.

from interfaces import IPriceFeed

implements: IPriceFeed

MAX_PRICE: constant(uint256) = 10**14

KEEPER: immutable(address)
price: public(uint256) # dollars, 8 decimals
pushed_at: public(uint256)

@deploy
def __init__():
    KEEPER = msg.sender

@external
def push(price: uint256):
    assert msg.sender == KEEPER, "not the keeper"
    assert 0 < price and price <= MAX_PRICE, "bad price"
    self.price = price
    self.pushed_at = block.timestamp

@view
@external
def latest() -> (uint256, uint256):
    return self.price, self.pushed_at
