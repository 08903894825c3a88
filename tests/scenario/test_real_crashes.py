"""Real crashes, where their prices are at hand: the project ships none."""

from pathlib import Path

import pytest
from isolated_margin.fixed import PPM
from isolated_margin.scenario import ModelVenue, read_prices, run_scenario
from ringfence.evm.chains import connect
from ringfence.vaults.isolated_margin.scenario.plan import Plan, make_plan
from ringfence.vaults.isolated_margin.scenario.play import Stop, play

FOLDER = Path(__file__).resolve().parents[3] / "shared/data"
FILES = (
    "lunausdt_binance_1h_2022-05_collapse.csv",
    "fttusdt_binance_1h_2022-11_ftx.csv",
    "ethusdt_perp_5m_2025-10_adl.csv",
    "solusdt_perp_5m_2025-10_adl.csv",
    "suiusdt_perp_5m_2025-10_adl.csv",
)

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"there are no price files at {FOLDER}")


def plan_of(file: str, positions: int) -> Plan:
    """Return the scenario of a whole file, in process."""
    return make_plan(
        prices=FOLDER / file, parameters=None, positions=positions, seed=1, bars=None, network="revm"
    )


@pytest.mark.parametrize("file", FILES)
def test_crash__on_the_model__costs_no_position_more_than_was_put_in(file: str) -> None:
    """Partial and full liquidations and deficits happen, and ISO-5 holds through all of them."""
    plan = plan_of(file, 60)

    result = run_scenario(ModelVenue(plan.parameters, plan.start), plan.start, plan.bars)

    totals = result.totals
    assert (len(result.series), totals.opened, totals.refused) == (len(plan.bars), 60, 0)
    assert min(totals.partial_liquidations, totals.full_liquidations) > 0
    assert result.largest_loss_ppm <= PPM
    assert totals.deficit == totals.covered + totals.pool_loss


def test_price_file__without_prices__is_refused() -> None:
    with pytest.raises(ValueError, match=r"2023\.csv, line 1: the column 'open' is missing$"):
        read_prices(FOLDER / "btcusdt_funding_binance_8h_2020-2023.csv")


@pytest.mark.slow
def test_crash__of_the_largest_fall__is_the_same_on_chain_and_model() -> None:
    """200 positions, 1,152 bars: no mismatch, deficits, deleveraging, no other position touched."""
    plan = plan_of(FILES[-1], 200)

    with connect(plan.chain) as chain:
        played = play(plan, chain, Stop(), lambda: None)

    totals = played.result.totals
    assert (totals.opened, totals.refused, len(played.result.series)) == (200, 0, 1_152)
    assert min(totals.partial_liquidations, totals.full_liquidations) > 100
    assert min(totals.deficits, totals.deleveragings) > 0
    assert played.siblings > 1_000
    assert played.siblings_changed == 0
