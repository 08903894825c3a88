"""Findings on disk: exactly what was written is read, and what can't be read is reported in one sentence."""

import json
from collections.abc import Callable
from dataclasses import fields, replace
from importlib.resources import files
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from ringfence.evm.signing import Flaw
from ringfence.report import schema
from ringfence.report.files import BadFinding, from_json, read, to_json
from ringfence.types.actions import Action, Step
from ringfence.types.finding import BrokenProperty, Cause, Difference, Finding
from ringfence.vaults.isolated_margin.actions import ALPHABET
from ringfence.vaults.isolated_margin.markets import MARKETS

from tests.report.samples import finding

PLACE = "finding.json"
LARGEST, SMALLEST = 2**256 - 1, -(2**255)
VALUES = (None, True, False, 0, LARGEST, SMALLEST, "12", "", b"", b"\x00\xff", (), (1, ("a", (b"b", None))))


def with_extremes(kind: type[Action]) -> Action:
    """Return an action of a kind with the largest of everything."""
    samples: dict[Any, Any] = {int: LARGEST, str: "trader_1", bool: True, Flaw: Flaw.MALLEABLE}
    return kind(**{field.name: samples[get_type_hints(kind)[field.name]] for field in fields(kind)})


def edited(edit: Callable[[Any], object]) -> str:
    """Return the text of a finding with one change."""
    data = json.loads(to_json(finding()))
    edit(data)
    return json.dumps(data)


def assert_kept(**changes: Any) -> Finding:
    """Assert that a finding with changes is read as it was written, and return it."""
    written = replace(finding(), **changes)
    read_back = from_json(to_json(written), PLACE)
    assert read_back == written
    return read_back


@pytest.mark.parametrize("kind", ALPHABET)
def test_read__every_action__is_what_was_written(kind: type[Action]) -> None:
    assert_kept(sequence=(Step(with_extremes(kind), LARGEST),), step=1)


@pytest.mark.parametrize("setup", MARKETS, ids=lambda setup: setup.name)
def test_read__every_market__is_what_was_written(setup: Any) -> None:
    assert_kept(market=setup)


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_read__every_kind_of_value__is_what_was_written(value: Any) -> None:
    """A text of digits stays a text, bytes stay bytes, and true is not one."""
    cause = Cause(BrokenProperty("ISO-1", "sentence", "complaint"), (Difference("x", value, SMALLEST),))
    read_back = assert_kept(cause=cause, seed=None)
    assert type(read_back.cause.differences[0].model) is type(value)


def test_to_json__numbers__are_decimal_text() -> None:
    """No number of a chain is left to a JSON parser's idea of precision."""
    numbers: list[object] = []
    json.loads(to_json(finding()), parse_int=numbers.append, parse_float=numbers.append)
    assert numbers == []


def test_schema__committed__is_that_of_the_dataclasses() -> None:
    """Whoever checks findings by the schema checks what is written here."""
    committed = (files("ringfence.report") / "finding.schema.json").read_text()
    assert committed == schema.text(), "write it anew: python -m ringfence.report.schema"


@pytest.mark.parametrize("length", [0, 1, 40, 900])
def test_read__cut_off__says_where(length: int) -> None:
    with pytest.raises(BadFinding, match=rf"^{PLACE}, line \d+, column \d+: the file is cut off\.$"):
        from_json(to_json(finding())[:length], PLACE)


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (lambda d: d.update(schema="ringfence.finding/1"), "schema: version 1 is not the version 4"),
        (lambda d: d.update(schema="other/1"), "schema: this is no finding"),
        (lambda d: d.pop("schema"), "schema: this is no finding"),
        (lambda d: d.pop("vault"), "top level: 'vault' is a required property"),
        (lambda d: d.update(step="9"), "step: 9 of a call sequence of 2 steps"),
        (lambda d: d.update(step=2), "step: 2 is not of type 'string'"),
        (
            lambda d: d["cause"].update(broken=None, differences=[]),
            "cause: neither a property nor a difference",
        ),
        (lambda d: d["sequence"].__setitem__(0, 5), r"sequence\[0\]: 5 is not of type 'object'"),
        (lambda d: d["sequence"][1].update(seconds="-1"), r"sequence\[1\].seconds: '-1' is not a number"),
        (lambda d: d["sequence"][0]["action"].update(size="1.5"), r"action.size: '1.5' is not an integer"),
        (lambda d: d["sequence"][0]["action"].update(size=15), "action.size: 15 is not of type 'string'"),
        (lambda d: d["sequence"][0]["action"].pop("size"), "action: 'size' is a required property"),
        (lambda d: d["sequence"][0]["action"].update(x="1"), "'x' was unexpected"),
        (lambda d: d["sequence"][0]["action"].update(action="Steal"), "the vault has no action 'Steal'"),
        (lambda d: d["sequence"][0]["action"].update(account="mallory"), "no 'mallory'"),
        (lambda d: d["sequence"][0]["action"].update(account="vault"), "no 'vault'"),
        (lambda d: d["cause"]["differences"][0].update(model={"text": 1}), "model.text: 1 is not of type"),
        (lambda d: d["market"].update(tokens="many"), "market.tokens: 'many' is not an integer"),
    ],
)
def test_read__malformed__names_the_place(edit: Callable[[Any], object], expected: str) -> None:
    with pytest.raises(BadFinding, match=expected) as refusal:
        from_json(edited(edit), PLACE)
    assert str(refusal.value).startswith(PLACE)
    assert "\n" not in str(refusal.value)
    assert len(str(refusal.value)) < 250


@pytest.mark.parametrize("text", ["[" * 10**5, "[]", "1", '{"schema": 1}', "null"])
def test_read__other_json__is_no_finding(text: str) -> None:
    with pytest.raises(BadFinding, match=PLACE):
        from_json(text, PLACE)


def test_read__no_file_or_no_text__is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFinding, match=r"missing\.json: No such file"):
        read(tmp_path / "missing.json")
    (tmp_path / "binary.json").write_bytes(b"{\xff")
    with pytest.raises(BadFinding, match=r"binary\.json: byte 2 is no UTF-8"):
        read(tmp_path / "binary.json")
