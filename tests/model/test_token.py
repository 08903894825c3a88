"""The token behaves as OpenZeppelin's: what it refuses, in its order, and what it logs."""

from typing import Any

import pytest
from isolated_margin.errors import (
    ERC20InsufficientAllowance,
    ERC20InsufficientBalance,
    ERC20InvalidApprover,
    ERC20InvalidReceiver,
    ERC20InvalidSpender,
    NotAnInteger,
    OutOfDomain,
    Refusal,
)
from isolated_margin.events import Approval, LoggedEvent, Transfer
from isolated_margin.token import Token

from tests.model.worlds import NO_LIMIT


@pytest.fixture
def log() -> list[tuple[str, LoggedEvent]]:
    """Return an empty log."""
    return []


@pytest.fixture
def token(log: list[tuple[str, LoggedEvent]]) -> Token:
    """Return a token of which trader_1 holds 100 and lets the operator move 50."""
    token = Token(log)
    token.mint("trader_1", 100)
    token.approve("trader_1", "operator", 50)
    log.clear()
    return token


def test_mint__creates_supply(token: Token, log: list[tuple[str, LoggedEvent]]) -> None:
    """From nobody, and not to nobody, and never more than a word holds."""
    token.mint("trader_2", 7)

    assert (token.balance_of("trader_2"), token.total_supply) == (7, 107)
    assert log == [("token", Transfer("", "trader_2", 7))]
    with pytest.raises(ERC20InvalidReceiver):
        token.mint("", 1)
    with pytest.raises(OutOfDomain):
        token.mint("trader_1", 2**256 - 107)


def test_transfer__moves_a_balance(token: Token, log: list[tuple[str, LoggedEvent]]) -> None:
    """To another, and to oneself without a change."""
    token.transfer("trader_1", "trader_2", 100)
    token.transfer("trader_2", "trader_2", 100)

    assert (token.balance_of("trader_1"), token.balance_of("trader_2")) == (0, 100)
    assert log == [
        ("token", Transfer("trader_1", "trader_2", 100)),
        ("token", Transfer("trader_2", "trader_2", 100)),
    ]


@pytest.mark.parametrize(
    ("receiver", "assets", "refusal"),
    [
        ("", 101, ERC20InvalidReceiver("")),
        ("trader_2", 101, ERC20InsufficientBalance("trader_1", 100, 101)),
    ],
)
def test_transfer__that_cannot_be__is_refused_in_order(
    token: Token, receiver: str, assets: int, refusal: Refusal
) -> None:
    """Nobody to receive, then nothing to send."""
    with pytest.raises(type(refusal)) as caught:
        token.transfer("trader_1", receiver, assets)
    assert caught.value.args == refusal.args


@pytest.mark.parametrize(
    ("sender", "receiver", "assets", "refusal"),
    [
        ("", "", 1, ERC20InsufficientAllowance("operator", 0, 1)),
        ("", "", 0, ERC20InvalidApprover("")),
        ("trader_1", "", 51, ERC20InsufficientAllowance("operator", 50, 51)),
        ("trader_1", "", 50, ERC20InvalidReceiver("")),
        ("trader_2", "trader_1", 1, ERC20InsufficientAllowance("operator", 0, 1)),
    ],
)
def test_transfer_from__that_cannot_be__is_refused_in_order(
    token: Token, sender: str, receiver: str, assets: int, refusal: Refusal
) -> None:
    """The allowance first, then who approved, who receives, and the balance."""
    with pytest.raises(type(refusal)) as caught:
        token.transfer_from("operator", sender, receiver, assets)
    assert caught.value.args == refusal.args


def test_transfer_from__of_more_than_the_balance__keeps_the_allowance(token: Token) -> None:
    """The balance is checked last, and a refusal spends nothing."""
    token.approve("trader_1", "operator", 101)
    with pytest.raises(ERC20InsufficientBalance):
        token.transfer_from("operator", "trader_1", "trader_2", 101)

    assert token.allowance("trader_1", "operator") == 101


def test_transfer_from__spends_an_allowance_but_not_an_infinite_one(
    token: Token, log: list[tuple[str, LoggedEvent]]
) -> None:
    """Spending is silent: no Approval."""
    token.transfer_from("operator", "trader_1", "trader_2", 20)
    assert token.allowance("trader_1", "operator") == 30
    token.approve("trader_1", "operator", NO_LIMIT)
    token.transfer_from("operator", "trader_1", "trader_2", 20)

    assert token.allowance("trader_1", "operator") == NO_LIMIT
    assert log == [
        ("token", Transfer("trader_1", "trader_2", 20)),
        ("token", Approval("trader_1", "operator", NO_LIMIT)),
        ("token", Transfer("trader_1", "trader_2", 20)),
    ]


def test_approve__of_nobody__is_refused(token: Token) -> None:
    """Somebody has to spend."""
    with pytest.raises(ERC20InvalidSpender):
        token.approve("trader_1", "", 1)


@pytest.mark.parametrize(("bad", "error"), [(1.0, NotAnInteger), (True, NotAnInteger), (-1, OutOfDomain)])
def test_token__of_no_words__is_rejected(token: Token, bad: Any, error: type[Exception]) -> None:
    """In every function."""
    with pytest.raises(error):
        token.mint("trader_1", bad)
    with pytest.raises(error):
        token.approve("trader_1", "operator", bad)
    with pytest.raises(error):
        token.transfer("trader_1", "trader_2", bad)
    with pytest.raises(error):
        token.transfer_from("operator", "trader_1", "trader_2", bad)


def test_token__of_who_was_never_heard_of__is_zero() -> None:
    """Balance, allowance and nonce."""
    token = Token([])
    assert (token.balance_of("somebody"), token.allowance("somebody", "vault"), token.nonces("somebody")) == (
        0,
        0,
        0,
    )


def test_permit__again__uses_up_another_nonce() -> None:
    """Of its owner alone."""
    token = Token([])
    for _ in range(3):
        token.permit("somebody", "vault", 5)
    assert (token.nonces("somebody"), token.nonces("other")) == (3, 0)
