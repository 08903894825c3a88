# pragma version ~=0.4.3
# @license MIT
# @title Trading fees, halved for an account that has opened enough.

import rounding

FEE_PPM: constant(uint256) = 1_000
DISCOUNTED_PPM: constant(uint256) = 500
DISCOUNT_VOLUME: constant(uint256) = 1_500_000 * 10**6

volume: public(HashMap[address, uint256]) # of what an account has opened, assets

@view
@internal
def _fee(account: address, worth: uint256) -> uint256:
    ppm: uint256 = FEE_PPM if self.volume[account] < DISCOUNT_VOLUME else DISCOUNTED_PPM
    return rounding._share(worth, ppm)

@internal
def _count(account: address, cost: uint256):
    """
    @notice Add to what an account has opened; what it closes is not counted, so that parts cost what the whole does.
    """
    self.volume[account] += cost
