"""Which kind of action a function is, by the words of its name."""

from typing import Final

from ringfence.types.kinds import Kind
from ringfence.vaults.draft.roles import Role
from ringfence.vaults.draft.signatures import AbiFunction
from ringfence.vaults.draft.synonyms import ASKS, CANCELS, OF_CLOSES, OF_OFFICERS, OF_OPENS, REPAYS, VERBS
from ringfence.vaults.draft.words import has, verb, words

IN_ASSETS: Final = (
    *(Kind.ADDS_MARGIN, Kind.REMOVES_MARGIN, Kind.PROVIDES, Kind.WITHDRAWS, Kind.DONATES),
    Kind.FUNDS_INSURANCE,
)
OF_A_POSITION: Final = (
    *(Kind.INCREASES, Kind.DECREASES, Kind.CLOSES, Kind.ADDS_MARGIN, Kind.REMOVES_MARGIN),
    *(Kind.LIQUIDATES, Kind.DELEVERAGES, Kind.EXECUTES),
)
WITH_AN_AMOUNT: Final = (Kind.OPENS, Kind.ADDS_MARGIN, Kind.REMOVES_MARGIN, Kind.PROVIDES, Kind.DONATES)


def kind_of(function: AbiFunction) -> Kind | None:
    """Return the kind that a function's name says; None for what officers set, and for no verb known."""
    name = words(function.name)
    without = name[1:] if len(name) > 1 and is_order(function) else name
    for first, *others in dict.fromkeys((without, name)) if name else ():
        for each in VERBS:
            if first in each.verbs and (not each.objects or each.objects & set(others)):
                return _checked(each.kind, function)
    return None


def is_for_officers(function: AbiFunction) -> bool:
    """Return whether a function's name says that it sets something, rather than being for everyone."""
    return verb(function.name) in {"", *OF_OFFICERS}


def is_order(function: AbiFunction) -> bool:
    """Return whether a function asks for something that is carried out later."""
    return verb(function.name) in ASKS


def is_of_opens(function: AbiFunction) -> bool:
    """Return whether a function's name says that it is for opens alone."""
    return has(function.name, OF_OPENS)


def is_of_closes(function: AbiFunction) -> bool:
    """Return whether a function's name says that it is for closes alone."""
    return has(function.name, OF_CLOSES)


def is_undoing(function: AbiFunction) -> bool:
    """Return whether a function takes an order back."""
    return verb(function.name) in CANCELS


def is_repaying(function: AbiFunction) -> bool:
    """Return whether a function pays a debt back."""
    return verb(function.name) in REPAYS


def _checked(kind: Kind, function: AbiFunction) -> Kind | None:
    """Return the kind if the function's parameters can be what it needs."""
    has_number = any(each.is_number and each.role is not Role.ID for each in function.inputs)
    if kind in WITH_AN_AMOUNT:
        is_struct = any(each.parts for each in function.inputs)
        return kind if has_number or is_struct or function.is_payable else None
    if kind is Kind.WITHDRAWS and not has_number:
        return Kind.CLAIMS
    if kind is Kind.EXECUTES and not function.has(Role.ID) and not function.has(Role.OWNER):
        return None
    return kind
