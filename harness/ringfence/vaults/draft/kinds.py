"""Which kind of action a function is, by the words of its name."""

from typing import Final, NamedTuple

from ringfence.types.kinds import Kind
from ringfence.vaults.draft.signatures import AbiFunction
from ringfence.vaults.draft.words import Role, words


class Synonyms(NamedTuple):
    """First words of a name; with ``objects`` another word must be one of these."""

    kind: Kind
    verbs: frozenset[str]
    objects: frozenset[str] = frozenset()


def _rule(kind: Kind, verbs: str, objects: str = "") -> Synonyms:
    return Synonyms(kind, frozenset(verbs.split()), frozenset(objects.split()))


MARGIN: Final = "margin collateral ink gem"
POSITIONS: Final = "position positions order trade loan vault trove cdp increase open entry"
RULES: Final = (  # the first that fits
    _rule(Kind.LIQUIDATES, "liquidate liquidation bite bark absorb seize liq"),
    _rule(Kind.DELEVERAGES, "deleverage adl autodeleverage"),
    _rule(Kind.EXECUTES, "execute fill keep process finalize finalise fulfill"),
    _rule(Kind.ADDS_MARGIN, "add deposit increase top supply post lock pledge provide fund put", MARGIN),
    _rule(Kind.REMOVES_MARGIN, "remove withdraw decrease reduce release take free unlock pull", MARGIN),
    _rule(Kind.CLOSES, "close exit unwind end terminate"),
    _rule(Kind.OPENS, "open enter long short trade"),
    _rule(Kind.OPENS, "create new mint start make place submit request take", POSITIONS),
    _rule(Kind.FUNDS_INSURANCE, "fund add deposit top donate", "insurance reserve"),
    _rule(Kind.INCREASES, "increase enlarge extend scale grow borrow draw generate"),
    _rule(Kind.DECREASES, "decrease reduce trim repay payback wipe partial partially"),
    _rule(Kind.PROVIDES, "provide supply lend stake join invest deposit"),
    _rule(Kind.PROVIDES, "add fund", "liquidity pool lp funds"),
    _rule(Kind.WITHDRAWS, "withdraw unsupply"),
    _rule(Kind.WITHDRAWS, "remove", "liquidity pool lp funds"),
    _rule(Kind.REDEEMS, "redeem unstake burn"),
    _rule(Kind.CLAIMS, "claim"),
    _rule(Kind.DONATES, "donate"),
    _rule(Kind.PAUSES, "pause"),
)
ASKS: Final = {
    "request",
    "create",
    "submit",
    "place",
    "queue",
    "order",
    "do",
    "market",
    "batch",
}  # before a verb
CANCELS: Final = {"cancel", "expire", "refund", "void"}
REPAYS: Final = {"repay", "payback", "wipe"}
OF_OFFICERS: Final = {
    *(
        "set",
        "update",
        "transfer",
        "renounce",
        "accept",
        "initialize",
        "initialise",
        "init",
        "upgrade",
        "unpause",
    ),
    *(
        "sweep",
        "rescue",
        "skim",
        "configure",
        "register",
        "whitelist",
        "grant",
        "revoke",
        "approve",
        "multicall",
    ),
    *("permit", "enable", "disable", "propose", "migrate", "uninitialized", "list", "delist", "mint", "on"),
}


def kind_of(function: AbiFunction) -> Kind | None:
    """Return the kind that a function's name says; None for what officers set, and for no verb known."""
    name = words(function.name)
    without = name[1:] if len(name) > 1 and name[0] in ASKS else name
    for parts in (without, name) if without != name else (name,):
        for rule in RULES:
            if parts and parts[0] in rule.verbs and (not rule.objects or rule.objects & set(parts[1:])):
                return _checked(rule.kind, function)
    return None


def is_for_officers(function: AbiFunction) -> bool:
    """Return whether a function's name says that it sets something, rather than being for everyone."""
    name = words(function.name)
    return not name or name[0] in OF_OFFICERS


def is_order(function: AbiFunction) -> bool:
    """Return whether a function asks for something that is carried out later."""
    name = words(function.name)
    return bool(name) and name[0] in ASKS


def is_undoing(function: AbiFunction) -> bool:
    """Return whether a function takes an order back."""
    return bool(CANCELS & set(words(function.name)[:1]))


def is_repaying(function: AbiFunction) -> bool:
    """Return whether a function pays a debt back."""
    return bool(REPAYS & set(words(function.name)[:1]))


def _checked(kind: Kind, function: AbiFunction) -> Kind | None:
    """Return the kind if the function's parameters can be what it needs."""
    has_number = any(each.is_number and each.role is not Role.ID for each in function.inputs)
    if kind in (Kind.OPENS, Kind.ADDS_MARGIN, Kind.REMOVES_MARGIN, Kind.PROVIDES, Kind.DONATES):
        return kind if has_number or any(each.parts for each in function.inputs) else None
    if kind is Kind.WITHDRAWS and not has_number:
        return Kind.CLAIMS
    if kind is Kind.EXECUTES and not function.has(Role.ID) and not function.has(Role.OWNER):
        return None
    return kind
