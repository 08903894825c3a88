"""A market as people write it down before it is deployed: YAML with units, checked without a chain."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from eth_utils.address import is_checksum_address
from isolated_margin.errors import InvalidParameter
from isolated_margin.parameters import RiskParameters, Tier

from ringfence.types.spelling import snake
from ringfence.vaults.isolated_margin import units
from ringfence.vaults.isolated_margin.units import BadQuantity
from ringfence.vaults.isolated_margin.yaml_file import BadFile, Keys, YamlFile, read_yaml

NOBODY: Final = "0x" + 40 * "0"
NO_SALT: Final = "0x" + 64 * "0"
FIRST_EDITION: Final = "ringfence-market/1"  # of the rules
SECOND_EDITION: Final = "ringfence-market/2"
MOST_DECIMALS: Final[Mapping[str, int]] = MappingProxyType({"collateral": 18, "feed": 36})
ADDRESSES: Final[tuple[Keys, ...]] = (
    ("collateral", "address"),
    ("feed", "address"),
    ("roles", "owner"),
    ("roles", "guardian"),
    ("deployment", "factory"),
    ("deployment", "lens"),
)
OTHER_WORDS: Final = {"oi_scale": "open_interest_scale"}  # keys that are not the model's names
RULES: Final[Mapping[str, str]] = MappingProxyType(  # by the ABI's names
    {
        "tiers": "there have to be one to eight of them",
        "notionalFloor": "the first has to be 0 tokens, and each more than the last",
        "maintenanceRatePpm": "it has to be more than zero and never fall from tier to tier",
        "initialRatePpm": (
            "it has to be above the maintenance rate, at most 100 %, and never fall from tier to tier"
        ),
        "tradingFeePpm": "it has to be below the first initial rate",
        "insuranceSharePpm": "it has to be at most 100 %",
        "liquidationFeePpm": "it has to be below the first maintenance rate",
        "liquidatorSharePpm": "it has to be at most 100 %, and four rewards at most the first initial rate",
        "bufferPpm": "it has to be above zero and at most 100 %",
        "minNotional": "its maintenance margin has to be at least 1000 raw units of the collateral",
        "maxOpenInterest": "it has to be at most 1e15 base",
        "reservePpm": "it has to be above zero and at most 100,000 %",
        "oiScalePpm": "it has to be at most 100 %",
        "skewScale": "it has to be above zero and at most 1e15 base",
        "maxFundingRateWad": "it has to be at most 0.01 % per s",
        "borrowRateWad": "it has to be at most 0.01 % per s",
        "adlTriggerPpm": "it has to be above zero and below the target",
        "adlTargetPpm": "times reserve it has to be at most 100 %",
        "liquidityFeePpm": "it has to be at most 5 %",
        "maxPriceAge": "it has to be above zero and at most 7 d",
        "settleAfter": "it has to be at least 1 d and twice max_price_age, and below 2 ** 32 s",
    }
)


def key_of(name: str) -> str:
    """Return the file's key of a parameter that the ABI, or the model, calls so."""
    key = snake(name).removesuffix("_ppm").removesuffix("_wad")
    return OTHER_WORDS.get(key, key)


SHARES: Final = {
    key_of(each.name): each.name for each in fields(RiskParameters) if each.name.endswith("_ppm")
}


@dataclass(frozen=True, slots=True)
class Foreign:
    """A contract that the market was given: its token, its feed; ``decimals`` as of deployment."""

    address: str
    decimals: int


@dataclass(frozen=True, slots=True)
class MarketFile:
    """What is to be deployed. ``heartbeat`` is in seconds, ``planned_liquidity`` in assets; ``factory`` and
    ``lens`` are given when they exist already. ``file`` says where everything is written.

    ``usual_move_ppm`` is what the price moves within a heartbeat, ``expected_skew_ppm`` the difference of the
    sides' notionals as a share of the pool, ``gas_price`` what a keeper pays for a gas, in wei, and
    ``native_price`` what a whole native coin is worth, in assets.
    """

    file: YamlFile
    chain_id: int
    collateral: Foreign
    feed: Foreign
    heartbeat: int
    deviation_ppm: int
    usual_move_ppm: int
    owner: str
    guardian: str
    pool_name: str
    pool_symbol: str
    planned_liquidity: int
    expected_skew_ppm: int
    gas_price: int
    native_price: int
    salt: str
    factory: str | None
    lens: str | None
    parameters: RiskParameters


def read_market(path: Path) -> MarketFile:
    """Return the market in a file, as a vault would accept it.

    Raises:
        BadFile: it is no such file; a key is missing or unknown; a number has no unit or another one; an
            address has a wrong checksum; the vault's constructor would refuse the parameters; what a market
            is to be compared with can't be.
    """
    file = read_yaml(path)
    if isinstance(file.content, dict) and file.content.get("schema") == FIRST_EDITION:
        raise BadFile(
            f"{file.at('schema')}: this is a market of the first edition, {FIRST_EDITION}: write it as "
            f"examples/market.yaml is, by the terms of {SECOND_EDITION}"
        )
    file.obey(_schema())
    content = file.content
    _check_addresses(file)
    collateral, feed = _foreign(file, "collateral"), _foreign(file, "feed")
    parameters = _parameters(file, collateral)
    deployment = content.get("deployment", {})
    return MarketFile(
        file=file,
        chain_id=int(content["chain_id"]),
        collateral=collateral,
        feed=feed,
        heartbeat=_read(file, units.duration, "feed", "heartbeat"),
        deviation_ppm=_read(file, units.share, "feed", "deviation"),
        usual_move_ppm=_positive(file, units.share, "feed", "usual_move"),
        owner=content["roles"]["owner"],
        guardian=content["roles"]["guardian"],
        pool_name=content["pool"]["name"],
        pool_symbol=content["pool"]["symbol"],
        planned_liquidity=_read(file, _assets_of(collateral), "pool", "planned_liquidity"),
        expected_skew_ppm=_skew(file, parameters),
        gas_price=_positive(file, units.gas_price, "keeper", "gas_price"),
        native_price=_positive(file, _assets_of(collateral), "keeper", "native_price"),
        salt=deployment.get("salt", NO_SALT).lower(),
        factory=deployment.get("factory"),
        lens=deployment.get("lens"),
        parameters=parameters,
    )


def _foreign(file: YamlFile, name: str) -> Foreign:
    """Return the token or the feed; raises BadFile."""
    given = file.content[name]
    decimals = int(given["decimals"])
    if decimals > MOST_DECIMALS[name]:
        most = MOST_DECIMALS[name]
        raise BadFile(
            f"{file.at(name, 'decimals')}: decimals is {decimals}, and the vault takes up to {most}"
        )
    return Foreign(given["address"], decimals)


def _check_addresses(file: YamlFile) -> None:
    """See that no digit of an address is mistyped, and that the vault will have an owner; raises BadFile."""
    for keys in ADDRESSES:
        section, name = keys
        address = file.content.get(section, {}).get(name)
        if address is None:
            continue
        if not is_checksum_address(address):
            raise BadFile(f"{file.at(*keys)}: the checksum of {address} is wrong; copy the address again")
        if address == NOBODY and name != "guardian":
            raise BadFile(f"{file.at(*keys)}: {section} {name} is the zero address")


def _parameters(file: YamlFile, collateral: Foreign) -> RiskParameters:
    """Return the risk parameters; raises BadFile for the first that the vault would refuse."""
    read = partial(_read, file)
    assets = _assets_of(collateral)
    tiers = tuple(
        Tier(
            read(assets, "parameters", "tiers", index, "notional_floor"),
            read(units.share, "parameters", "tiers", index, "initial_rate"),
            read(units.share, "parameters", "tiers", index, "maintenance_rate"),
        )
        for index in range(len(file.content["parameters"]["tiers"]))
    )
    parameters = RiskParameters(
        tiers=tiers,
        min_notional=read(assets, "parameters", "min_notional"),
        max_open_interest=read(units.size, "parameters", "max_open_interest"),
        skew_scale=read(units.size, "parameters", "skew_scale"),
        max_funding_rate_wad=read(units.rate, "parameters", "max_funding_rate"),
        borrow_rate_wad=read(units.rate, "parameters", "borrow_rate"),
        max_price_age=read(units.duration, "parameters", "max_price_age"),
        settle_after=read(units.duration, "parameters", "settle_after"),
        **{name: read(units.share, "parameters", key) for key, name in SHARES.items()},
    )
    try:
        parameters.validate()
    except InvalidParameter as refusal:
        raise BadFile(_refused(file, parameters, str(refusal.args[0]))) from None
    return parameters


def _refused(file: YamlFile, parameters: RiskParameters, name: str) -> str:
    """Return the sentence about a parameter that the vault refuses, ``name`` being the ABI's."""
    key = key_of(name)
    keys: Keys = ("parameters", key)
    if keys not in file.lines:
        keys = ("parameters", "tiers", _refused_tier(parameters, name), key)
    return f"{file.at(*keys)}: the vault would refuse {key} ({name}): {RULES[name]}"


def _refused_tier(parameters: RiskParameters, name: str) -> int:
    """Return the index of the first tier because of which the parameters are refused."""
    for count in range(1, len(parameters.tiers)):
        try:
            replace(parameters, tiers=parameters.tiers[:count]).validate()
        except InvalidParameter as refusal:
            if refusal.args[0] == name:
                return count - 1
    return len(parameters.tiers) - 1


def _assets_of(collateral: Foreign) -> Callable[[str], int]:
    return partial(units.assets, decimals=collateral.decimals)


def _skew(file: YamlFile, parameters: RiskParameters) -> int:
    """Return the expected skew as a share of the pool, in parts per million; raises BadFile."""
    keys: Keys = ("pool", "expected_skew")
    skew_ppm = _read(file, units.share, *keys)
    if skew_ppm > parameters.reserve_ppm:
        raise BadFile(
            f"{file.at(*keys)}: expected_skew is more of the pool than reserve lets one side hold; lower it"
        )
    return skew_ppm


def _positive(file: YamlFile, unit: Callable[[str], int], *keys: str | int) -> int:
    """Return the quantity under these keys; raises BadFile, for zero too."""
    quantity = _read(file, unit, *keys)
    if not quantity:
        raise BadFile(f"{file.at(*keys)}: {keys[-1]} has to be above zero")
    return quantity


def _read(file: YamlFile, unit: Callable[[str], int], *keys: str | int) -> int:
    """Return the quantity under these keys; raises BadFile."""
    text: Any = file.content
    for key in keys:
        text = text[key]
    try:
        return unit(text)
    except BadQuantity as refusal:
        raise BadFile(f"{file.at(*keys)}: {keys[-1]}: {refusal}") from None


@cache
def _schema() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((files(__package__) / "market.schema.json").read_text())
    return schema
