"""openWithPermit: a good permit stands in for an approval, a bad one is ignored, nobody else can use it."""

from dataclasses import replace
from typing import Final

import pytest
from ringfence.evm.signing import Flaw, sign_permit
from ringfence.types.outcome import Done, Outcome, Refused
from ringfence.types.roles import STRANGER, TOKEN, TRADERS, VAULT
from ringfence.vaults.isolated_margin.actions import Approve, OpenWithPermit
from ringfence.vaults.isolated_margin.markets import SIZE

from tests.open_market import OpenMarket
from tests.sequences import NO_DEADLINE, NO_LIMIT_BUYING, USD

TRADER: Final = TRADERS[0]
MARGIN: Final = 150 * USD
NOT_ALLOWED: Final = Refused("ERC20InsufficientAllowance", (VAULT, 0, MARGIN))
FLAWS: Final = [flaw for flaw in Flaw if flaw is not Flaw.NONE]

Permit = tuple[int, bytes, bytes]


def market_with(token: str, allowance: int) -> OpenMarket:
    """Return a market with nothing but liquidity, and what the vault may take of the trader."""
    market = OpenMarket(token=token)
    assert isinstance(market.act(Approve(TRADER, TOKEN, VAULT, allowance)), Done)
    return market


def permit(
    market: OpenMarket, value: int = MARGIN, deadline: int = NO_DEADLINE, signer: str = TRADER
) -> Permit:
    """Return v, r and s of the trader's first permit."""
    message = {
        "owner": market.book.text(TRADER),
        "spender": market.book.text(VAULT),
        "value": value,
        "nonce": 0,
        "deadline": deadline,
    }
    return sign_permit(market.domain(TOKEN), message, signer, Flaw.NONE)


def open_with(
    market: OpenMarket, signed: Permit, account: str = TRADER, deadline: int = NO_DEADLINE
) -> Outcome:
    """Open a position of one whole base asset; the outcome is without its events."""
    args = (SIZE, MARGIN, NO_LIMIT_BUYING, deadline, *signed)
    outcome = market.send(account, VAULT, "openWithPermit", *args)
    return replace(outcome, events=()) if isinstance(outcome, Done) else outcome


def action(flaw: Flaw, signer: str = TRADER) -> OpenWithPermit:
    """Return the same as an action, which is signed when it is sent."""
    return OpenWithPermit(TRADER, SIZE, MARGIN, NO_LIMIT_BUYING, NO_DEADLINE, signer, flaw)


def test_permit__without_an_allowance__opens_once() -> None:
    """The permit is the approval, of exactly the margin: nothing is left of it."""
    market = market_with("MockToken", 0)
    signed = permit(market)
    assert open_with(market, signed) == Done(1, ())
    assert market.ask(TOKEN, "allowance", TRADER, VAULT) == 0
    assert open_with(market, signed) == NOT_ALLOWED


def test_permit__sent_by_somebody_else_before__opens_all_the_same() -> None:
    """Front-run: the permit fails the second time, and the allowance it made is there."""
    market = market_with("MockToken", 0)
    v, r, s = permit(market)
    market.do(STRANGER, TOKEN, "permit", TRADER, VAULT, MARGIN, NO_DEADLINE, v, r, s)
    assert open_with(market, (v, r, s)) == Done(1, ())


@pytest.mark.parametrize("flaw", FLAWS)
def test_permit__with_a_flaw__is_as_none(flaw: Flaw) -> None:
    """A bad permit is ignored: without an allowance the token refuses, with one the position opens."""
    assert market_with("MockToken", 0).act(action(flaw)) == NOT_ALLOWED
    assert isinstance(market_with("MockToken", MARGIN).act(action(flaw)), Done)


@pytest.mark.parametrize("flaw", [*FLAWS, Flaw.NONE])
def test_permit__signed_by_somebody_else__is_as_none(flaw: Flaw) -> None:
    assert market_with("MockToken", 0).act(action(flaw, signer=STRANGER)) == NOT_ALLOWED


OTHER_V: Final = {"0 or 1": lambda v: v - 27, "the other one": lambda v: 55 - v, "far off": lambda v: v + 200}


@pytest.mark.parametrize("other", OTHER_V)
def test_permit__with_another_v__is_as_none(other: str) -> None:
    """A v of 0 or 1, or of any other value, is not another form of the same signature."""
    market = market_with("MockToken", 0)
    v, r, s = permit(market)
    assert open_with(market, (OTHER_V[other](v), r, s)) == NOT_ALLOWED


@pytest.mark.parametrize("value", [MARGIN - 1, MARGIN + 1, 2**256 - 1])
def test_permit__of_another_amount__is_as_none(value: int) -> None:
    """The permit must be of exactly the margin; an infinite one is not used up on the way."""
    market = market_with("MockToken", 0)
    assert open_with(market, permit(market, value)) == NOT_ALLOWED


def test_permit__taken_by_another_caller__moves_nothing() -> None:
    market = market_with("MockToken", 0)
    before = market.observe()
    assert open_with(market, permit(market), account=STRANGER) == NOT_ALLOWED
    assert market.observe() == before


def test_permit__after_its_deadline__is_expired() -> None:
    market = market_with("MockToken", MARGIN)
    past = market.chain.timestamp
    signed = permit(market, deadline=past)
    assert open_with(market, signed, deadline=past) == Refused("Expired", (past, past + 1))


def test_token_without_permit__opens_through_the_allowance() -> None:
    market = market_with("ReturnsNothingToken", MARGIN)
    assert open_with(market, (27, bytes(32), bytes(32))) == Done(1, ())
