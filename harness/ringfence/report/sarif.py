"""A search as SARIF 2.1.0, which code hosts show beside the code: a rule a property, a result a finding."""

import json
from importlib.metadata import version
from typing import Any, Final

from ringfence.report.code_place import CodePlace
from ringfence.report.summary import Shown, Summary
from ringfence.report.text import headlines

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
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
        "locations": [{"physicalLocation": _location(shown.place)}],
        "partialFingerprints": {"cause/v1": f"{finding.name} {shown.site}".strip()},
    }


def _location(place: CodePlace) -> dict[str, Any]:
    return {"artifactLocation": {"uri": place.uri}, "region": {"startLine": place.line}}
