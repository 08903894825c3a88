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
from isolated_margin.fixed import MAX_UINT256
from isolated_margin.permission import DECREASE, EVERYTHING, INCREASE, MAX_UINT64, REMOVE, Permission
from isolated_margin.vault import Vault

from tests.model.worlds import FOREVER, TOKEN, UNIT, World

ACTS: list[tuple[int, Callable[[World], object]]] = [
    (DECREASE, lambda market: market.vault.decrease("operator", 1, UNIT // 2, 0, FOREVER)),
    (DECREASE, lambda market: market.vault.close("operator", 1, 0, FOREVER)),
    (INCREASE, lambda market: market.vault.increase("operator", 1, UNIT, 200 * TOKEN, MAX_UINT256, FOREVER)),
    (REMOVE, lambda market: market.vault.remove_margin("operator", 1, 1)),
]


@pytest.mark.parametrize(("needed", "act"), ACTS)
def test_operator__with_a_permission__may_do_that_and_nothing_else(
    market: World, needed: int, act: Callable[[World], object]
) -> None:
    market.open_position(UNIT, 300 * TOKEN)
    for permissions in (0, EVERYTHING - needed):
        market.vault.set_operator("trader_1", "operator", permissions, MAX_UINT64)
        market.must_refuse(errors.NotAuthorised("operator", 1), act, market)
    market.vault.set_operator("trader_1", "operator", needed, MAX_UINT64)
    act(market)


def test_operator__at_its_expiry__may_act_and_a_second_later_no_more(market: World) -> None:
    market.open_position(UNIT, 300 * TOKEN)
    market.vault.set_operator("trader_1", "operator", EVERYTHING, market.clock.timestamp)
    market.vault.remove_margin("operator", 1, 1)
    market.clock.advance(1)
    market.must_refuse(errors.NotAuthorised("operator", 1), market.vault.remove_margin, "operator", 1, 1)
    market.vault.remove_margin("trader_1", 1, 1)


def test_set_operator__lets_the_operator_act_until_revoked(market: World) -> None:
    market.open_position(UNIT, 300 * TOKEN)
    market.open_position(UNIT, 300 * TOKEN, owner="trader_2")
    market.drain_log()
    market.vault.set_operator("trader_1", "operator", REMOVE, 10**12)
    market.vault.remove_margin("operator", 1, 1)
    assert market.vault.permissions() == {("trader_1", "operator"): Permission(REMOVE, 10**12)}
    market.must_refuse(errors.NotAuthorised("operator", 2), market.vault.remove_margin, "operator", 2, 1)
    market.vault.set_operator("trader_1", "operator", 0, 0)
    market.must_refuse(errors.NotAuthorised("operator", 1), market.vault.remove_margin, "operator", 1, 1)

    assert market.vault.permissions() == {}
    set_events = [entry for _, entry in market.drain_log() if isinstance(entry, OperatorSet)]
    assert set_events == [
        OperatorSet("trader_1", "operator", REMOVE, 10**12, 1),
        OperatorSet("trader_1", "operator", 0, 0, 2),
    ]


def test_set_operator__voids_what_was_signed_before(market: World) -> None:
    """ACC-1: a permission that was signed and never used does not come back."""
    signed = ("trader_1", "operator", EVERYTHING, MAX_UINT64, 0, FOREVER, "trader_1")
    market.vault.set_operator("trader_1", "operator", 0, 0)
    market.must_refuse(errors.InvalidNonce(0, 1), market.vault.set_operator_with_sig, "stranger", *signed)


def test_set_operator__of_what_there_is_not__is_refused(market: World) -> None:
    for permissions in (EVERYTHING + 1, 255):
        market.must_refuse(
            errors.InvalidPermissions(permissions),
            market.vault.set_operator,
            *("trader_1", "operator", permissions, 0),
        )
    for permissions, expiry in ((256, 0), (0, MAX_UINT64 + 1)):
        with pytest.raises(errors.OutOfDomain):
            market.vault.set_operator("trader_1", "operator", permissions, expiry)


def test_set_operator_with_sig__with_everything_wrong__names_each_refusal_in_order(market: World) -> None:
    now = market.clock.timestamp
    arguments: dict[str, Any] = {
        "permissions": 8,
        "expiry": 1,
        "nonce": 1,
        "deadline": now - 1,
        "signer": None,
    }

    def call() -> None:
        market.vault.set_operator_with_sig("stranger", "trader_1", "operator", **arguments)

    market.must_refuse(errors.Expired(now - 1, now), call)
    arguments["deadline"] = now
    market.must_refuse(errors.InvalidPermissions(8), call)
    arguments["permissions"] = EVERYTHING
    market.must_refuse(errors.InvalidNonce(1, 0), call)
    arguments["nonce"] = 0
    for signer in (None, "stranger", ""):
        arguments["signer"] = signer
        market.must_refuse(errors.InvalidSignature(), call)
    arguments["signer"] = "trader_1"
    call()
    assert market.vault.operators("trader_1", "operator") == Permission(EVERYTHING, 1)
    market.must_refuse(errors.InvalidNonce(0, 1), call)


def test_set_operator_with_sig__uses_up_the_owners_nonce(market: World) -> None:
    """ACC-1: each owner has their own, and the event tells the next one."""
    market.vault.set_operator_with_sig("stranger", "trader_1", "operator", 7, 9, 0, FOREVER, "trader_1")
    market.vault.set_operator_with_sig("stranger", "trader_1", "operator", 0, 9, 1, FOREVER, "trader_1")
    market.vault.set_operator("trader_1", "stranger", 7, 9)
    assert (market.vault.nonces("trader_1"), market.vault.nonces("trader_2")) == (3, 0)
    assert market.vault.operators("trader_1", "operator") == Permission(0, 9)
    assert market.drain_log() == [
        ("vault", OperatorSet("trader_1", "operator", 7, 9, 1)),
        ("vault", OperatorSet("trader_1", "operator", 0, 9, 2)),
        ("vault", OperatorSet("trader_1", "stranger", 7, 9, 3)),
    ]


def test_set_operator_with_sig__for_nobody__is_refused(market: World) -> None:
    market.must_refuse(
        errors.InvalidSignature(),
        market.vault.set_operator_with_sig,
        "stranger",
        "",
        "operator",
        7,
        9,
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
