"""Operators, guardian, owner: who may, who may not, and what they can never do."""

from collections.abc import Callable
from typing import Any

import pytest
from isolated_margin import errors
from isolated_margin.events import (
    GuardianSet,
    OperatorSet,
    OwnershipTransferred,
    OwnershipTransferStarted,
    PausedSet,
)
from isolated_margin.vault import Vault

from tests.model.worlds import FOREVER, TOKEN, UNIT, World


def test_set_operator__lets_the_operator_act_until_revoked(market: World) -> None:
    market.open_position(UNIT, 300 * TOKEN)
    market.open_position(UNIT, 300 * TOKEN, owner="trader_2")
    market.drain_log()
    market.vault.set_operator("trader_1", "operator", True)
    market.vault.remove_margin("operator", 1, 1)
    assert market.vault.operator_pairs() == {("trader_1", "operator")}
    market.must_refuse(errors.NotAuthorised("operator", 2), market.vault.remove_margin, "operator", 2, 1)
    market.vault.set_operator("trader_1", "operator", False)
    market.must_refuse(errors.NotAuthorised("operator", 1), market.vault.remove_margin, "operator", 1, 1)

    assert market.vault.operator_pairs() == frozenset()
    set_events = [entry for _, entry in market.drain_log() if isinstance(entry, OperatorSet)]
    assert set_events == [
        OperatorSet("trader_1", "operator", True, 0),
        OperatorSet("trader_1", "operator", False, 0),
    ]


def test_set_operator_with_sig__with_everything_wrong__names_each_refusal_in_order(market: World) -> None:
    now = market.clock.timestamp
    arguments: dict[str, Any] = {"nonce": 1, "deadline": now - 1, "signer": None}

    def call() -> None:
        market.vault.set_operator_with_sig("stranger", "trader_1", "operator", True, **arguments)

    market.must_refuse(errors.Expired(now - 1, now), call)
    arguments["deadline"] = now
    market.must_refuse(errors.InvalidNonce(1, 0), call)
    arguments["nonce"] = 0
    for signer in (None, "stranger", ""):
        arguments["signer"] = signer
        market.must_refuse(errors.InvalidSignature(), call)
    arguments["signer"] = "trader_1"
    call()
    assert market.vault.operators("trader_1", "operator") is True
    market.must_refuse(errors.InvalidNonce(0, 1), call)


def test_set_operator_with_sig__uses_up_the_owners_nonce(market: World) -> None:
    """ACC-1: each owner has their own, and the event tells the next one."""
    market.vault.set_operator_with_sig("stranger", "trader_1", "operator", True, 0, FOREVER, "trader_1")
    market.vault.set_operator_with_sig("stranger", "trader_1", "operator", False, 1, FOREVER, "trader_1")
    market.vault.set_operator("trader_1", "stranger", True)
    assert (market.vault.nonces("trader_1"), market.vault.nonces("trader_2")) == (2, 0)
    assert market.vault.operators("trader_1", "operator") is False
    assert market.drain_log() == [
        ("vault", OperatorSet("trader_1", "operator", True, 1)),
        ("vault", OperatorSet("trader_1", "operator", False, 2)),
        ("vault", OperatorSet("trader_1", "stranger", True, 2)),
    ]


def test_set_operator_with_sig__for_nobody__is_refused(market: World) -> None:
    market.must_refuse(
        errors.InvalidSignature(),
        market.vault.set_operator_with_sig,
        "stranger",
        "",
        "operator",
        True,
        0,
        FOREVER,
        "",
    )


def test_pause__by_guardian_or_owner_only(market: World) -> None:
    vault = market.vault
    market.must_refuse(errors.NotGuardian("trader_1"), vault.pause, "trader_1")
    vault.pause("guardian")
    vault.pause("owner")
    assert vault.ledger().paused is True
    market.must_refuse(errors.OwnableUnauthorizedAccount("guardian"), vault.unpause, "guardian")
    vault.unpause("owner")
    vault.unpause("owner")

    assert vault.ledger().paused is False
    assert [entry for _, entry in market.drain_log()] == [
        PausedSet("guardian", True),
        PausedSet("owner", True),
        PausedSet("owner", False),
        PausedSet("owner", False),
    ]


def test_set_guardian__replaces_the_guardian(market: World) -> None:
    market.vault.set_guardian("owner", "stranger")
    market.vault.pause("stranger")
    market.must_refuse(errors.NotGuardian("guardian"), market.vault.pause, "guardian")
    assert market.drain_log()[0] == ("vault", GuardianSet("stranger"))


def test_ownership__passes_in_two_steps(market: World) -> None:
    """The successor has to accept, once; a new transfer replaces the one that waits."""
    vault = market.vault
    vault.transfer_ownership("owner", "stranger")
    vault.transfer_ownership("owner", "trader_1")
    market.must_refuse(errors.OwnableUnauthorizedAccount("stranger"), vault.accept_ownership, "stranger")
    vault.accept_ownership("trader_1")
    market.must_refuse(errors.OwnableUnauthorizedAccount("trader_1"), vault.accept_ownership, "trader_1")

    assert (vault.owner, vault.pending_owner) == ("trader_1", "")
    assert [entry for _, entry in market.drain_log()] == [
        OwnershipTransferStarted("owner", "stranger"),
        OwnershipTransferStarted("owner", "trader_1"),
        OwnershipTransferred("owner", "trader_1"),
    ]


def test_renounce_ownership__leaves_nobody_and_forgets_the_successor(market: World) -> None:
    """For good; the guardian may still pause. A copy of the market is as ownerless."""
    vault = market.vault
    vault.transfer_ownership("owner", "stranger")
    vault.renounce_ownership("owner")
    vault.pause("guardian")
    market.must_refuse(errors.OwnableUnauthorizedAccount("stranger"), vault.accept_ownership, "stranger")
    market.must_refuse(errors.OwnableUnauthorizedAccount("owner"), vault.unpause, "owner")
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
    market: World, function: Callable[[Vault, str], None]
) -> None:
    for caller in ("guardian", "trader_1"):
        market.must_refuse(errors.OwnableUnauthorizedAccount(caller), function, market.vault, caller)


@pytest.mark.parametrize("caller", ["stranger", "trader_1", "owner", "vault"])
@pytest.mark.parametrize("name", ["lock", "unlock"])
def test_lock__by_anybody_but_the_pool__is_refused(market: World, name: str, caller: str) -> None:
    market.must_refuse(errors.NotPool(caller), getattr(market.vault, name), caller)


def test_lock__by_the_pool__changes_nothing(market: World) -> None:
    """In the model a call is whole: there is nothing to keep out meanwhile."""
    before = market.copy()
    market.vault.lock("pool")
    market.vault.unlock("pool")
    assert market == before
    assert market.drain_log() == []
