"""Finding files: written whole, and read exactly or refused in one sentence that names the place."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match

from ringfence.engine.target import Target
from ringfence.report.schema import schema
from ringfence.types.actions import SENDER, parameters_of
from ringfence.types.codec import NO_ACTIONS, TAG, decode, encode
from ringfence.types.errors import RingfenceError
from ringfence.types.finding import SCHEMA, VERSION, Finding, VaultId
from ringfence.types.parameter_kinds import Account
from ringfence.types.roles import FEED, NOBODY, POOL, TOKEN, VAULT

HERE: Final = Path()
DEEPEST: Final = 100  # brackets in brackets: a finding has a dozen
STRING_OR_BRACKET: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[][{}]')
READ: Final = (f"{SCHEMA}/{VERSION}", f"{SCHEMA}/{VERSION - 1}")
CONTRACTS: Final = {VAULT, POOL, TOKEN, FEED, NOBODY}


class BadFinding(RingfenceError):
    """A file is no finding that can be read. The message is one sentence with the place."""


def write(finding: Finding, path: Path) -> None:
    """Write a finding."""
    path.write_text(to_json(finding, path.parent))


def read(path: Path, vault: str | None = None) -> Finding:
    """Return the finding in a file, of its vault or of another one; raises BadFinding."""
    try:
        return from_json(path.read_text(encoding="utf-8"), str(path), path.parent, vault)
    except OSError as failure:
        raise BadFinding(f"{path}: {failure.strerror}.") from None
    except UnicodeDecodeError as failure:
        raise BadFinding(f"{path}: byte {failure.start + 1} is no UTF-8 text.") from None


def to_json(finding: Finding, folder: Path = HERE) -> str:
    """Return a finding as the text of a file in a folder, from where it finds its vault."""
    body = encode(finding.seen_from(folder))
    assert isinstance(body, dict)
    return json.dumps({"schema": f"{SCHEMA}/{VERSION}"} | body, indent=2) + "\n"


def from_json(text: str, place: str, folder: Path = HERE, another: str | None = None) -> Finding:
    """Return the finding that the text of a file in a folder holds, of its vault or of another one's name.

    Raises BadFinding, which says ``place`` first, and AdapterFault for a vault that can't be loaded.
    """
    if _depth(text) > DEEPEST:
        raise BadFinding(f"{place}: nested too deeply to be a finding.")
    try:
        data = json.loads(text)
    except json.JSONDecodeError as failure:
        at = f"line {failure.lineno}, column {failure.colno}"
        is_cut = failure.pos >= len(text.rstrip()) or failure.msg.startswith("Unterminated")
        reason = "the file is cut off" if is_cut else f"no JSON: {failure.msg}"
        raise BadFinding(f"{place}, {at}: {reason}.") from None
    _check_version(data, place)
    data.setdefault("against", None)  # there was none in version 3
    data["schema"] = f"{SCHEMA}/{VERSION}"
    _check(data, schema(NO_ACTIONS), place)
    vault: VaultId = decode(data["vault"], VaultId).found_from(folder)
    if another:
        vault = VaultId.named(another, vault.code)
    target = Target.named(vault.name)
    market = type(next(iter(target.markets.values())))
    for index, step in enumerate(data["sequence"]):
        name = step["action"][TAG]
        if name not in [declared.name for declared in target.actions]:
            raise BadFinding(f"{place}, sequence[{index}].action: the vault has no action {name!r}.")
    _check(data, schema(target.actions, market), place)
    del data["schema"]
    finding: Finding = decode(data, Finding, target.actions, market)
    _check_references(finding, place)
    return replace(finding.found_from(folder), vault=vault)


def _depth(text: str) -> int:
    """Return how deep brackets are nested: what is too deep for the stack must not reach the parser.

    Its own limit can't be relied on: py-evm lifts the interpreter's when it is imported.
    """
    depth = deepest = 0
    for found in STRING_OR_BRACKET.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(found[0], 0)
        deepest = max(deepest, depth)
    return deepest


def _check_version(data: Any, place: str) -> None:
    """See that data is a finding of this version; raises BadFinding."""
    stated = data.get("schema") if isinstance(data, dict) else None
    if not isinstance(stated, str) or not stated.startswith(f"{SCHEMA}/"):
        raise BadFinding(f"{place}, schema: this is no finding of Ringfence.")
    if stated not in READ:
        version = stated.removeprefix(f"{SCHEMA}/")
        raise BadFinding(
            f"{place}, schema: version {version} is not the version {VERSION} that is read here."
        )


def _check(data: Any, rules: dict[str, Any], place: str) -> None:
    """See that data obeys a schema; raises BadFinding."""
    failure = best_match(Draft202012Validator(rules).iter_errors(data))
    if failure is not None:
        raise BadFinding(f"{place}, {_path(failure)}: {_reason(failure)}.")


def _check_references(finding: Finding, place: str) -> None:
    """See that the finding names only steps and accounts that there are; raises BadFinding."""
    if not 0 <= finding.step <= len(finding.sequence):
        raise BadFinding(
            f"{place}, step: {finding.step} of a call sequence of {len(finding.sequence)} steps."
        )
    if finding.cause.broken is None and not finding.cause.differences:
        raise BadFinding(f"{place}, cause: neither a property nor a difference.")
    accounts = set(finding.market.accounts)
    for index, step in enumerate(finding.sequence):
        for name, kind in parameters_of(type(step.action)).items():
            known = accounts if name == SENDER else accounts | CONTRACTS | set(kind.points)
            value = getattr(step.action, name)
            if isinstance(kind, Account) and value not in known and not value.startswith("0x"):
                where = f"sequence[{index}].action.{name}"
                raise BadFinding(f"{place}, {where}: market {finding.market.name} has no {value!r}.")


def _path(failure: ValidationError) -> str:
    """Return where in the file a failure is, as Python would write it."""
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in failure.absolute_path]
    return "".join(parts).removeprefix(".") or "top level"


def _reason(failure: ValidationError) -> str:
    """Return what is wrong, cut to a sentence: a file may hold anything."""
    said = failure.message
    if failure.validator == "pattern" and isinstance(failure.schema, dict) and "title" in failure.schema:
        said = f"{failure.instance!r} is not {failure.schema['title']}"
    return said if len(said) <= 120 else said[:117] + "..."
