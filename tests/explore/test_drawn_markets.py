"""Markets drawn by a seed: all are accepted, most can be traded in, and a finding carries its market."""

from collections import Counter
from dataclasses import fields
from pathlib import Path
from typing import cast

import pytest
from click.testing import CliRunner
from isolated_margin import liquidation
from isolated_margin.fixed import MAX_ASSETS
from isolated_margin.parameters import (
    MAX_RESERVE_PPM,
    MAX_SETTLE_AFTER,
    MAX_TIERS,
    MIN_SETTLE_AFTER,
    OLDEST_PRICE_AGE,
    RiskParameters,
)
from ringfence.cli.group import ringfence
from ringfence.engine.budget import Budget
from ringfence.engine.replay import replay
from ringfence.engine.result import SearchResult
from ringfence.engine.search import Search
from ringfence.engine.stats import DONE
from ringfence.engine.target import DRAWN, Target
from ringfence.engine.workers.job import Job
from ringfence.report.files import from_json, to_json
from ringfence.report.search_json import plain
from ringfence.types.exit_codes import ExitCode
from ringfence.vaults.isolated_margin.drawn import drawn_market
from ringfence.vaults.isolated_margin.target import our_vault

SEEDS = range(1_000)
TRADED = {"Open", "Close", "Liquidate"}


def test_drawn_market__of_any_seed__is_accepted_by_the_model_and_inside_the_domain() -> None:
    markets = [drawn_market(seed) for seed in SEEDS]
    for market in markets:
        market.parameters.validate()
        assert 2 * market.liquidity <= market.tokens
        assert market.tokens * len(market.funded) <= MAX_ASSETS
    assert [drawn_market(seed) for seed in SEEDS] == markets
    assert len(set(markets)) == len(markets)


def test_drawn_market__over_many_seeds__has_every_size_and_the_bounds() -> None:
    terms = [drawn_market(seed).parameters for seed in SEEDS]
    assert {len(each.tiers) for each in terms} == set(range(1, MAX_TIERS + 1))
    assert {1, MAX_RESERVE_PPM} < {each.reserve_ppm for each in terms}
    assert {1, OLDEST_PRICE_AGE} < {each.max_price_age for each in terms}
    assert {MIN_SETTLE_AFTER, MAX_SETTLE_AFTER} < {each.settle_after for each in terms}
    assert any(each.trading_fee_ppm == each.tiers[0].maintenance_rate_ppm - 1 for each in terms)
    assert any(each.adl_target_ppm == each.adl_trigger_ppm + 1 for each in terms)
    for name in [each.name for each in fields(RiskParameters) if each.init][1:]:
        lengths = {getattr(each, name).bit_length() for each in terms}
        shorter = MIN_SETTLE_AFTER.bit_length() - 1 if name == "settle_after" else 0  # than any can be
        assert len(lengths) > (max(lengths) - shorter) // 2, name


def test_drawn_market__on_the_chain__is_accepted_and_opens_as_the_model_does() -> None:
    for seed in range(48):
        system = our_vault().system(f"drawn-{seed}")
        assert system.violations == []
        assert system.state.totals["pool_tokens"] == drawn_market(seed).liquidity


def test_search__in_drawn_markets__trades_and_liquidates_in_three_of_four() -> None:
    traded = Counter[bool]()
    for seed in range(40):
        search = Search(our_vault(), seed, markets=(f"drawn-{seed}",), is_checked=False)
        done = search.run(Budget(None, None, 800))
        assert done.findings == {}
        traded[all(done.stats.outcomes[action, DONE] for action in TRADED)] += 1
    assert traded[True] >= 30


def test_worker__in_drawn_markets__has_another_for_each_batch_and_the_same_by_seed() -> None:
    first, again = (Job("isolated-margin", is_timed=False, market=DRAWN).start(5) for _ in range(2))
    batches = [first.batch(200) for _ in range(3)]
    assert batches[0].stats == again.batch(200).stats
    markets = [name for done in batches for name in done.markets]
    assert len(set(markets)) == 3
    seed = int(markets[0].removeprefix(f"{DRAWN}-"))
    alone = Search(our_vault(), seed, markets=(markets[0],)).run(Budget(None, None, 200))
    assert alone.stats == batches[0].stats


def test_finding__in_a_drawn_market__carries_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(liquidation, "ROUNDING_SLACK", liquidation.ROUNDING_SLACK - 1)
    worker = Job("isolated-margin", is_timed=False, market=DRAWN).start(1)
    found = next(each for _ in range(20) for each in worker.batch(1_000).findings.values())
    read = from_json(to_json(found), "finding.json")
    assert read.market == found.market == our_vault().market(found.market.name)
    frames = list(replay(Target.of(read).system(read.market), read.sequence, None))
    assert frames[-1].differences == found.cause.differences


def test_campaign__in_drawn_markets__says_how_many(tmp_path: Path) -> None:
    ended = CliRunner().invoke(
        ringfence,
        ["campaign", "--market", "drawn", "--steps", "1500", "--seed", "1", "--findings", str(tmp_path)],
    )
    assert "isolated-margin, market drawn on revm; 1 workers" in ended.output
    assert " features, 2 markets; seed 1" in ended.output


def test_statistics__of_drawn_markets__name_each_with_its_steps() -> None:
    worker = Job("isolated-margin", is_timed=False, market=DRAWN).start(5)
    done = SearchResult(5)
    for _ in range(2):
        done.add(worker.batch(100))
    written = cast(dict[str, int], plain(done, our_vault())["markets"])
    assert len(written) == 2
    assert all(count >= 100 and name.startswith(f"{DRAWN}-") for name, count in written.items())


def test_market__that_there_is_not__is_refused_with_those_that_there_are() -> None:
    ended = CliRunner().invoke(ringfence, ["campaign", "--market", "drawn-x"])
    assert ended.exit_code == ExitCode.CANNOT_TELL
    known = "standard, plain, tight, coarse, steep, vast, drawn-1 and so on"
    assert f"isolated-margin has no market drawn-x: choose one of {known}." in ended.output
