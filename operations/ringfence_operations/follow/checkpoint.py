"""Marks of a follower on disk, so that the next run begins near the latest block."""

import json
from dataclasses import asdict, astuple
from pathlib import Path
from typing import Any, Final

from ringfence.types.errors import RingfenceError
from ringfence.types.state import AccountState, OperatorState, PositionState, VaultState

from ringfence_operations.files import write_whole
from ringfence_operations.follow.follower import UNSETTLED, Mark
from ringfence_operations.market.manifest import Manifest

SCHEMA: Final = "ringfence-checkpoint/2"


def save(marks: list[Mark], manifest: Manifest, path: Path) -> None:
    """Write the newest mark, and the newest that no reorganisation will reach; raises RingfenceError."""
    newest = marks[-1]
    settled = [mark for mark in marks[1:-1] if mark.number <= newest.number - UNSETTLED]
    saved = [*settled[-1:], *([newest] if newest.hash else [])]
    body = {"schema": SCHEMA, "market": _market(manifest), "marks": [_plain(mark) for mark in saved]}
    write_whole(json.dumps(body) + "\n", path)


def load(manifest: Manifest, path: Path) -> list[Mark]:
    """Return the marks in a file, none if there is no file; raises RingfenceError."""
    advice = "name another with --checkpoint, or delete it and the ledger is rebuilt from the deployment"
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    except OSError as failure:
        raise RingfenceError(f"{path}: the checkpoint can't be read: {failure.strerror}") from None
    except ValueError:
        raise RingfenceError(f"{path}: the checkpoint is damaged; {advice}") from None
    if not isinstance(body, dict) or body.get("schema") != SCHEMA:
        raise RingfenceError(f"{path}: this is no {SCHEMA}; {advice}")
    if body.get("market") != _market(manifest):
        raise RingfenceError(f"{path}: the checkpoint is of another market than the manifest; {advice}")
    try:
        return [_mark(data) for data in body["marks"]]
    except (KeyError, TypeError, ValueError, AttributeError):
        raise RingfenceError(f"{path}: the checkpoint is damaged; {advice}") from None


def _market(manifest: Manifest) -> dict[str, Any]:
    """Return what identifies a deployment."""
    return {
        "chain": manifest.chain_id,
        "vault": manifest.vault.address,
        "block": manifest.deployment_block_hash,
    }


def _plain(mark: Mark) -> dict[str, Any]:
    state = mark.state
    return {
        "number": mark.number,
        "hash": mark.hash,
        "positions": {str(number): list(astuple(held)) for number, held in state.positions.items()},
        "totals": state.totals,
        "accounts": {role: asdict(account) for role, account in state.accounts.items()},
        "officers": state.officers,
        "operators": [[*pair, *astuple(given)] for pair, given in sorted(state.operators.items())],
    }


def _mark(data: dict[str, Any]) -> Mark:
    state = VaultState(
        positions={int(number): PositionState(*held) for number, held in data["positions"].items()},
        totals=data["totals"],
        accounts={role: AccountState(**account) for role, account in data["accounts"].items()},
        officers=data["officers"],
        operators={(owner, operator): OperatorState(*given) for owner, operator, *given in data["operators"]},
    )
    return Mark(int(data["number"]), str(data["hash"]), state)
