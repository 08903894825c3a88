"""Risk parameters from a JSON file: an object with the model's names, ``tiers`` a list of objects."""

from pathlib import Path
from typing import Any, Final

from isolated_margin.errors import InvalidParameter, OutOfDomain
from isolated_margin.parameters import RiskParameters, Tier

from ringfence.vaults.isolated_margin.yaml_file import BadFile, fields_schema, read_yaml

NUMBER: Final = {"type": "string", "title": "an unsigned integer", "pattern": "^[0-9]+$"}


TIERS: Final = {"type": "array", "items": fields_schema(Tier, NUMBER)}
SCHEMA: Final = fields_schema(RiskParameters, NUMBER, tiers=TIERS)


def read_parameters(path: Path) -> RiskParameters:
    """Return the parameters in the file, as a vault would accept them.

    Raises:
        BadFile: the file is missing or can't be read; a name is missing or unknown; a value is no unsigned
            integer, or one that the vault's constructor refuses.
    """
    file = read_yaml(path)  # which JSON is, too
    file.obey(SCHEMA)
    tiers = tuple(Tier(**_numbers(tier)) for tier in file.content.pop("tiers"))
    try:
        parameters = RiskParameters(tiers=tiers, **_numbers(file.content))
        parameters.validate()
    except (InvalidParameter, OutOfDomain) as refusal:
        raise BadFile(f"{path}: the vault refuses the value of {refusal.args[0]}") from None
    return parameters


def _numbers(texts: dict[str, str]) -> dict[str, Any]:
    return {name: int(text) for name, text in texts.items()}
