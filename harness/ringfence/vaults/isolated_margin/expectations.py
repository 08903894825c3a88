"""What a search of our vault must meet: every action done, every rare event, every error of the ABIs."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from ringfence.engine.stats import DONE, Stats
from ringfence.evm.artifacts import load
from ringfence.types.actions import Action
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

ACTIONS: Final = {kind.__name__: kind for kind in ALPHABET}
CONTRACTS: Final = {VAULT: "IsolatedMarginVault", POOL: "LiquidityPool"}
TOKENS: Final = "ERC20"  # how errors begin that the collateral and the pool's shares have in common
OF_SHARES: Final[Mapping[type[Action], tuple[str, ...]]] = {
    Deposit: ("ERC20InvalidReceiver",),
    Mint: ("ERC20InvalidReceiver",),
    Withdraw: ("ERC20InsufficientAllowance", "ERC20InvalidApprover"),
    Redeem: ("ERC20InsufficientAllowance", "ERC20InvalidApprover"),
}


def missing(stats: Stats) -> list[str]:
    """Return what never happened and should have, or happened and should not, a sentence each."""
    return [
        *_missing_successes(stats),
        *_intrusions(stats),
        *_missing_events(stats),
        *_missing_errors(stats),
    ]


def as_plain(stats: Stats) -> dict[str, object]:
    """Return the counts as JSON takes them."""
    return {
        "runs": stats.runs,
        "steps": stats.steps,
        "actions": {action.name: stats.of(action.name) for action in ALPHABET},
        "events": {str(event): stats.events[event] for event in Situation},
        "errors": {f"{contract}.{error}": stats.met(contract, error) for contract, error in all_errors()},
        "missing": missing(stats),
    }


def error_rows(stats: Stats) -> list[tuple[str, str, str]]:
    """Return every error in the ABIs, with the actions that met it or why none can."""
    rows = []
    for contract, error in all_errors():
        met = ", ".join(f"{name} {count:,}" for name, count in stats.met(contract, error).items())
        rows.append((contract, error, met or f"[dim]{OUT_OF_REACH.get((contract, error), '')}[/dim]"))
    return rows


def _missing_successes(stats: Stats) -> Iterator[str]:
    for action in ALPHABET:
        if action not in PRIVILEGED and not stats.outcomes[action.name, DONE]:
            yield f"{action.name} never succeeded"


def _intrusions(stats: Stats) -> Iterator[str]:
    for action in PRIVILEGED:
        ends = stats.of(action.name)
        if not ends:
            yield f"{action.name} was never tried"
        if DONE in ends:
            yield f"{action.name} succeeded, and accounts must always be refused it"


def _missing_events(stats: Stats) -> Iterator[str]:
    for event in Situation:
        if not stats.events[event]:
            yield f"never reached: {event}"


def _missing_errors(stats: Stats) -> Iterator[str]:
    for contract, error in all_errors():
        met, reason = stats.met(contract, error), OUT_OF_REACH.get((contract, error))
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
