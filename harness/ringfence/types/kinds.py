"""What an action does, as far as properties care: what ties an adapter's own actions to them."""

from enum import StrEnum


class Kind(StrEnum):
    """A kind of action; ``NEEDS`` in ``actions`` says which parameters each must have."""

    OPENS = "opens a position"
    INCREASES = "trades more on a position's own side"
    DECREASES = "realises a part of a position"
    CLOSES = "realises all of a position"
    ADDS_MARGIN = "adds to a position's margin"
    REMOVES_MARGIN = "returns margin to a position's owner"
    LIQUIDATES = "reduces a position below maintenance margin"
    DELEVERAGES = "realises a winner's profit that could not be paid otherwise"
    TRANSFERS = "gives a position to another account"
    EXECUTES = "carries out what was asked for a position before"
    CLAIMS = "takes out what liquidations left to an account"
    COLLECTS = "has a delayed profit paid to an account"
    MOVES_PRICE = "makes the feed answer a price"
    BREAKS_FEED = "makes the feed revert, or answer again"
    PROVIDES = "brings assets to the pool, for shares"
    PROVIDES_SHARES = "buys a number of the pool's shares"
    WITHDRAWS = "takes an amount of assets out of the pool, for shares"
    REDEEMS = "gives back a number of the pool's shares"
    DONATES = "sends collateral outside of any function of the vault"
    FUNDS_INSURANCE = "gives to the insurance fund"
    PAUSES = "stops new risk"
    GRANTS = "allows or forbids an operator"
    GRANTS_SIGNED = "hands in a signed permission for an operator"
    FORBIDDEN = "is refused to every account"
    LEAVES_POSITIONS = "leaves every position as it was"
    OTHER = "none of these: only the vault's own properties look at it"
