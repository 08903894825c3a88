"""What to do about a finding: where the rule is written, how to keep it, how to see that it is cured."""

from pathlib import Path
from typing import Final

from ringfence.types.finding import Finding

RULES: Final = "docs/rules.md"
HEADINGS: Final = {
    "Liquidation": ("LIQ", "Liquidate"),
    "Auto-deleveraging": ("ADL", "Deleverage"),
    "Carry": ("CAR",),
    "The liquidity pool": ("LPS", "Deposit", "Mint", "Withdraw", "Redeem"),
    "Trading": ("VAL",),
    "Roles": ("ACC", "Pause", "Unpause", "SetGuardian"),
    "Events": ("EVT",),
    "What a trader does": ("EXI",),
}
HEADING_OF: Final = {about: heading for heading, abouts in HEADINGS.items() for about in abouts}
USUAL_HEADING: Final = "What a trader does"


def advice(finding: Finding, file: Path) -> list[str]:
    """Return what to do next, a sentence or a command each."""
    action = finding.sequence[-1].action.name if finding.sequence else ""
    family = finding.property_id.partition("-")[0] if finding.property_id else ""
    heading = HEADING_OF.get(family) or HEADING_OF.get(action, USUAL_HEADING)
    return [
        f"The rule is in {RULES}, under “{heading}”.",
        f"Keep it as a test: ringfence explain {file} --pytest test_finding.py --foundry Finding.t.sol",
        f"See whether a change cures it: ringfence replay {file}; the exit status is 0 when it does.",
    ]
