"""What a market holds and owes: custody, the pool's backing, and the ledger by events against the state."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ringfence.types.state import VaultState

from ringfence_operations.follow.follower import Follower
from ringfence_operations.follow.snapshot import Snapshot, obligations, take_snapshot
from ringfence_operations.market.manifest import Manifest
from ringfence_operations.node.client import Block, Node
from ringfence_operations.node.views import Views
from ringfence_operations.verify.checks import Check
from ringfence_operations.verify.getters import ChainState

MOST_SHOWN: Final = 10  # mismatches, before the rest is only counted


@dataclass(frozen=True, slots=True)
class Books:
    """A market at a block: by its events, by its getters, and in the model."""

    by_events: VaultState
    by_getters: VaultState
    snapshot: Snapshot
    pool_worth: int


def read_books(node: Node, manifest: Manifest, follower: Follower, block: Block) -> Books:
    """Return what is compared, all of it at ``block``; raises NodeRefused, NodeUnreachable."""
    by_events = follower.state()
    by_getters = ChainState(node, follower.decoder, block.number).like(by_events)
    worth = Views(node, block.number).number("LiquidityPool", manifest.pool.address, "totalAssets")
    return Books(by_events, by_getters, take_snapshot(node, manifest, follower, block), worth)


def book_checks(books: Books, manifest: Manifest) -> Iterator[Check]:
    """Make the checks on money."""
    unit = f"of {10**manifest.collateral.decimals} to a token"
    yield _custody(books, unit)
    yield _backing(books, unit)
    yield _ledger(books)


def _custody(books: Books, unit: str) -> Check:
    """The vault's tokens against all margins, insurance and claims, as its state has them."""
    holds, owes = books.by_getters.totals["vault_tokens"], obligations(books.by_getters)
    claim = "the vault holds the margins, the insurance and the claims that it owes"
    if holds < owes:
        return Check("custody", claim, (f"the vault holds {holds} and owes {owes} to others, {unit}",))
    surplus = (f"{holds - owes} {unit} were sent to the vault outside its functions",) if holds > owes else ()
    return Check("custody", claim, (), surplus)


def _backing(books: Books, unit: str) -> Check:
    """The pool's tokens against what it owes, and would owe if both sides closed; its worth by the model."""
    vault = books.snapshot.market.vault
    exposure, holds = vault.exposure(), books.by_getters.totals["pool_tokens"]
    violations = []
    if exposure.fair_value < 0:
        owes = holds - exposure.fair_value
        violations.append(
            f"the pool holds {holds} and would owe {owes} if everyone closed ({vault.total_owed} of it "
            f"already), {unit}"
        )
    worth = exposure.nav
    if worth != books.pool_worth:
        violations.append(f"the pool's totalAssets is {books.pool_worth}, and {worth} by the model")
    return Check("pool", "the pool can pay what traders have won", tuple(violations))


def _ledger(books: Books) -> Check:
    """Everything that events say, field by field."""
    violations = list(_mismatches(books.by_events, books.by_getters))
    rest = len(violations) - MOST_SHOWN
    if rest > 0:
        violations[MOST_SHOWN:] = [f"and {rest} more mismatches"]
    return Check("ledger", "the ledger rebuilt from events is the state", tuple(violations))


def _mismatches(events: VaultState, getters: VaultState) -> Iterator[str]:
    # what only the token's events say is compared by custody and backing
    compared = {
        name: value for name, value in events.totals.items() if name not in ("vault_tokens", "pool_tokens")
    }
    yield from _between("", compared, getters.totals)
    yield from _between("", events.officers, getters.officers)
    yield from _between("position ", events.positions, getters.positions)
    for role, account in events.accounts.items():
        for field in ("claimable", "owed", "shares", "nonce"):
            by_events, by_getters = getattr(account, field), getattr(getters.accounts[role], field)
            if by_events != by_getters:
                yield f"{field} of {role} is {by_getters} in the state and {by_events} by events"
    lost = events.operators.items() - getters.operators.items()
    for owner, operator in sorted(pair for pair, _ in lost):
        yield f"{operator} is an operator of {owner} by events and not in the state"


def _between(kind: str, events: Mapping[Any, Any], getters: Mapping[Any, Any]) -> Iterator[str]:
    for name in sorted(events.keys() | (getters.keys() if kind else set())):
        if events.get(name) != getters.get(name):
            yield f"{kind}{name} is {getters.get(name)} in the state and {events.get(name)} by events"
