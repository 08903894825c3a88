# pragma version ~=0.4.3
# @license MIT
# @title Perpetual positions against a pool, with funding by skew and one price in a block.

from ethereum.ercs import IERC20
from interfaces import IPriceFeed
import book
import fees
import funding
import pool
import price_lock
import rounding

initializes: book[funding := funding]
initializes: fees
initializes: funding
initializes: pool
initializes: price_lock

exports: (
    book.positions,
    fees.volume,
    funding.long_index,
    funding.short_index,
    funding.accrued_at,
    funding.long_size,
    funding.short_size,
    pool.provide,
    pool.withdraw,
    pool.liquidity,
    pool.reserved,
    pool.insurance,
    price_lock.locked_price,
    price_lock.locked_at,
)

PPM: constant(uint256) = 10**6
INITIAL_PPM: constant(uint256) = 100_000 # of a position's worth
MAINTENANCE_PPM: constant(uint256) = 50_000
INSURED_PPM: constant(uint256) = 200_000 # of the fees, to the insurance
PENALTY_PPM: constant(uint256) = 10_000 # of its cost, half to the liquidator, half to the insurance
LEAST_REWARD: constant(uint256) = 10**6 # out of the insurance, where the penalty gives less
MIN_COST: constant(uint256) = 10 * 10**6
MAX_COST: constant(uint256) = 200_000 * 10**6 # of one trade
MAX_ASSETS: constant(uint256) = 10**15

next_id: public(uint256)

@deploy
def __init__(token: IERC20, feed: IPriceFeed):
    pool.__init__(token)
    price_lock.__init__(feed)
    self.next_id = 1

# Trading

@external
def open(is_long: bool, size: uint256, margin: uint256) -> uint256:
    assert 0 < margin and margin <= MAX_ASSETS, "bad amount"
    id: uint256 = self.next_id
    self.next_id += 1
    held: book.Position = book.Position(owner=msg.sender, size=0, margin=margin, cost=0, entry=0)
    self._add(id, held, book._signed(size, is_long), self._sync())
    pool._take(msg.sender, margin)
    return id

@external
def increase(id: uint256, size: uint256):
    held: book.Position = book._owned(id)
    price: uint256 = self._sync()
    assert book._gain(held, price) < convert(held.cost, int256), "earns all it can"
    self._add(id, held, book._signed(size, held.size > 0), price)

@external
def decrease(id: uint256, size: uint256):
    held: book.Position = book._owned(id)
    assert 0 < size and size < book._magnitude(held.size), "bad size"
    price: uint256 = self._sync()
    part: book.Position = book._part(held, size)
    gain: int256 = book._gain(part, price)
    fee: uint256 = fees._fee(held.owner, book._value(part.size, price, True))
    margin: int256 = convert(held.margin, int256) + gain - convert(fee, int256)
    assert margin >= 0, "margin too low"
    held.size -= part.size
    held.margin = convert(margin, uint256)
    held.cost -= part.cost
    held.entry -= part.entry
    assert held.cost >= MIN_COST, "too small"
    book.positions[id] = held
    funding._reduce(part.size)
    pool._settle(-gain, part.cost)
    self._charge(fee)
    self._require_margin(held, price, MAINTENANCE_PPM)

@external
def close(id: uint256):
    held: book.Position = book._owned(id)
    price: uint256 = self._sync()
    equity: int256 = book._equity(held, price)
    assert equity >= 0, "insolvent"
    left: uint256 = convert(equity, uint256)
    fee: uint256 = min(left, fees._fee(held.owner, book._value(held.size, price, True)))
    self._remove(id, held, left)
    self._charge(fee)
    pool._pay(held.owner, left - fee)

# Margin and liquidation

@external
def add_margin(id: uint256, assets: uint256):
    assert 0 < assets and assets <= MAX_ASSETS, "bad amount"
    held: book.Position = book._existing(id)
    book.positions[id].margin = held.margin + assets
    pool._take(msg.sender, assets)

@external
def remove_margin(id: uint256, assets: uint256):
    held: book.Position = book._owned(id)
    assert 0 < assets and assets <= held.margin, "bad amount"
    held.margin -= assets
    book.positions[id] = held
    self._require_margin(held, self._sync(), INITIAL_PPM)
    pool._pay(msg.sender, assets)

@external
def liquidate(id: uint256):
    """
    @notice Close a position below its maintenance margin. The insurance pays what is missing of the reward, then of
            the loss; the rest of the loss is the pool's.
    """
    held: book.Position = book._existing(id)
    price: uint256 = self._sync()
    value: uint256 = book._value(held.size, price, True)
    equity: int256 = book._equity(held, price)
    assert equity < convert(rounding._share(value, MAINTENANCE_PPM), int256), "healthy"
    left: uint256 = convert(max(equity, 0), uint256)
    penalty: uint256 = min(left, rounding._share(held.cost, PENALTY_PPM))
    reward: uint256 = penalty // 2
    self._remove(id, held, left)
    pool._insure(penalty - reward)
    if reward < LEAST_REWARD:
        reward += pool._draw(LEAST_REWARD - reward)
    if equity < 0:
        pool._settle(convert(pool._draw(convert(-equity, uint256)), int256), 0)
    pool._pay(msg.sender, reward)
    pool._pay(held.owner, left - penalty)

# Views

@view
@external
def equity(id: uint256) -> int256:
    """
    @notice Returns a position's equity at the price and the indices that were used last.
    """
    return book._equity(book._existing(id), price_lock.locked_price)

# Inside

@internal
def _sync() -> uint256:
    """
    @notice Return the price of this block, after bringing the funding up to it.
    """
    price: uint256 = price_lock._current()
    funding._accrue(price)
    return price

@internal
def _add(id: uint256, before: book.Position, size: int256, price: uint256):
    cost: uint256 = book._value(size, price, size > 0)
    assert MIN_COST <= cost and cost <= MAX_COST, "bad size"
    fee: uint256 = fees._fee(before.owner, cost)
    assert before.margin >= fee, "margin too low"
    held: book.Position = before
    held.size += size
    held.margin -= fee
    held.cost += cost
    held.entry += funding._product(size)
    book.positions[id] = held
    fees._count(held.owner, cost)
    funding._resize(size)
    self._charge(fee)
    pool._reserve(cost)
    self._require_margin(held, price, INITIAL_PPM)

@internal
def _remove(id: uint256, held: book.Position, left: uint256):
    """
    @notice Forget a position. What its margin has more than is `left` of it is the pool's.
    """
    book.positions[id] = empty(book.Position)
    funding._reduce(held.size)
    pool._settle(convert(held.margin, int256) - convert(left, int256), held.cost)

@internal
def _charge(fee: uint256):
    insured: uint256 = fee * INSURED_PPM // PPM
    pool._insure(insured)
    pool._settle(convert(fee - insured, int256), 0)

@view
@internal
def _require_margin(held: book.Position, price: uint256, ppm: uint256):
    required: uint256 = rounding._share(book._value(held.size, price, True), ppm)
    assert book._equity(held, price) >= convert(required, int256), "margin too low"
