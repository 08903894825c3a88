"""A token that calls back in the middle of a transfer gets nowhere: one lock serves vault and pool.

The functions are taken from the compiled ABIs, so a new one must be given its place here.
"""

from functools import cache
from typing import Any, Final

import pytest
from ringfence.evm.abi.interface import signature
from ringfence.evm.artifacts import load
from ringfence.types.outcome import Done, Outcome
from ringfence.types.roles import OWNER, POOL, STRANGER, TOKEN, VAULT
from ringfence.types.state import VaultState
from ringfence.vaults.isolated_margin.markets import STANDARD

from tests.hostile.moves import MOVES, PROVIDER, TRADER
from tests.open_market import OpenMarket

ABIS: Final = {VAULT: load("IsolatedMarginVault").abi, POOL: load("LiquidityPool").abi}
NOT_LOCKED: Final = {  # why a token that calls them in the middle of a transfer does no harm
    (VAULT, "lock"): "NotPool",
    (VAULT, "unlock"): "NotPool",
    (VAULT, "transferOwnership"): "OwnableUnauthorizedAccount",
    (VAULT, "acceptOwnership"): "OwnableUnauthorizedAccount",
    (VAULT, "renounceOwnership"): "OwnableUnauthorizedAccount",
    (POOL, "pay"): "NotVault",
    (POOL, "transfer"): "ERC20InsufficientBalance",  # shares alone; no collateral moves
    (POOL, "transferFrom"): "ERC20InsufficientAllowance",
    (POOL, "approve"): None,
}
NOTHING_MOVES: Final = {"setOperator", "setOperatorWithSig", "pause", "unpause", "setGuardian"}
PLAUSIBLE: Final = {"address": OWNER, "bool": True, "bytes": b"", "bytes32": bytes(32)}


def changing(contract: str) -> dict[str, dict[str, Any]]:
    """Return the ABI entries of the functions that are not views, by their signatures."""
    return {
        signature(entry): entry
        for entry in ABIS[contract]
        if entry["type"] == "function" and entry["stateMutability"] not in ("view", "pure")
    }


def named(function: tuple[str, str]) -> tuple[str, str]:
    """Return a contract and a function's name, of its signature."""
    return function[0], function[1].partition("(")[0]


CHANGING: Final = [(contract, signed) for contract in ABIS for signed in changing(contract)]


@cache
def prepared(contract: str, function: str) -> tuple[OpenMarket, object]:
    """Return the market just before a call that moves tokens, and a mark to come back to."""
    market = OpenMarket(token="ReentrantToken")
    market.run(MOVES[contract, function][0])
    return market, market.chain.snapshot()


@cache
def undisturbed(contract: str, function: str) -> tuple[Outcome, VaultState, int]:
    """Return what the call does when the token behaves, and in how many movements."""
    market, mark = prepared(contract, function)
    market.chain.restore(mark)
    market.do(OWNER, TOKEN, "plan", OWNER, b"", 2**256 - 1)
    outcome = market.act(MOVES[contract, function][1])
    return outcome, market.observe(), market.ask(TOKEN, "movements")


def call_back(market: OpenMarket, contract: str, function: str, movement: int) -> None:
    """Plan a call of a function with plausible arguments."""
    inputs = [part["type"] for part in changing(contract)[function]["inputs"]]
    payload = market.calldata(contract, function, *[PLAUSIBLE.get(kind, 1) for kind in inputs])
    market.do(OWNER, TOKEN, "plan", contract, payload, movement)


def test_changing_functions__all_have_their_place() -> None:
    """Every function that is not a view moves tokens and is re-entered here, or is known to move none."""
    moving_none = {(VAULT, name) for name in NOTHING_MOVES} | set(NOT_LOCKED)
    assert set(map(named, CHANGING)) == set(MOVES) | moving_none


@pytest.mark.parametrize("inner", CHANGING, ids=".".join)
@pytest.mark.parametrize("outer", MOVES, ids=".".join)
def test_reentry__from_any_transfer__is_refused_and_changes_nothing(
    outer: tuple[str, str], inner: tuple[str, str]
) -> None:
    """Called back in any movement of any function, every function is refused; the outer one goes on."""
    market, mark = prepared(*outer)
    expected, state, movements = undisturbed(*outer)
    assert isinstance(expected, Done)
    assert movements > 0

    for movement in range(movements):
        market.chain.restore(mark)
        call_back(market, *inner, movement)
        outcome = market.act(MOVES[outer][1])

        assert market.ask(TOKEN, "attempts") == 1
        output = market.ask(TOKEN, "output")
        error = None if market.ask(TOKEN, "succeeded") else market.refusals.read(output).error
        assert error == NOT_LOCKED.get(named(inner), "ReentrantCall")
        assert isinstance(outcome, Done)
        assert (outcome.value, market.observe()) == (expected.value, state)


@pytest.mark.parametrize("called", MOVES, ids=".".join)
def test_lock__between_two_calls_of_one_transaction__is_free(called: tuple[str, str]) -> None:
    """The next call of the same transaction finds the lock free, whatever came of the first."""
    market = OpenMarket()
    program, action = MOVES[called]
    market.run(program)
    caller = market.place(load("SeveralCalls"))
    market.do(OWNER, TOKEN, "mint", caller, STANDARD.tokens)
    market.do(TRADER, VAULT, "setOperator", caller, 7, 2**40)
    market.do(PROVIDER, POOL, "approve", caller, 2**256 - 1)
    contract, function, args = market.order(action)
    calls = [
        (TOKEN, market.calldata(TOKEN, "approve", VAULT, 2**256 - 1)),
        (TOKEN, market.calldata(TOKEN, "approve", POOL, 2**256 - 1)),
        (contract, market.calldata(contract, function, *args)),
        (VAULT, market.calldata(VAULT, "setOperator", STRANGER, 7, 2**40)),
    ]

    outcome = market.send(STRANGER, caller, "execute", *map(tuple, zip(*calls, strict=True)))

    assert isinstance(outcome, Done)
    nothing_to_claim = called == (VAULT, "claim")
    assert outcome.value[0] == (True, True, not nothing_to_claim, True), outcome
