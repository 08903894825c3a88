"""Lists of what no search can find or reach, each entry with a reason: YAML, read strictly."""

from pathlib import Path
from typing import Final, TypeVar

from ringfence.vaults.isolated_margin.yaml_file import fields_schema, read_yaml

TEXT: Final = {"type": "string"}
REASON: Final = {"type": "string", "title": "five words at least", "pattern": r"^\s*(\S+\s+){4,}\S"}

Entry = TypeVar("Entry")


def entries_in(path: Path | None, kind: type[Entry], reason: str) -> list[Entry]:
    """Return the entries of a list, none without a list; raises BadFile.

    ``kind`` is a dataclass, whose fields are an entry's, each a text; ``reason`` is what that of the reason
    is called.
    """
    if path is None:
        return []
    file = read_yaml(path)
    file.obey({"type": "array", "items": fields_schema(kind, TEXT, **{reason: REASON})})
    return [kind(**{name: text.strip() for name, text in entry.items()}) for entry in file.content]
