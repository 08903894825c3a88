"""What an owner lets an operator do. Source: docs/rules.md."""

from dataclasses import dataclass
from typing import Final

from isolated_margin.errors import InvalidPermissions
from isolated_margin.fixed import uint256, within

DECREASE: Final = 1  # decrease and close
INCREASE: Final = 2
REMOVE: Final = 4  # remove_margin
EVERYTHING: Final = DECREASE | INCREASE | REMOVE
MAX_UINT8: Final = 2**8 - 1
MAX_UINT64: Final = 2**64 - 1


@dataclass(frozen=True, slots=True)
class Permission:
    """``permissions`` are bits; ``expiry`` is the last timestamp, in seconds, at which they hold.

    Raises:
        NotAnInteger, OutOfDomain: they are no ``uint8`` and no ``uint64``.
    """

    permissions: int
    expiry: int

    def __post_init__(self) -> None:
        within(self.permissions, 0, MAX_UINT8)
        within(self.expiry, 0, MAX_UINT64)

    def __bool__(self) -> bool:
        """Return whether there is anything to remember."""
        return bool(self.permissions or self.expiry)

    def check(self) -> None:
        """Refuse bits that permit nothing.

        Raises:
            InvalidPermissions: there are some.
        """
        if self.permissions > EVERYTHING:
            raise InvalidPermissions(self.permissions)

    def allows(self, needed: int, timestamp: int) -> bool:
        """Return whether the bit ``needed`` is among them and holds at a timestamp, in seconds.

        Raises:
            NotAnInteger, OutOfDomain: the arguments are no ``uint8`` and no ``uint256``.
        """
        return bool(self.permissions & within(needed, 0, MAX_UINT8)) and uint256(timestamp) <= self.expiry


NOTHING: Final = Permission(permissions=0, expiry=0)
