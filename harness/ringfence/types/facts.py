"""What a search knows of a vault that no model says."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount of its own that a vault's positions or accounts have, of a ``token``: a debt, say."""

    name: str
    token: str
    decimals: int


@dataclass(frozen=True, slots=True)
class Facts:
    """Where a search starts: the first price, and one ordinary trade.

    ``answer`` is the first price as an action of kind MOVES_PRICE takes it, with ``price_decimals``.
    ``size``, with 18 decimals, and ``margin``, in raw assets of ``decimals``, are an open that succeeds then.
    ``seconds`` are waits that matter to the vault: an execution delay, the age of a price; ``ages`` how old a
    price may be when it is set, for vaults whose price is set with its age. ``amounts`` declares those that
    positions and accounts have. ``prices`` are the lowest and the highest that a search moves the price to.
    ``execution_delay`` is how long after an order it can be executed, in seconds.

    With a ``block_time``, in seconds, a wait is as many whole blocks: for vaults that count blocks.
    ``blocks`` are waits of N blocks that matter to the vault. Without it each wait ends in the next block.
    """

    answer: int
    size: int
    margin: int
    decimals: int = 18
    price_decimals: int = 18
    seconds: tuple[int, ...] = (1, 60, 3_600)
    ages: tuple[int, ...] = (0,)
    amounts: tuple[Amount, ...] = ()
    prices: tuple[int, int] | None = None
    block_time: int = 0
    blocks: tuple[int, ...] = ()
    execution_delay: int = 0

    @property
    def waits(self) -> tuple[int, ...]:
        """Return the waits that matter to the vault, in seconds."""
        return (*self.seconds, *(number * self.block_time for number in self.blocks))
