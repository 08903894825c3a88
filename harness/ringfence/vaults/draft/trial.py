"""Trying a draft: which first trade is accepted, and which abilities its observations bear out."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ringfence.evm.chains.revm import RevmChain
from ringfence.evm.workspace import Workspace
from ringfence.types.actions import Action, Alphabet
from ringfence.types.kinds import Kind
from ringfence.types.roles import LIQUIDATORS, OWNER, PROVIDERS, TRADERS
from ringfence.types.state import VaultState
from ringfence.vaults.draft.bookkeeping import explaining, has_sums, unbooked
from ringfence.vaults.draft.first_trade import FirstTrade, outcome_of
from ringfence.vaults.draft.ordered_close import OrderedClose, executions
from ringfence.vaults.draft.wiring import CODE_SIZE

OPENED = (1, 2)  # the positions of a trial


@dataclass
class Attempt:
    """What came of trying: the first trade, abilities, and what is to be filled in."""

    size: int = 10**18
    margin: int = 10**18
    is_open: bool = False
    reopens: bool = False
    has_balances: bool = False
    has_sums: bool = False
    funds: tuple[str, ...] = ()  # totals that explain what the books lack
    delay: int = 0  # seconds, of a close that is executed later
    refusals: tuple[str, ...] = ()  # of asking for one
    remarks: tuple[str, ...] = ()


def try_draft(adapter_class: Any, decimals: int) -> Attempt:
    """Deploy a draft on a chain of its own, and open and close positions."""
    adapter = adapter_class(Workspace(RevmChain(CODE_SIZE)))
    if not Alphabet(adapter.actions).has(Kind.OPENS):
        return Attempt(remarks=("no function was found that opens a position",))
    trade = FirstTrade(adapter)
    found = trade.find(decimals)
    if found is None:
        return Attempt(remarks=(f"no first trade was accepted: {trade.refusal}",))
    size, margin = found
    attempt = Attempt(size, margin, is_open=True, reopens=trade.is_repeated(size, margin))
    _bear_out(attempt, list(_states(adapter, attempt)))
    return attempt


def _bear_out(attempt: Attempt, states: list[VaultState]) -> None:
    """See whether sums and tokens are where the totals say, and which totals explain it if not."""
    attempt.has_sums = has_sums(states)
    if all("vault_tokens" in state.totals for state in states):
        lacking = unbooked(states)
        attempt.has_balances = not any(lacking)
        attempt.funds = explaining(states, lacking) if any(lacking) else ()


def _states(adapter: Any, attempt: Attempt) -> Iterator[VaultState]:
    """Yield the states from the start to the end of the positions, one after each action."""
    alphabet, size, margin = Alphabet(adapter.actions), attempt.size, attempt.margin
    yield adapter.observe()
    if alphabet.makes(Kind.PROVIDES):
        yield _after(adapter, alphabet.make(Kind.PROVIDES, PROVIDERS[0], assets=margin))
    for trader, buys in zip(TRADERS, (True, False), strict=False):
        yield _after(adapter, alphabet.make(Kind.OPENS, trader, size=size, assets=margin, buys=buys))
    if not adapter.observe().positions and alphabet.has(Kind.EXECUTES):
        _execute(adapter, alphabet)
        yield adapter.observe()
    if alphabet.makes(Kind.ASKS_TO_CLOSE) and adapter.observe().positions:
        yield from _closed_later(adapter, alphabet, attempt)
    if alphabet.makes(Kind.CLOSES):
        yield _after(adapter, alphabet.make(Kind.CLOSES, TRADERS[0], position=OPENED[0]))
    yield from _liquidated(adapter, alphabet)


def _after(adapter: Any, action: Action) -> VaultState:
    """Return the state after an action, done or refused."""
    outcome_of(adapter, action)
    state: VaultState = adapter.observe()
    return state


def _execute(adapter: Any, alphabet: Alphabet) -> None:
    """Let time pass, set the price anew, and carry out what was asked for."""
    if alphabet.has(Kind.MOVES_PRICE):
        outcome_of(adapter, alphabet.make(Kind.MOVES_PRICE, OWNER, answer=adapter.facts.answer), seconds=60)
    for position in OPENED:
        for execution in executions(adapter, position):
            outcome_of(adapter, execution)


def _closed_later(adapter: Any, alphabet: Alphabet, attempt: Attempt) -> Iterator[VaultState]:
    """Ask for a close and have it executed, as soon as it can be; yield the state after each."""
    close = OrderedClose(adapter, alphabet)
    found = close.delay()
    attempt.delay, attempt.refusals = found or 0, close.refusals(found or 0)
    if found is None:
        attempt.remarks += ("execution_delay in facts: no close that was asked for was executed when tried",)
    yield from close.states(found or 0)


def _liquidated(adapter: Any, alphabet: Alphabet) -> Iterator[VaultState]:
    """Move the price down and up, and liquidate what can be; yield the state after each price."""
    first = adapter.facts.answer
    for answer in (first // 2, first * 2) if alphabet.has(Kind.MOVES_PRICE) else ():
        outcome_of(adapter, alphabet.make(Kind.MOVES_PRICE, OWNER, answer=answer))
        for position in OPENED if alphabet.makes(Kind.LIQUIDATES) else ():
            outcome_of(adapter, alphabet.make(Kind.LIQUIDATES, LIQUIDATORS[0], position=position))
        yield adapter.observe()
