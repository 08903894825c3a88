"""A market, ready to use: a vault with its token, feed, pool and clock, and the log they write."""

from typing import Final

from isolated_margin.errors import InvalidParameter, OwnableInvalidOwner
from isolated_margin.events import LoggedEvent
from isolated_margin.fixed import uint256
from isolated_margin.margin import scale_of
from isolated_margin.parameters import RiskParameters
from isolated_margin.price import MAX_FEED_DECIMALS, PriceFeed
from isolated_margin.state import Clock, Stateful
from isolated_margin.token import NOBODY, Log, Token
from isolated_margin.vault import Vault

MAX_COLLATERAL_DECIMALS: Final = 18


class Market:
    """Everything that a call can reach. ``log`` holds (emitter, event) in order, the emitter being
    ``"vault"``, ``"pool"`` or ``"token"``.

    Raises:
        NotAnInteger, OutOfDomain: decimals or time are no ``uint256``.
        OwnableInvalidOwner: the owner is nobody.
        InvalidParameter: with the ABI name of the first parameter that breaks a rule.
    """

    def __init__(
        self,
        parameters: RiskParameters,
        *,
        collateral_decimals: int,
        feed_decimals: int,
        owner: str,
        guardian: str,
        deployed_at: int,
    ) -> None:
        uint256(collateral_decimals), uint256(feed_decimals), uint256(deployed_at)
        if owner == NOBODY:
            raise OwnableInvalidOwner(owner)
        if collateral_decimals > MAX_COLLATERAL_DECIMALS:
            raise InvalidParameter("collateral")
        if feed_decimals > MAX_FEED_DECIMALS:
            raise InvalidParameter("feed")
        parameters.validate()
        self.parameters = parameters
        self._deployed = owner, guardian, deployed_at
        self.collateral_decimals = collateral_decimals
        self.log: Log = []
        self.clock = Clock(deployed_at)
        self.feed = PriceFeed(feed_decimals)
        self.token = Token(self.log)
        scale = scale_of(collateral_decimals)
        self.vault = Vault(parameters, scale, owner, guardian, self.clock, self.feed, self.token, self.log)
        self.pool = self.vault.pool

    def drain_log(self) -> list[tuple[str, LoggedEvent]]:
        """Return what was logged since the last time, and forget it."""
        drained = self.log[:]
        self.log.clear()
        return drained

    def copy(self) -> "Market":
        """Return an independent market in the same state, with an empty log."""
        owner, guardian, deployed_at = self._deployed
        twin = Market(
            self.parameters,
            collateral_decimals=self.collateral_decimals,
            feed_decimals=self.feed.decimals,
            owner=owner,
            guardian=guardian,
            deployed_at=deployed_at,
        )
        for mine, theirs in zip(self._parts(), twin._parts(), strict=True):
            theirs.restore(mine)
        return twin

    def __eq__(self, other: object) -> bool:
        """Return whether the other market has the same terms and state; logs are not compared."""
        if not isinstance(other, Market):
            return NotImplemented
        return self._identity() == other._identity()

    __hash__ = None  # type: ignore[assignment]  # it changes

    def _parts(self) -> tuple[Stateful, ...]:
        return self.clock, self.feed, self.token, self.vault, self.pool

    def _identity(self) -> tuple[object, ...]:
        decimals = self.collateral_decimals, self.feed.decimals
        return self.parameters, decimals, tuple(part.state() for part in self._parts())
