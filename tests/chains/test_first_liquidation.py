"""The shortest life of a position that matters, on the vault and its model, on every chain."""

from ringfence.evm.chains.base import Chain
from ringfence.types.actions import Step
from ringfence.types.outcome import Done
from ringfence.types.roles import LIQUIDATORS, OWNER, TRADERS
from ringfence.vaults.isolated_margin import start
from ringfence.vaults.isolated_margin.actions import Liquidate, Open, SetPrice
from ringfence.vaults.isolated_margin.markets import SIZE, STANDARD

ANY_PRICE = 2**256 - 1
NEVER = 2**256 - 1


def test_liquidate__after_a_fall__is_the_same_on_vault_and_model(chain: Chain) -> None:
    compared = start(chain, STANDARD)
    compared.run(
        [
            Step(Open(TRADERS[0], 10 * SIZE, 2_000 * 10**6, ANY_PRICE, NEVER), 1),
            Step(Liquidate(LIQUIDATORS[0], 1), 1),
            Step(SetPrice(OWNER, 1_840 * 10**8, 0), 60),
        ]
    )
    outcome = compared.do(Step(Liquidate(LIQUIDATORS[0], 1), 1))
    assert isinstance(outcome, Done)
    assert [event.name for event in outcome.events if event.emitter == "vault"] == ["Accrued", "Liquidated"]
    assert 0 < compared.state.positions[1].size < 10 * SIZE
