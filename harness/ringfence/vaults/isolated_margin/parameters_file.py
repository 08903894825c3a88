"""Risk parameters from a JSON file: an object with the model's names, ``tiers`` a list of objects."""

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

from isolated_margin.errors import InvalidParameter, NotAnInteger, OutOfDomain
from isolated_margin.parameters import RiskParameters, Tier


class ParametersFileError(ValueError):
    """A file of risk parameters can't be used; the message is one sentence that names the place."""


def read_parameters(path: Path) -> RiskParameters:
    """Return the parameters in the file, as a vault would accept them.

    Raises:
        ParametersFileError: the file is missing or no JSON; a name is missing or unknown; a value is not an
            unsigned integer, or one that the vault's constructor refuses.
    """
    given = _object(str(path), _parsed(path), RiskParameters)
    if not isinstance(given["tiers"], list):
        raise ParametersFileError(f"{path}: 'tiers' is not a list")
    tiers = [
        _built(f"{path}, tiers[{index}]", Tier, _object(f"{path}, tiers[{index}]", tier, Tier))
        for index, tier in enumerate(given["tiers"])
    ]
    parameters: RiskParameters = _built(str(path), RiskParameters, given | {"tiers": tuple(tiers)})
    try:
        parameters.validate()
    except InvalidParameter as refusal:
        raise ParametersFileError(f"{path}: the vault refuses the value of {refusal.args[0]}") from None
    return parameters


def _parsed(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ParametersFileError(f"{path}: there is no such file") from None
    except OSError as error:
        raise ParametersFileError(f"{path}: the file can't be read: {error.strerror}") from None
    except json.JSONDecodeError as error:
        raise ParametersFileError(f"{path}, line {error.lineno}: the file is not JSON: {error.msg}") from None
    except UnicodeDecodeError:
        raise ParametersFileError(f"{path}: the file is not UTF-8 text") from None


def _object(place: str, value: Any, kind: type[RiskParameters] | type[Tier]) -> dict[str, Any]:
    """Return ``value``, an object with exactly the names that ``kind`` is made of."""
    if not isinstance(value, dict):
        raise ParametersFileError(f"{place}: a JSON object is needed here")
    names = [field.name for field in fields(kind) if field.init]
    for name in names:
        if name not in value:
            raise ParametersFileError(f"{place}: '{name}' is missing")
    for name in value:
        if name not in names:
            raise ParametersFileError(f"{place}: there is no parameter '{name}'")
    return value


def _built(place: str, kind: Any, values: dict[str, Any]) -> Any:
    """Return an instance of ``kind``; one of its values may be no unsigned integer."""
    try:
        return kind(**values)
    except (NotAnInteger, OutOfDomain) as error:
        refused = error.args[0]
        name = next(name for name, value in values.items() if value is refused)
        raise ParametersFileError(f"{place}: {name} is {refused!r}, not an unsigned integer") from None
