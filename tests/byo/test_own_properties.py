"""An adapter's own properties: of states, steps, trials and histories, found and shrunk like ours."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import ringfence as rf
from click.testing import CliRunner
from ringfence.cli.group import ringfence
from ringfence.engine.replay import replay
from ringfence.engine.system import System
from ringfence.engine.target import Target
from ringfence.properties import Ability, Branch, Checker, History, Transition, property_
from ringfence.properties.claims import Claims, that
from ringfence.properties.own import claims_of, declared_by
from ringfence.report.files import from_json, to_json
from ringfence.types.exit_codes import ExitCode

from tests.byo.paper_vault import PaperVault
from tests.byo.searches import found_in, searched

RUNS = 30
OWN = ["MY-1", "MY-2", "MY-3", "MY-4"]
FATAL = 123_456_789  # assets; no generator draws them


class Minded(PaperVault):
    """Has a property of each kind, and an action that only they look at."""

    gift = 1

    @rf.action()
    def distribute(self, account: rf.Anyone, assets: rf.Assets) -> rf.Outcome:
        """Add to every position's margin: an action of no kind."""
        for number, held in self.positions.items():
            self.positions[number] = replace(held, margin=held.margin + self.gift)
            self.accounts[account] -= self.gift
        return rf.Done(None, ())

    @property_("MY-1", "What the vault holds covers every margin.")
    def solvent(self, state: rf.VaultState) -> bool:
        return state.totals["vault_tokens"] >= sum(held.margin for held in state.positions.values())

    @property_("MY-2", "Distributing never takes margin.")
    def gives(self, t: Transition) -> None:
        if t.action.name == "Distribute":
            for number, held in t.before.positions.items():
                assert t.after.positions[number].margin >= held.margin

    @property_("MY-3", "Each position can be closed by its owner.", needs={rf.Kind.CLOSES})
    def closable(self, branch: Branch) -> Claims:
        for number in branch.state.positions:
            with branch.trial() as trial:
                yield that(trial.does(branch.closing(number)), f"position {number} can't be closed")

    @property_("MY-4", "A call sequence does the same each time.")
    def repeatable(self, history: History) -> Iterator[bool]:
        before = list(history.transitions)
        again = history.rerun(tuple(t.step for t in before))
        yield [t.after for t in again] == [t.after for t in before]


class Leaking(Minded):
    """Holds less than the margins while there are three positions."""

    def observe(self) -> rf.VaultState:
        state = super().observe()
        state.totals["vault_tokens"] -= len(state.positions) // 3
        return state


class Taking(Minded):
    """Distributes what it takes from the positions."""

    gift = -1


class Locking(Minded):
    """Can't close a position that is the second of its owner."""

    def apply(self, step: rf.Step) -> rf.Outcome:
        held = self.positions.get(step.action.position_named or 0)
        owners = [each.owner for each in self.positions.values()]
        if step.action.kind is rf.Kind.CLOSES and held and owners.count(held.owner) > 1:
            return rf.Refused("Locked", ())
        return super().apply(step)


class Remembering(Minded):
    """Gives more with every vault that was made: what an adapter keeps in Python is not undone."""

    made = 0

    def __init__(self, bench: Any) -> None:
        super().__init__(bench)
        type(self).made += 1

    def open(self, account: str, size: int, margin: int) -> rf.Outcome:
        self.price += type(self).made
        return super().open(account, size, margin)


class Panicking(PaperVault):
    """Panics when some amount is added, which only a property of its own tries."""

    abilities = PaperVault.abilities | {Ability.NAMED_ERRORS}

    def apply(self, step: rf.Step) -> rf.Outcome:
        if step.action.kind is rf.Kind.ADDS_MARGIN and step.action.assets_moved == FATAL and self.positions:
            return rf.Refused("Panic", (0x11,))
        return super().apply(step)

    @property_("MY-5", "Adding margin takes no more than was said.", needs={rf.Kind.ADDS_MARGIN})
    def takes_what_was_said(self, branch: Branch) -> Claims:
        for number, held in branch.state.positions.items():
            with branch.trial() as trial:
                added = branch.actions.make(rf.Kind.ADDS_MARGIN, held.owner, position=number, assets=FATAL)
                if trial.does(added):
                    left = trial.observe().accounts[held.owner].tokens
                    yield that(branch.state.accounts[held.owner].tokens - left == FATAL, "it took more")


def system_of(adapter: type[PaperVault]) -> System:
    """Return a vault of this adapter, started."""
    return Target(adapter).system(adapter.__name__)


def test_search__of_a_vault_with_own_properties__puts_each_to_the_test() -> None:
    """They are counted like ours, and after them; what they lack is said of them too."""
    done = searched(Minded, RUNS)
    assert (done.finding, done.fault) == (None, "")
    assert list(Target(Minded).properties)[-4:] == OWN
    assert [id for id in OWN if not done.tested[id]] == []
    assert done.stats.outcomes["Distribute", "done"] > 0


def test_step__of_an_action_of_no_kind__is_looked_at_by_own_properties_alone() -> None:
    """Distributing changes other positions, which is no violation of ISO-1; MY-2 looks at it."""
    done = searched(Minded, RUNS, only="ISO-1")
    assert done.finding is None
    assert 0 < done.tested["MY-2"] < done.steps + 1


@pytest.mark.parametrize(
    ("adapter", "property_id", "steps", "message"),
    [
        (Leaking, "MY-1", ["Open"] * 3, "it does not hold"),
        (Taking, "MY-2", ["Open", "Distribute"], "99 >= "),
        (Locking, "MY-3", ["Open", "Open"], "position 1 can't be closed"),
        (Remembering, "MY-4", ["Open"], "it does not hold"),
        (Panicking, "DOM-1", ["Open"], "ends in Refused(error='Panic', args=(17,))"),
    ],
)
def test_violation__of_each_kind__is_found_shrunk_and_replayed(
    adapter: type[PaperVault], property_id: str, steps: list[str], message: str
) -> None:
    """DOM-1 looks at what other properties try, also when it is looked for alone."""
    found = found_in(adapter, only=property_id)
    assert (found.property_id, [step.action.name for step in found.sequence]) == (property_id, steps)
    finding = from_json(to_json(found), "here")
    assert finding.cause.broken is not None
    assert message in finding.cause.broken.message
    assert finding.cause.broken.sentence == Target(adapter).properties[property_id]
    *_, last = replay(system_of(adapter), finding.sequence, property_id)
    assert [each.property_id for each in last.violations][:1] == [property_id]


def test_checker__of_a_property_that_looks_at_trials__has_the_others_try() -> None:
    """They try, and are not reported; a checker of another property alone tries nothing of theirs."""
    system = system_of(Panicking)
    opened = rf.Step(rf.Alphabet(Panicking.actions)["Open"]("trader_1", 10**18, 1_000), 1)
    for property_id, expected in (("DOM-1", {"DOM-1"}), ("MY-5", set()), ("ISO-1", set())):
        system.restart()
        with system.only(property_id):
            system.apply(opened)
            assert {each.property_id for each in system.speculate()} == expected
            assert set(system.checker.tested) <= {property_id, "CANARY"}


def test_checker__of_one_and_then_of_another__reports_the_other() -> None:
    checker = system_of(Minded).checker
    assert checker.only("MY-1").only("MY-2").applicable == {"MY-2"}
    assert isinstance(checker.only(), Checker)
    assert checker.only().applicable == frozenset()


def test_override__of_a_declared_method__stands_for_it() -> None:
    """Declared or not; None drops it."""

    class Heir(Minded):
        repeatable = None  # type: ignore[assignment]  # it can't be run again

        def solvent(self, state: rf.VaultState) -> bool:
            return False

        @property_("MY-9", "Distributing is seen.")
        def gives(self, t: Transition) -> bool:
            return True

    assert [each.property_id for each in declared_by(Heir).values()] == ["MY-1", "MY-9", "MY-3"]
    assert found_in(Heir, only="MY-1").sequence == ()


@pytest.mark.parametrize(
    ("answer", "claims"),
    [
        (True, [None]),
        (None, [None]),
        (False, ["it does not hold"]),
        ("position 1 is gone", ["position 1 is gone"]),
        ([None, False, "x"], [None, "it does not hold", "x"]),
        (iter(()), []),
    ],
)
def test_answer__in_each_way__is_claims(answer: object, claims: list[str | None]) -> None:
    assert list(claims_of(lambda _: answer, None)) == claims


def test_answer__of_another_type__is_the_adapters_fault() -> None:
    class Numbering(Minded):
        def solvent(self, state: rf.VaultState) -> Any:
            return 7

    fault = searched(Numbering, RUNS).fault
    assert "Numbering.solvent raised TypeError" in fault
    assert "it answered 7, neither a claim nor a truth value" in fault


SKETCH = """
from tests.byo.paper_vault import PaperVault
from ringfence import *


class Sketch(PaperVault):
"""
END = SKETCH.count("\n") + 1
ONCE = "    @property_('A', 'x')\n    def a(self, state): ...\n"


def loaded(lines: str, folder: Path) -> Any:
    """Return the adapter of a file with these lines at its end; raises AdapterFault."""
    file = folder / "adapter.py"
    file.write_text(SKETCH + lines)
    return rf.load(f"{file}:Sketch")


def test_search__of_a_property_without_annotations__looks_by_the_names_of_parameters(tmp_path: Path) -> None:
    """A parameter without an annotation says by its name what the property looks at."""
    adapter = loaded(
        '    @property_("MY-1", "Nobody owes margin.")\n    def owing(self, state):\n'
        "        return all(held.margin >= 0 for held in state.positions.values())\n",
        tmp_path,
    )
    done = searched(adapter, RUNS)
    assert (done.finding, done.fault) == (None, "")
    assert done.tested["MY-1"] > done.steps


@pytest.mark.parametrize(
    ("declaration", "parameters", "sentence"),
    [
        ("'ISO-1', 'x'", "self, state", ": there is another property ISO-1."),
        ("'MODEL', 'x'", "self, state", ": there is another property MODEL."),
        ("'A', 'x'", "self, state: Step", ": the property A must take one parameter"),
        ("'A', 'x'", "self, thing", ": the property A must take one parameter"),
        ("'A', 'x'", "self", ": the property A must take one parameter"),
        ("'A', 'x'", "self, state, branch", ": the property A must take one parameter"),
        ("'A', 'x'", "self, state: 'Stat'", ": the property A is annotated with Stat, which is not"),
        ("'A'", "self, state", ": the property A has no sentence."),
        ("'A', 'x', needs={'flying'}", "self, state", ": the property A needs 'flying', which is neither"),
        ("'A', 'x', needs=CLOSES", "self, state", ": the property A needs 'r', which is neither"),
    ],
)
def test_declaration__that_cannot_be__names_file_and_line(
    declaration: str, parameters: str, sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(rf.AdapterFault) as fault:
        loaded(f"    @property_({declaration})\n    def a({parameters}): ...\n", tmp_path)
    assert str(fault.value).startswith(f"{tmp_path}/adapter.py, line {END}{sentence}")
    assert "\n" not in str(fault.value)
    command = ["properties", "--adapter", f"{tmp_path}/adapter.py:Sketch"]
    assert CliRunner().invoke(ringfence, command).exit_code == ExitCode.CANNOT_TELL


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (f"{ONCE}{ONCE.replace('def a', 'def b')}", f"line {END + 2}: there is another property A"),
        ("    @property_\n    def a(self, state): ...\n", f"line {END}: write @property_"),
    ],
    ids=("twice", "without brackets"),
)
def test_declaration__misused__names_file_and_line(lines: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(rf.AdapterFault, match=sentence):
        loaded(lines, tmp_path)


def test_properties_command__with_own_properties__lists_them() -> None:
    done = CliRunner().invoke(
        ringfence, ["properties", "--adapter", f"{__name__}:Minded"], env={"COLUMNS": "200"}
    )
    rows = [line.split() for line in done.output.splitlines()]
    assert [row[0] for row in rows[-4:]] == OWN
    assert rows[-1][-1] == "yes"
