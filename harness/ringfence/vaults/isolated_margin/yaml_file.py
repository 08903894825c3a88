"""YAML of plain text, with the line of everything in it: nothing is taken for a number, a date or a truth."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final, TypeAlias

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from ringfence.types.errors import RingfenceError

Keys: TypeAlias = tuple[str | int, ...]
UNKNOWN_KEY: Final = "additionalProperties"


class BadFile(RingfenceError):
    """A file is not what it has to be; the message begins with its name and the line."""


@dataclass(frozen=True, slots=True)
class YamlFile:
    """What a file says: mappings, lists and texts in ``content``, and the line that each begins in."""

    path: Path
    content: Any
    lines: Mapping[Keys, int]

    def at(self, *keys: str | int) -> str:
        """Return file and line of the value under these keys, or of what it should be in."""
        while keys not in self.lines:
            keys = keys[:-1]
        return f"{self.path}, line {self.lines[keys]}"

    def obey(self, schema: Mapping[str, Any]) -> None:
        """See that the content obeys a JSON schema; raises BadFile.

        Reports the first unknown key, which may be a missing one misspelt; else the first line that is wrong.
        """
        failures = list(Draft202012Validator(schema).iter_errors(self.content))
        unknown = [failure for failure in failures if failure.validator == UNKNOWN_KEY]
        problems = [self._reported(failure) for failure in unknown or failures]
        if problems:
            keys, sentence = min(problems, key=lambda each: self.lines.get(each[0], 0))
            raise BadFile(f"{self.at(*keys)}: {sentence}")

    def _reported(self, failure: ValidationError) -> tuple[Keys, str]:
        """Return where something is wrong, and what."""
        keys: Keys = tuple(failure.absolute_path)
        last = keys[-1] if keys else "the file"
        name = last if isinstance(last, str) else "it"
        rule: Any = failure.schema
        given: Any = failure.instance
        if failure.validator == UNKNOWN_KEY:
            unknown = next(key for key in given if key not in rule["properties"])
            return (*keys, unknown), f"unknown key {unknown!r}; known here: {', '.join(rule['properties'])}"
        if failure.validator == "required":
            missing = next(key for key in rule["required"] if key not in given)
            return keys, f"the key {missing!r} is missing" + (
                f" in {last!r}" if keys and name == last else ""
            )
        if failure.validator == "pattern":
            return keys, f"{name} is {given!r}, and has to be {rule['title']}"
        kinds = {"object": "keys with values", "array": "a list", "string": "a single value"}
        if failure.validator == "type":
            return keys, f"{name} has to be {kinds[rule['type']]}"
        return keys, f"{name} is refused: {failure.message[:120]}"


def fields_schema(kind: Any, usual: Mapping[str, Any], **others: Any) -> dict[str, Any]:
    """Return the schema of an object with the names that a dataclass is made of: ``usual`` but for others."""
    names = [field.name for field in fields(kind) if field.init]
    properties = {name: others.get(name, usual) for name in names}
    return {"type": "object", "required": names, "properties": properties, "additionalProperties": False}


def read_yaml(path: Path) -> YamlFile:
    """Return what a file says; raises BadFile."""
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    except OSError as failure:
        raise BadFile(f"{path}: {failure.strerror}") from None
    except UnicodeDecodeError:
        raise BadFile(f"{path}: the file is not UTF-8 text") from None
    except yaml.MarkedYAMLError as failure:
        line = failure.problem_mark.line + 1 if failure.problem_mark else 1
        raise BadFile(f"{path}, line {line}: this is no YAML: {failure.problem}") from None
    except yaml.YAMLError as failure:
        raise BadFile(f"{path}: this is no YAML: {str(failure).splitlines()[0]}") from None
    if root is None:
        raise BadFile(f"{path}, line 1: the file is empty")
    lines: dict[Keys, int] = {}
    return YamlFile(path, _content(root, (), lines, path), lines)


def _content(node: yaml.Node, keys: Keys, lines: dict[Keys, int], path: Path) -> Any:
    """Return a node's content, and note its line and those of all that is in it."""
    lines.setdefault(keys, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        content: dict[str, Any] = {}
        for key, value in node.value:
            line, name = key.start_mark.line + 1, key.value
            if not isinstance(name, str):
                raise BadFile(f"{path}, line {line}: a key has to be a single word")
            if name in content:
                raise BadFile(f"{path}, line {line}: the key {name!r} is there twice")
            lines[(*keys, name)] = line
            content[name] = _content(value, (*keys, name), lines, path)
        return content
    if isinstance(node, yaml.SequenceNode):
        return [_content(item, (*keys, index), lines, path) for index, item in enumerate(node.value)]
    return node.value
