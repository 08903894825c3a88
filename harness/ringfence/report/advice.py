"""What to do about a finding: where the rule is written, how to keep it, how to see that it is cured."""

from pathlib import Path
from typing import Final

from ringfence.types.finding import Finding

RULES: Final = "docs/rules.md"
PROPERTY_HEADINGS: Final = {
    "LIQ": "Liquidation",
    "ADL": "Auto-deleveraging",
    "CAR": "Carry",
    "LPS": "The liquidity pool",
    "VAL": "Trading",
    "EXI": "What a trader does",
    "ACC": "Roles",
    "EVT": "Events",
}
ACTION_HEADINGS: Final = {
    "Liquidate": "Liquidation",
    "Deleverage": "Auto-deleveraging",
    "Deposit": "The liquidity pool",
    "Mint": "The liquidity pool",
    "Withdraw": "The liquidity pool",
    "Redeem": "The liquidity pool",
    "Pause": "Roles",
    "Unpause": "Roles",
    "SetGuardian": "Roles",
}
USUAL_HEADING: Final = "What a trader does"


def advice(finding: Finding, file: Path) -> list[str]:
    """Return what to do next, a sentence or a command each."""
    return [
        f"The rule is in {RULES}, under “{_heading(finding)}”.",
        f"Keep it as a test: ringfence explain {file} --pytest test_finding.py --foundry Finding.t.sol",
        f"See whether a change cures it: ringfence replay {file}; the exit status is 0 when it does.",
    ]


def _heading(finding: Finding) -> str:
    broken = finding.cause.broken
    if broken and broken.id.partition("-")[0] in PROPERTY_HEADINGS:
        return PROPERTY_HEADINGS[broken.id.partition("-")[0]]
    action = type(finding.sequence[-1].action).__name__ if finding.sequence else ""
    return ACTION_HEADINGS.get(action, USUAL_HEADING)
