"""A search as SARIF 2.1.0, which code hosts show beside the code: a rule a property, a result a finding."""

import inspect
import json
import re
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from ringfence.engine.target import Target
from ringfence.report.summary import Shown, Summary
from ringfence.report.text import headlines

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
SITE: Final = re.compile(r"(?P<file>.+):(?P<line>\d+)")
SOURCES: Final = (".", "contracts", "src")  # where sources are beside an adapter
MODEL: Final = {"id": "MODEL", "shortDescription": {"text": "The vault is where its reference model is."}}


def sarif(summary: Summary) -> str:
    """Return the findings of a search as a SARIF log."""
    rules = [{"id": each.id, "shortDescription": {"text": each.sentence}} for each in summary.properties]
    driver = {"name": "ringfence", "version": version("ringfence"), "rules": [*rules, MODEL]}
    results = [_result(shown) for shown in summary.findings]
    run = {"tool": {"driver": driver}, "results": results}
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _result(shown: Shown) -> dict[str, Any]:
    finding = shown.finding
    return {
        "ruleId": finding.property_id or MODEL["id"],
        "level": "error",
        "message": {"text": "\n".join(headlines(finding))},
        "locations": [{"physicalLocation": _location(shown)}],
        "partialFingerprints": {"cause/v1": f"{finding.name} {shown.site}".strip()},
    }


def _location(shown: Shown) -> dict[str, Any]:
    """Return where the last step reverts, if that is known and there; else the adapter's file."""
    adapter = Target.named(shown.finding.vault.name).adapter
    file = Path(shown.finding.vault.file or inspect.getfile(adapter))
    site = SITE.fullmatch(shown.site)
    for folder in SOURCES:
        source = file.parent / folder / site["file"] if site else file.parent
        if site and source.is_file():
            return {"artifactLocation": {"uri": _uri(source)}, "region": {"startLine": int(site["line"])}}
    return {"artifactLocation": {"uri": _uri(file)}}


def _uri(file: Path) -> str:
    """Return a path as seen from the working directory, which a code host takes for the repository's."""
    here, whole = Path.cwd(), file.resolve()
    return whole.relative_to(here).as_posix() if whole.is_relative_to(here) else whole.as_uri()
