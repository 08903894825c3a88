"""Where the rules of our vault are written, by action."""

from typing import Final

PAGE: Final = "docs/rules.md"
HEADINGS: Final = {
    "Liquidation": ("Liquidate",),
    "Auto-deleveraging": ("Deleverage",),
    "The liquidity pool": ("Deposit", "Mint", "Withdraw", "Redeem"),
    "Roles": ("Pause", "Unpause", "SetGuardian"),
}
HEADING_OF: Final = {action: heading for heading, actions in HEADINGS.items() for action in actions}
USUAL_HEADING: Final = "What a trader does"


def rule_of(action: str) -> str:
    """Return the sentence that says where the rule of an action is."""
    return f"The rule is in {PAGE}, under “{HEADING_OF.get(action, USUAL_HEADING)}”."
