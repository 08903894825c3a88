"""What names mean: the words of Solidity and Vyper identifiers, and the synonyms by which they are known."""

import re
from enum import StrEnum
from typing import Final

PARTS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


class Role(StrEnum):
    """What a parameter of a function, or a field of a position, stands for."""

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


NUMBERS: Final = (
    (Role.DEADLINE, {"deadline", "expiry", "expiration", "until"}),
    (Role.LIMIT, {"limit", "acceptable", "worst", "slippage", "trigger"}),
    (Role.MINIMUM, {"min", "minimum", "least"}),
    (Role.MAXIMUM, {"max", "maximum", "most", "cap"}),
    (Role.LEVERAGE, {"leverage", "lev", "multiplier"}),
    (Role.ENTRY, {"entry", "average", "avg", "opened", "opening"}),
    (Role.PRICE, {"price", "answer", "rate", "quote", "px"}),
    (
        Role.MARGIN,
        {
            "margin",
            "collateral",
            "pledged",
            "pledge",
            "deposit",
            "stake",
            "ink",
            "equity",
            "principal",
            "escrow",
        },
    ),
    (
        Role.SIZE,
        {
            "size",
            "notional",
            "quantity",
            "qty",
            "exposure",
            "debt",
            "borrow",
            "borrowed",
            "loan",
            "art",
            "contracts",
        },
    ),
    (Role.SHARES, {"shares", "share", "lp"}),
    (Role.ID, {"id", "key", "index", "number", "nonce", "no", "order", "position", "ticket"}),
    (Role.TIME, {"time", "timestamp", "at", "updated", "since", "block"}),
)
OWNERS: Final = {
    *(
        "owner",
        "account",
        "trader",
        "user",
        "borrower",
        "holder",
        "behalf",
        "beneficiary",
        "depositor",
        "who",
    ),
    *("usr", "urn", "victim", "debtor", "client", "maker"),
}
RECEIVERS: Final = {"to", "receiver", "recipient", "dst", "dest"}
OFFICERS: Final = {
    *("owner", "admin", "governance", "governor", "treasury", "treasurer", "guardian", "keeper", "operator"),
    *(
        "manager",
        "deployer",
        "dao",
        "multisig",
        "team",
        "updater",
        "reporter",
        "signer",
        "authority",
        "collector",
    ),
    *("fee", "fees", "beneficiary", "minter", "pauser", "liquidator", "sequencer", "relayer"),
}
TOKENS: Final = {
    *(
        "token",
        "collateral",
        "asset",
        "currency",
        "underlying",
        "stable",
        "stablecoin",
        "coin",
        "erc20",
        "quote",
    ),
    *("usdc", "usdt", "usd", "dai", "weth", "eth", "wbtc", "btc", "erc", "base", "debt", "loan"),
}
DOLLARS: Final = {"usdc", "usdt", "usd", "stable", "stablecoin", "quote", "asset", "debt", "loan", "borrow"}
FEEDS: Final = {"oracle", "feed", "price", "aggregator", "prices", "chainlink"}
MARKETS: Final = {"market", "pair", "pool", "instrument", "symbol"}
NUMBERED: Final = {"id", "index", "key", "hash"}
LONG: Final = {"long", "side", "buy", "direction", "up", "bull"}
SHORT: Final = {"short", "sell", "down", "bear"}


def words(name: str) -> tuple[str, ...]:
    """Return the words of an identifier, in lower case: ``addMargin_`` are ``add`` and ``margin``."""
    return tuple(part.lower() for part in PARTS.findall(name))


def has(name: str, known: set[str]) -> bool:
    """Return whether a word of a name is one of these, also as the singular of a plural."""
    return any(word in known or word.removesuffix("s") in known for word in words(name))


def snake(name: str) -> str:
    """Return a name as Python spells it."""
    return "_".join(words(name)) or "it"


def role_of(name: str, type_: str, internal: str = "") -> Role:
    """Return what a parameter or field of a name and an ABI type stands for."""
    if type_ == "address":
        return _address_role(name, internal)
    if type_ == "bool" or internal.startswith("enum "):
        side = has(f"{name} {internal.removeprefix('enum ')}" if type_ != "bool" else name, LONG)
        return Role.SIDE if side else Role.SHORT if has(name, SHORT) else Role.UNKNOWN
    if (type_ == "bytes32" or type_.startswith("uint")) and has(name, MARKETS) and has(name, NUMBERED):
        return Role.MARKET
    if type_.startswith(("uint", "int")):
        return _number_role(name)
    return Role.ID if type_ == "bytes32" and has(name, {"id", "key", "hash"}) else Role.UNKNOWN


def _address_role(name: str, internal: str) -> Role:
    if internal.startswith("contract "):
        return Role.THING
    if has(name, OWNERS):
        return Role.OWNER
    return Role.TO if has(name, RECEIVERS) else Role.THING


def _number_role(name: str) -> Role:
    return next((role for role, known in NUMBERS if has(name, set(known))), Role.UNKNOWN)
