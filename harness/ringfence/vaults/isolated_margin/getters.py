"""The vault's state, asked from its public getters: slow, and nobody needs to know where it is stored."""

from ringfence.types.outcome import Value
from ringfence.types.roles import POOL, TOKEN, VAULT
from ringfence.types.state import AccountState, PositionState, VaultState
from ringfence.vaults.isolated_margin.deployment import Deployment
from ringfence.vaults.isolated_margin.slots import TOTALS


def read_getters(deployment: Deployment) -> VaultState:
    """Return the whole state, among it every pair of accounts as owner and operator."""
    ledger = deployment.read(VAULT, "ledger")
    assert isinstance(ledger, tuple)
    totals = {name: number(value) for name, value in zip(TOTALS, ledger, strict=True)}
    totals |= {f"{holder}_tokens": _count(deployment, TOKEN, "balanceOf", holder) for holder in (VAULT, POOL)}
    totals["pool_shares"] = _count(deployment, POOL, "totalSupply")
    officers = {
        "owner": str(deployment.read(VAULT, "owner")),
        "pending_owner": str(deployment.read(VAULT, "pendingOwner")),
        "guardian": str(deployment.read(VAULT, "guardian")),
    }
    names = deployment.setup.accounts
    pairs = [(owner, operator) for owner in names for operator in names]
    allowed = frozenset(pair for pair in pairs if deployment.read(VAULT, "operators", *pair))
    accounts = {role: _account(deployment, role) for role in names}
    return VaultState(_positions(deployment, totals["next_id"]), totals, accounts, officers, allowed)


def _positions(deployment: Deployment, next_id: int) -> dict[int, PositionState]:
    live = {}
    for position in range(1, next_id):
        held = deployment.read(VAULT, "position", position)
        assert isinstance(held, tuple)
        owner, *numbers = held
        if owner or any(numbers):
            live[position] = PositionState(str(owner), *map(number, numbers))
    return live


def _account(deployment: Deployment, role: str) -> AccountState:
    return AccountState(
        tokens=_count(deployment, TOKEN, "balanceOf", role),
        claimable=_count(deployment, VAULT, "claimable", role),
        owed=_count(deployment, VAULT, "owed", role),
        shares=_count(deployment, POOL, "balanceOf", role),
        nonce=_count(deployment, VAULT, "nonces", role),
    )


def _count(deployment: Deployment, contract: str, getter: str, *args: Value) -> int:
    return number(deployment.read(contract, getter, *args))


def number(value: Value) -> int:
    """Return a decoded integer or boolean as an integer."""
    assert isinstance(value, int)
    return int(value)
