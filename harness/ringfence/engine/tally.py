"""What many runs have tried and what came of it: every action by its outcome, and the situations reached."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from ringfence.evm.artifacts import load
from ringfence.types.actions import Action
from ringfence.types.outcome import Outcome, Refused
from ringfence.types.roles import POOL, TOKEN, VAULT
from ringfence.vaults.isolated_margin.actions import (
    ALPHABET,
    PRIVILEGED,
    Approve,
    Deposit,
    Donate,
    Mint,
    Pay,
    Redeem,
    TransferShares,
    TransferSharesFrom,
    Withdraw,
)
from ringfence.vaults.isolated_margin.out_of_reach import OUT_OF_REACH
from ringfence.vaults.isolated_margin.situations import Situation

DONE: Final = "done"
ACTIONS: Final = {kind.__name__: kind for kind in ALPHABET}
CONTRACTS: Final = {VAULT: "IsolatedMarginVault", POOL: "LiquidityPool"}
TOKENS: Final = "ERC20"  # how errors begin that the collateral and the pool's shares have in common
OF_SHARES: Final[Mapping[type[Action], tuple[str, ...]]] = {
    Deposit: ("ERC20InvalidReceiver",),
    Mint: ("ERC20InvalidReceiver",),
    Withdraw: ("ERC20InsufficientAllowance", "ERC20InvalidApprover"),
    Redeem: ("ERC20InsufficientAllowance", "ERC20InvalidApprover"),
}


@dataclass(slots=True)
class Tally:
    """Counts of many runs: ``outcomes`` by action and error (or ``done``), ``errors`` by contract, error and
    action, and the situations reached.
    """

    runs: int = 0
    steps: int = 0
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    errors: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    situations: Counter[Situation] = field(default_factory=Counter)

    def note(self, action: Action, outcome: Outcome, found: Iterable[Situation]) -> None:
        """Count one step."""
        self.steps += 1
        name = type(action).__name__
        if isinstance(outcome, Refused):
            self.outcomes[name, outcome.error] += 1
            self.errors[refusing(action, outcome.error), outcome.error, name] += 1
        else:
            self.outcomes[name, DONE] += 1
        for situation in found:
            self.situations[situation] += 1

    def update(self, other: "Tally") -> None:
        """Add the counts of other runs."""
        self.runs += other.runs
        self.steps += other.steps
        self.outcomes.update(other.outcomes)
        self.errors.update(other.errors)
        self.situations.update(other.situations)

    def of(self, action: str) -> dict[str, int]:
        """Return how often an action ended how: ``done`` first, then the errors, the most frequent first."""
        ends = {end: count for (name, end), count in self.outcomes.items() if name == action}
        return dict(sorted(ends.items(), key=lambda item: (item[0] != DONE, -item[1], item[0])))

    def met(self, contract: str, error: str) -> dict[str, int]:
        """Return which actions met an error of ``vault`` or ``pool``, and how often."""
        return {
            action: count for (*of, action), count in sorted(self.errors.items()) if of == [contract, error]
        }

    def missing(self) -> list[str]:
        """Return what never happened and should have, or happened and should not, a sentence each."""
        return [
            *self._missing_successes(),
            *self._intrusions(),
            *self._missing_situations(),
            *self._missing_errors(),
        ]

    def as_plain(self) -> dict[str, object]:
        """Return the counts as JSON takes them."""
        return {
            "runs": self.runs,
            "steps": self.steps,
            "actions": {action.__name__: self.of(action.__name__) for action in ALPHABET},
            "situations": {str(situation): self.situations[situation] for situation in Situation},
            "errors": {f"{contract}.{error}": self.met(contract, error) for contract, error in all_errors()},
            "missing": self.missing(),
        }

    def _missing_successes(self) -> Iterator[str]:
        for action in ALPHABET:
            if action not in PRIVILEGED and not self.outcomes[action.__name__, DONE]:
                yield f"{action.__name__} never succeeded"

    def _intrusions(self) -> Iterator[str]:
        for action in PRIVILEGED:
            ends = self.of(action.__name__)
            if not ends:
                yield f"{action.__name__} was never tried"
            if DONE in ends:
                yield f"{action.__name__} succeeded, and accounts must always be refused it"

    def _missing_situations(self) -> Iterator[str]:
        for situation in Situation:
            if not self.situations[situation]:
                yield f"never reached: {situation}"

    def _missing_errors(self) -> Iterator[str]:
        for contract, error in all_errors():
            met, reason = self.met(contract, error), OUT_OF_REACH.get((contract, error))
            if not met and reason is None:
                yield f"no action met {error} of the {contract}"
            if met and reason is not None:
                yield f"{', '.join(met)} met {error} of the {contract}, which is listed as out of reach"


def all_errors() -> list[tuple[str, str]]:
    """Return every error in the ABIs of vault and pool, with the contract's name before it."""
    return sorted(
        (contract, entry["name"])
        for contract, artifact in CONTRACTS.items()
        for entry in load(artifact).abi
        if entry["type"] == "error"
    )


def refusing(action: Action, error: str) -> str:
    """Return whose error an action met: ``vault``, ``pool``, or ``token`` where it was passed on."""
    return _refusing(type(action).__name__, getattr(action, "token", None), error)


@cache
def _refusing(name: str, token: str | None, error: str) -> str:
    kind = ACTIONS[name]
    if kind in (TransferShares, TransferSharesFrom, Pay) or (kind is Approve and token == POOL):
        return POOL
    if kind in (Approve, Donate):
        return TOKEN
    if error.startswith(TOKENS) and error not in OF_SHARES.get(kind, ()):
        return TOKEN
    return POOL if kind in (Deposit, Mint, Withdraw, Redeem) else VAULT
