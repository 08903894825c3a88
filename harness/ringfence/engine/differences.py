"""Where model and chain differ after a step, value by value."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from itertools import zip_longest
from typing import Any, Final

from ringfence.types.finding import Difference
from ringfence.types.outcome import Done, Event, Outcome, Refused, Value
from ringfence.types.shapes import NO_NAMES, Shape, Shapes, leaves
from ringfence.types.state import VaultState

OUTCOME: Final = "outcome"  # the field of a difference: done or refused
UNUSED: Final = {"rate_bp": 0, "deleveraged_at": 0, "entry_price_wad": 0}  # fields that only some vaults have


def differences(
    action: str,
    outcomes: tuple[Outcome, Outcome],
    states: tuple[VaultState, VaultState],
    shapes: Shapes = NO_NAMES,
) -> tuple[Difference, ...]:
    """Return all differences of what came of an action and of the states after it, the model's first."""
    return (*_between_outcomes(action, *outcomes, shapes), *_between_states(*states))


def tolerated(path: str, tolerances: Mapping[str, int]) -> int:
    """Return by how many units an amount may differ, by its name: what follows its row, or ``totals``."""
    name = path.partition("].")[2] or path.partition(".")[2] or path
    return tolerances.get(name, 0)


def is_tolerated(difference: Difference, tolerances: Mapping[str, int]) -> bool:
    """Return whether a difference is of an amount that both sides have, and no more than is tolerated."""
    model, chain = difference.model, difference.chain
    if type(model) is not int or type(chain) is not int:
        return False
    return abs(model - chain) <= tolerated(difference.field, tolerances)


def as_outcome(value: Value) -> Outcome:
    """Return the outcome, events apart, that ``as_value`` has made a value of."""
    match value:
        case ("refused", str(error), tuple(args)):
            return Refused(error, args)
        case ("done", result):
            return Done(result, ())
        case _:
            raise ValueError(f"no outcome: {value!r}")


def as_value(outcome: Outcome) -> Value:
    """Return an outcome without its events, as a plain value."""
    if isinstance(outcome, Done):
        return ("done", outcome.value)
    return ("refused", outcome.error, outcome.args)


def _between_outcomes(action: str, model: Outcome, chain: Outcome, shapes: Shapes) -> Iterator[Difference]:
    if not isinstance(model, Done) or not isinstance(chain, Done):
        if model != chain:
            yield Difference(OUTCOME, as_value(model), as_value(chain))
        return
    scalar = shapes.scalar(action)
    name = f"returned.{scalar}" if scalar else "returned"
    yield from _between_values(name, shapes.returned(action), model.value, chain.value)
    for number, (expected, actual) in enumerate(zip_longest(model.events, chain.events), start=1):
        yield from _between_events(number, expected, actual, shapes)


def _between_events(
    number: int, model: Event | None, chain: Event | None, shapes: Shapes
) -> Iterator[Difference]:
    if model and chain and (model.emitter, model.name) == (chain.emitter, chain.name):
        yield from _between_values(model.name, shapes.logged(model.name), model.args, chain.args)
    elif model != chain:
        yield Difference(f"events[{number}]", _event(model), _event(chain))


def _event(event: Event | None) -> Value:
    return (event.emitter, event.name, event.args) if event else None


def _between_values(path: str, shape: Shape, model: Value, chain: Value) -> Iterator[Difference]:
    expected, actual = dict(leaves(path, model, shape)), dict(leaves(path, chain, shape))
    yield from _between_tables(expected, actual)


def _between_states(model: VaultState, chain: VaultState) -> Iterator[Difference]:
    yield from _between_tables(_rows("positions", model.positions), _rows("positions", chain.positions))
    yield from _between_tables(_rows("totals", model.totals), _rows("totals", chain.totals))
    yield from _between_tables(_rows("accounts", model.accounts), _rows("accounts", chain.accounts))
    yield from _between_tables(_rows("officers", model.officers), _rows("officers", chain.officers))
    yield from _between_tables(_operators(model), _operators(chain))


def _operators(state: VaultState) -> dict[str, Value]:
    return _rows("operators", {", ".join(pair): given for pair, given in sorted(state.operators.items())})


def values_of(state: VaultState) -> dict[str, Value]:
    """Return the values of a state by their paths: ``positions[1].margin``, ``totals.liquidity``."""
    tables = ("positions", "totals", "accounts", "officers")
    return {path: value for name in tables for path, value in _rows(name, getattr(state, name)).items()}


def _rows(table: str, entries: Mapping[Any, Any]) -> dict[str, Value]:
    """Return every value of a part of the state by its path."""
    if entries and not is_dataclass(next(iter(entries.values()))):
        return {f"{table}.{key}": value for key, value in entries.items()}
    return {
        f"{table}[{key}].{name}": value
        for key, entry in entries.items()
        for name, value in _values(entry)
        if value != UNUSED.get(name, entry)
    }


def _values(entry: Any) -> Iterator[tuple[str, Value]]:
    for part in fields(entry):
        value = getattr(entry, part.name)
        yield from value.items() if part.name == "amounts" else ((part.name, value),)


def _between_tables(model: Mapping[str, Value], chain: Mapping[str, Value]) -> Iterator[Difference]:
    for path in [*model, *(path for path in chain if path not in model)]:
        if model.get(path) != chain.get(path):
            yield Difference(path, model.get(path), chain.get(path))
