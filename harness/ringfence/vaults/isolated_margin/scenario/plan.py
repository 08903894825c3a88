"""What a scenario is asked to be, checked before anything is connected to."""

from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Final

from isolated_margin.errors import OutOfDomain
from isolated_margin.parameters import RiskParameters
from isolated_margin.scenario import (
    Bar,
    PriceFileError,
    Start,
    flash_crash,
    read_prices,
    seeded_book,
    usual_parameters,
)
from isolated_margin.scenario.flash_crash import MIN_BARS
from isolated_margin.scenario.orders import COLLATERAL_DECIMALS, FEED_DECIMALS

from ringfence.types.errors import RingfenceError
from ringfence.types.roles import CROWD, TRADERS
from ringfence.vaults.isolated_margin.market_file import read_market
from ringfence.vaults.isolated_margin.markets import MarketSetup
from ringfence.vaults.isolated_margin.parameters_file import read_parameters
from ringfence.vaults.isolated_margin.yaml_file import BadFile

NETWORKS: Final = {"revm": "revm", "ethereum:local:test": "eth-tester", "ethereum:local:foundry": "anvil"}
GENERATED_BARS: Final = 288
YAML: Final = (".yaml", ".yml")


class PlanError(RingfenceError):
    """A scenario can't be played as asked; the message is one sentence that names the place."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A scenario that can be played: on which chain, by which terms, from which book, along which prices."""

    chain: str
    parameters: RiskParameters
    start: Start
    bars: tuple[Bar, ...]

    @property
    def setup(self) -> MarketSetup:
        """Return the market to deploy; every account could pay for the whole book."""
        start = self.start
        margins = sum(order.margin for order in start.orders)
        return MarketSetup(
            name="scenario",
            parameters=self.parameters,
            collateral_decimals=COLLATERAL_DECIMALS,
            feed_decimals=FEED_DECIMALS,
            answer=self.bars[0].open_wad,
            tokens=start.pool_assets + start.insurance_assets + margins,
            liquidity=0,
            insurance=0,
            crowd=CROWD,
        )


def make_plan(
    prices: Path | None, parameters: Path | None, *, positions: int, seed: int, bars: int | None, network: str
) -> Plan:
    """Return the scenario that was asked for; raises PlanError.

    Without a price file it is a generated crash, without parameters the terms are the usual ones. ``bars``:
    how many bars of the file, or of the crash.
    """
    chain = chain_of(network)
    try:
        path = read_prices(prices)[:bars] if prices else _generated(seed, bars)
        terms = _terms(parameters) if parameters else usual_parameters(path[0].open_wad)
    except (PriceFileError, BadFile) as error:
        raise PlanError(str(error)) from None
    return Plan(chain, terms, _book(seed, positions, path[0].open_wad, terms), path)


def _terms(path: Path) -> RiskParameters:
    """Return the terms in a file: raw ones as JSON, or those of a market that could be deployed, as YAML."""
    if path.suffix not in YAML:
        return read_parameters(path)
    market = read_market(path)
    if market.collateral.decimals != COLLATERAL_DECIMALS:
        raise PlanError(
            f"{market.file.at('collateral', 'decimals')}: a scenario's collateral has {COLLATERAL_DECIMALS} "
            f"decimals, and this market's has {market.collateral.decimals}"
        )
    return market.parameters


def chain_of(network: str) -> str:
    """Return the chain that a network choice means; parts may be left out as Ape allows. Raises PlanError."""
    parts = zip_longest(network.split(":"), ("ethereum", "local", "test"), fillvalue="")
    whole = ":".join(part or usual for part, usual in parts)
    chain = NETWORKS.get(network) or NETWORKS.get(whole)
    if chain is None:
        raise PlanError(
            f"--network {network}: no scenario can run there; choose one of {', '.join(NETWORKS)}"
        )
    return chain


def _generated(seed: int, bars: int | None) -> tuple[Bar, ...]:
    if bars is not None and bars < MIN_BARS:
        raise PlanError(f"--bars {bars}: the generated crash needs at least {MIN_BARS} bars")
    return flash_crash(seed, bars or GENERATED_BARS)


def _book(seed: int, positions: int, price_wad: int, terms: RiskParameters) -> Start:
    try:
        return seeded_book(seed, positions, (*TRADERS, *CROWD), price_wad, terms)
    except OutOfDomain:
        raise PlanError("the first price is so low that no vault could hold the positions") from None
