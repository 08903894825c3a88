# pragma version ~=0.4.3
# @license MIT
# @title The other side of every position: what one loses is its, what one earns is paid by it. And the insurance.

from ethereum.ercs import IERC20

MAX_ASSETS: constant(uint256) = 10**15
INSURANCE_TARGET: constant(uint256) = 8_000 * 10**6

TOKEN: immutable(IERC20)
BACKER: immutable(address)
liquidity: public(uint256)
reserved: public(uint256) # of the liquidity, for the most that positions may earn
insurance: public(uint256)

@deploy
def __init__(token: IERC20):
    TOKEN = token
    BACKER = msg.sender

@external
def provide(assets: uint256):
    assert 0 < assets and assets <= MAX_ASSETS, "bad amount"
    self.liquidity += assets
    self._take(msg.sender, assets)

@external
def withdraw(assets: uint256):
    assert msg.sender == BACKER, "not the backer"
    assert assets <= self.liquidity - self.reserved, "reserved"
    self.liquidity -= assets
    self._pay(msg.sender, assets)

@internal
def _reserve(assets: uint256):
    assert assets <= self.liquidity - self.reserved, "not enough liquidity"
    self.reserved += assets

@internal
def _settle(lost: int256, freed: uint256):
    """
    @notice Book what a position has lost, or has earned when it is negative: at most what was reserved for it.
    """
    self.reserved -= freed
    self.liquidity = convert(convert(self.liquidity, int256) + lost, uint256)

@internal
def _insure(assets: uint256):
    """
    @notice Add to the insurance; what it has beyond its target is the liquidity's.
    """
    insured: uint256 = min(assets, INSURANCE_TARGET - self.insurance)
    self.insurance += insured
    self.liquidity += assets - insured

@internal
def _draw(wanted: uint256) -> uint256:
    """
    @notice Take what is wanted out of the insurance, or what there is.
    """
    drawn: uint256 = min(wanted, self.insurance)
    self.insurance -= drawn
    return drawn

@internal
def _take(sender: address, assets: uint256):
    assert extcall TOKEN.transferFrom(sender, self, assets)

@internal
def _pay(to: address, assets: uint256):
    if assets > 0:
        assert extcall TOKEN.transfer(to, assets)
