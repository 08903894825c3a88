"""Positions by how they stand, and accounts by what they are to an action."""

from collections.abc import Callable
from typing import Final

from ringfence.types.roles import ACCOUNTS, OPERATOR, OWNER, STRANGER, TRADERS
from ringfence.vaults.isolated_margin.rules.boundary import Boundary, Draft
from ringfence.vaults.isolated_margin.rules.view import StateView

UNKNOWN_ID: Final = 2**256 - 1  # the highest id of all


def _gone(draft: Draft) -> int:
    ids = range(1, draft.view.vault.next_id + 1)
    return next(number for number in ids if number not in draft.view.positions)


def _live(choose: Callable[[StateView], int]) -> Boundary:
    """Return a choice among live positions; without any, the one that is gone."""
    return Boundary(lambda draft: choose(draft.view) if draft.view.positions else _gone(draft))


class Which:
    """A position; without any that is live, ``GONE``."""

    GONE = Boundary(_gone)  # the first id that is live no more, or not yet
    WORST = _live(lambda view: min(view.positions, key=view.slack))  # least above maintenance, or most below
    BEST = _live(lambda view: max(view.positions, key=view.pnl))
    LARGEST = _live(lambda view: max(view.positions, key=lambda each: abs(view.size(each))))
    SMALLEST = _live(lambda view: min(view.positions, key=lambda each: abs(view.size(each))))
    NEWEST = _live(lambda view: max(view.positions))
    OLDEST = _live(lambda view: min(view.positions))


def _its_owner(draft: Draft) -> str:
    held = draft.view.positions.get(draft.position)
    return held.owner if held else STRANGER


def _its_operator(draft: Draft) -> str:
    owner, may_act = _its_owner(draft), draft.view.vault.operators
    if owner == STRANGER:
        return owner
    return next((each for each in ACCOUNTS if may_act(owner, each).permissions), OPERATOR)


class Who:
    """An account: a stranger as the owner of no position, the first owner in an office that nobody holds."""

    ITSELF = Boundary(lambda draft: draft.values["account"])
    SIGNED_FOR = Boundary(lambda draft: draft.values.get("owner", draft.values["account"]))
    ITS_OWNER = Boundary(_its_owner)
    ITS_OPERATOR = Boundary(_its_operator)  # where nobody may act for the owner, the operator all the same
    CLAIMANT = Boundary(lambda draft: max(TRADERS, key=draft.view.vault.claimable))  # who has most to claim
    CREDITOR = Boundary(lambda draft: max(TRADERS, key=draft.view.vault.owed))  # who is owed most
    OWNER = Boundary(lambda draft: draft.view.vault.owner or OWNER)
    PENDING_OWNER = Boundary(lambda draft: draft.view.vault.pending_owner or OWNER)
    GUARDIAN = Boundary(lambda draft: draft.view.vault.guardian or OWNER)
