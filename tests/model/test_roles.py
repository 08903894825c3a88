"""Operators, guardian, owner: who may, who may not, and what they can never do."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from isolated_margin.errors import (
    Expired,
    InvalidNonce,
    InvalidSignature,
    NotAnInteger,
    NotAuthorised,
    NotGuardian,
    NotPool,
    OwnableUnauthorizedAccount,
)
from isolated_margin.events import (
    GuardianSet,
    OperatorSet,
    OwnershipTransferred,
    OwnershipTransferStarted,
    PausedSet,
)
from isolated_margin.market import Market
from isolated_margin.vault import Vault

from tests.model.worlds import FLOAT, FOREVER, TOKEN, UNIT, assert_refused, new_market, open_position


@pytest.fixture
def market() -> Market:
    """Return a market."""
    return new_market()


def test_set_operator__lets_the_operator_act_until_revoked(market: Market) -> None:
    """On all of the owner's positions, and on nobody else's."""
    open_position(market, UNIT, 300 * TOKEN)
    open_position(market, UNIT, 300 * TOKEN, owner="trader_2")
    market.drain_log()
    market.vault.set_operator("trader_1", "operator", True)
    market.vault.remove_margin("operator", 1, 1)
    assert market.vault.operator_pairs() == {("trader_1", "operator")}
    assert_refused(market, lambda: market.vault.remove_margin("operator", 2, 1), NotAuthorised("operator", 2))
    market.vault.set_operator("trader_1", "operator", False)
    assert_refused(market, lambda: market.vault.remove_margin("operator", 1, 1), NotAuthorised("operator", 1))

    assert market.vault.operator_pairs() == frozenset()
    set_events = [entry for _, entry in market.drain_log() if isinstance(entry, OperatorSet)]
    assert set_events == [
        OperatorSet("trader_1", "operator", True, 0),
        OperatorSet("trader_1", "operator", False, 0),
    ]


def test_set_operator_with_sig__with_everything_wrong__names_each_refusal_in_order(market: Market) -> None:
    """Deadline, nonce, signature."""
    now = market.clock.timestamp
    arguments: dict[str, Any] = {"nonce": 1, "deadline": now - 1, "signer": None}

    def call() -> None:
        market.vault.set_operator_with_sig("stranger", "trader_1", "operator", True, **arguments)

    assert_refused(market, call, Expired(now - 1, now))
    arguments["deadline"] = now
    assert_refused(market, call, InvalidNonce(1, 0))
    arguments["nonce"] = 0
    for signer in (None, "stranger", ""):
        arguments["signer"] = signer
        assert_refused(market, call, InvalidSignature())
    arguments["signer"] = "trader_1"
    call()
    assert market.vault.operators("trader_1", "operator")
    assert_refused(market, call, InvalidNonce(0, 1))
    with pytest.raises(NotAnInteger):
        market.vault.set_operator_with_sig("stranger", "trader_1", "operator", True, FLOAT, 1, None)


def test_set_operator_with_sig__uses_up_the_owners_nonce(market: Market) -> None:
    """ACC-1: each owner has their own, and the event tells the next one."""
    market.vault.set_operator_with_sig("stranger", "trader_1", "operator", True, 0, FOREVER, "trader_1")
    market.vault.set_operator_with_sig("stranger", "trader_1", "operator", False, 1, FOREVER, "trader_1")
    market.vault.set_operator("trader_1", "stranger", True)

    assert (market.vault.nonces("trader_1"), market.vault.nonces("trader_2")) == (2, 0)
    assert not market.vault.operators("trader_1", "operator")
    assert market.drain_log() == [
        ("vault", OperatorSet("trader_1", "operator", True, 1)),
        ("vault", OperatorSet("trader_1", "operator", False, 2)),
        ("vault", OperatorSet("trader_1", "stranger", True, 2)),
    ]


def test_set_operator_with_sig__for_nobody__is_refused(market: Market) -> None:
    """The zero address signs nothing."""
    assert_refused(
        market,
        lambda: market.vault.set_operator_with_sig("stranger", "", "operator", True, 0, FOREVER, ""),
        InvalidSignature(),
    )


def test_pause__by_guardian_or_owner_only(market: Market) -> None:
    """Pausing twice is no error; only the owner lets it go on."""
    vault = market.vault
    assert_refused(market, lambda: vault.pause("trader_1"), NotGuardian("trader_1"))
    vault.pause("guardian")
    vault.pause("owner")
    assert vault.ledger().paused
    assert_refused(market, lambda: vault.unpause("guardian"), OwnableUnauthorizedAccount("guardian"))
    vault.unpause("owner")
    vault.unpause("owner")

    assert not vault.ledger().paused
    assert [entry for _, entry in market.drain_log()] == [
        PausedSet("guardian", True),
        PausedSet("owner", True),
        PausedSet("owner", False),
        PausedSet("owner", False),
    ]


def test_set_guardian__replaces_the_guardian(market: Market) -> None:
    """The former one may no longer pause."""
    market.vault.set_guardian("owner", "stranger")
    market.vault.pause("stranger")

    assert_refused(market, lambda: market.vault.pause("guardian"), NotGuardian("guardian"))
    assert market.drain_log()[0] == ("vault", GuardianSet("stranger"))


def test_ownership__passes_in_two_steps(market: Market) -> None:
    """The successor has to accept, once; a new transfer replaces the one that waits."""
    vault = market.vault
    vault.transfer_ownership("owner", "stranger")
    vault.transfer_ownership("owner", "trader_1")
    assert_refused(market, lambda: vault.accept_ownership("stranger"), OwnableUnauthorizedAccount("stranger"))
    vault.accept_ownership("trader_1")
    assert_refused(market, lambda: vault.accept_ownership("trader_1"), OwnableUnauthorizedAccount("trader_1"))

    assert (vault.owner, vault.pending_owner) == ("trader_1", "")
    assert [entry for _, entry in market.drain_log()] == [
        OwnershipTransferStarted("owner", "stranger"),
        OwnershipTransferStarted("owner", "trader_1"),
        OwnershipTransferred("owner", "trader_1"),
    ]


def test_renounce_ownership__leaves_nobody_and_forgets_the_successor(market: Market) -> None:
    """For good; the guardian may still pause. A copy of the market is as ownerless."""
    vault = market.vault
    vault.transfer_ownership("owner", "stranger")
    vault.renounce_ownership("owner")
    vault.pause("guardian")

    assert_refused(market, lambda: vault.accept_ownership("stranger"), OwnableUnauthorizedAccount("stranger"))
    assert_refused(market, lambda: vault.unpause("owner"), OwnableUnauthorizedAccount("owner"))
    assert market.copy().vault.owner == ""


@pytest.mark.parametrize(
    "function",
    [
        Vault.unpause,
        Vault.renounce_ownership,
        lambda vault, caller: vault.set_guardian(caller, caller),
        lambda vault, caller: vault.transfer_ownership(caller, caller),
    ],
)
def test_owner_functions__by_anybody_else__are_refused(
    market: Market, function: Callable[[Vault, str], None]
) -> None:
    """Not even by the guardian."""
    for caller in ("guardian", "trader_1"):
        assert_refused(
            market,
            partial(function, market.vault, caller),
            OwnableUnauthorizedAccount(caller),
        )


@pytest.mark.parametrize("caller", ["stranger", "trader_1", "owner", "vault"])
@pytest.mark.parametrize("name", ["lock", "unlock"])
def test_lock__by_anybody_but_the_pool__is_refused(market: Market, name: str, caller: str) -> None:
    """Nobody keeps the others out, or lets somebody in who is kept out."""
    assert_refused(market, lambda: getattr(market.vault, name)(caller), NotPool(caller))


def test_lock__by_the_pool__changes_nothing(market: Market) -> None:
    """In the model a call is whole: there is nothing to keep out meanwhile."""
    before = market.copy()
    market.vault.lock("pool")
    market.vault.unlock("pool")
    assert market == before
    assert market.drain_log() == []


def test_flags__of_a_vault__are_true_or_false() -> None:
    """As the ABI has them, nothing else that counts as such."""
    market = new_market()
    market.vault.pause("guardian")
    assert market.vault.ledger().paused is True
    market.vault.unpause("owner")
    assert market.vault.ledger().paused is False
    assert market.vault.operators("trader_1", "operator") is False
    market.vault.set_operator("trader_1", "operator", True)
    assert market.vault.operators("trader_1", "operator") is True
