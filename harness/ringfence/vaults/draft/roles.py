"""What a parameter of a function, or a field of a position, may stand for."""

from enum import StrEnum


class Role(StrEnum):
    """A role; its text is what comments say of a field."""

    ID = "the position's own number or key"
    OWNER = "who the position belongs to"
    SIDE = "long or short"
    SHORT = "short or long"
    SIZE = "the size"
    MARGIN = "the margin"
    LEVERAGE = "the leverage"
    ENTRY = "the entry price"
    PRICE = "a price"
    LIMIT = "the worst price that is accepted"
    DEADLINE = "a time limit"
    MINIMUM = "a least amount"
    MAXIMUM = "a largest amount"
    SHARES = "shares"
    TO = "who receives"
    THING = "a contract"
    MARKET = "a market of the vault's, of which a draft has one"
    TIME = "a time"
    UNKNOWN = "not known"
