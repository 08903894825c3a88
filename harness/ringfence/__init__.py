"""Compares an isolated-margin vault on a chain with its reference model, after every step.

The names that adapters and tests need are those of the stub next to this file. Each is loaded when it is
asked for: pytest imports this in every run.
"""

import ast
from importlib import import_module
from pathlib import Path

_STUB = ast.parse(Path(__file__).with_suffix(".pyi").read_text(encoding="utf-8")).body
_PLACES = {
    each.name: str(imported.module)
    for imported in _STUB
    if isinstance(imported, ast.ImportFrom)
    for each in imported.names
}
_KINDS = {
    str(target) for each in _STUB if isinstance(each, ast.Assign) for target in map(ast.unparse, each.targets)
}
__all__ = sorted({*_PLACES, *_KINDS})


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def __getattr__(name: str) -> object:
    """Return a public name, loaded now; a kind of action is a member of Kind."""
    if name in _PLACES:
        value = getattr(import_module(_PLACES[name]), name)
    elif name in _KINDS:
        value = getattr(import_module(_PLACES["Kind"]).Kind, name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value
