# pragma version ^0.4.0

interface IERC20:
    def transfer(to: address, amount: uint256) -> bool: nonpayable
    def transferFrom(sender: address, to: address, amount: uint256) -> bool: nonpayable
    def balanceOf(owner: address) -> uint256: view

interface IFeed:
    def latestAnswer() -> int256: view

struct Position:
    owner: address
    is_long: bool
    size: uint256
    margin: uint256
    entry_price: uint256

token: public(immutable(IERC20))
price_feed: public(immutable(IFeed))
positions: public(HashMap[uint256, Position])
next_id: public(uint256)
liquidity: public(uint256)

@deploy
def __init__(collateral_token: address, price_feed_: address):
    token = IERC20(collateral_token)
    price_feed = IFeed(price_feed_)
    self.next_id = 1

@internal
@view
def _price() -> uint256:
    return convert(staticcall price_feed.latestAnswer(), uint256)

@internal
@view
def _equity(p: Position) -> int256:
    move: int256 = convert(self._price(), int256) - convert(p.entry_price, int256)
    pnl: int256 = convert(p.size, int256) * move // convert(p.entry_price, int256)
    if not p.is_long:
        pnl = -pnl
    return convert(p.margin, int256) + pnl

@external
def add_liquidity(amount: uint256):
    self.liquidity += amount
    assert extcall token.transferFrom(msg.sender, self, amount)

@external
def open_position(is_long: bool, size: uint256, margin: uint256) -> uint256:
    assert size > 0 and size <= 10 * margin and margin < 10**40, "margin"
    id: uint256 = self.next_id
    self.next_id = id + 1
    self.positions[id] = Position(owner=msg.sender, is_long=is_long, size=size, margin=margin, entry_price=self._price())
    assert extcall token.transferFrom(msg.sender, self, margin)
    return id

@external
def add_margin(id: uint256, amount: uint256):
    assert self.positions[id].size > 0 and amount < 10**40, "none"
    self.positions[id].margin += amount
    assert extcall token.transferFrom(msg.sender, self, amount)

@internal
def _settle(id: uint256):
    p: Position = self.positions[id]
    equity: int256 = self._equity(p)
    paid: uint256 = 0
    if equity > 0:
        paid = convert(equity, uint256)
    if paid > p.margin + self.liquidity:
        paid = p.margin + self.liquidity
    self.liquidity = self.liquidity + p.margin - paid
    self.positions[id] = empty(Position)
    assert extcall token.transfer(p.owner, paid)

@external
def close_position(id: uint256):
    assert self.positions[id].size > 0 and msg.sender == self.positions[id].owner, "owner"
    self._settle(id)

@external
def liquidate(id: uint256):
    p: Position = self.positions[id]
    assert p.size > 0, "none"
    assert self._equity(p) < convert(p.size // 20, int256), "healthy"
    self._settle(id)
