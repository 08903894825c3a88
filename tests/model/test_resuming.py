"""A vault that takes up where another stands: the same state, and the same answers from then on."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from isolated_margin.errors import OutOfDomain
from isolated_margin.market import Market
from isolated_margin.permission import EVERYTHING, MAX_UINT64
from isolated_margin.resuming import Standing

from tests.model.worlds import DEPLOYED_AT, PARAMETERS, TOKEN, UNIT, World

ACCOUNTS = ("trader_1", "trader_2", "trader_3", "stranger")


def lived_in() -> Market:
    """Return a market with positions, a claim, an operator, insurance and a pause."""
    market = World()
    market.open_position(5 * UNIT, 2_000 * TOKEN)
    market.open_position(-3 * UNIT, 1_000 * TOKEN, owner="trader_2")
    market.vault.fund_insurance("stranger", 77 * TOKEN)
    market.vault.set_operator("trader_1", "operator", EVERYTHING, MAX_UINT64)
    market.move_price(1_600, seconds=600)
    market.vault.liquidate("stranger", 1)
    market.open_position(2 * UNIT, 900 * TOKEN, owner="trader_3")
    market.vault.pause("guardian")
    market.vault.transfer_ownership("owner", "stranger")
    return market


def standing_of(market: Market) -> Standing:
    """Return what a market's vault remembers, from its getters alone."""
    vault = market.vault
    return Standing(
        ledger=vault.ledger(),
        rounds=(vault.rounds(True), vault.rounds(False)),
        positions=vault.positions,
        claimable={account: vault.claimable(account) for account in ACCOUNTS},
        owed={account: vault.owed(account) for account in ACCOUNTS},
        nonces={account: vault.nonces(account) for account in ACCOUNTS},
        operators=vault.permissions(),
        owner=vault.owner,
        pending_owner=vault.pending_owner,
        guardian=vault.guardian,
    )


def test_resume__by_the_getters_of_another_vault__is_that_vault() -> None:
    """State by state the vault is the other one, whose later life is none of its business."""
    market = lived_in()
    twin = Market(
        PARAMETERS,
        collateral_decimals=6,
        feed_decimals=8,
        owner="somebody",
        guardian="",
        deployed_at=DEPLOYED_AT,
    )
    twin.vault.resume(standing_of(market))
    assert twin.vault.state() == market.vault.state()

    before = twin.vault.state()
    market.vault.add_margin("stranger", 3, TOKEN, market.vault.position(3).owner)
    market.vault.set_operator("trader_1", "operator", 0, 0)
    assert twin.vault.state() == before
    assert twin.vault.state() != market.vault.state()


def test_resume__of_shares__has_their_balances_and_nothing_locked() -> None:
    market, twin = lived_in(), World()
    held = {account: market.pool.balance_of(account) for account in (*ACCOUNTS, "provider_1")}
    twin.pool.resume(held)
    assert twin.pool.total_supply == market.pool.total_supply > 0
    assert {account: twin.pool.balance_of(account) for account in held} == held
    assert all(twin.pool.unlocked_shares(account) == shares for account, shares in held.items())


@pytest.mark.parametrize(
    "broken",
    [
        lambda its: replace(its, ledger=replace(its.ledger, insurance=-1)),
        lambda its: replace(its, ledger=replace(its.ledger, total_owed=-1)),
        lambda its: replace(its, ledger=replace(its.ledger, next_id=-1)),
        lambda its: replace(its, ledger=replace(its.ledger, long_size=-1)),
        lambda its: replace(its, ledger=replace(its.ledger, last_accrual=-1)),
        lambda its: replace(its, positions={-1: its.positions[2]}),
        lambda its: replace(its, claimable={"trader_1": -1}),
        lambda its: replace(its, owed={"trader_1": -1}),
        lambda its: replace(its, nonces={"trader_1": -1}),
    ],
)
def test_resume__with_a_number_that_no_vault_has__is_rejected_whole(
    broken: Callable[[Standing], Standing],
) -> None:
    market = lived_in()
    before = market.copy()
    with pytest.raises(OutOfDomain, match="-1"):
        market.vault.resume(broken(standing_of(market)))
    assert market == before
