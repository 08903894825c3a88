"""What an adapter may state: tolerances by property, bounds of prices, weights of actions, blocks."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest
import ringfence as rf
from click.testing import CliRunner
from ringfence.cli.group import ringfence
from ringfence.engine.budget import Budget
from ringfence.engine.differences import is_tolerated, tolerated
from ringfence.engine.guard import ValidatedVault
from ringfence.engine.loading import check
from ringfence.engine.objective import Violations
from ringfence.engine.replay import replay
from ringfence.engine.search import Search
from ringfence.engine.system import MODEL
from ringfence.engine.target import Target
from ringfence.evm.chains import connect
from ringfence.evm.workspace import Workspace
from ringfence.report.files import read, write
from ringfence.report.foundry import foundry_test
from ringfence.report.text import frames_shown, plain
from ringfence.types.actions import Step
from ringfence.types.exit_codes import ExitCode
from ringfence.types.finding import Difference

from tests.byo.clock_vault import BLOCK, Alone, ClockVault
from tests.byo.paper_vault import Generous, PaperVault
from tests.byo.searches import found_in, searched
from tests.forge import failure, forge

HERE = Path(__file__)
CLOCK = HERE.parent / "clock_vault.py"
LACKING = 2  # units that the first position loses to rounding


class Rounding(PaperVault):
    """Every later open takes two units of the first position's margin."""

    def open(self, account: str, size: int, margin: int) -> rf.Outcome:
        outcome = super().open(account, size, margin)
        if isinstance(outcome, rf.Done) and self.opened > 1 and 1 in self.positions:
            self.positions[1] = replace(self.positions[1], margin=self.positions[1].margin - LACKING)
        return outcome


class Tolerant(Rounding):
    """Says that this is meant."""

    tolerances: ClassVar = {"ISO-1": LACKING}


class TooStrict(Rounding):
    """Says that one unit is meant."""

    tolerances: ClassVar = {"ISO-1": LACKING - 1}


class Drifting(Tolerant):
    """Has a property of its own about an amount."""

    tolerances: ClassVar = {"SUM-1": 10**9}

    @rf.property_("SUM-1", "Margins are the tokens of the vault, and 7.")
    def margins_are_tokens(self, state: rf.VaultState) -> str | None:
        margins = sum(held.margin for held in state.positions.values())
        return rf.equal("the sum of margins", margins, state.totals["vault_tokens"] + 7)


def test_tolerance__amount_is_off_by_no_more__is_no_finding() -> None:
    result = searched(Tolerant, runs=40, only="ISO-1")
    assert result.finding is None
    assert result.tested["ISO-1"]


@pytest.mark.parametrize("adapter", [Rounding, TooStrict])
def test_tolerance__amount_is_off_by_more__is_found(adapter: type[Any]) -> None:
    finding = found_in(adapter, only="ISO-1")
    assert finding.cause.broken
    assert finding.cause.broken.sentence.endswith(" Tolerated: 1 units.") == (adapter is TooStrict)


def test_tolerance__other_fields__are_not_tolerated() -> None:
    class Renaming(Tolerant):
        """Hands the first position to the next trader too."""

        def open(self, account: str, size: int, margin: int) -> rf.Outcome:
            outcome = super().open(account, size, margin)
            if 1 in self.positions:
                self.positions[1] = replace(self.positions[1], owner=account)
            return outcome

    assert "owner is " in str(found_in(Renaming, only="ISO-1").cause.broken)


def test_tolerance__property_of_its_own__compares_amounts() -> None:
    assert searched(Drifting, runs=5, only="SUM-1").finding is None
    assert found_in(type("Strict", (Drifting,), {"tolerances": {"SUM-1": 6}}), only="SUM-1")


class Weighted(PaperVault):
    """Keeps the margins of all positions, doubled, and states that it does."""

    sums: ClassVar = {"weight": lambda held: 2 * held.margin}
    lost = 0

    def observe(self) -> rf.VaultState:
        state = super().observe()
        state.totals["weight"] = 2 * state.totals["vault_tokens"] - self.lost * len(state.positions)
        return state


def test_sums__total_that_is_not_what_positions_add__is_a_finding() -> None:
    done = searched(Weighted, runs=5, only="CUS-3")
    assert done.finding is None
    assert done.tested["CUS-3"]
    broken = found_in(type("Losing", (Weighted,), {"lost": 1}), only="CUS-3").cause.broken
    assert broken
    assert "weight is " in broken.message


@pytest.mark.parametrize(
    ("sums", "sentence"),
    [
        ({"heft": lambda held: held.margin}, "sums state heft, and observe shows no such total."),
        ({"weight": lambda held: held.mass}, "sums of weight: AttributeError: 'PositionState' object has no"),
    ],
)
def test_sums__that_cannot_be_added_up__are_the_adapters_fault(sums: Any, sentence: str) -> None:
    assert sentence in searched(type("Wrong", (Weighted,), {"sums": sums}), runs=5).fault


def test_foundry_test__of_a_tolerant_property__lets_amounts_be_off(tmp_path: Path) -> None:
    file, bugs = tmp_path / "tolerant.py", HERE.parents[2] / "examples/notional-vault/seeded_bugs.py"
    loaded = f"import ringfence as rf\nBug = rf.load('{bugs}:LossTakenFromTheOtherSide')\n"
    file.write_text(f"{loaded}class V(Bug):\n    tolerances = {{'ISO-1': 5}}\n")
    finding = found_in(f"{file}:V", only="ISO-1")
    assert finding.cause.broken
    found = re.search(r"margin is (\d+), not (\d+)", finding.cause.broken.message)
    assert found
    assert int(found[1]) < int(found[2]) - 5
    assert f"{int(found[2]) - 5:_}, " in foundry_test(finding)
    assert "vm.assertGe(" in foundry_test(finding)


@pytest.mark.parametrize("units", [1, 3])
def test_tolerance__of_the_model__lets_an_amount_be_off(units: int) -> None:
    """What is off adds up, until it is more."""
    tolerances = {MODEL: {"tokens": units}}
    finding = found_in(type("Lenient", (Generous,), {"tolerances": tolerances}), only=MODEL)
    assert [step.action.name for step in finding.sequence] == ["Open"] * (units + 1)
    difference = finding.first_difference
    assert isinstance(difference.model, int)
    assert isinstance(difference.chain, int)
    assert difference.field == "accounts[trader_1].tokens"
    assert difference.chain - difference.model == units + 1


def test_tolerance__of_the_model__is_of_the_amounts_that_it_names() -> None:
    lenient = searched(
        type("Lenient", (Generous,), {"tolerances": {MODEL: {"tokens": 10**6}}}), 20, only=MODEL
    )
    assert (lenient.finding, lenient.canaries.comparison) == (None, True)
    (step,) = found_in(
        type("Other", (Generous,), {"tolerances": {MODEL: {"margin": 9}}}), only=MODEL
    ).sequence
    assert step.action.kind is rf.OPENS


@pytest.mark.parametrize(
    ("path", "units"),
    [
        ("positions[1].margin", 3),
        ("accounts[trader_1].margin", 3),
        ("totals.margin", 3),
        ("totals.order 1 margin", 7),
        ("Opened.margin", 3),
        ("returned", 2),
        ("positions[1].size", 0),
    ],
)
def test_tolerated__path__is_by_the_amounts_name(path: str, units: int) -> None:
    stated = {"margin": 3, "order 1 margin": 7, "returned": 2}
    assert tolerated(path, stated) == units
    assert is_tolerated(Difference(path, 10, 10 + units), stated)
    assert not is_tolerated(Difference(path, 10, 9 - units), stated)
    assert not is_tolerated(Difference(path, None, 1), stated)
    assert not is_tolerated(Difference(path, False, True), stated)


def test_foundry_test__of_a_tolerant_model__lets_amounts_be_off(tmp_path: Path) -> None:
    bugs = HERE.parents[2] / "examples/notional-vault/seeded_bugs.py"
    file = tmp_path / "tolerant.py"
    file.write_text(
        f"import ringfence as rf\nBug = rf.load('{bugs}:ProfitPaidTwice')\n"
        "class V(Bug):\n    tolerances = {'MODEL': {'liquidity': 5}}\n"
    )
    target = Target.named(f"{file}:V", f"{bugs.parent / 'adapter.py'}:NotionalVault")
    finding = Search(target, 1, objective=Violations({MODEL})).run(Budget(steps=2_000)).finding
    assert finding
    (found,) = (each for each in finding.cause.differences if each.field == "totals.liquidity")
    assert isinstance(found.model, int)
    assert isinstance(found.chain, int)
    assert found.chain > found.model + 5
    assert f"vm.assertLe(custody.liquidity(), {found.model + 5:_}, " in foundry_test(finding)


@pytest.mark.parametrize(
    "command", [["properties"], ["check", "--steps", "20"], ["campaign", "--steps", "20"]]
)
def test_command__tolerance__is_shown(command: list[str], tmp_path: Path) -> None:
    arguments = [*command, "--adapter", f"{HERE}:Tolerant"]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        output = CliRunner().invoke(ringfence, arguments, env={"COLUMNS": "200"}).output
    (row,) = [line for line in output.splitlines() if line.startswith("ISO-1 ")]
    assert "olerated: 2 units" in row


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ("tolerances = {'ISO-99': 1}", "tolerances name 'ISO-99', and there is no such property."),
        ("tolerances = {'ISO-1': 0.5}", "tolerances of ISO-1 must be a number of units, not 0.5."),
        ("tolerances = {'ISO-1': -1}", "tolerances of ISO-1 must be a number of units, not -1."),
        (
            "tolerances = {'MODEL': 1}",
            "tolerances of MODEL must be numbers of units by the names of amounts, not 1.",
        ),
        (
            "tolerances = {'MODEL': {'margin': -1}}",
            "tolerances of margin in MODEL must be a number of units, not -1.",
        ),
        ("one_transaction_per_block = 1", "one_transaction_per_block is 1, and no truth value."),
        (
            "facts = rf.Facts(5, 1, 1, prices=(6, 7))",
            "facts have the first price 5, which is not within prices=(6, 7).",
        ),
        (
            "facts = rf.Facts(5, 1, 1, prices=(7, 1))",
            "facts have prices=(7, 1), and not the lowest and the highest price.",
        ),
        (
            "facts = rf.Facts(5, 1, 1, prices=3)",
            "facts have prices=3, and not the lowest and the highest price.",
        ),
        ("facts = rf.Facts(5, 1, 1, block_time=1.5)", "facts have block_time=1.5, and no number of seconds."),
        (
            "facts = rf.Facts(5, 1, 1, execution_delay=-1)",
            "facts have execution_delay=-1, and no number of seconds.",
        ),
        ("facts = rf.Facts(5, 1, 1, blocks=(0,))", "facts have blocks=(0,), and no numbers of blocks."),
        ("facts = rf.Facts(5, 1, 1, blocks=(3,))", "facts have blocks, and no block_time in seconds."),
        ("sums = {'a': 1}", "sums must be functions of a position by the names of totals, not {'a': 1}."),
        ("tolerances = 2", "tolerances must be numbers of units by the ids of properties, not 2."),
    ],
)
def test_load__option_wrong__is_told_with_file_and_line(options: str, sentence: str, tmp_path: Path) -> None:
    file = tmp_path / "stated.py"
    lines = ["import ringfence as rf", "from tests.byo.paper_vault import PaperVault", "class V(PaperVault):"]
    file.write_text("\n".join([*lines, '    """Paper."""', f"    {options}", ""]))
    with pytest.raises(rf.AdapterFault) as refusal:
        rf.load(f"{file}:V")
    assert str(refusal.value) == f"{file}, line 5: {sentence}"


def test_command__option_wrong__exits_without_a_traceback(tmp_path: Path) -> None:
    file = tmp_path / "stated.py"
    file.write_text(
        "from tests.byo.paper_vault import PaperVault\nclass V(PaperVault):\n    tolerances = {'X': 1}\n"
    )
    result = CliRunner().invoke(ringfence, ["check", "--adapter", f"{file}:V"], env={"COLUMNS": "200"})
    assert result.exit_code == ExitCode.CANNOT_TELL
    assert "line 3: tolerances name 'X'" in result.output.replace("\n", "")


def test_check__without_options__is_accepted() -> None:
    check(PaperVault)


@pytest.mark.parametrize("weight", [0, 101, 1.5, True])
def test_load__weight_wrong__is_told_with_file_and_line(weight: Any, tmp_path: Path) -> None:
    file = tmp_path / "weighed.py"
    file.write_text(
        f"import ringfence as rf\n\n\n@rf.action(weight={weight!r})\ndef ring(self, account: rf.Anyone): 0\n"
    )
    with pytest.raises(rf.AdapterFault) as refusal:
        rf.load(f"{file}:V")
    reason = f"the action ring: weight is {weight!r}, and no integer from 1 to 100."
    assert str(refusal.value) == f"{file}, line 4: {reason}"


class Weighed(PaperVault):
    """Wants margin to be added four times as often as anything else."""

    @rf.action(rf.ADDS_MARGIN, weight=4)
    def add_margin(self, account: rf.Anyone, position: rf.Position, assets: rf.Assets) -> rf.Outcome:
        return super().add_margin(account, position, assets)


def test_weight__of_an_action__is_how_often_it_is_accepted() -> None:
    """Twice as often at least, over several seeds: other draws decide, too."""
    for seed in range(1, 4):
        shares = []
        for adapter in (PaperVault, Weighed):
            target = Target(adapter)
            search = Search(target, seed, objective=Violations(but={*target.properties}), is_checked=False)
            outcomes = search.run(Budget(steps=600)).stats.outcomes
            shares.append(outcomes["AddMargin", "done"] / outcomes["Open", "done"])
        assert shares[1] > 2 * shares[0]


class Bells(rf.Adapter):
    """Two bells, one of which is to be rung three times as often."""

    facts = rf.Facts(answer=1, size=1, margin=1)

    def deploy(self, workspace: rf.Workspace) -> None:
        self.rung = {"small": 0, "large": 0}

    @rf.action(weight=3)
    def small(self, account: rf.Anyone) -> rf.Outcome:
        self.rung["small"] += 1
        return rf.Done(None, ())

    @rf.action()
    def large(self, account: rf.Anyone) -> rf.Outcome:
        self.rung["large"] += 1
        return rf.Done(None, ())

    def observe(self) -> rf.VaultState:
        return rf.VaultState({}, dict(self.rung), {})


def test_weight__of_actions_that_are_never_refused__is_their_ratio() -> None:
    search = Search(Target(Bells), 1, is_checked=False)
    outcomes = search.run(Budget(steps=4_000)).stats.outcomes
    assert 2.6 < outcomes["Small", "done"] / outcomes["Large", "done"] < 3.4


def test_prices__search__keeps_within_bounds() -> None:
    bounded = replace(ClockVault.facts, prices=(900, 1_200))
    adapter = type("Bounded", (ClockVault,), {"facts": bounded})
    done = searched(adapter, runs=60, only="BLK-3")
    assert done.finding is None
    assert done.stats.outcomes["Push", "done"] > 10
    assert found_in(ClockVault, only="BLK-3")


def test_prices__finding__is_shrunk_within_bounds() -> None:
    bounded = replace(ClockVault.facts, prices=(850, 1_250))
    finding = found_in(type("Bounded", (ClockVault,), {"facts": bounded}), only="BLK-3")
    prices = [step.action.answer_set for step in finding.sequence if step.action.kind is rf.Kind.MOVES_PRICE]
    assert all(850 <= price <= 1_250 for price in prices)


def test_blocks__wait__is_whole_blocks() -> None:
    finding = found_in(ClockVault, only="BLK-1")
    assert all(step.seconds % BLOCK == 0 for step in finding.sequence)
    assert 150 * BLOCK <= sum(step.seconds for step in finding.sequence[1:]) < 151 * BLOCK * 2
    text = plain(
        frames_shown(
            list(replay(Target(ClockVault).system("ClockVault"), finding.sequence, "BLK-1")), finding.market
        )
    )
    assert re.search(r"\+\d+ blocks +trader", text)


@pytest.mark.parametrize("name", ["revm", "anvil", "eth-tester"])
def test_blocks__wait__passes_on_every_chain(name: str) -> None:
    with connect(name) as chain:
        workspace = Workspace(chain)
        ClockVault(workspace)
        chain.block_time = BLOCK
        workspace.do("owner", "clock", "push", 7, seconds=BLOCK)
        first, mark = workspace.number("clock", "lastBlock"), workspace.snapshot()
        for _ in range(2):
            workspace.restore(mark)
            for number, blocks in ((2, 2), (152, 150), (153, 1)):
                workspace.do("owner", "clock", "push", 7, seconds=blocks * BLOCK)
                assert workspace.number("clock", "lastBlock") == first + number


def test_assert_holds__blocks__are_waited_for() -> None:
    with rf.assert_holds(ClockVault, "BLK-1") as vault:
        vault.open("trader_1", size=10**18, margin=5)
        vault.close("trader_1", position=1, blocks=149)
    late = rf.assert_holds(ClockVault, "BLK-1")
    vault = late.__enter__()
    vault.open("trader_1", size=10**18, margin=5)
    vault.close("trader_1", position=1, blocks=149, wait=1)
    with pytest.raises(AssertionError, match="BLK-1"):
        late.__exit__(None, None, None)


def test_blocks__of_a_vault_without_a_block_time__are_refused(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="block_time"), rf.assert_holds(PaperVault) as vault:
        vault.set_price("owner", price=3, blocks=1)


def test_blocks__steps_of_a_file__wait_for_them(tmp_path: Path) -> None:
    file = tmp_path / "late.steps"
    file.write_text(
        'open("trader_1", size=5, margin=5, blocks=1)\nclose("trader_1", position=1, blocks=150)\n'
    )
    arguments = ["check", "--adapter", f"{CLOCK}:ClockVault", "--steps", str(file)]
    result = CliRunner().invoke(ringfence, arguments, env={"COLUMNS": "200"})
    assert result.exit_code == ExitCode.FAILED
    assert "BLK-1: No position is closed late." in result.output
    assert "+150 blocks" in result.output


def test_blocks__finding_in_a_file__is_replayed(tmp_path: Path) -> None:
    finding = found_in(f"{CLOCK}:ClockVault", only="BLK-1")
    write(finding, tmp_path / "finding.json")
    assert read(tmp_path / "finding.json").sequence == finding.sequence
    result = CliRunner().invoke(ringfence, ["replay", str(tmp_path / "finding.json")])
    assert result.exit_code == ExitCode.FAILED


@pytest.mark.slow
def test_blocks__foundry_test__rolls_them(tmp_path: Path) -> None:
    (tmp_path / "contracts").mkdir()
    (tmp_path / "contracts/Clock.sol").write_text((CLOCK.parent / "blocks/Clock.sol").read_text())
    source = foundry_test(found_in(f"{CLOCK}:ClockVault", only="BLK-1"))
    assert f"delay / {BLOCK};" in source
    assert "BLK-1" in failure(forge(tmp_path, {"Finding": source}))


def test_one_transaction_per_block__search__never_shares_one() -> None:
    done = searched(Alone, runs=40, only="BLK-2")
    assert done.finding is None
    assert done.steps > 100
    assert rf.Ability.SAME_BLOCK not in Target(Alone).system("Alone").abilities
    assert found_in(ClockVault, only="BLK-2")


class Twice(Alone):
    """Pushes each price twice."""

    def push(self, account: str, price: int) -> rf.Outcome:
        self.send(account, "clock", "push", max(0, price) + 1)
        return super().push(account, price)


def test_one_transaction_per_block__step_of_two__takes_two_blocks_of_time() -> None:
    system = Target(Twice).system("Twice")
    assert isinstance(system.vault, ValidatedVault)
    push = Step(system.actions.make(rf.MOVES_PRICE, "owner", answer=1_000), BLOCK)
    for number in range(1, 4):
        begun = system.moment.timestamp
        system.apply(push)
        assert system.moment.timestamp == system.vault.bench.chain.timestamp == begun + 2 * BLOCK
        assert system.state.totals["mostInOneBlock"] == 1, number


def test_one_transaction_per_block__finding__waits_before_each_step() -> None:
    finding = found_in(Alone, only="BLK-3")
    assert all(step.seconds >= BLOCK for step in finding.sequence)
