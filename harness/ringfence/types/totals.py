"""The totals that properties know by their names: what a vault keeps beside its positions and accounts."""

from enum import StrEnum


class Total(StrEnum):
    """The key of a total in ``VaultState.totals``; ``meaning`` says what it is, in raw units.

    A vault that shows it is held to the properties that need it.
    """

    meaning: str

    def __new__(cls, key: str, meaning: str) -> "Total":
        """Make a key with its meaning."""
        member = str.__new__(cls, key)
        member._value_ = key
        member.meaning = meaning
        return member

    VAULT_TOKENS = "vault_tokens", "the collateral that the vault holds"
    POOL_TOKENS = "pool_tokens", "the collateral of a pool that is apart from the vault"
    INSURANCE = "insurance", "what of the vault's collateral is an insurance fund's"
    LIQUIDITY = "liquidity", "what of the vault's collateral is the other side's of all positions"
    PENDING = "pending", "what of the vault's collateral waits for orders to be executed"
    BAD_DEBT = "bad_debt", "losses that the vault has booked and nobody has paid yet"
    LONG_SIZE = "long_size", "the sum of the sizes of all longs"
    SHORT_SIZE = "short_size", "the sum of the sizes of all shorts, positive"
    LONG_QUOTE = "long_quote", "the sum of the quotes of all longs"
    SHORT_QUOTE = "short_quote", "the sum of the quotes of all shorts"
    LONG_MARGIN = "long_margin", "the sum of the margins of all longs"
    SHORT_MARGIN = "short_margin", "the sum of the margins of all shorts"
    LONG_BASIS = "long_basis", "the sum of all longs' sizes times the carry index at which each was settled"
    SHORT_BASIS = "short_basis", "the same of all shorts, their sizes positive"
    CARRY_LONG = "carry_long", "what a unit of the long side has paid so far, by an index"
    CARRY_SHORT = "carry_short", "what a unit of the short side has paid so far, by an index"
    CARRY_PRICE = "last_price", "the price that carry accrues at, from the last accrual to the next"
    LAST_ACCRUAL = "last_accrual", "when carry was last accrued, a timestamp in seconds"
    DEAD_SINCE = (
        "dead_since",
        "since when the feed is reported dead, a timestamp in seconds; 0 while it isn't",
    )
    SETTLED = "settled", "1 once the market has one price for ever, since its feed is dead"
    TOTAL_OWED = "total_owed", "the sum of what accounts are owed"
    POOL_SHARES = "pool_shares", "the shares of the pool that are out"
    LENT_TOKENS = "lent_tokens", "the lent token that a market holds"
    BORROWED = "borrowed", "the debt of all positions, as last accrued, in the lent token"
    SUPPLIED = "supplied", "what is owed to lenders, in the lent token"
    SUPPLY_SHARES = "supply_shares", "the shares that lenders have of it"
    RESERVE = "reserve", "what of the lent token is kept for bad debt"
