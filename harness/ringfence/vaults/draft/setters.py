"""Which functions set a price, or the address of another contract, by the words of their names."""

from ringfence.vaults.draft.roles import Role
from ringfence.vaults.draft.signatures import AbiFunction, Contract, Param
from ringfence.vaults.draft.synonyms import FEEDS, LINKS, NOT_LINKS, NOT_PRICES, PRICE_VERBS, PRICES
from ringfence.vaults.draft.words import has, verb, words


def price_functions(contract: Contract) -> list[AbiFunction]:
    """Return the functions that set a price, the likeliest first."""
    found = [
        each
        for each in contract.functions.values()
        if not each.is_view and not contract.is_token and _sets_price(each, contract)
    ]
    return sorted(found, key=lambda each: len(each.inputs))


def price_of(function: AbiFunction) -> Param:
    """Return the number that is the price: the one called so, else the first."""
    numbers = _numbers(function)
    return next((each for each in numbers if each.role is Role.PRICE), numbers[0])


def addresses_of(function: AbiFunction) -> list[Param]:
    """Return the addresses that a function links its contract with; none if it is not for that."""
    is_link = not function.is_view and verb(function.name) in LINKS
    if not is_link or NOT_LINKS & set(words(function.name)[1:]):
        return []
    return [each for each in function.inputs if each.type == "address"]


def _sets_price(function: AbiFunction, contract: Contract) -> bool:
    if verb(function.name) not in PRICE_VERBS or not _numbers(function):
        return False
    name, price = words(function.name), price_of(function)
    is_said = name[-1] in PRICES or price.role is Role.PRICE or has(contract.name, FEEDS)
    return is_said and not NOT_PRICES & set(name[1:]) and not has(price.name, NOT_PRICES)


def _numbers(function: AbiFunction) -> list[Param]:
    return [each for each in function.inputs if each.is_number and each.role is not Role.MARKET]
