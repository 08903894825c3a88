"""Whether a vault's tokens and sums are where the totals of a draft say, from one state to the next."""

from collections.abc import Sequence
from itertools import chain, combinations, pairwise

from ringfence.properties.custody import FUNDS
from ringfence.types.state import VaultState


def unbooked(states: Sequence[VaultState]) -> list[int]:
    """Return by how much more the vault's tokens have changed than what its books have, step by step."""
    unknown = [state.totals["vault_tokens"] - _booked(state) for state in states]
    return [after - before for before, after in pairwise(unknown)]


def explaining(states: Sequence[VaultState], changes: Sequence[int]) -> tuple[str, ...]:
    """Return the totals, one or two, that have changed by just these amounts; none without such."""
    known = {"vault_tokens", *FUNDS}
    values = {
        name: [state.totals.get(name, 0) for state in states] for name in states[0].totals.keys() - known
    }
    own = {name: [after - before for before, after in pairwise(each)] for name, each in values.items()}
    moving = [name for name in states[0].totals if any(own.get(name, ()))]
    for names in chain(combinations(moving, 1), combinations(moving, 2)):
        if [sum(each) for each in zip(*(own[name] for name in names), strict=True)] == list(changes):
            return names
    return ()


def has_sums(states: Sequence[VaultState]) -> bool:
    """Return whether the totals of sizes are the sums over the positions, and some state has positions."""
    return all(map(_fits, states)) and any(state.positions for state in states)


def _booked(state: VaultState) -> int:
    margins = sum(each.margin for each in state.positions.values())
    claims = sum(each.claimable for each in state.accounts.values())
    return margins + claims + sum(state.totals.get(fund, 0) for fund in FUNDS)


def _fits(state: VaultState) -> bool:
    longs = sum(max(0, each.size) for each in state.positions.values())
    shorts = sum(max(0, -each.size) for each in state.positions.values())
    stated = {name: state.totals[name] for name in ("long_size", "short_size") if name in state.totals}
    return bool(stated) and stated.items() <= {"long_size": longs, "short_size": shorts}.items()
