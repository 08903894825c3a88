"""Positions by how they stand, and callers by what they are to a position."""

from typing import Final

from ringfence.types.roles import ACCOUNTS, NOBODY, OPERATOR, OWNER, STRANGER, TRADERS
from ringfence.vaults.isolated_margin.rules.points.named import Named
from ringfence.vaults.isolated_margin.rules.points.scene import Scene

UNKNOWN_ID: Final = 2**256 - 1


class Pick(Named):
    """A position; without any live position, the next id, which names none."""

    WORST = "the least equity above its maintenance margin, or the most below"
    BEST = "the highest profit"
    LARGEST = "the largest notional"
    SMALLEST = "the smallest notional"
    NEWEST = "the latest opened"
    OLDEST = "the earliest opened"
    GONE = "the first id that is live no more, or not yet"
    NONE = "the highest id of all"

    def of(self, scene: Scene) -> int:
        """Return the position's id."""
        if self is Pick.NONE:
            return UNKNOWN_ID
        if self is Pick.GONE or not scene.positions:
            return next(
                number for number in range(1, scene.vault.next_id + 1) if number not in scene.positions
            )
        return _live(self, scene)


def _live(pick: Pick, scene: Scene) -> int:
    ids = scene.positions
    match pick:
        case Pick.WORST:
            return min(ids, key=scene.slack)
        case Pick.BEST:
            return max(ids, key=scene.pnl)
        case Pick.LARGEST:
            return max(ids, key=lambda number: abs(ids[number].size))
        case Pick.SMALLEST:
            return min(ids, key=lambda number: abs(ids[number].size))
        case Pick.NEWEST:
            return max(ids)
        case _:
            return min(ids)


class Caller(Named):
    """Who acts on a position."""

    ITS_OWNER = "the position's owner"
    OPERATOR = "who may act for the owner; where nobody may, the operator all the same"
    STRANGER = STRANGER

    def of(self, scene: Scene, position: int) -> str:
        """Return the account; without such a position, a stranger."""
        live = scene.positions.get(position)
        if live is None or self is Caller.STRANGER:
            return STRANGER
        if self is Caller.ITS_OWNER:
            return live.owner
        return next((each for each in ACCOUNTS if scene.vault.operators(live.owner, each)), OPERATOR)


class Creditor(Named):
    """Who has something to take out; where nobody does, the first trader."""

    CLAIMING = "who has most to claim"
    OWED = "who is owed most"
    STRANGER = STRANGER

    def of(self, scene: Scene) -> str:
        """Return the account."""
        match self:
            case Creditor.CLAIMING:
                return max(TRADERS, key=scene.vault.claimable)
            case Creditor.OWED:
                return max(TRADERS, key=scene.vault.owed)
            case _:
                return STRANGER


class Signer(Named):
    """Who really signed for an account."""

    ITSELF = "the account itself"
    SOMEBODY_ELSE = "somebody else"

    def of(self, account: str) -> str:
        """Return the account that signed."""
        return account if self is Signer.ITSELF else STRANGER


class Officer(Named):
    """Who holds an office now; where nobody does, the first owner."""

    OWNER = "the owner"
    PENDING_OWNER = "whom the ownership was offered"
    GUARDIAN = "the guardian"
    STRANGER = STRANGER

    def of(self, scene: Scene) -> str:
        """Return the account."""
        match self:
            case Officer.OWNER:
                account = scene.vault.owner
            case Officer.PENDING_OWNER:
                account = scene.vault.pending_owner
            case Officer.GUARDIAN:
                account = scene.vault.guardian
            case _:
                account = STRANGER
        return OWNER if account == NOBODY else account
