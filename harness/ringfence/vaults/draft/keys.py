"""What names a position of a vault: a number of its own, or its owner."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ringfence.vaults.draft.kinds import OF_A_POSITION, kind_of
from ringfence.vaults.draft.roles import Role
from ringfence.vaults.draft.signatures import AbiFunction, Contract, Param

KEY: Final = "self.workspace.key(position)"
MARKET_TYPES: Final = ("bytes32", "uint256", "uint16", "uint32")  # where the getter does not say it
KEY_TYPES: Final = {
    Role.ID: ("uint", "bytes32", "int"),
    Role.OWNER: ("address",),
    Role.SIDE: ("bool", "uint8"),
}


@dataclass(frozen=True, slots=True)
class Key:
    """What names a position: its own number, or its owner, with the side where each owner has one of both."""

    roles: tuple[Role, ...]
    reason: str

    @property
    def is_id(self) -> bool:
        """Return whether positions have numbers or keys of their own."""
        return self.roles == (Role.ID,)

    @property
    def has_side(self) -> bool:
        """Return whether an owner has a position for each side."""
        return len(self.roles) > 1

    def part(self, role: Role) -> str:
        """Return source code for a part of the key of ``position``, after the line of ``unpacked``."""
        if not self.has_side:
            return KEY if role is self.roles[0] else "account" if role is Role.OWNER else "True"
        return {Role.OWNER: "owner", Role.SHORT: "not is_long"}.get(role, "is_long")

    @property
    def unpacked(self) -> tuple[str, ...]:
        """Return the line that names the parts of the key, where it has several."""
        return (f"owner, is_long = {KEY}",) if self.has_side else ()

    @property
    def fresh(self) -> str:
        """Return source code for the key that ``account`` opens a position under, unless it has a number."""
        return "(account, size > 0)" if self.has_side else "account"

    def fits(self, view: AbiFunction) -> bool:
        """Return whether a view takes this key."""
        own = self._own(view)
        return len(self.roles) == len(own) and all(
            each.type.startswith(KEY_TYPES[role]) and "[" not in each.type
            for role, each in zip(self.roles, own, strict=True)
        )

    def arguments(self, view: AbiFunction) -> str:
        """Return source code for the arguments of a view that takes this key, ``key``."""
        markets = [each.market for each in view.inputs if each not in self._own(view)]
        return ", ".join((*markets, "*key" if self.has_side else "key"))

    def _own(self, view: AbiFunction) -> Sequence[Param]:
        """Return what a view takes beside the number of a market, which comes first."""
        first = view.inputs[:1]
        is_market = first and (
            first[0].role is Role.MARKET
            or (not first[0].name and len(view.inputs) > len(self.roles) and first[0].type in MARKET_TYPES)
        )
        return view.inputs[1:] if is_market else view.inputs


def key_of(contract: Contract) -> Key:
    """Return what names a position in the functions of a contract that act on one."""
    acting = [
        each for each in contract.functions.values() if not each.is_view and kind_of(each) in OF_A_POSITION
    ]
    for function in acting:
        if function.has(Role.ID):
            return Key((Role.ID,), f"positions by numbers of their own, as in {function.signature}")
    for function in acting:
        if function.has(Role.SIDE) or function.has(Role.SHORT):
            why = f"one position for each owner and side, as in {function.signature}"
            return Key((Role.OWNER, Role.SIDE), why)
    why = f"as in {acting[0].signature}" if acting else "no function names a position"
    return Key((Role.OWNER,), f"one position for each owner, {why}")
