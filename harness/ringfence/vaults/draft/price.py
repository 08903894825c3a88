"""What sets the price: a function of a contract that was deployed, and with how many decimals."""

from collections.abc import Iterable, Iterator
from typing import Final

from ringfence.evm.artifacts import mock
from ringfence.types.kinds import Kind
from ringfence.types.roles import FEED, OWNER
from ringfence.vaults.draft.arguments import clamped
from ringfence.vaults.draft.deployer import Deployer
from ringfence.vaults.draft.drafted_action import DraftedAction
from ringfence.vaults.draft.setters import price_functions, price_of
from ringfence.vaults.draft.signatures import AbiFunction, Contract, Param
from ringfence.vaults.draft.synonyms import FEEDS, UPDATED
from ringfence.vaults.draft.wiring import PriceSetter, Wiring
from ringfence.vaults.draft.words import has

USUAL_DECIMALS: Final = {"int": (8, 18), "uint": (18, 8)}
RARE_DECIMALS: Final = (10, 6, 30, 2)
OTHER_SCALE: Final = 10**4  # of what is set beside a price


def find_price(deployer: Deployer) -> None:
    """Find what sets the price, and set the first one that is accepted."""
    wiring, stand_in = deployer.wiring, mock("SettableFeed")

    def likeliest(name: str) -> tuple[bool, bool, bool]:
        contract = wiring.named[name]
        return contract.artifact is stand_in, name != FEED, not has(contract.name, FEEDS)

    for name in sorted(wiring.named, key=likeliest):  # the stand-in is the last to try
        for function in price_functions(wiring.named[name]):
            wiring.price = _set(deployer, name, function)
            if wiring.price:
                wiring.setters.add((name, function.name))
                return
    wiring.remarks.append("nothing was found that sets a price")


def price_action(wiring: Wiring) -> Iterator[DraftedAction]:
    """Yield the action that sets the price, if anything does."""
    if wiring.price is None:
        return
    setter, contract = wiring.price, wiring.named[wiring.price.contract]
    function = contract.functions[setter.function]
    price = clamped("price", price_of(function))
    yield DraftedAction(
        method="set_price",
        kind=Kind.MOVES_PRICE,
        contract=setter.contract,
        function=function,
        account="rf.PriceSetter",
        parameters={"price": "rf.Price"},
        arguments=tuple(price if each == "price" else each for each in setter.arguments),
        reason=f"{contract.name}.{function.signature}",
    )


def _set(deployer: Deployer, name: str, function: AbiFunction) -> PriceSetter | None:
    """Return how the price is set, with the decimals that were accepted; None if none were."""
    price, contract = price_of(function), deployer.wiring.named[name]
    arguments = tuple(
        "price" if each is price else _beside(deployer, each, contract) for each in function.inputs
    )
    for decimals in _decimals(deployer, name, price):
        setter = PriceSetter(name, function.name, arguments, decimals)
        texts = (setter.text if each == "price" else each.replace("self.", "") for each in arguments)
        if deployer.wiring.call(OWNER, name, function.name, texts, "the first price"):
            return setter
    return None


def _beside(deployer: Deployer, param: Param, contract: Contract) -> str:
    if has(param.name, UPDATED):
        return "self.workspace.chain.timestamp"
    return deployer.value(param, contract, OTHER_SCALE)


def _decimals(deployer: Deployer, name: str, price: Param) -> Iterable[int]:
    """Return how many decimals the price may have, the likeliest first."""
    stated = deployer.wiring.ask(name, "decimals")
    first = (stated,) if isinstance(stated, int) else ()
    usual = USUAL_DECIMALS["int" if price.type.startswith("int") else "uint"]
    return dict.fromkeys((*first, *usual, *RARE_DECIMALS))
