"""What the chain says before anything is signed: what is there, what it costs, where it will be."""

from dataclasses import dataclass
from typing import Final

from isolated_margin.errors import InvalidPrice
from isolated_margin.price import to_price_wad
from ringfence.evm.abi import Refusals
from ringfence.evm.chains.base import Reverted
from ringfence.types.errors import RingfenceError
from ringfence.vaults.isolated_margin.market_file import MarketFile

from ringfence_operations.deploy.concerns import concerns
from ringfence_operations.deploy.steps import with_margin
from ringfence_operations.market.blueprint import Blueprint, create_address
from ringfence_operations.market.build import FACTORY, LENS, POOL, VAULT, build
from ringfence_operations.node.client import Node
from ringfence_operations.node.rpc import NodeRefused
from ringfence_operations.node.views import FEED, NAMES, TOKEN, Views

FACTORY_GAS: Final = 350_000  # what making the market through the factory costs on top of making the vault
HAND_OVER_GAS: Final = 60_000


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A transaction to come: what for, about how much gas, and the address that it makes or calls."""

    step: str
    gas: int
    address: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be sent, where the market would be, and what is questionable about it. ``price_wad`` is the
    feed's present price.
    """

    steps: tuple[PlannedStep, ...]
    factory: str
    lens: str
    vault: str
    pool: str
    price_wad: int
    concerns: tuple[str, ...]

    @property
    def gas(self) -> int:
        """Return about how much gas all of it needs."""
        return sum(step.gas for step in self.steps)

    def cost(self, fee: int) -> int:
        """Return the most that may be spent, in wei, at ``fee`` wei per gas."""
        return with_margin(self.gas) * fee


def check_surroundings(node: Node, market: MarketFile) -> int:
    """See that chain, token, feed and given contracts are what the file says; return the price in WAD.

    Raises:
        RingfenceError: they are not; the sentence names the line of the file.
    """
    if node.chain_id != market.chain_id:
        raise RingfenceError(
            f"{market.file.at('chain_id')}: chain_id is {market.chain_id}, and the node is of chain "
            f"{node.chain_id}"
        )
    _check_decimals(node, market, "collateral", TOKEN)
    _check_decimals(node, market, "feed", FEED)
    _check_given(node, market)
    return _price(node, market)


def make_plan(node: Node, market: MarketFile, deployer: str) -> Plan:
    """Return what a deployment would do; raises RingfenceError when the chain would refuse a part of it."""
    blueprint = Blueprint(market, deployer)
    price_wad = check_surroundings(node, market)
    nonce = node.nonce(deployer, "pending")
    steps = []
    factory, lens = market.factory, market.lens
    if factory is None:
        factory = create_address(deployer, nonce)
        nonce += 1
        steps.append(PlannedStep("factory", _gas(node, market, deployer, blueprint.factory_code), factory))
    if lens is None:
        lens = create_address(deployer, nonce)
        nonce += 1
        steps.append(PlannedStep("lens", _gas(node, market, deployer, blueprint.lens_code), lens))
    vault = blueprint.vault_at(factory)
    if node.code(vault):
        raise RingfenceError(
            f"{market.file.at('deployment', 'salt')}: this market exists already, at {vault}; "
            "choose another salt for another one"
        )
    steps.append(
        PlannedStep("market", FACTORY_GAS + _gas(node, market, deployer, blueprint.vault_code), vault)
    )
    if blueprint.hands_over:
        steps.append(PlannedStep("handover", HAND_OVER_GAS, vault))
    questions = concerns(market, price_wad) + _present_concerns(node, market)
    return Plan(tuple(steps), factory, lens, vault, blueprint.pool_at(vault), price_wad, questions)


def _check_decimals(node: Node, market: MarketFile, name: str, contract: str) -> None:
    stated = market.collateral if name == "collateral" else market.feed
    if not node.code(stated.address):
        raise RingfenceError(f"{market.file.at(name, 'address')}: there is no code at {stated.address}")
    try:
        found = Views(node).number(contract, stated.address, "decimals")
    except (Reverted, NodeRefused):  # it may also end in an invalid instruction
        raise RingfenceError(
            f"{market.file.at(name, 'address')}: {stated.address} does not answer decimals(); "
            f"it is no {'token' if name == 'collateral' else 'price feed'}"
        ) from None
    if found != stated.decimals:
        raise RingfenceError(
            f"{market.file.at(name, 'decimals')}: {name} decimals is {stated.decimals}, and "
            f"{stated.address} has {found}"
        )


def _check_given(node: Node, market: MarketFile) -> None:
    """See that a factory and a lens that exist already are ours; raises RingfenceError."""
    for key, address, contract in (("factory", market.factory, FACTORY), ("lens", market.lens, LENS)):
        if address is None:
            continue
        if not build(contract).is_code_of(node.code(address)):
            raise RingfenceError(
                f"{market.file.at('deployment', key)}: the code at {address} is not {contract}'s"
            )
    if market.factory is None:
        return
    for view, contract in (("vaultCodeHash", VAULT), ("poolCodeHash", POOL)):
        pinned = Views(node).ask(FACTORY, market.factory, view)
        assert isinstance(pinned, bytes)
        if "0x" + pinned.hex() != build(contract).creation_hash:
            raise RingfenceError(
                f"{market.file.at('deployment', 'factory')}: the factory makes another {contract} than the "
                "one that is compiled here"
            )


def _round(node: Node, market: MarketFile) -> tuple[int, int]:
    """Return the feed's latest answer and its time; raises RingfenceError when it is no price feed."""
    place, feed = market.file.at("feed", "address"), market.feed
    try:
        answer = Views(node).ask(FEED, feed.address, "latestRoundData")
    except (Reverted, NodeRefused):  # it may also end in an invalid instruction
        raise RingfenceError(
            f"{place}: {feed.address} does not answer latestRoundData(); it is no price feed"
        ) from None
    assert isinstance(answer, tuple)
    _, price, _, updated_at, _ = answer
    assert isinstance(price, int)
    assert isinstance(updated_at, int)
    return price, updated_at


def _price(node: Node, market: MarketFile) -> int:
    """Return the feed's price in WAD, however old; raises RingfenceError when it has none."""
    price, _ = _round(node, market)
    try:
        if price > 0:
            return to_price_wad(price, market.feed.decimals)
    except InvalidPrice:
        pass
    raise RingfenceError(
        f"{market.file.at('feed', 'address')}: the feed's answer is {price}, which is no price"
    )


def _present_concerns(node: Node, market: MarketFile) -> tuple[str, ...]:
    """Return what is questionable about the chain's present state."""
    found = []
    age = node.block().timestamp - _round(node, market)[1]
    if age > market.parameters.max_price_age:
        found.append(f"the feed's answer is {age} s old: until it answers again, the market stands still")
    if not node.code(market.owner):
        found.append("the owner is an account of a single key, no contract of several")
    return tuple(found)


def _gas(node: Node, market: MarketFile, deployer: str, code: bytes) -> int:
    """Return what creating a contract costs; raises RingfenceError when its constructor refuses."""
    try:
        return node.estimate_gas(deployer, None, code)
    except Reverted as refusal:
        refused = Refusals([build(name).abi for name in (FACTORY, VAULT, POOL)], NAMES).read(refusal.output)
        raise RingfenceError(
            f"{market.file.at('parameters')}: the chain refuses the market: {refused}"
        ) from None
