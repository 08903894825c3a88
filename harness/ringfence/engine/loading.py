"""Adapters by name: ``path/to/file.py:Class``, ``package.module:Class``, or the id of a known vault.

Of a file with one adapter the class may be left out.

A package makes a vault known by an entry point of the group ``ringfence.vaults``. Text in brackets after an
id names a variant, such as a seeded bug of ours: ``isolated-margin(a-bug)``.
"""

import hashlib
import inspect
import re
import sys
from importlib import import_module
from importlib.metadata import entry_points
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from ringfence.engine.fault import place_in
from ringfence.engine.options import check_options
from ringfence.properties import BY_ID, Ability
from ringfence.properties.own import declared_by
from ringfence.types.actions import Action, Alphabet
from ringfence.types.adapter import Adapter
from ringfence.types.declaration import badly_drawn, lacking
from ringfence.types.errors import AdapterFault, place_of
from ringfence.types.facts import Facts

METHODS = ("apply", "observe")
GROUP: Final = "ringfence.vaults"
KNOWN: Final = re.compile(r"(?P<id>[\w-]+)(\((?P<variant>[^()]*)\))?")


def load(name: str) -> Any:
    """Return the adapter of that name; raises AdapterFault."""
    known = KNOWN.fullmatch(name)
    if known:
        return _known(known["id"], known["variant"])
    place, _, attribute = whole_name(name).rpartition(":")
    if not place or not attribute:
        raise AdapterFault(f"{name!r} names no adapter: write path/to/file.py:Class or package.module:Class.")
    module = _from_file(Path(place)) if place.endswith(".py") else _from_package(place)
    try:
        adapter = getattr(module, attribute)
    except AttributeError:
        raise AdapterFault(f"{place} has no {attribute}.") from None
    check(adapter)
    return adapter


def _known(name: str, variant: str | None) -> Any:
    for point in entry_points(group=GROUP):
        if point.name == name:
            adapter = point.load()
            return adapter if variant is None else adapter.variant(variant)
    ids = ", ".join(sorted(point.name for point in entry_points(group=GROUP)))
    raise AdapterFault(
        f"{name!r} names no adapter: write path/to/file.py:Class, package.module:Class, or one of {ids}."
    )


def whole_name(name: str) -> str:
    """Return a name with the class of a file that was named alone; raises AdapterFault unless it has one."""
    if not name.endswith(".py"):
        return name
    module = _from_file(Path(name))
    found = [
        each.__name__
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, Adapter) and each.__module__ == module.__name__
    ]
    if not found:
        raise AdapterFault(f"{name} defines no adapter: derive a class from ringfence.Adapter.")
    if len(found) > 1:
        raise AdapterFault(f"{name} defines {', '.join(found)}: write {name}:{found[0]} for the first.")
    return f"{name}:{found[0]}"


def name_of(adapter: Any) -> str:
    """Return a name that loads an adapter: its id where it is known, else its file and class."""
    place = f"{adapter.__module__}:{adapter.__qualname__}"
    known = [point.name for point in entry_points(group=GROUP) if point.value == place]
    try:
        return known[0] if known else f"{inspect.getfile(adapter)}:{adapter.__qualname__}"
    except (OSError, TypeError):  # made where there is no file
        return place


def check(adapter: Any) -> None:
    """See that an adapter states what it must; raises AdapterFault."""
    called = getattr(adapter, "__name__", repr(adapter))
    for method in METHODS:
        if not callable(getattr(adapter, method, None)):
            raise AdapterFault(f"{called} has no method {method}.")
    if not isinstance(getattr(adapter, "facts", None), Facts):
        raise AdapterFault(f"{called}.facts must be a Facts: the first price and one ordinary trade.")
    _check_actions(adapter, called)
    _check_abilities(called, getattr(adapter, "abilities", ()))
    own = {each.property_id for each in declared_by(adapter).values()}
    check_options(adapter, {*BY_ID, *own})
    if Ability.VALUATION in adapter.abilities and not callable(getattr(adapter, "book", None)):
        raise AdapterFault(f"{called} says that it values positions, and has no method book.")


def _check_actions(adapter: Any, called: str) -> None:
    stated = getattr(adapter, "actions", None)
    if not stated:
        advice = "derive it from Adapter, and write @action() above the methods that send them"
        raise AdapterFault(f"{called} has no actions: {advice}.")
    if not isinstance(stated, set | frozenset | tuple | list | Alphabet):
        raise AdapterFault(f"{called}.actions must be a set, not {stated!r}.")
    for member in stated:
        if not (isinstance(member, type) and issubclass(member, Action) and member is not Action):
            raise AdapterFault(f"{called}.actions holds {member!r}, which is no action.")
        wrong = lacking(member) or badly_drawn(member)
        if wrong:
            raise AdapterFault(f"{place_of(getattr(adapter, member.method, member))}: {wrong}")
    Alphabet(stated)


def _check_abilities(called: str, stated: Any) -> None:
    if not isinstance(stated, set | frozenset | tuple | list):
        raise AdapterFault(f"{called}.abilities must be a set, not {stated!r}.")
    for member in stated:
        if member not in tuple(Ability):
            raise AdapterFault(f"{called}.abilities holds {member!r}, and there is no such ability.")


def _from_file(path: Path) -> ModuleType:
    path = path.resolve()
    digest = hashlib.sha256(str(path).encode()).hexdigest()[
        :16
    ]  # the same in every process: actions are pickled
    spec = spec_from_file_location(f"_adapter_{path.stem}_{digest}", path)
    if not path.is_file() or spec is None or spec.loader is None:
        raise AdapterFault(f"{path}: there is no such file.")
    imported = [each for each in sys.modules.values() if getattr(each, "__file__", None) == str(path)]
    if imported:  # its actions are those classes, in any module that imports it
        return sys.modules.setdefault(spec.name, imported[0])
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    sys.path.insert(0, str(path.parent))  # as for a script: what lies beside it can be imported
    try:
        spec.loader.exec_module(module)
    except Exception as failure:
        del sys.modules[spec.name]
        raise _not_imported(str(path), failure) from failure
    finally:
        sys.path.remove(str(path.parent))
    return module


def _from_package(name: str) -> ModuleType:
    try:
        return import_module(name)
    except ModuleNotFoundError as missing:
        raise AdapterFault(f"There is no module {missing.name}.") from None
    except Exception as failure:
        raise _not_imported(name, failure) from failure


def _not_imported(name: str, failure: Exception) -> AdapterFault:
    """Return why a module can't be imported, with the line; what is said of a declaration has one already."""
    if isinstance(failure, AdapterFault):
        return failure
    reason = f"{type(failure).__name__}{place_in(failure)}: {failure}"
    return AdapterFault(f"{name} can't be imported: {reason}")
