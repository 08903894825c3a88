"""What an adapter may state besides its facts, looked at when it is loaded."""

import ast
import inspect
import textwrap
from collections.abc import Collection, Mapping
from typing import Any

from ringfence.engine.system import MODEL
from ringfence.types.errors import AdapterFault, place_of
from ringfence.types.facts import Facts


def check_options(adapter: Any, properties: Collection[str]) -> None:
    """See that an adapter's options are what they must be; raises AdapterFault with file and line."""
    alone = getattr(adapter, "one_transaction_per_block", False)
    wrong = {
        "tolerances": _wrong_tolerances(getattr(adapter, "tolerances", {}), properties),
        "sums": _wrong_sums(getattr(adapter, "sums", {})),
        "invariants": _wrong_names(getattr(adapter, "invariants", ())),
        "one_transaction_per_block": None if isinstance(alone, bool) else f"is {alone!r}, and no truth value",
        "facts": _wrong_facts(adapter.facts),
    }
    for name, reason in wrong.items():
        if reason:
            raise AdapterFault(f"{place_of_member(adapter, name)}: {name} {reason}.")


def _wrong_tolerances(stated: Any, properties: Collection[str]) -> str | None:
    """Return what is wrong with tolerances, as the rest of a sentence."""
    if not isinstance(stated, Mapping):
        return f"must be numbers of units by the ids of properties, not {stated!r}"
    amounts = stated.get(MODEL, {})
    if not isinstance(amounts, Mapping):
        return f"of {MODEL} must be numbers of units by the names of amounts, not {amounts!r}"
    by_property = {each: units for each, units in stated.items() if each != MODEL}
    if unknown := [each for each in by_property if each not in properties]:
        return f"name {unknown[0]!r}, and there is no such property"
    named = by_property | {f"{name} in {MODEL}": units for name, units in amounts.items()}
    wrong = (each for each, units in named.items() if type(units) is not int or units < 0)
    return next((f"of {each} must be a number of units, not {named[each]!r}" for each in wrong), None)


def _wrong_sums(stated: Any) -> str | None:
    """Return what is wrong with sums, as the rest of a sentence."""
    if isinstance(stated, Mapping) and all(type(n) is str and callable(part) for n, part in stated.items()):
        return None
    return f"must be functions of a position by the names of totals, not {stated!r}"


def _wrong_names(stated: Any) -> str | None:
    """Return what is wrong with names of contracts, as the rest of a sentence."""
    if isinstance(stated, tuple | list) and all(type(each) is str for each in stated):
        return None
    return f'must be a tuple of names of contracts, ("tester",), not {stated!r}'


def _wrong_facts(facts: Facts) -> str | None:
    """Return what is wrong with the options among facts, as the rest of a sentence."""
    prices, block_time, blocks = facts.prices, facts.block_time, facts.blocks
    if prices is not None and not (_are_numbers(prices) and len(prices) == 2 and prices[0] <= prices[1]):
        return f"have prices={prices!r}, and not the lowest and the highest price"
    if prices is not None and not prices[0] <= facts.answer <= prices[1]:
        return f"have the first price {facts.answer:,}, which is not within prices={prices!r}"
    if not _are_numbers((facts.execution_delay,)):
        return f"have execution_delay={facts.execution_delay!r}, and no number of seconds"
    if not _are_numbers((block_time,)):
        return f"have block_time={block_time!r}, and no number of seconds"
    if not _are_numbers(blocks) or 0 in blocks:
        return f"have blocks={blocks!r}, and no numbers of blocks"
    return "have blocks, and no block_time in seconds" if blocks and not block_time else None


def _are_numbers(values: Any) -> bool:
    """Return whether values are a tuple of integers from 0."""
    return isinstance(values, tuple) and all(type(each) is int and each >= 0 for each in values)


def place_of_member(adapter: Any, name: str) -> str:
    """Return the file and line where a class, or the base that it has it from, states a member."""
    owner = next((base for base in getattr(adapter, "__mro__", ()) if name in vars(base)), adapter)
    try:
        lines, first = inspect.getsourcelines(owner)
        (tree,) = ast.parse(textwrap.dedent("".join(lines))).body
        file = inspect.getsourcefile(owner)
    except (OSError, TypeError, SyntaxError, ValueError):
        return place_of(owner)
    stated = (node for node in getattr(tree, "body", ()) if name in _targets(node))
    return f"{file}, line {first + next((node.lineno for node in stated), 1) - 1}"


def _targets(node: ast.stmt) -> list[str]:
    """Return the names that a statement sets."""
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return [each.id for each in targets if isinstance(each, ast.Name)]
