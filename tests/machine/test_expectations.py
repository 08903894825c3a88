"""The counts of a search say what is missing, and whose error an action met."""

import pytest
from ringfence.engine.stats import DONE, Stats
from ringfence.types.actions import Action
from ringfence.types.outcome import Done, Refused
from ringfence.types.roles import POOL, TOKEN, VAULT
from ringfence.vaults.isolated_margin.actions import (
    ALPHABET,
    PRIVILEGED,
    AddMargin,
    Approve,
    Deposit,
    Donate,
    Lock,
    Open,
    Pay,
    TransferSharesFrom,
    Withdraw,
)
from ringfence.vaults.isolated_margin.expectations import OUT_OF_REACH, all_errors, missing, refusing
from ringfence.vaults.isolated_margin.rare_events import RareEvent

OPEN = Open("trader_1", 1, 1, 1, 1)


def complete() -> Stats:
    """Return counts in which nothing is missing."""
    stats = Stats()
    for action in ALPHABET:
        stats.outcomes[action.name, "NotVault" if action in PRIVILEGED else DONE] = 1
    stats.events.update(map(str, RareEvent))
    for contract, error in all_errors():
        if (contract, error) not in OUT_OF_REACH:
            stats.errors[contract, error, "Open"] = 1
    return stats


def test_missing__everything_came_up__is_empty() -> None:
    assert missing(complete()) == []


@pytest.mark.parametrize(
    ("gone", "come", "told"),
    [
        (("Deleverage", DONE), ("Deleverage", "DeleverageNotNeeded"), "Deleverage never succeeded"),
        (("Pay", "NotVault"), ("Pay", DONE), "Pay succeeded, and accounts must always be refused it"),
        (("Unlock", "NotVault"), None, "Unlock was never tried"),
    ],
)
def test_missing__outcome__is_named(gone: tuple[str, str], come: tuple[str, str] | None, told: str) -> None:
    """Actions must succeed, but for those that every account is refused, and is seen to be."""
    stats = complete()
    del stats.outcomes[gone]
    if come:
        stats.outcomes[come] = 5
    assert missing(stats) == [told]


@pytest.mark.parametrize("event", RareEvent)
def test_missing__event_never_reached__is_named(event: RareEvent) -> None:
    stats = complete()
    del stats.events[str(event)]
    assert missing(stats) == [f"never reached: {event}"]


def test_missing__error__is_named_and_so_is_one_out_of_reach_that_was_met() -> None:
    stats = complete()
    del stats.errors[VAULT, "Bankrupt", "Open"]
    stats.errors[POOL, "UnsupportedToken", "Deposit"] = 1
    assert missing(stats) == [
        "Deposit met UnsupportedToken of the pool, which is listed as out of reach",
        "no action met Bankrupt of the vault",
    ]


def test_out_of_reach__lists_errors_of_the_contracts_only() -> None:
    assert set(OUT_OF_REACH) <= set(all_errors())


def test_note__counts_success_refusal_and_situation() -> None:
    stats = Stats()
    stats.note(OPEN, Done(1, ()), [])
    stats.note(OPEN, Refused("ZeroSize", ()), [str(RareEvent.EXACT_MAINTENANCE)], VAULT)
    assert stats.of("Open") == {DONE: 1, "ZeroSize": 1}
    assert stats.met(VAULT, "ZeroSize") == {"Open": 1}
    assert stats.events == {str(RareEvent.EXACT_MAINTENANCE): 1}


@pytest.mark.parametrize(
    ("action", "error", "contract"),
    [
        (OPEN, "ZeroSize", VAULT),
        (AddMargin("trader_1", 1, 1, "trader_1"), "ERC20InsufficientBalance", TOKEN),
        (Deposit("trader_1", 1, "trader_1"), "ERC20InsufficientBalance", TOKEN),
        (Deposit("trader_1", 1, ""), "ERC20InvalidReceiver", POOL),
        (Deposit("trader_1", 1, "trader_1"), "ERC4626ExceededMaxDeposit", POOL),
        (Withdraw("trader_1", 1, "", "trader_1"), "ERC20InvalidReceiver", TOKEN),
        (Withdraw("trader_1", 1, "trader_1", "trader_2"), "ERC20InsufficientAllowance", POOL),
        (TransferSharesFrom("trader_1", "trader_2", "", 1), "ERC20InvalidReceiver", POOL),
        (Pay("trader_1", "trader_1", 1), "NotVault", POOL),
        (Lock("trader_1"), "NotPool", VAULT),
        (Approve("trader_1", TOKEN, "", 1), "ERC20InvalidSpender", TOKEN),
        (Approve("trader_1", POOL, "", 1), "ERC20InvalidSpender", POOL),
        (Donate("trader_1", POOL, 1), "ERC20InsufficientBalance", TOKEN),
    ],
)
def test_refusing__tells_the_contract(action: Action, error: str, contract: str) -> None:
    """The collateral's errors are not taken for those of the pool's shares, which have the same names."""
    assert refusing(action, error) == contract
