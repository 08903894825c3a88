"""What a scenario is asked to be: understood, or refused before anything is connected to."""

from pathlib import Path
from typing import Any

import pytest
from isolated_margin.fixed import WAD
from ringfence.types.roles import CROWD
from ringfence.vaults.isolated_margin.market_file import read_market
from ringfence.vaults.isolated_margin.scenario.plan import PlanError, chain_of, make_plan

ASKED: dict[str, Any] = {
    "prices": None,
    "parameters": None,
    "positions": 40,
    "seed": 1,
    "bars": None,
    "network": "revm",
}


@pytest.mark.parametrize(
    ("network", "chain"),
    [
        ("revm", "revm"),
        ("ethereum:local:test", "eth-tester"),
        ("ethereum:local", "eth-tester"),
        ("ethereum", "eth-tester"),
        ("::test", "eth-tester"),
        ("ethereum:local:foundry", "anvil"),
        (":local:foundry", "anvil"),
        ("::foundry", "anvil"),
    ],
)
def test_chain_of__a_choice_as_ape_takes_it__is_understood(network: str, chain: str) -> None:
    assert chain_of(network) == chain


@pytest.mark.parametrize("network", ["ethereum:sepolia", "anvil", "ethereum:local:foundry:1", "revm:local"])
def test_chain_of__anywhere_else__is_refused(network: str) -> None:
    with pytest.raises(
        PlanError, match=f"--network {network}: no scenario can run there; choose one of revm,"
    ):
        chain_of(network)


def test_make_plan__without_files__is_the_usual_market_in_a_generated_crash() -> None:
    """Everyone could pay for the whole book."""
    plan = make_plan(**ASKED)

    assert (plan.chain, len(plan.bars), len(plan.start.orders)) == ("revm", 288, 40)
    assert plan.setup.answer == plan.bars[0].open_wad == 100 * WAD
    assert plan.setup.crowd == CROWD
    assert {order.owner for order in plan.start.orders} <= set(plan.setup.accounts)
    assert plan.setup.tokens >= plan.start.pool_assets + sum(order.margin for order in plan.start.orders)


def test_make_plan__with_a_file__uses_so_many_of_its_bars(tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"
    row = "2025-10-09T00:0{}:00Z,2,2,2,2\n"
    path.write_text(
        "timestamp_utc,open,high,low,close\n" + "".join(row.format(minute) for minute in range(5))
    )

    assert len(make_plan(**ASKED | {"prices": path}).bars) == 5
    assert len(make_plan(**ASKED | {"prices": path, "bars": 3}).bars) == 3
    assert make_plan(**ASKED | {"prices": path, "bars": 9}).setup.answer == 2 * WAD


def test_make_plan__of_what_can_not_be_played__says_why(tmp_path: Path) -> None:
    low = tmp_path / "low.csv"
    low.write_text("timestamp_utc,open,high,low,close\n2025-10-09T00:00:00Z,1e-18,1e-18,1e-18,1e-18\n")
    for asked, complaint in (
        ({"prices": tmp_path / "no.csv"}, r"no\.csv: there is no such file"),
        ({"parameters": tmp_path / "no.json"}, r"no\.json: No such file"),
        ({"bars": 9}, "--bars 9: the generated crash needs at least 10 bars"),
        ({"prices": low}, "the first price is so low that no vault could hold the positions"),
    ):
        with pytest.raises(PlanError, match=complaint):
            make_plan(**ASKED | asked)


def test_make_plan__with_a_market_to_deploy__plays_by_its_terms(tmp_path: Path) -> None:
    """The file that deploys a market; one of another token's decimals, or a bad one, is a sentence."""
    example = Path(__file__).resolve().parents[2] / "examples/market.yaml"
    assert make_plan(**ASKED | {"parameters": example}).parameters == read_market(example).parameters

    other = tmp_path / "market.yaml"
    other.write_text(example.read_text().replace("decimals: 6", "decimals: 7"))
    with pytest.raises(
        PlanError, match=r"line \d+: a scenario's collateral has 6 decimals, and this market's"
    ):
        make_plan(**ASKED | {"parameters": other})
    other.write_text("schema: 1\n")
    with pytest.raises(PlanError, match=r"market\.yaml, line 1: "):
        make_plan(**ASKED | {"parameters": other})
