"""Several actions in one block: what was deposited in it is locked, what was traded in it has no carry."""

import pytest
from ringfence.evm.chains.base import Chain
from ringfence.types.actions import Step
from ringfence.types.outcome import Done, Refused
from ringfence.types.roles import POOL, PROVIDERS, STRANGER, TRADERS
from ringfence.vaults.isolated_margin import actions, start
from ringfence.vaults.isolated_margin.markets import INFINITE, SIZE, STANDARD

PROVIDER, TRADER = PROVIDERS[1], TRADERS[0]
TOKENS = 10**6
MARGIN = 2_000 * TOKENS


def test_actions__in_one_block__are_the_same_on_vault_and_model(chain: Chain) -> None:
    if not chain.shares_blocks:
        pytest.skip("one transaction a block")
    compared = start(chain, STANDARD)
    steps = [
        (actions.Deposit(PROVIDER, 1_000 * TOKENS, PROVIDER), 5, ""),
        (actions.TransferShares(PROVIDER, STRANGER, 10**12), 0, ""),
        (actions.Redeem(STRANGER, 10**12, STRANGER, STRANGER), 0, "ERC4626ExceededMaxRedeem"),
        (actions.Withdraw(PROVIDER, TOKENS, PROVIDER, PROVIDER), 0, "ERC4626ExceededMaxWithdraw"),
        (actions.Open(TRADER, 10 * SIZE, MARGIN, INFINITE, INFINITE), 0, ""),
        (actions.Donate(TRADER, POOL, 1), 0, ""),
        (actions.Close(TRADER, 1, 0, INFINITE), 0, ""),
        (actions.Redeem(STRANGER, 10**12, STRANGER, STRANGER), 1, ""),
    ]
    for action, seconds, expected in steps:
        outcome = compared.do(Step(action, seconds))
        assert (outcome.error if isinstance(outcome, Refused) else "") == expected, action
        if isinstance(action, actions.Close):
            assert isinstance(outcome, Done)
            assert "Accrued" not in {event.name for event in outcome.events}


def test_restore__in_the_middle_of_a_block__brings_both_back(chain: Chain) -> None:
    if not chain.shares_blocks:
        pytest.skip("one transaction a block")
    compared = start(chain, STANDARD)
    compared.open([Step(actions.Deposit(PROVIDER, 1_000 * TOKENS, PROVIDER), 5)])
    state = compared.state
    for size in (SIZE, -SIZE):
        limit = INFINITE if size > 0 else 0
        compared.do(Step(actions.Open(TRADER, size, MARGIN, limit, INFINITE), 0))
        compared.do(Step(actions.TransferShares(PROVIDER, STRANGER, 1), 0))
        assert compared.state.positions[1].size == size
        compared.restart()
        assert compared.vault.observe() == compared.state == state
