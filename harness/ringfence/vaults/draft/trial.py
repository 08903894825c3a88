"""Trying a draft: which first trade is accepted, and which abilities its observations bear out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, combinations, pairwise
from types import ModuleType
from typing import Any, Final

from ringfence.evm.abi.coder import EncodingError
from ringfence.evm.chains.revm import RevmChain
from ringfence.evm.workspace import NoSuchPosition, Workspace, WorkspaceError
from ringfence.properties.custody import FUNDS
from ringfence.types.actions import Action, Alphabet, Step
from ringfence.types.kinds import Kind
from ringfence.types.outcome import Done, Outcome, Refused
from ringfence.types.roles import LIQUIDATORS, OWNER, PROVIDERS, TRADERS
from ringfence.types.state import VaultState
from ringfence.vaults.draft.deployment import CODE_SIZE

SIZES: Final = tuple(10**power for power in (21, 20, 22, 19, 18, 23, 17, 24, 16, 25, 15, 26, 27, 28, 29, 30))
POWERS: Final = range(-4, 7)  # of whole margin tokens
SPARE: Final = (3, 2)  # times the least margin


@dataclass
class Attempt:
    """What came of trying: the first trade, waits that matter, abilities, and what went wrong."""

    size: int = 10**18
    margin: int = 10**18
    is_open: bool = False
    is_closed: bool = False
    reopens: bool = False
    refusal: str = ""
    has_balances: bool = False
    has_sums: bool = False
    funds: tuple[str, ...] = ()  # totals that explain what the books lack
    remarks: list[str] = field(default_factory=list)


def try_draft(module: ModuleType, name: str, decimals: int) -> Attempt:
    """Deploy a draft on a chain of its own, and open and close a position."""
    adapter = getattr(module, name)(Workspace(RevmChain(CODE_SIZE)))
    trial = Attempt()
    opens = next((each for each in adapter.actions if each.kind is Kind.OPENS), None)
    if opens is None:
        trial.remarks.append("no function was found that opens a position")
        return trial
    found = _first_trade(adapter, opens, decimals, trial)
    if found is None:
        trial.remarks.append(f"no first trade was accepted: {trial.refusal}")
        return trial
    trial.size, trial.margin, trial.is_open = *found, True
    trial.reopens = _reopens(adapter, opens, trial)
    _bear_out(adapter, opens, trial)
    return trial


def _first_trade(adapter: Any, opens: type[Action], decimals: int, trial: Attempt) -> tuple[int, int] | None:
    """Return the size and margin of a trade that is accepted with half as much margin again as it needs."""
    for size in SIZES:
        margins = [10**power for power in (decimals + each for each in POWERS) if power >= 0]
        accepted = [margin for margin in margins if _does(adapter, opens, size, margin, trial)]
        if not accepted:
            continue
        least = _least(adapter, opens, size, accepted[0], trial)
        times, parts = SPARE
        spared = least * times // parts
        if spared and _does(adapter, opens, size, spared, trial):
            return size, _round(spared)
        return size, accepted[0]
    return None


def _least(adapter: Any, opens: type[Action], size: int, accepted: int, trial: Attempt) -> int:
    """Return the least margin that is accepted, by halving what is not."""
    refused = accepted // 10
    while accepted - refused > max(1, accepted // 1_000):
        middle = (accepted + refused) // 2
        if _does(adapter, opens, size, middle, trial):
            accepted = middle
        else:
            refused = middle
    return accepted


def _round(amount: int) -> int:
    """Return an amount of two digits, rounded up."""
    unit = int(10 ** max(0, len(str(amount)) - 2))
    return int(-(-amount // unit) * unit)


def _does(adapter: Any, opens: type[Action], size: int, margin: int, trial: Attempt) -> bool:
    mark = adapter.workspace.snapshot()
    outcome = _apply(adapter, _opening(opens, size, margin))
    adapter.workspace.restore(mark)
    if isinstance(outcome, Refused):
        trial.refusal = f"{outcome.error}{outcome.args or ''}"
    return isinstance(outcome, Done)


def _reopens(adapter: Any, opens: type[Action], trial: Attempt) -> bool:
    """Return whether an owner can open the same again while it is open."""
    mark = adapter.workspace.snapshot()
    outcomes = [_apply(adapter, _opening(opens, trial.size, trial.margin)) for _ in range(2)]
    adapter.workspace.restore(mark)
    return all(isinstance(each, Done) for each in outcomes)


def _opening(opens: type[Action], size: int, margin: int) -> Action:
    return Alphabet([opens]).make(Kind.OPENS, TRADERS[0], size=size, assets=margin)


def _apply(adapter: Any, action: Action, seconds: int = 1) -> Outcome:
    try:
        outcome: Outcome = adapter.apply(Step(action, seconds))
        return outcome
    except (WorkspaceError, NoSuchPosition, EncodingError) as failure:
        return Refused(type(failure).__name__, (str(failure),))


def _bear_out(adapter: Any, opens: type[Action], trial: Attempt) -> None:
    """Open and close, and see whether tokens and sums are where the totals say."""
    states = list(_states(adapter, opens, trial))
    if all("vault_tokens" in state.totals for state in states):
        unbooked = [_unbooked(one, other) for one, other in pairwise(states)]
        trial.has_balances = not any(unbooked)
        trial.funds = () if trial.has_balances else _explaining(states, unbooked)
    sums = [_sums(state) for state in states]
    trial.has_sums = any(sums) and all(each is not False for each in sums)


def _states(adapter: Any, opens: type[Action], trial: Attempt) -> Iterator[VaultState]:
    alphabet = Alphabet(adapter.actions)
    yield adapter.observe()
    if alphabet.makes(Kind.PROVIDES):
        _apply(adapter, alphabet.make(Kind.PROVIDES, PROVIDERS[0], assets=trial.margin))
        yield adapter.observe()
    for trader, buys in zip(TRADERS, (True, False), strict=False):
        opening = alphabet.make(Kind.OPENS, trader, size=trial.size, assets=trial.margin, buys=buys)
        _apply(adapter, opening, 1)
        yield adapter.observe()
    if not adapter.observe().positions and alphabet.has(Kind.EXECUTES):
        _execute(adapter, alphabet)
        yield adapter.observe()
    if alphabet.makes(Kind.CLOSES):
        outcome = _apply(adapter, alphabet.make(Kind.CLOSES, TRADERS[0], position=1), 1)
        trial.is_closed = isinstance(outcome, Done)
        yield adapter.observe()
    yield from _liquidate(adapter, alphabet)


def _execute(adapter: Any, alphabet: Any) -> None:
    """Let time pass, set the price anew, and carry out what was asked for."""
    if alphabet.has(Kind.MOVES_PRICE):
        _apply(adapter, alphabet.make(Kind.MOVES_PRICE, OWNER, answer=adapter.facts.answer), 60)
    for position in (1, 2):
        _apply(adapter, alphabet.make(Kind.EXECUTES, LIQUIDATORS[0], position=position), 1)


def _liquidate(adapter: Any, alphabet: Alphabet) -> Iterator[VaultState]:
    """Move the price down and up, and liquidate what can be; yield the state after each price."""
    first = adapter.facts.answer
    for answer in (first // 2, first * 2) if alphabet.has(Kind.MOVES_PRICE) else ():
        _apply(adapter, alphabet.make(Kind.MOVES_PRICE, OWNER, answer=answer))
        for position in (1, 2) if alphabet.makes(Kind.LIQUIDATES) else ():
            _apply(adapter, alphabet.make(Kind.LIQUIDATES, LIQUIDATORS[0], position=position))
        yield adapter.observe()


def _unbooked(one: VaultState, other: VaultState) -> int:
    """Return by how much more the vault's tokens have changed than what its books have."""
    moved = other.totals["vault_tokens"] - one.totals["vault_tokens"]
    return moved - (_booked(other) - _booked(one))


def _explaining(states: Sequence[VaultState], unbooked: Sequence[int]) -> tuple[str, ...]:
    """Return the totals, one or two, whose changes are just what no book had; none without such."""
    known = {"vault_tokens", *FUNDS}
    changes = {
        name: [other.totals.get(name, 0) - one.totals.get(name, 0) for one, other in pairwise(states)]
        for name in states[0].totals
        if name not in known
    }
    moving = [name for name, each in changes.items() if any(each)]
    for names in chain(((name,) for name in moving), combinations(moving, 2)):
        if [sum(each) for each in zip(*(changes[name] for name in names), strict=True)] == list(unbooked):
            return names
    return ()


def _booked(state: VaultState) -> int:
    margins = sum(each.margin for each in state.positions.values())
    claims = sum(each.claimable for each in state.accounts.values())
    return margins + claims + sum(state.totals.get(fund, 0) for fund in FUNDS)


def _sums(state: VaultState) -> bool | None:
    """Return whether the totals of sizes are sums over the positions; None where there is nothing to see."""
    if not {"long_size", "short_size"} & state.totals.keys():
        return False
    longs = sum(max(0, each.size) for each in state.positions.values())
    shorts = sum(max(0, -each.size) for each in state.positions.values())
    same = state.totals.get("long_size", longs) == longs and state.totals.get("short_size", shorts) == shorts
    return same and (True if state.positions else None)
