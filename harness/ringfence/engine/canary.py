"""What must fail in every search: a property that each step breaks, and a vault that is one token off.

A search that sees no violation of that property, or takes that vault for its model, would see nothing else.
"""

from dataclasses import dataclass, replace

from ringfence.types.state import VaultState


@dataclass(frozen=True, slots=True)
class Canaries:
    """Whether a search saw what must fail; None where it had nothing to see it by: no step, or no model."""

    violation: bool | None = None
    comparison: bool | None = None

    @property
    def failures(self) -> list[str]:
        """Return a sentence for each that was not seen."""
        unseen = [what for what, seen in self.seen_by_kind.items() if seen is False]
        return [f"a canary was not seen, {what}: this search would have found nothing" for what in unseen]

    def both(self, other: "Canaries") -> "Canaries":
        """Return what both searches saw; where one had nothing to see by, the other decides."""

        def seen(first: bool | None, second: bool | None) -> bool | None:
            known = [each for each in (first, second) if each is not None]
            return all(known) if known else None

        return Canaries(seen(self.violation, other.violation), seen(self.comparison, other.comparison))

    @property
    def seen_by_kind(self) -> dict[str, bool | None]:
        """Return both, each by what it is."""
        return {
            "a property that every step breaks": self.violation,
            "a vault that is one token off": self.comparison,
        }


def tampered(state: VaultState, off: int) -> VaultState:
    """Return a state in which the first account has ``off`` tokens more, else the first total."""
    for role, account in state.accounts.items():
        richer = replace(account, tokens=account.tokens + off)
        return replace(state, accounts=state.accounts | {role: richer})
    total = next(iter(state.totals), "canary")
    return replace(state, totals=state.totals | {total: state.totals.get(total, 0) + off})
