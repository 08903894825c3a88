"""The token behaves as OpenZeppelin's: what it refuses, in its order, and what it logs."""

import pytest
from isolated_margin import errors
from isolated_margin.events import Approval, LoggedEvent, Transfer
from isolated_margin.token import Token

from tests.model.worlds import NO_LIMIT, must_refuse


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
    token.mint("trader_2", 7)
    assert (token.balance_of("trader_2"), token.total_supply) == (7, 107)
    assert log == [("token", Transfer("", "trader_2", 7))]
    with pytest.raises(errors.OutOfDomain, match=str(2**256 - 107)):
        token.mint("trader_1", 2**256 - 107)
    token.mint("trader_1", 2**256 - 108)


def test_transfer__moves_a_balance(token: Token, log: list[tuple[str, LoggedEvent]]) -> None:
    token.transfer("trader_1", "trader_2", 100)
    token.transfer("trader_2", "trader_2", 100)
    assert (token.balance_of("trader_1"), token.balance_of("trader_2")) == (0, 100)
    assert log == [
        ("token", Transfer("trader_1", "trader_2", 100)),
        ("token", Transfer("trader_2", "trader_2", 100)),
    ]


@pytest.mark.parametrize(
    ("function", "arguments", "refusal"),
    [
        ("mint", ("", 1), errors.ERC20InvalidReceiver("")),
        ("approve", ("trader_1", "", 1), errors.ERC20InvalidSpender("")),
        ("transfer", ("trader_1", "", 101), errors.ERC20InvalidReceiver("")),
        ("transfer", ("trader_1", "trader_2", 101), errors.ERC20InsufficientBalance("trader_1", 100, 101)),
        ("transfer", ("nobody", "trader_2", 1), errors.ERC20InsufficientBalance("nobody", 0, 1)),
        ("transfer_from", ("operator", "", "", 1), errors.ERC20InsufficientAllowance("operator", 0, 1)),
        ("transfer_from", ("operator", "", "", 0), errors.ERC20InvalidApprover("")),
        (
            "transfer_from",
            ("operator", "trader_1", "", 51),
            errors.ERC20InsufficientAllowance("operator", 50, 51),
        ),
        ("transfer_from", ("operator", "trader_1", "", 50), errors.ERC20InvalidReceiver("")),
        (
            "transfer_from",
            ("operator", "trader_2", "trader_1", 1),
            errors.ERC20InsufficientAllowance("operator", 0, 1),
        ),
    ],
)
def test_function__with_one_or_more_faults__names_the_first(
    token: Token, function: str, arguments: tuple[str | int, ...], refusal: errors.Refusal
) -> None:
    """Allowance, who approved, who receives, balance: in this order."""
    must_refuse(refusal, getattr(token, function), *arguments)


def test_transfer_from__of_more_than_the_balance__keeps_the_allowance(token: Token) -> None:
    """The balance is checked last, and a refusal spends nothing."""
    token.approve("trader_1", "operator", 101)
    with pytest.raises(errors.ERC20InsufficientBalance):
        token.transfer_from("operator", "trader_1", "trader_2", 101)
    assert token.allowance("trader_1", "operator") == 101


def test_transfer_from__spends_an_allowance_but_not_an_infinite_one(
    token: Token, log: list[tuple[str, LoggedEvent]]
) -> None:
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


def test_token__of_who_was_never_heard_of__is_zero() -> None:
    token = Token([])
    token.transfer_from("operator", "somebody", "anybody", 0)
    assert token.balance_of("somebody") == token.nonces("somebody") == 0
    assert token.allowance("somebody", "operator") == 0
    assert token.allowance("somebody", "vault") == 0


def test_permit__again__uses_up_another_nonce() -> None:
    token = Token([])
    for _ in range(3):
        token.permit("somebody", "vault", 5)
    assert (token.nonces("somebody"), token.nonces("other")) == (3, 0)
