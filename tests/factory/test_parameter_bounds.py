"""InvalidParameter: every bound of every parameter, at its edge and one beyond, on chain as in the model."""

import random
from dataclasses import replace
from functools import cache
from typing import Any, Final

import pytest
from isolated_margin.errors import Refusal
from isolated_margin.market import Market
from isolated_margin.parameters import RiskParameters
from ringfence.evm.artifacts import load
from ringfence.types.outcome import Refused
from ringfence.types.roles import GUARDIAN, OWNER, STRANGER
from ringfence.vaults.isolated_margin.deployment import market_config
from ringfence.vaults.isolated_margin.markets import STANDARD

from tests.model.parameter_edges import BROKEN, EDGES, broken_from, changed
from tests.model.worlds import PARAMETERS
from tests.open_market import OpenMarket, place_factory

Placed = tuple[Any, ...]  # a contract's name and the arguments of its constructor


@cache
def market_and_factory() -> tuple[OpenMarket, str, object]:
    """Return a chain with a factory, and a mark to come back to."""
    market = OpenMarket()
    factory = place_factory(market)
    return market, factory, market.chain.snapshot()


def refused_on_chain(
    parameters: RiskParameters, token: Placed = ("MockToken", 6), feed: Placed = ("MockPriceFeed", 8)
) -> Refused | None:
    """Return why no market can be created with these parameters, token and feed."""
    market, factory, mark = market_and_factory()
    market.chain.restore(mark)
    addresses = [
        market.place(load(placed[0]), *placed[1:]) if placed else market.book.text(STRANGER)
        for placed in (token, feed)
    ]
    config = market_config(*addresses, replace(STANDARD, parameters=parameters))
    codes = (load("IsolatedMarginVault").bytecode, load("LiquidityPool").bytecode)
    outcome = market.send(OWNER, factory, "createMarket", config, bytes(32), *codes)
    return outcome if isinstance(outcome, Refused) else None


def refused_by_model(parameters: RiskParameters, collateral: int = 6, feed: int = 8) -> Refused | None:
    """Return why the model makes no such market."""
    try:
        Market(
            parameters,
            collateral_decimals=collateral,
            feed_decimals=feed,
            owner=OWNER,
            guardian=GUARDIAN,
            deployed_at=1,
        )
    except Refusal as refusal:
        return Refused(refusal.name, refusal.args)
    return None


@pytest.mark.parametrize(("name", "change"), EDGES)
def test_parameter__at_its_edge__is_allowed_and_one_beyond_is_refused_by_its_name(
    name: str | None, change: dict[str, Any]
) -> None:
    expected = Refused("InvalidParameter", (name,)) if name else None
    assert refused_on_chain(changed(change)) == expected


SEED: Final = 4_626


@pytest.mark.parametrize("first", BROKEN)
def test_parameters__several_broken__the_first_is_named(first: str) -> None:
    assert refused_on_chain(broken_from(first)) == Refused("InvalidParameter", (first,))


def test_parameters__drawn_at_random_from_the_edges__are_judged_alike() -> None:
    """Chain and model agree on 300 mixtures of allowed and broken parameters."""
    rng = random.Random(SEED)
    for trial in range(300):
        parameters = changed(*(change for _, change in rng.sample(EDGES, rng.randint(2, 5))))
        assert refused_on_chain(parameters) == refused_by_model(parameters), f"seed {SEED}, trial {trial}"


WITHOUT_DECIMALS: Final[dict[str, Placed]] = {
    "has no code": (),
    "reverts": ("AlwaysReverts",),
    "burns its gas": ("BurnsGas",),
    "answers nothing": ("AnswersBytes", b""),
    "answers 31 bytes": ("AnswersBytes", bytes(31)),
    "answers 256": ("AnswersBytes", (256).to_bytes(32)),
    "answers the greatest number": ("AnswersBytes", b"\xff" * 32),
}


@pytest.mark.parametrize("what", WITHOUT_DECIMALS)
def test_decimals__that_cannot_be_read__name_the_contract(what: str) -> None:
    placed = WITHOUT_DECIMALS[what]
    assert refused_on_chain(PARAMETERS, token=placed) == Refused("InvalidParameter", ("collateral",))
    assert refused_on_chain(PARAMETERS, feed=placed) == Refused("InvalidParameter", ("feed",))


@pytest.mark.parametrize(
    ("token", "feed", "name"),
    [(0, 0, None), (18, 36, None), (19, 8, "collateral"), (18, 37, "feed"), (255, 255, "collateral")],
)
def test_decimals__at_the_limit_and_beyond__are_judged_alike(token: int, feed: int, name: str | None) -> None:
    """Tokens have at most 18 decimals, feeds 36; the token is looked at first."""
    expected = Refused("InvalidParameter", (name,)) if name else None
    assert refused_on_chain(PARAMETERS, ("MockToken", token), ("MockPriceFeed", feed)) == expected
    assert refused_by_model(PARAMETERS, token, feed) == expected
