"""Adapters that do not keep to the protocol: one sentence with the place, what was done is stored."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import ringfence as rf
from click.testing import CliRunner
from ringfence.cli.group import ringfence
from ringfence.engine.loading import check
from ringfence.types.exit_codes import ExitCode

from tests.byo.paper_vault import PaperVault
from tests.byo.searches import searched


def telling(method: str, change: Callable[[Any], Any]) -> type[PaperVault]:
    """Return a vault of which one method returns something else."""

    def told(self: PaperVault, *values: Any, **named: Any) -> Any:
        return change(getattr(PaperVault, method)(self, *values, **named))

    return type("Telling", (PaperVault,), {method: told})


def with_half_a_token(state: rf.VaultState) -> rf.VaultState:
    """Return the state with a float, which no adapter may tell."""
    return replace(state, accounts={"trader_1": rf.AccountState(0.5)})  # type: ignore[arg-type]  # a float


class Failing(PaperVault):
    """Raises at the first position, or at a later one."""

    last = 0

    def open(self, account: str, size: int, margin: int) -> rf.Outcome:
        if self.opened == self.last:
            raise LookupError("no room for another")
        return super().open(account, size, margin)


class Tiring(Failing):
    """Raises at the third position."""

    last = 2


class Moody(PaperVault):
    """Changes another position at some opens, counted over all vaults of the kind."""

    opens = 0

    def open(self, account: str, size: int, margin: int) -> rf.Outcome:
        outcome = super().open(account, size, margin)
        Moody.opens += 1
        if self.opened > 1 and 1 in self.positions and Moody.opens % 97 == 0:
            self.positions[1] = replace(self.positions[1], margin=0)
        return outcome


def with_looks(looks: Iterator[int]) -> Callable[[rf.VaultState], rf.VaultState]:
    """Return what makes every state another one."""
    return lambda state: replace(state, totals=state.totals | {"looks": next(looks)})


CASES = [
    (telling("apply", lambda _: None), r"Telling.apply\(.*\) returned None, neither Done nor Refused"),
    (telling("open", type), r"Telling.apply\(.*\) returned <class .*, neither Done nor Refused"),
    (telling("observe", lambda state: [state]), r"Telling.observe returned .*, no VaultState"),
    (
        telling("observe", with_half_a_token),
        r"Telling.observe returned accounts\['trader_1'\].tokens = 0.5, no int",
    ),
    (
        telling("observe", with_looks(count(1))),
        r"Telling.observe disagrees with itself: totals\['looks'\] is 1, and asked again 2",
    ),
    (Failing, r"Failing.apply raised LookupError at .*test_bad_adapters.py:\d+: no room for another"),
]


@pytest.mark.parametrize(
    ("adapter", "sentence"), CASES, ids=("silent", "numberless", "list", "float", "fickle", "failing")
)
def test_search__broken_adapter__is_one_sentence(adapter: type[PaperVault], sentence: str) -> None:
    assert re.search(sentence, searched(adapter, seconds=5).fault)


def test_search__a_violation_that_comes_once__is_reported() -> None:
    """A vault that does not do the same twice can't have a finding; what was seen is said."""
    Moody.opens = 0
    done = searched(Moody, seconds=10)
    assert (
        "Moody does not do the same when a sequence is repeated, so that ISO-1 can't be shown" in done.fault
    )
    assert {"ISO-1", "DOM-1"} <= done.tested.keys()


def test_search__fault_on_the_way__reports_what_was_done() -> None:
    done = searched(Tiring, seconds=5)
    assert "no room for another" in done.fault
    assert done.stats.outcomes["Open", "done"] >= 2
    assert not done.is_clean


@pytest.mark.parametrize("method", ["apply", "observe"])
def test_check__method_missing__is_refused(method: str) -> None:
    lacking = type("Lacking", (PaperVault,), {method: None})
    with pytest.raises(rf.AdapterFault, match=f"Lacking has no method {method}"):
        check(lacking)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"facts": None}, "Lacking.facts must be a Facts"),
        ({"actions": frozenset()}, "Lacking has no actions: derive it from Adapter"),
        ({"actions": "Open"}, "Lacking.actions must be a set, not 'Open'"),
        ({"actions": frozenset({rf.Action})}, "which is no action"),
        ({"abilities": frozenset({"flying"})}, "holds 'flying', and there is no such ability"),
    ],
)
def test_check__statement_wrong__is_refused(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(rf.AdapterFault, match=sentence):
        check(type("Lacking", (PaperVault,), changes))


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("nonsense", "'nonsense' names no adapter: .* or one of isolated-margin"),
        ("isolated-margin(no such bug)", "no seeded bug 'no such bug': choose one of "),
        ("nowhere/adapter.py:Vault", "there is no such file"),
        ("no_such_module:Vault", "There is no module no_such_module"),
        ("json:Vault", "json has no Vault"),
    ],
)
def test_load__name_wrong__is_refused(name: str, sentence: str) -> None:
    with pytest.raises(rf.AdapterFault, match=sentence) as refusal:
        rf.load(name)
    assert "\n" not in str(refusal.value)


def test_properties__adapter__says_what_does_not_apply() -> None:
    name = f"{Path(__file__).parent / 'paper_vault.py'}:PaperVault"
    output = CliRunner().invoke(ringfence, ["properties", "--adapter", name], env={"COLUMNS": "200"}).output
    (row,) = [line for line in output.splitlines() if line.startswith("VAL-2")]
    assert "not applicable, without a valuation of positions from what is observed" in row


def test_campaign__broken_adapter__exits_without_a_traceback(tmp_path: Path) -> None:
    file = tmp_path / "broken.py"
    file.write_text("from tests.byo.test_bad_adapters import Failing\n")
    result = CliRunner().invoke(ringfence, ["campaign", "--adapter", f"{file}:Failing", "--seconds", "5"])
    assert result.exit_code == ExitCode.CANNOT_TELL
    assert "adapter: Failing.apply raised LookupError" in result.output
    assert "Traceback" not in result.output
