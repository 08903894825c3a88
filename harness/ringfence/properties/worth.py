"""What accounts have, pool shares at their part of a pool whose positions all pay and get what they can."""

from collections import Counter
from typing import Final

from ringfence.properties.book import ValuedState
from ringfence.properties.transition import wealth
from ringfence.types.state import AccountState, VaultState
from ringfence.types.totals import Total

VIRTUAL_SHARES: Final = 10**6  # OpenZeppelin's, for an offset of 6 decimals; beside one virtual asset


def written_down(book: ValuedState, state: VaultState) -> int:
    """Return what is the providers' if every position pays and gets what it can; may be below 0."""
    paid = sum(max(book.pnl(each), -held.margin) for each, held in state.positions.items())
    return state.totals[Total.POOL_TOKENS] - state.totals.get(Total.TOTAL_OWED, 0) - paid


def covered(book: ValuedState, state: VaultState) -> int:
    """Return what is the providers' if insurance covers of the positions' debts what it can as well."""
    debts = sum(max(0, -book.equity(each)) for each in state.positions)
    return written_down(book, state) + min(debts, state.totals.get(Total.INSURANCE, 0))


def shares_worth(worth: int, state: VaultState, account: AccountState) -> int:
    """Return an account's part of a pool that is ``worth`` so much, in assets, rounded down."""
    return account.shares * (max(0, worth) + 1) // (state.totals[Total.POOL_SHARES] + VIRTUAL_SHARES)


def fortunes(book: ValuedState, state: VaultState) -> Counter[str]:
    """Return what each account has with its claims, shares and the equity of its positions, in assets."""
    pool = covered(book, state)
    held = Counter(
        {
            name: wealth(account) + shares_worth(pool, state, account)
            for name, account in state.accounts.items()
        }
    )
    for each, position in state.positions.items():
        held[position.owner] += max(0, book.equity(each))
    return held
