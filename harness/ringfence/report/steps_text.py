"""A call sequence that a person wrote: calls as in a finding's pytest test, one after the other.

``open("trader_1", size=-300 * 10**18, margin=400 * 10**6, wait=60)``: the account, the action's values by
name or in their order, and the seconds, or the ``blocks``, before it.
"""

import ast
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from operator import add, floordiv, mul, sub
from pathlib import Path
from typing import Any, Final

from ringfence.types.actions import SENDER, Action, Alphabet, CallSequence, Step, parameters_of
from ringfence.types.declaration import fits_hint
from ringfence.types.errors import RingfenceError
from ringfence.types.parameters import MAX_UINT

WAIT: Final = "wait"
BLOCKS: Final = "blocks"
NAMES: Final[Mapping[str, Any]] = {"MAX": MAX_UINT}
OPERATORS: Final[Mapping[type[ast.operator], Callable[[int, int], int]]] = {
    ast.Add: add,
    ast.Sub: sub,
    ast.Mult: mul,
    ast.FloorDiv: floordiv,
    ast.Pow: lambda base, exponent: base ** min(exponent, 256),
}


class BadSteps(RingfenceError):
    """A text is no call sequence. The message is one sentence with file and line."""


def read(file: Path, actions: Alphabet, block_time: int = 0) -> CallSequence:
    """Return the call sequence in a file, with ``blocks=`` where they take a time; raises BadSteps."""
    try:
        tree = ast.parse(file.read_text(encoding="utf-8"))
    except OSError as failure:
        raise BadSteps(f"{file}: {failure.strerror}.") from None
    except UnicodeDecodeError as failure:
        raise BadSteps(f"{file}: byte {failure.start + 1} is no UTF-8 text.") from None
    except SyntaxError as failure:
        raise BadSteps(f"{file}:{failure.lineno}: this is no call: {failure.msg}.") from None
    by_name = {declared.python_name: declared for declared in actions}
    return tuple(_step(node, by_name, block_time, f"{file}:{node.lineno}") for node in tree.body)


def _step(node: ast.stmt, actions: Mapping[str, type[Action]], block_time: int, place: str) -> Step:
    if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Call):
        raise BadSteps(f'{place}: write a call of an action: close("trader_1", position=1).')
    call = node.value
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name not in actions:
        near = get_close_matches(name, actions, 1)
        advice = f"did you mean {near[0]}?" if near else f"it has {', '.join(sorted(actions))}."
        raise BadSteps(f"{place}: the vault has no action {name}: {advice}")
    values = _arguments(call, actions[name], place)
    seconds, blocks = values.pop(WAIT, 0), values.pop(BLOCKS, 0)
    if type(seconds) is not int or seconds < 0:
        raise BadSteps(f"{place}: wait is {seconds!r}, and no number of seconds.")
    if type(blocks) is not int or blocks < 0:
        raise BadSteps(f"{place}: blocks is {blocks!r}, and no number of blocks.")
    if blocks and not block_time:
        raise BadSteps(f"{place}: blocks take a time where the adapter's facts have a block_time.")
    return Step(actions[name](**values), seconds + blocks * block_time)


def _arguments(call: ast.Call, declared: type[Action], place: str) -> dict[str, Any]:
    """Return an action's values by name, and ``wait``; raises BadSteps."""
    names = list(parameters_of(declared))
    given = dict(zip(names, call.args, strict=False)) | {str(each.arg): each.value for each in call.keywords}
    wanted = f"{declared.python_name} takes {', '.join(names)} and {WAIT}"
    if len(call.args) > len(names) or given.keys() - {WAIT, BLOCKS} != set(names):
        raise BadSteps(f"{place}: {wanted}, and is given {', '.join(given) or 'nothing'}.")
    values = {name: _value(node, place) for name, node in given.items()}
    for name in names:
        if not fits_hint(declared, name, values[name]):
            kind = "an account" if name == SENDER else "what it should be"
            raise BadSteps(f"{place}: {name} is {values[name]!r}, and not {kind}.")
    return values


def _value(node: ast.expr, place: str) -> Any:
    """Return what an expression of literals is; raises BadSteps."""
    match node:
        case ast.Constant(value):
            return value
        case ast.Name(name) if name in NAMES:
            return NAMES[name]
        case ast.Tuple(parts):
            return tuple(_value(part, place) for part in parts)
        case ast.UnaryOp(ast.USub(), operand):
            return -_integer(operand, place)
        case ast.BinOp(left, operator, right) if type(operator) in OPERATORS:
            try:
                return OPERATORS[type(operator)](_integer(left, place), _integer(right, place))
            except ArithmeticError as failure:
                raise BadSteps(f"{place}: {ast.unparse(node)} has no value: {failure}.") from None
    raise BadSteps(f"{place}: {ast.unparse(node)} is no number, text or truth value.")


def _integer(node: ast.expr, place: str) -> int:
    value = _value(node, place)
    if type(value) is not int:
        raise BadSteps(f"{place}: {ast.unparse(node)} is no whole number.")
    return value
