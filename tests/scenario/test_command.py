"""The scenario command, as a person uses it: what it prints, draws, and how it ends."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from isolated_margin.errors import NotLiquidatable
from isolated_margin.scenario import ModelVenue, run_scenario
from ringfence.cli.group import ringfence
from ringfence.engine.system import Violated
from ringfence.evm.artifacts import ArtifactMissing
from ringfence.evm.chains import connect
from ringfence.evm.chains.base import Chain
from ringfence.types.actions import Step
from ringfence.types.exit_codes import ExitCode
from ringfence.vaults.isolated_margin import start
from ringfence.vaults.isolated_margin.actions import Pause
from ringfence.vaults.isolated_margin.scenario.plan import Plan, make_plan
from ringfence.vaults.isolated_margin.scenario.play import Played, Stop, play, stoppable
from ringfence.vaults.isolated_margin.scenario.play import play as real_play
from ringfence.vaults.isolated_margin.scenario.tables import money, percent
from ringfence.vaults.isolated_margin.scenario.venue import ComparedVenue

ROOT = Path(__file__).resolve().parents[2]
SHORT = ("--bars", "20", "--positions", "12")


def run(folder: Path, *arguments: str) -> Result:
    """Run the command with its pictures in ``folder``."""
    return CliRunner().invoke(ringfence, ["scenario", "--pictures", str(folder), *arguments])


def short_plan() -> Plan:
    """Return a crash of 20 bars for 12 positions, in process."""
    return make_plan(prices=None, parameters=None, positions=12, seed=3, bars=20, network="revm")


def test_scenario__of_a_short_crash__tells_and_draws_what_happened(tmp_path: Path) -> None:
    """Tables, two pictures, exit code 0; no mismatch and nobody else's position changed."""
    result = run(tmp_path, *SHORT)

    assert result.exit_code == 0, result.output
    told = " ".join(result.output.split())
    for line in ("bars 20", "positions opened 12", "of them changed 0", "mismatches of chain and model 0"):
        assert line in told
    assert "seed 1; revm" in result.output
    assert [path.stat().st_size > 10_000 for path in sorted(tmp_path.iterdir())] == [True, True]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--network", "ethereum:mainnet"), "Error: --network ethereum:mainnet: no scenario can run there"),
        (("--prices", "nowhere.csv"), "Error: nowhere.csv: there is no such file"),
        (("--parameters", "nowhere.json"), "Error: nowhere.json: No such file"),
        (("--bars", "2"), "Error: --bars 2: the generated crash needs at least 10 bars"),
        (("--positions", "0"), "Invalid value for '--positions': 0"),
        (("--seed", "-1"), "Invalid value for '--seed': -1"),
        (("--pictures", "/dev/null/out"), "Error: /dev/null/out: Not a directory"),
    ],
)
def test_scenario__of_bad_arguments__ends_in_one_sentence(
    tmp_path: Path, arguments: tuple[str, ...], complaint: str
) -> None:
    result = run(tmp_path, *SHORT, *arguments)

    assert result.exit_code == ExitCode.CANNOT_TELL
    assert complaint in result.output
    assert "Traceback" not in result.output
    assert not list(tmp_path.iterdir())


def test_scenario__without_anvil__ends_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    result = run(tmp_path, *SHORT, "--network", "ethereum:local:foundry")

    assert result.exit_code == ExitCode.CANNOT_TELL
    assert "Error: anvil is not on the PATH" in result.output


def test_scenario__ended_early__tells_the_part_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The exit code is what a shell expects after Ctrl-C; before the first bar there is nothing to draw."""

    def stopped(plan: Plan, chain: Chain, stop: Stop, watch: Callable[[], None]) -> Played:
        stop.asked = True
        return real_play(plan, chain, stop, watch)

    monkeypatch.setattr("ringfence.cli.scenario.play", stopped)

    result = run(tmp_path, *SHORT)

    assert result.exit_code == ExitCode.INTERRUPTED
    assert "Ended early; this is the part that was done." in result.output
    assert "positions opened 1 " in " ".join(result.output.split())
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("error", "code", "complaint"),
    [
        (
            Violated((Step(Pause("owner"), 1),), (), ("paused: model 1, vault 0",)),
            ExitCode.FAILED,
            "chain and model differ at step 1",
        ),
        (
            ArtifactMissing("MockToken is not compiled: run `make compile`"),
            ExitCode.CANNOT_TELL,
            "run `make compile`",
        ),
    ],
)
def test_scenario__that_fails__says_what_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, code: ExitCode, complaint: str
) -> None:

    def failing(plan: Plan, chain: Chain, stop: Stop, watch: Callable[[], None]) -> Played:
        raise error

    monkeypatch.setattr("ringfence.cli.scenario.play", failing)

    result = run(tmp_path, *SHORT)

    assert (result.exit_code, complaint in result.output) == (code, True)


def test_play__on_a_chain__comes_to_what_the_model_alone_comes_to() -> None:
    """Liquidations in part and whole, deficits and deleveraging; every number is the same without a chain."""
    plan = short_plan()

    with connect("revm") as chain:
        played = play(plan, chain, Stop(), lambda: None)

    alone = run_scenario(ModelVenue(plan.parameters, plan.start), plan.start, plan.bars)
    assert replace(played.result, positions={}) == replace(alone, positions={})  # carry goes by the clock
    totals = played.result.totals
    assert min(totals.partial_liquidations, totals.full_liquidations) > 0
    assert min(totals.deficits, totals.deleveragings) > 0
    assert (played.is_whole, played.siblings > 0, played.siblings_changed) == (True, True, 0)


def test_play__asked_to_stop__tells_the_part_that_was_done() -> None:
    with connect("revm") as chain, stoppable() as stop:
        steps = 0

        def watch() -> None:
            nonlocal steps
            steps += 1
            if steps == 15:
                os.kill(os.getpid(), signal.SIGINT)

        played = play(short_plan(), chain, stop, watch)

    assert not played.is_whole
    assert (played.result.totals.opened, len(played.result.series)) == (12, 3)


def test_play__stopped_while_the_node_goes_away__still_tells_the_part() -> None:
    """A node that was started from the same terminal is ended by the same Ctrl-C."""
    assert not interrupted(is_asked=True).is_whole


def test_play__with_a_node_that_goes_away__is_a_failure() -> None:
    with pytest.raises(ConnectionError):
        interrupted(is_asked=False)


def interrupted(*, is_asked: bool) -> Played:
    """Play, and lose the connection after 15 steps."""
    with connect("revm") as chain, stoppable() as stop:
        steps = 0

        def watch() -> None:
            nonlocal steps
            steps += 1
            if steps == 15:
                stop.asked = is_asked
                raise ConnectionError

        return play(short_plan(), chain, stop, watch)


def test_venue__of_a_refusal__raises_what_both_refused_with() -> None:
    """The same error, with the same numbers, as a refusal of the model."""
    plan = short_plan()
    with connect("revm") as chain:
        venue = ComparedVenue(start(chain, plan.setup))
        venue.deposit(plan.start.pool_assets, 1)
        order = plan.start.orders[0]
        number = venue.open(order.owner, order.size, order.margin, 1)
        venue.fund_insurance(1, 1)

        with pytest.raises(NotLiquidatable) as caught:
            venue.liquidate(number, 1)

    equity, required = caught.value.args
    assert equity > required


@pytest.mark.slow
def test_script__under_ape__is_the_same_command(tmp_path: Path) -> None:
    """With --network revm nothing of Ape's is connected to; the book's fate is the same on its chain."""
    outputs = []
    for network in ("revm", "ethereum:local:test"):
        command = ["ape", "run", "scenario", "--network", network, "--pictures", str(tmp_path), *SHORT]
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            command, cwd=ROOT, env=os.environ | {"PATH": path}, capture_output=True, text=True, check=True
        )
        outputs.append(done.stdout.partition("What happened")[2])

    assert outputs[0] == outputs[1] != ""


@pytest.mark.parametrize(
    ("assets", "text"), [(0, "0.00"), (1_234_567_899, "1,234.56"), (-1, "-0.01"), (-1_500_000, "-1.50")]
)
def test_money__of_assets__rounds_toward_minus_infinity(assets: int, text: str) -> None:
    assert money(assets) == text


def test_percent__of_millionths__has_two_decimals() -> None:
    assert [percent(ppm) for ppm in (0, 99, 123_499, 1_000_000)] == [
        "0.00 %",
        "0.00 %",
        "12.34 %",
        "100.00 %",
    ]
