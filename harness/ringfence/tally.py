"""What a run has tried and what came of it: every action by its outcome, and the situations reached."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from ringfence.actions import ALPHABET, Action
from ringfence.artifacts import load
from ringfence.out_of_reach import OUT_OF_REACH
from ringfence.outcome import Outcome, Refused
from ringfence.situations import Situation

DONE: Final = "done"
CONTRACTS: Final = {"vault": "IsolatedMarginVault", "pool": "LiquidityPool"}
SHARE_CALLS: Final = frozenset({"Withdraw", "Redeem", "TransferShares"})
POOL_CALLS: Final = SHARE_CALLS | {"Deposit", "Mint"}
TOKEN_ERRORS: Final = frozenset({"ERC20InsufficientBalance", "ERC20InsufficientAllowance"})


@dataclass(slots=True)
class Tally:
    """Counts of a run: ``outcomes`` by action and error (or ``done``), and the situations reached."""

    steps: int = 0
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    situations: Counter[Situation] = field(default_factory=Counter)

    def note(self, action: Action, outcome: Outcome, found: Iterable[Situation]) -> None:
        """Count one step."""
        self.steps += 1
        self.outcomes[type(action).__name__, outcome.error if isinstance(outcome, Refused) else DONE] += 1
        self.situations.update(found)

    def of(self, action: str) -> dict[str, int]:
        """Return how often an action ended how, the most frequent first."""
        ends = {end: count for (name, end), count in self.outcomes.items() if name == action}
        return dict(sorted(ends.items(), key=lambda item: (item[0] != DONE, -item[1], item[0])))

    def met(self, contract: str, error: str) -> dict[str, int]:
        """Return which actions met an error of ``vault`` or ``pool``, and how often."""
        return {
            name: count
            for (name, end), count in sorted(self.outcomes.items())
            if end == error and answering(name, error) == contract
        }

    def missing(self) -> list[str]:
        """Return what never happened and should have, and what happened and should not, one sentence each."""
        return [*self._missing_successes(), *self._missing_situations(), *self._missing_errors()]

    def _missing_successes(self) -> Iterator[str]:
        for action in ALPHABET:
            if not self.outcomes[action.__name__, DONE]:
                yield f"{action.__name__} never succeeded"

    def _missing_situations(self) -> Iterator[str]:
        for situation in Situation:
            if not self.situations[situation]:
                yield f"never reached: {situation}"

    def _missing_errors(self) -> Iterator[str]:
        for contract, error in contract_errors():
            met, reason = self.met(contract, error), OUT_OF_REACH.get((contract, error))
            if not met and reason is None:
                yield f"no call met {error} of the {contract}"
            if met and reason is not None:
                yield f"{', '.join(met)} met {error} of the {contract}, listed as out of reach: {reason}"

    def as_plain(self) -> dict[str, object]:
        """Return the counts as JSON takes them."""
        return {
            "steps": self.steps,
            "actions": {action.__name__: self.of(action.__name__) for action in ALPHABET},
            "situations": {str(situation): self.situations[situation] for situation in Situation},
            "errors": {
                f"{contract}.{error}": self.met(contract, error) for contract, error in contract_errors()
            },
        }


def contract_errors() -> list[tuple[str, str]]:
    """Return every error in the ABIs of both contracts, with ``vault`` or ``pool`` before it."""
    return sorted(
        {
            (contract, entry["name"])
            for contract, artifact in CONTRACTS.items()
            for entry in load(artifact).abi
            if entry["type"] == "error"
        }
    )


def answering(action: str, error: str) -> str:
    """Return whose error an action met: ``vault``, ``pool``, or ``token`` where it was passed on."""
    if error in TOKEN_ERRORS and action not in SHARE_CALLS:
        return "token"
    return "pool" if action in POOL_CALLS else "vault"
