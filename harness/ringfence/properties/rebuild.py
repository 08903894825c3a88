"""The state after a step, from the state before and the step's logs alone, as an indexer would keep it."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Final

from ringfence.outcome import Event
from ringfence.roles import NOBODY, POOL, TOKEN, VAULT
from ringfence.state import PositionState, VaultState

BALANCES: Final = {VAULT: "vault_tokens", POOL: "pool_tokens"}


def rebuilt(before: VaultState, events: Iterable[Event], timestamp: int) -> VaultState:
    """Return what ``before`` becomes by ``events`` in a block of ``timestamp``."""
    ledger = _Ledger(before, timestamp)
    for event in events:
        keep = _KEEPERS.get((event.emitter, event.name))
        if keep is not None:
            keep(ledger, *event.args)
    return ledger.state()


class _Ledger:
    """A state under change."""

    def __init__(self, before: VaultState, timestamp: int) -> None:
        self.before = before
        self.timestamp = timestamp
        self.positions = dict(before.positions)
        self.totals = dict(before.totals)
        self.accounts = dict(before.accounts)
        self.officers = dict(before.officers)
        self.operators = set(before.operators)

    def state(self) -> VaultState:
        return VaultState(
            self.positions, self.totals, self.accounts, self.officers, frozenset(self.operators)
        )

    def add(self, name: str, amount: int) -> None:
        if name in self.totals:
            self.totals[name] += amount

    def set(self, name: str, value: int) -> None:
        if name in self.totals:
            self.totals[name] = value

    def credit(self, role: str, field: str, amount: int) -> None:
        if role in self.accounts:
            account = self.accounts[role]
            self.accounts[role] = replace(account, **{field: getattr(account, field) + amount})

    def put(self, position: int, value: tuple[Any, ...]) -> None:
        """Keep a position as an event gives it, and the sums that follow from it."""
        self._count(self.positions.pop(position, None), -1)
        held = PositionState(*value)
        if held.size:
            self.positions[position] = held
            self._count(held, 1)

    def _count(self, held: PositionState | None, sign: int) -> None:
        if held is None:
            return
        self.add("long_size" if held.size > 0 else "short_size", sign * abs(held.size))
        self.add("quote_sum", sign * held.quote)
        self.add("carry_basis", sign * abs(held.size) * held.carry_entry)

    def owe(self, role: str, amount: int) -> None:
        self.credit(role, "owed", amount)
        self.add("total_owed", amount)


def _accrued(ledger: _Ledger, price_wad: int, carry_long: int, carry_short: int) -> None:
    ledger.set("last_price", price_wad)
    ledger.set("carry_long", carry_long)
    ledger.set("carry_short", carry_short)
    ledger.set("last_accrual", ledger.timestamp)


def _opened(
    ledger: _Ledger, position: int, owner: str, value: Any, price: int, pool_fee: int, insurance: int
) -> None:
    ledger.put(position, value)
    ledger.set("next_id", position + 1)
    ledger.add("insurance", insurance)


def _increased(ledger: _Ledger, position: int, owner: str, value: Any, *amounts: int) -> None:
    ledger.put(position, value)
    ledger.add("insurance", amounts[-1])


def _decreased(ledger: _Ledger, position: int, owner: str, value: Any, price: int, receipt: Any) -> None:
    fill, _, insurance_fee, _ = receipt
    ledger.put(position, value)
    ledger.add("insurance", insurance_fee)
    ledger.owe(owner, fill[3])


def _margin_added(ledger: _Ledger, position: int, owner: str, payer: str, value: Any, assets: int) -> None:
    ledger.put(position, value)


def _margin_removed(ledger: _Ledger, position: int, owner: str, value: Any, price: int, assets: int) -> None:
    ledger.put(position, value)


def _liquidated(
    ledger: _Ledger, position: int, owner: str, by: str, value: Any, price: int, receipt: Any
) -> None:
    fill, _, _, to_insurance, reward_from_insurance, covered, _, to_claimable = receipt
    ledger.put(position, value)
    ledger.add("insurance", to_insurance - reward_from_insurance - covered)
    ledger.owe(owner, fill[3])
    ledger.credit(owner, "claimable", to_claimable)


def _deleveraged(
    ledger: _Ledger, position: int, owner: str, by: str, value: Any, price: int, receipt: Any
) -> None:
    fill, to_claimable = receipt
    ledger.put(position, value)
    ledger.owe(owner, fill[3])
    ledger.credit(owner, "claimable", to_claimable)


def _operator_set(ledger: _Ledger, owner: str, operator: str, allowed: bool, nonce: int) -> None:
    (ledger.operators.add if allowed else ledger.operators.discard)((owner, operator))
    if owner in ledger.accounts:
        ledger.accounts[owner] = replace(ledger.accounts[owner], nonce=nonce)


def _ownership_started(ledger: _Ledger, owner: str, pending: str) -> None:
    ledger.officers["pending_owner"] = pending


def _ownership_transferred(ledger: _Ledger, owner: str, successor: str) -> None:
    ledger.officers |= {"owner": successor, "pending_owner": NOBODY}


def _guardian_set(ledger: _Ledger, guardian: str) -> None:
    ledger.officers["guardian"] = guardian


def _tokens_moved(ledger: _Ledger, sender: str, receiver: str, assets: int) -> None:
    for role, amount in ((sender, -assets), (receiver, assets)):
        if role in BALANCES:
            ledger.add(BALANCES[role], amount)
        else:
            ledger.credit(role, "tokens", amount)


def _shares_moved(ledger: _Ledger, sender: str, receiver: str, shares: int) -> None:
    for role, amount in ((sender, -shares), (receiver, shares)):
        if role == NOBODY:
            ledger.add("pool_shares", -amount)
        else:
            ledger.credit(role, "shares", amount)


_KEEPERS: Final[dict[tuple[str, str], Callable[..., None]]] = {
    (VAULT, "Accrued"): _accrued,
    (VAULT, "Opened"): _opened,
    (VAULT, "Increased"): _increased,
    (VAULT, "Decreased"): _decreased,
    (VAULT, "MarginAdded"): _margin_added,
    (VAULT, "MarginRemoved"): _margin_removed,
    (VAULT, "Liquidated"): _liquidated,
    (VAULT, "Deleveraged"): _deleveraged,
    (VAULT, "Claimed"): lambda ledger, account, to, assets: ledger.credit(account, "claimable", -assets),
    (VAULT, "OwedCollected"): lambda ledger, account, caller, assets: ledger.owe(account, -assets),
    (VAULT, "OperatorSet"): _operator_set,
    (VAULT, "InsuranceFunded"): lambda ledger, payer, assets: ledger.add("insurance", assets),
    (VAULT, "PausedSet"): lambda ledger, caller, paused: ledger.set("paused", int(paused)),
    (VAULT, "GuardianSet"): _guardian_set,
    (VAULT, "OwnershipTransferStarted"): _ownership_started,
    (VAULT, "OwnershipTransferred"): _ownership_transferred,
    (TOKEN, "Transfer"): _tokens_moved,
    (POOL, "Transfer"): _shares_moved,
}
