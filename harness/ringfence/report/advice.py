"""What to do about a finding: where the rule is written, how to keep it, how to see that it is cured."""

from pathlib import Path
from typing import Any, Final

from ringfence.properties import BY_ID
from ringfence.properties.own import declared_by
from ringfence.types.finding import Finding

PAGE: Final = "docs/properties.md"


def advice(finding: Finding, file: Path, adapter: Any) -> list[str]:
    """Return what to do next, a sentence or a command each; ``adapter`` is the finding's."""
    return [
        *_rule(finding, adapter),
        f"Keep it as a test: ringfence explain {file} --pytest test_finding.py --foundry Finding.t.sol",
        f"See whether a change cures it: ringfence replay {file}; the exit status is 0 when it does.",
    ]


def _rule(finding: Finding, adapter: Any) -> list[str]:
    """Return where the property is written, or what an adapter's model follows, by ``rule_of(action)``."""
    property_id = finding.property_id
    if property_id in BY_ID:
        return [f"The property is in {PAGE}#{property_id.lower()}."]
    if property_id:
        own = (each for each in declared_by(adapter).values() if each.property_id == property_id)
        return [f"The property is declared in {each.place}." for each in own]
    rule_of = getattr(adapter, "rule_of", None)
    return [rule_of(finding.sequence[-1].action.name if finding.sequence else "")] if rule_of else []
