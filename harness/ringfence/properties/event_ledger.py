"""The ledger rebuilt from logs: from a state and the events since, and nothing else."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Final

from ringfence.types.outcome import Event
from ringfence.types.roles import NOBODY, POOL, TOKEN, VAULT
from ringfence.types.state import AccountState, OperatorState, PositionState, VaultState

OF_A_SIDE: Final = ("size", "quote", "margin", "basis", "fresh")
OF_A_ROUND: Final = ("round_at", "cut_wad", "round_keep")
BALANCES: Final = {VAULT: "vault_tokens", POOL: "pool_tokens"}


def rebuilt(before: VaultState, events: Iterable[Event], timestamp: int) -> VaultState:
    """Return what ``before`` becomes by ``events`` in a block of ``timestamp``."""
    ledger = EventLedger(before)
    ledger.apply(events, timestamp)
    return ledger.state()


def genesis(owner: str, guardian: str, deployed_at: int) -> VaultState:
    """Return the ledger of a vault that nobody has used yet, deployed at a time in seconds."""
    sums = [f"{side}_{name}" for side in ("long", "short") for name in (*OF_A_SIDE, *OF_A_ROUND)]
    carry = ("carry_long", "carry_short", "last_price")
    funds = ("insurance", "total_owed", "vault_tokens", "pool_tokens", "pool_shares", "lost_shares")
    start = {"last_accrual": deployed_at, "fresh_at": deployed_at, "next_id": 1}
    flags = {"dead_since": 0, "paused": False, "settled": False}
    return VaultState(
        positions={},
        totals=dict.fromkeys((*sums, *carry, *funds), 0) | start | flags,
        accounts={},
        officers={"owner": owner, "pending_owner": NOBODY, "guardian": guardian},
    )


class EventLedger:
    """A state under change. Totals that ``before`` does not have are left out.

    ``is_open``: an account is followed from the first event that names it; else only those of ``before``.
    """

    def __init__(self, before: VaultState, *, is_open: bool = False) -> None:
        self.is_open = is_open
        self.timestamp = 0
        self.positions = dict(before.positions)
        self.totals = dict(before.totals)
        self.accounts = dict(before.accounts)
        self.officers = dict(before.officers)
        self.operators = dict(before.operators)

    def apply(self, events: Iterable[Event], timestamp: int) -> None:
        """Keep what ``events`` say, in their order; they are of a block of ``timestamp``, in seconds."""
        self.timestamp = timestamp
        for event in events:
            keep = _KEEPERS.get((event.emitter, event.name))
            if keep is not None:
                keep(self, *event.args)

    def state(self) -> VaultState:
        """Return the present state, which later events do not change."""
        return VaultState(
            dict(self.positions),
            dict(self.totals),
            dict(self.accounts),
            dict(self.officers),
            dict(self.operators),
        )

    def add(self, name: str, amount: int) -> None:
        """Change a total by ``amount``."""
        if name in self.totals:
            self.totals[name] += amount

    def set(self, name: str, value: int) -> None:
        """Make a total ``value``."""
        if name in self.totals:
            self.totals[name] = value

    def credit(self, role: str, field: str, amount: int) -> None:
        """Change one field of an account by ``amount``."""
        account = self._account(role)
        if account is not None:
            self.accounts[role] = replace(account, **{field: getattr(account, field) + amount})

    def use_nonce(self, role: str, nonce: int) -> None:
        """Make ``nonce`` the account's next."""
        account = self._account(role)
        if account is not None:
            self.accounts[role] = replace(account, nonce=nonce)

    def _account(self, role: str) -> AccountState | None:
        return self.accounts.get(role, AccountState(tokens=0) if self.is_open else None)

    def put(self, position: int, value: tuple[Any, ...]) -> str:
        """Keep a position as an event gives it, and the sums that follow from it; return its side."""
        before, held = self.positions.pop(position, None), PositionState(*value)
        self._count(before, -1)
        if held.size:
            self.positions[position] = held
            self._count(held, 1)
        return _side(held.size or (before.size if before else 0))

    def _count(self, held: PositionState | None, sign: int) -> None:
        if held is None:
            return
        side = _side(held.size)
        self.add(f"{side}_size", sign * abs(held.size))
        self.add(f"{side}_quote", sign * held.quote)
        self.add(f"{side}_margin", sign * held.margin)
        self.add(f"{side}_basis", sign * abs(held.size) * held.carry_entry)

    def freshen(self, side: str, amount: int) -> None:
        """Have what came into a side's margin count from the next second on."""
        if amount and "fresh_at" in self.totals:
            if not self._has_fresh():
                self.totals |= {"long_fresh": 0, "short_fresh": 0, "fresh_at": self.timestamp}
            self.totals[f"{side}_fresh"] += amount

    def pay_out(self, side: str, amount: int) -> None:
        """Take what a side's margin pays out off what came in this second."""
        if self._has_fresh():
            self.totals[f"{side}_fresh"] = max(0, self.totals[f"{side}_fresh"] - amount)

    def _has_fresh(self) -> bool:
        return self.totals.get("fresh_at") == self.timestamp

    def owe(self, role: str, amount: int) -> None:
        """Change what the pool owes an account, and to all, by ``amount``."""
        self.credit(role, "owed", amount)
        self.add("total_owed", amount)


def _side(size: int) -> str:
    return "long" if size > 0 else "short"


def _accrued(ledger: EventLedger, price_wad: int, carry_long: int, carry_short: int) -> None:
    ledger.set("last_price", price_wad)
    ledger.set("carry_long", carry_long)
    ledger.set("carry_short", carry_short)
    ledger.set("last_accrual", ledger.timestamp)
    ledger.set("dead_since", 0)


def _settled(
    ledger: EventLedger, price_wad: int, last_accrual: int, carry_long: int, carry_short: int
) -> None:
    _accrued(ledger, price_wad, carry_long, carry_short)
    ledger.set("last_accrual", last_accrual)
    ledger.set("settled", 1)


def _insurance_released(ledger: EventLedger, assets: int) -> None:
    ledger.add("insurance", -assets)


def _opened(
    ledger: EventLedger,
    position: int,
    owner: str,
    value: Any,
    price: int,
    pool_fee: int,
    insurance: int,
    fresh: int,
) -> None:
    ledger.freshen(ledger.put(position, value), fresh)
    ledger.set("next_id", position + 1)
    ledger.add("insurance", insurance)


def _increased(ledger: EventLedger, position: int, owner: str, value: Any, *amounts: int) -> None:
    insurance, fresh = amounts[-2:]
    ledger.freshen(ledger.put(position, value), fresh)
    ledger.add("insurance", insurance)


def _decreased(ledger: EventLedger, position: int, owner: str, value: Any, price: int, receipt: Any) -> None:
    fill, _, insurance_fee, payout = receipt
    ledger.pay_out(ledger.put(position, value), payout)
    ledger.add("insurance", insurance_fee)
    ledger.owe(owner, fill[3])


def _margin_added(
    ledger: EventLedger, position: int, owner: str, payer: str, value: Any, assets: int
) -> None:
    ledger.freshen(ledger.put(position, value), assets)


def _margin_removed(
    ledger: EventLedger, position: int, owner: str, value: Any, price: int, assets: int
) -> None:
    ledger.pay_out(ledger.put(position, value), assets)


def _liquidated(
    ledger: EventLedger, position: int, owner: str, by: str, value: Any, price: int, receipt: Any
) -> None:
    fill, _, _, to_insurance, reward_from_insurance, covered, _, to_claimable = receipt
    ledger.pay_out(ledger.put(position, value), to_claimable)
    ledger.add("insurance", to_insurance - reward_from_insurance - covered)
    ledger.owe(owner, fill[3])
    ledger.credit(owner, "claimable", to_claimable)


def _deleveraged(
    ledger: EventLedger, position: int, owner: str, by: str, value: Any, price: int, receipt: Any
) -> None:
    fill, its_round, _, to_claimable = receipt
    side = ledger.put(position, value)
    for name, number in zip(OF_A_ROUND, its_round, strict=True):
        ledger.set(f"{side}_{name}", number)
    ledger.pay_out(side, to_claimable)
    ledger.owe(owner, fill[3])
    ledger.credit(owner, "claimable", to_claimable)


def _operator_set(
    ledger: EventLedger, owner: str, operator: str, permissions: int, expiry: int, nonce: int
) -> None:
    ledger.operators.pop((owner, operator), None)
    if permissions or expiry:
        ledger.operators[owner, operator] = OperatorState(permissions, expiry)
    ledger.use_nonce(owner, nonce)


def _ownership_started(ledger: EventLedger, owner: str, pending: str) -> None:
    ledger.officers["pending_owner"] = pending


def _ownership_transferred(ledger: EventLedger, owner: str, successor: str) -> None:
    ledger.officers |= {"owner": successor, "pending_owner": NOBODY}


def _guardian_set(ledger: EventLedger, guardian: str) -> None:
    ledger.officers["guardian"] = guardian


def _tokens_moved(ledger: EventLedger, sender: str, receiver: str, assets: int) -> None:
    for role, amount in ((sender, -assets), (receiver, assets)):
        if role in BALANCES:
            ledger.add(BALANCES[role], amount)
        else:
            ledger.credit(role, "tokens", amount)


def _shares_moved(ledger: EventLedger, sender: str, receiver: str, shares: int) -> None:
    for role, amount in ((sender, -shares), (receiver, shares)):
        if role == NOBODY:
            ledger.add("pool_shares", -amount)
        elif role in BALANCES:
            ledger.add("lost_shares", amount)
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
    (VAULT, "FeedReported"): lambda ledger, dead_since: ledger.set("dead_since", dead_since),
    (VAULT, "Settled"): _settled,
    (VAULT, "InsuranceReleased"): _insurance_released,
    (VAULT, "PausedSet"): lambda ledger, caller, paused: ledger.set("paused", int(paused)),
    (VAULT, "GuardianSet"): _guardian_set,
    (VAULT, "OwnershipTransferStarted"): _ownership_started,
    (VAULT, "OwnershipTransferred"): _ownership_transferred,
    (TOKEN, "Transfer"): _tokens_moved,
    (POOL, "Transfer"): _shares_moved,
}
