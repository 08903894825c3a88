"""The vault's state, asked from its public getters: slow, and nobody needs to know where it is stored."""

from typing import Any, cast

from ringfence.evm.workspace import Workspace
from ringfence.types.roles import POOL, TOKEN, VAULT
from ringfence.types.state import AccountState, PositionState, VaultState
from ringfence.vaults.isolated_margin.deployment import Deployment
from ringfence.vaults.isolated_margin.slots import TOTALS


def read_getters(deployment: Deployment) -> VaultState:
    """Return the whole state, among it every pair of accounts as owner and operator."""
    workspace, names = deployment.workspace, deployment.setup.accounts
    read, number = workspace.read, workspace.number
    ledger = cast(tuple[int, ...], read(VAULT, "ledger"))
    totals = {name: int(value) for name, value in zip(TOTALS, ledger, strict=True)}
    totals |= {f"{holder}_tokens": number(TOKEN, "balanceOf", holder) for holder in (VAULT, POOL)}
    totals["pool_shares"] = number(POOL, "totalSupply")
    officers = {
        "owner": str(read(VAULT, "owner")),
        "pending_owner": str(read(VAULT, "pendingOwner")),
        "guardian": str(read(VAULT, "guardian")),
    }
    pairs = [(owner, operator) for owner in names for operator in names]
    allowed = frozenset(pair for pair in pairs if read(VAULT, "operators", *pair))
    accounts = {role: _account(workspace, role) for role in names}
    return VaultState(_positions(workspace, totals["next_id"]), totals, accounts, officers, allowed)


def _positions(workspace: Workspace, next_id: int) -> dict[int, PositionState]:
    live = {}
    for position in range(1, next_id):
        owner, *numbers = cast(tuple[Any, ...], workspace.read(VAULT, "position", position))
        if owner or any(numbers):
            live[position] = PositionState(owner, *numbers)
    return live


def _account(workspace: Workspace, role: str) -> AccountState:
    return AccountState(
        tokens=workspace.number(TOKEN, "balanceOf", role),
        claimable=workspace.number(VAULT, "claimable", role),
        owed=workspace.number(VAULT, "owed", role),
        shares=workspace.number(POOL, "balanceOf", role),
        nonce=workspace.number(VAULT, "nonces", role),
    )
