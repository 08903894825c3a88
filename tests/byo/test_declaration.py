"""Actions declared by methods: named, inherited and dispatched; what is wrong names file and line."""

import re
from pathlib import Path

import pytest
import ringfence as rf
from ringfence.engine.loading import check
from ringfence.types.actions import parameters_of
from ringfence.types.parameters import MAX_UINT

from tests.byo.declared_vault import ACTIONS, EVERY, OPEN, Declared


class Overriding(Declared):
    """Overrides one method without the decorator, declares another anew, and drops a third."""

    put_down = None  # type: ignore[assignment]  # it can't liquidate

    def open(self, account: str, margin: int, amount: int, limit: int) -> rf.Outcome:
        opened = super().open(account, margin, amount, limit)
        assert isinstance(opened, rf.Done)
        assert isinstance(opened.value, tuple)
        return rf.Done(("overridden", opened.value[0]), ())

    @rf.action(rf.Kind.MOVES_PRICE)
    def set_price(self, account: rf.Anyone, price: rf.Price) -> rf.Outcome:  # type: ignore[override]  # has no age
        return rf.Done(("set_price", account, price), ())


def names(adapter: type[rf.Adapter]) -> list[str]:
    """Return the names of an adapter's actions, in their order."""
    return [declared.name for declared in adapter.actions]


def made(adapter: type[rf.Adapter]) -> rf.Adapter:
    """Return an adapter without a workspace, which its methods do not use."""
    check(adapter)
    return adapter(None)


def test_action__method__is_declared_with_kind_and_text() -> None:
    assert names(Declared) == ["Open", "PutDown", "SetPrice", "Rebalance"]
    assert [declared.kind for declared in ACTIONS] == [
        rf.Kind.OPENS,
        rf.Kind.LIQUIDATES,
        rf.Kind.MOVES_PRICE,
        rf.Kind.OTHER,
    ]
    assert ACTIONS["Open"].__doc__ == "Open a position."
    assert repr(EVERY[1]) == "PutDown(account='liquidator_1', which=3)"


def test_action__parameters__are_known_by_kind_whatever_their_names() -> None:
    assert (OPEN.size_traded, OPEN.assets_moved) == (-5 * 10**17, 1_500_000)
    assert EVERY[1].position_named == 3
    assert EVERY[1].renamed(4).position_named == 4
    assert (EVERY[2].answer_set, EVERY[2].age_set) == (1_840 * 10**8, 0)


def test_apply__any_action__calls_its_method_with_its_values() -> None:
    adapter = made(Declared)
    assert adapter.apply(rf.Step(OPEN, 1)) == rf.Done(
        ("open", "trader_1", 1_500_000, -5 * 10**17, MAX_UINT), ()
    )
    assert adapter.apply(rf.Step(EVERY[1], 1)) == rf.Done(("put_down", "liquidator_1", 3), ())


def test_subclass__overriding__keeps_declaration_and_order() -> None:
    """The override is called, a new declaration takes the old one's place, None drops an action."""
    assert names(Overriding) == ["Open", "SetPrice", "Rebalance"]
    assert Overriding.actions[0] is ACTIONS["Open"]
    assert list(parameters_of(Overriding.actions[1])) == ["account", "price"]
    assert made(Overriding).apply(rf.Step(OPEN, 1)) == rf.Done(("overridden", "open"), ())
    assert names(Declared) == ["Open", "PutDown", "SetPrice", "Rebalance"]


def test_subclass__of_several_bases__has_the_actions_of_all() -> None:
    """Actions can be declared by classes that are no adapters of their own."""

    class Pausable:
        @rf.action(rf.Kind.PAUSES)
        def pause(self, account: rf.Anyone) -> rf.Outcome:
            return rf.Done("paused", ())

    class Both(Pausable, Declared):
        pass

    assert names(Both) == ["Open", "PutDown", "SetPrice", "Rebalance", "Pause"]
    assert made(Both).apply(rf.Step(rf.Alphabet(Both.actions)["Pause"]("owner"), 1)) == rf.Done("paused", ())


def test_subclass__that_states_actions__has_those_alone() -> None:
    class Narrow(Declared):
        actions = (ACTIONS["SetPrice"],)

    class Narrower(Narrow):
        pass

    assert names(Narrower) == ["SetPrice"]


HEAD = """
from typing import Annotated
from ringfence import *

class Vault(Adapter):
    facts = Facts(answer=100, size=10**18, margin=1_000)
    def observe(self): ...
"""
BAD = [
    ("@action()\n    def act(self, account: Anyone, size: int): ...", "act: size has no parameter kind"),
    ("@action()\n    def act(self, account: Anyone, size: Sized): ...", "NameError"),
    (
        "@action()\n    def act(self, account: Anyone, size: 'Sized'): ...",
        "annotated with Sized, which is not",
    ),
    ("@action()\n    def act(self, size: Size): ...", "act must take an account first"),
    ("@action()\n    def act(self): ...", "act must take an account first"),
    ("@action()\n    def act(self, account: Size): ...", "act must take an account first"),
    (
        "@action()\n    def act(self, account: Anyone, kind: Size): ...",
        "kind is a word that every action has",
    ),
    (
        "@action()\n    def act(self, account: Anyone, x: Annotated[float, Drawn(1)]): ...",
        "x must be an int, bool, str or bytes, or a tuple of these",
    ),
    ("@action\n    def act(self, account: Anyone): ...", "write @action() or @action(Kind.OPENS)"),
    (
        "@action(Kind.LIQUIDATES)\n    def act(self, account: Anyone): ...",
        "Act reduces a position below maintenance margin, and has no parameter of kind Position",
    ),
    (
        "@action(Kind.GRANTS_SIGNED)\n    def act(self, account: Anyone, owner: Anyone): ...",
        "Act hands in a signed permission for an operator, and has no operator.",
    ),
    (
        "@action(Kind.OPENS)\n    def act(self, account: Anyone, size: Size): ...",
        "Act opens a position, and has no parameter of kind Assets",
    ),
    (
        "@action()\n    def act(self, account: Anyone): ..."
        "\n    @action()\n    def _act(self, account: Anyone): ...",
        "two actions are called Act, act and _act",
    ),
    (
        "class Act(Action): ...\n    First = Act\n    class Act(Action): ...\n    actions = (First, Act)",
        "another action is called Act, too",
    ),
    (
        "class Act(Action):\n        kind = Kind.CLOSES\n    actions = (Act,)",
        "has no parameter of kind Position",
    ),
    (
        "@action()\n    def act(self, account: Anyone, x: Annotated[int, Drawn(lambda r: 0.5)]): ...",
        "x of the action Act is drawn as 0.5, which is no int",
    ),
    (
        "@action()\n    def act(self, account: Anyone, x: Annotated[int, Drawn(lambda r: 1 // 0)]): ...",
        "x of the action Act can't be drawn: ZeroDivisionError",
    ),
]


@pytest.mark.parametrize(("member", "sentence"), BAD, ids=lambda text: re.sub(r"\W+", "_", text)[-40:])
def test_load__bad_declaration__says_where_in_a_sentence(member: str, sentence: str, tmp_path: Path) -> None:
    file = tmp_path / "wrong.py"
    file.write_text(f"{HEAD}\n    {member}\n")
    with pytest.raises(rf.AdapterFault) as fault:
        rf.load(f"{file}:Vault")
    (line,) = str(fault.value).splitlines()
    assert sentence in line
    assert re.search(r"wrong\.py(, line |:)(9|1[0-3])\b", line), line
