"""What a search of our vault must meet: every action done, every rare event, every error of the ABIs."""

from collections.abc import Iterator, Mapping
from typing import Final

from ringfence.engine.stats import DONE, Stats
from ringfence.evm.artifacts import load
from ringfence.types.actions import Action
from ringfence.types.kinds import Kind
from ringfence.types.roles import POOL, TOKEN, VAULT
from ringfence.vaults.isolated_margin.actions import ALPHABET, PRIVILEGED, VaultAction
from ringfence.vaults.isolated_margin.rare_events import RareEvent

CONTRACTS: Final = {VAULT: "IsolatedMarginVault", POOL: "LiquidityPool"}
TOKENS: Final = "ERC20"  # how errors begin that the collateral and the pool's shares have in common
OF_SHARES: Final[Mapping[Kind, tuple[str, ...]]] = {  # which of them are the shares', where it may be either
    Kind.PROVIDES: ("ERC20InvalidReceiver",),
    Kind.PROVIDES_SHARES: ("ERC20InvalidReceiver",),
    Kind.WITHDRAWS: ("ERC20InsufficientAllowance", "ERC20InvalidApprover"),
    Kind.REDEEMS: ("ERC20InsufficientAllowance", "ERC20InvalidApprover"),
}


AT_DEPLOYMENT: Final = "only the constructor ends in it"
OF_THE_POOL: Final = "it is the pool's, and in the vault's ABI by the interface that they share"
HOSTILE_TOKEN: Final = "only a token that does not behave makes it happen"
GAS: Final = "it takes a call with too little gas, and none is sent with less than a block's"
SUPPLY: Final = "it takes a token whose supply is above 2**127 - 1"

# Errors in the contracts' ABIs that no action can end in, and why: checked both ways
OUT_OF_REACH: Final[Mapping[tuple[str, str], str]] = {
    (VAULT, "Create2EmptyBytecode"): AT_DEPLOYMENT,
    (VAULT, "FailedDeployment"): AT_DEPLOYMENT,
    (VAULT, "InsufficientBalance"): AT_DEPLOYMENT,
    (VAULT, "InvalidParameter"): AT_DEPLOYMENT,
    (VAULT, "OwnableInvalidOwner"): AT_DEPLOYMENT,
    (VAULT, "StringTooLong"): AT_DEPLOYMENT,
    (VAULT, "NotVault"): OF_THE_POOL,
    (VAULT, "SlippageExceeded"): OF_THE_POOL,
    (VAULT, "InsufficientGas"): GAS,
    (VAULT, "ReentrantCall"): HOSTILE_TOKEN,
    (VAULT, "SafeERC20FailedOperation"): HOSTILE_TOKEN,
    (VAULT, "UnsupportedToken"): HOSTILE_TOKEN,
    (VAULT, "SafeCastOverflowedIntDowncast"): SUPPLY,
    (VAULT, "SafeCastOverflowedUintDowncast"): SUPPLY,
    (POOL, "AmountTooLarge"): "only views end in it: the limits of deposits and withdrawals come first",
    (POOL, "ERC20InvalidSender"): "shares of the zero address would have to be moved, and it has none",
    (POOL, "SafeCastOverflowedUintDowncast"): SUPPLY,
    (POOL, "SafeERC20FailedOperation"): HOSTILE_TOKEN,
    (POOL, "UnsupportedToken"): HOSTILE_TOKEN,
}


def missing(stats: Stats) -> list[str]:
    """Return what never happened and should have, or happened and should not, a sentence each."""
    return [*_missing_successes(stats), *_intrusions(stats), *_missing_events(stats), *_missing_errors(stats)]


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
    for event in RareEvent:
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
    assert isinstance(action, VaultAction)
    if not error.startswith(TOKENS):
        return action.callee
    is_own = action.callee == POOL and error in OF_SHARES.get(action.kind, (error,))
    return POOL if is_own else TOKEN
