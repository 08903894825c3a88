"""The calls of the workspace that are written in an adapter's methods, with the names that they give."""

import ast
import inspect
import linecache
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from types import FunctionType
from typing import Any, Final, TypeAlias

from ringfence.engine.fault import OURS
from ringfence.types.adapter import Adapter

Definition: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
SENT: Final = ("account", "contract", "function")
ASKED: Final = ("contract", "function")
PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(("send", "do"), SENT),
    **dict.fromkeys(("ask", "read", "number", "calldata"), ASKED),
    **dict.fromkeys(("deploy", "know"), ("new",)),
    **dict.fromkeys(("storage", "slot_names", "domain"), ("contract",)),
    "variable": ("contract", "label"),
    "ether": ("account",),
}
CATCHING: Final = frozenset({"KeyError", "LookupError", "Exception", "BaseException"})
LISTS: Final = frozenset({"contracts", "interfaces", "artifacts"})  # by these an adapter asks what there is


@dataclass(frozen=True, slots=True)
class NamedCall:
    """A call of the workspace, and the method that makes it.

    ``names`` are the texts that it gives, by what they stand for; None for one that is computed.
    ``arguments`` are those of the contract's function, likewise; None when their number is not known.
    """

    file: str
    line: int
    method: str
    names: Mapping[str, str | None]
    arguments: list[str | None] | None


@cache
def named_calls(adapter: Any) -> tuple[NamedCall, ...]:
    """Return the calls in the methods of an adapter's class, those of its bases too that are not ours.

    Passed over are calls that an adapter makes only after it has asked what there is, by an attribute of its
    own or by ``workspace.contracts``, and those whose unknown names it catches.
    """
    members: dict[str, Any] = {}
    for base in adapter.__mro__:
        members = vars(base) | members
    found: list[NamedCall] = []
    for member in members.values():
        function = inspect.unwrap(getattr(member, "__func__", getattr(member, "fget", member)))
        if isinstance(function, FunctionType) and not function.__code__.co_filename.startswith(OURS):
            tree = _definition(function)
            found += _Method(adapter, function, tree).calls() if tree else ()
    return tuple(found)


class _Method:
    """A method's function and syntax tree, and which of its variables are the workspace or a method of it."""

    def __init__(self, adapter: type, function: FunctionType, tree: Definition) -> None:
        self._adapter, self._function, self._tree = adapter, function, tree
        parameters = [each.arg for each in tree.args.args]
        self._self = parameters[0] if parameters else ""
        is_first = function.__name__ in ("deploy", "__init__")
        self._workspaces = {*parameters[1:2]} if is_first else {"workspace"}.intersection(parameters)
        self._aliases: dict[str, str] = {}
        for name, value in _variables(tree):
            if self._is_workspace(value):
                self._workspaces.add(name)
            else:
                self._aliases[name] = self._called(value)

    def calls(self) -> Iterator[NamedCall]:
        """Yield the calls that the method makes."""
        for call in _certain(self._tree.body, self._asks):
            parts = PARTS.get(self._called(call.func))
            if parts is not None:
                yield self._named(call, parts)

    def _named(self, call: ast.Call, parts: tuple[str, ...]) -> NamedCall:
        placed = list(takewhile(lambda each: not isinstance(each, ast.Starred), call.args))
        keywords = {"account" if each.arg == "sender" else each.arg: each.value for each in call.keywords}
        given = dict(zip(parts, placed, strict=False)) | keywords
        names = {part: self._text(value) for part, value in given.items() if part in (*parts, "account")}
        is_counted = len(placed) == len(call.args) and set(parts) <= {*parts[: len(placed)]}
        arguments = [self._text(each) for each in placed[len(parts) :]] if is_counted else None
        code = self._function.__code__
        return NamedCall(code.co_filename, call.lineno, self._function.__name__, names, arguments)

    def _called(self, target: ast.expr) -> str:
        """Return the method of the workspace that an expression is, ``""`` for another."""
        if isinstance(target, ast.Name):
            return self._aliases.get(target.id, "")
        if not isinstance(target, ast.Attribute):
            return ""
        if self._is_self(target.value):
            is_ours = inspect.getattr_static(self._adapter, "send", None) is Adapter.send
            return "send" if target.attr == "send" and is_ours else ""
        return target.attr if self._is_workspace(target.value) else ""

    def _text(self, node: ast.expr) -> str | None:
        """Return the text of a literal, or of a constant of the module or the class."""
        value: object = None
        if isinstance(node, ast.Constant):
            value = node.value
        elif isinstance(node, ast.Name) and node.id not in _locals(self._function):
            value = self._function.__globals__.get(node.id)
        elif isinstance(node, ast.Attribute) and self._is_self(node.value):
            value = inspect.getattr_static(self._adapter, node.attr, None)
        return value if isinstance(value, str) else None

    def _asks(self, test: ast.expr) -> bool:
        """Return whether a test depends on what was deployed, and not on arguments alone."""
        attributes = [node for node in ast.walk(test) if isinstance(node, ast.Attribute)]
        own = [each for each in attributes if self._is_self(each.value) and each.attr != "workspace"]
        return bool(own) or any(each.attr in LISTS for each in attributes)

    def _is_self(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and node.id == self._self

    def _is_workspace(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Name):
            return node.id in self._workspaces
        return isinstance(node, ast.Attribute) and node.attr == "workspace" and self._is_self(node.value)


def _certain(nodes: Iterable[ast.AST], asks: Any) -> Iterator[ast.Call]:
    """Yield calls, but those after or below a test that ``asks``, or where unknown names are caught."""
    for node in nodes:
        if isinstance(node, ast.If | ast.IfExp) and asks(node.test):
            if isinstance(node, ast.If) and isinstance(node.body[-1], ast.Return | ast.Raise):
                return
        elif not (isinstance(node, ast.Try) and any(map(_catches, node.handlers))):
            if isinstance(node, ast.Call):
                yield node
            yield from _certain(ast.iter_child_nodes(node), asks)


def _catches(handler: ast.ExceptHandler) -> bool:
    """Return whether a handler catches unknown names."""
    named = {node.id for node in ast.walk(handler.type) if isinstance(node, ast.Name)} if handler.type else ()
    return not named or not CATCHING.isdisjoint(named)


def _variables(tree: Definition) -> Iterator[tuple[str, ast.expr]]:
    """Yield the variables that are set once, each with its value."""
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    often = Counter(each.id for each in names if isinstance(each.ctx, ast.Store))
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            for target, value in _pairs(node.targets[0], node.value):
                if isinstance(target, ast.Name) and often[target.id] == 1:
                    yield target.id, value


def _pairs(target: ast.expr, value: ast.expr) -> Iterable[tuple[ast.expr, ast.expr]]:
    """Return what is set to what, each part of a tuple to its own."""
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        return zip(target.elts, value.elts, strict=False)
    return [(target, value)]


def _locals(function: FunctionType) -> tuple[str, ...]:
    code = function.__code__
    return (*code.co_varnames, *code.co_cellvars, *code.co_freevars)


def _definition(function: FunctionType) -> Definition | None:
    """Return a function's syntax tree, None without a file or when that has changed."""
    code = function.__code__
    linecache.checkcache(code.co_filename)
    text = "".join(linecache.getlines(code.co_filename, function.__globals__))
    found = _definitions(text).get(code.co_firstlineno)
    return found if found and found.name == function.__name__ else None


@cache
def _definitions(text: str) -> dict[int, Definition]:
    """Return the functions of a file by their first lines, those of their decorators."""
    try:
        tree = ast.parse(text)
    except SyntaxError:  # it has changed since it was loaded
        return {}
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return {min([node.lineno, *(each.lineno for each in node.decorator_list)]): node for node in functions}
