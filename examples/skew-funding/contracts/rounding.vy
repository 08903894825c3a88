# pragma version ~=0.4.3
# @license MIT
# @title Division that rounds to the side that is asked for.

PPM: constant(uint256) = 10**6

@pure
@internal
def _up(amount: int256, divisor: int256) -> int256:
    rounded: int256 = amount // divisor # to zero
    return rounded + 1 if amount % divisor > 0 else rounded

@pure
@internal
def _down(amount: int256, divisor: int256) -> int256:
    rounded: int256 = amount // divisor # to zero
    return rounded - 1 if amount % divisor < 0 else rounded

@pure
@internal
def _divided(amount: uint256, divisor: uint256, is_rounded_up: bool) -> uint256:
    return (amount + divisor - 1) // divisor if is_rounded_up else amount // divisor

@pure
@internal
def _share(assets: uint256, ppm: uint256) -> uint256:
    return self._divided(assets * ppm, PPM, True)
