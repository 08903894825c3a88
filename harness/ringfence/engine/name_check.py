"""The names in an adapter's methods, looked up in its workspace before anything runs."""

from collections.abc import Set
from typing import Any, Final

from ringfence.engine.named_calls import NamedCall, named_calls
from ringfence.evm.abi import Interface, Names, UnknownName
from ringfence.evm.workspace import Workspace
from ringfence.types.errors import AdapterFault

FIRST: Final = ("deploy", "__init__")  # methods that have run when names are looked up


def check_names(adapter: object, workspace: Workspace) -> None:
    """See that there are the contracts, functions, variables and accounts that an adapter's methods name.

    Looked at are literals, and constants of the module or the class; any other name raises UnknownName when
    it is used. A contract that some method deploys or names may come later. Raises AdapterFault with file and
    line.
    """
    if not workspace.contracts or getattr(adapter, "workspace", None) is not workspace:
        return
    kind: Any = type(adapter)
    calls = named_calls(kind)
    made = [each for each in calls if "new" in each.names]
    later = {each.names["new"] for each in made if each.names["new"] or each.method not in FIRST}
    for call in calls:
        try:
            wrong = _wrong_in(call, workspace, later)
        except UnknownName as unknown:
            wrong = str(unknown)
        if wrong:
            raise AdapterFault(f"{call.file}, line {call.line}: {wrong}.")


def _wrong_in(call: NamedCall, workspace: Workspace, later: Set[str | None]) -> str | None:
    """Return what is wrong with a call's arguments, without a full stop; raises UnknownName."""
    account, contract = call.names.get("account"), call.names.get("contract")
    if account and account not in later:
        workspace.book.address(account)
    if not contract or (contract not in workspace.contracts and later & {contract, None}):
        return None
    interface = workspace.interfaces[contract]
    label, function = call.names.get("label"), call.names.get("function")
    if label:
        storage = workspace.artifacts[contract].storage_layout.get("storage", ())
        Names(f"{contract} has no variable", {each["label"]: each for each in storage})[label]
    return _wrong_arguments(call, interface, function, workspace) if function else None


def _wrong_arguments(
    call: NamedCall, interface: Interface, function: str, workspace: Workspace
) -> str | None:
    """Return what is wrong with the arguments of a contract's function; raises UnknownName."""
    types, given = interface[function].input_types, call.arguments
    if given is None:
        return None
    for kind, argument in zip(types, given, strict=False):
        if argument and kind == "address":
            workspace.book.address(argument)
    if len(given) == len(types):
        return None
    others = [each for each in interface.overloads(function) if interface[each].input_types != types]
    advice = f"; write {' or '.join(others)} for another" if others else ""
    return f"{call.names['contract']}.{function} takes {len(types)} arguments, not {len(given)}{advice}"
