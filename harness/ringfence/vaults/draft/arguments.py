"""The arguments of an action's call, and the parameters of the method that they come from."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from ringfence.types.kinds import Kind
from ringfence.types.roles import VAULT
from ringfence.vaults.draft.deployer import Deployer
from ringfence.vaults.draft.drafted_action import DraftedAction
from ringfence.vaults.draft.keys import KEY, Key
from ringfence.vaults.draft.kinds import IN_ASSETS, OF_A_POSITION, is_repaying
from ringfence.vaults.draft.roles import Role
from ringfence.vaults.draft.signatures import Param, leaves

NAMES_ONE_BY_NUMBER: Final = (Kind.OTHER, Kind.LEAVES_POSITIONS, Kind.CLAIMS)
HAVE_LIMITS: Final = (
    *(Kind.OPENS, Kind.INCREASES, Kind.DECREASES, Kind.CLOSES),
    *(Kind.LEAVES_POSITIONS, Kind.OTHER),
)
SIZES: Final = (Role.SIZE, Role.UNKNOWN, Role.SHARES, Role.MAXIMUM, Role.ID)
OF_THE_KEY: Final = (Role.ID, Role.OWNER, Role.SIDE, Role.SHORT)
PARTS_OF_A_KEY: Final = ("owner", "is_long", "not is_long", "int(not is_long)")
SIZE: Final = "abs(size) * UNIT // SIZE"  # in the vault's own unit
SIGNED_SIZE: Final = "size * UNIT // SIZE"
LEVERAGE: Final = f"max(1, {SIZE} // max(1, margin))"
HELD: Final = "self._held(position)"
IS_LONG: Final = "self._is_long(position)"
PLEDGED: Final = "self._pledged(position)"
NEEDED: Final = {  # parameters that a kind has even if no argument comes from them
    Kind.INCREASES: ("size", "rf.SizeDelta"),
    Kind.DECREASES: ("size", "rf.SizeDelta"),
    Kind.REDEEMS: ("shares", "rf.Shares"),
    **dict.fromkeys(IN_ASSETS, ("assets", "rf.Assets")),
}


def with_arguments(draft: DraftedAction, deployer: Deployer, key: Key) -> DraftedAction:
    """Return an action with its arguments, and with the parameters that it needs."""
    return Arguments(draft, deployer, key).complete()


class Arguments:
    """Finds the arguments of one action, by what each input stands for."""

    def __init__(self, draft: DraftedAction, deployer: Deployer, key: Key) -> None:
        """Take an action that has none yet."""
        self._draft, self._deployer, self._key = draft, deployer, key
        self._kind, self._inputs = draft.kind, list(leaves(draft.function.inputs))
        by_number = self._kind in NAMES_ONE_BY_NUMBER and key.is_id and draft.function.has(Role.ID)
        self._names_position = self._kind in OF_A_POSITION or by_number
        self._parameters = {"position": "rf.Position"} if self._names_position else {}
        self._is_in_ether = draft.function.is_payable and not deployer.wiring.tokens
        self._is_argument = False  # is the margin, or the amount, one of the numbers?
        if self._kind is Kind.OPENS:
            self._parameters |= {"size": "rf.Size", "margin": "rf.Assets"}

    def complete(self) -> DraftedAction:
        """Return the action with all that was found."""
        texts = self._opening() if self._kind is Kind.OPENS else {}
        for place, each in enumerate(self._inputs):
            if place not in texts:
                texts[place] = self._argument(each)
        name, hint = NEEDED.get(self._kind, ("", ""))
        if name and hint not in self._parameters.values():
            self._parameters[name] = hint
        places = iter(range(len(self._inputs)))
        arguments = tuple(_grouped(each, places, texts) for each in self._draft.function.inputs)
        uses_key = any(each in PARTS_OF_A_KEY for each in texts.values())
        unpacked, ether = self._key.unpacked if uses_key else (), self._ether()
        before = (*unpacked, *self._owner_check(), *funds_check(ether))
        return replace(
            self._draft, parameters=self._parameters, arguments=arguments, ether=ether, before=before
        )

    def _ether(self) -> str:
        """Return the ether that a payable function is sent: what no token, or no argument, stands for."""
        amount = "margin" if self._kind is Kind.OPENS else "assets"
        is_sent = self._is_in_ether or (self._draft.function.is_payable and not self._is_argument)
        return amount if is_sent and amount in self._parameters else ""

    def _opening(self) -> dict[int, str]:
        """Return which numbers of an opening are its size, margin and leverage, by their places."""
        roles = {place: each.role for place, each in enumerate(self._inputs) if each.is_number}
        first = {role: place for place, role in reversed(roles.items())}
        size, margin, leverage = (first.get(each) for each in (Role.SIZE, Role.MARGIN, Role.LEVERAGE))
        unsure = [place for place, role in roles.items() if role in (Role.UNKNOWN, Role.SHARES)]
        is_sized = size is not None or leverage is not None
        if margin is None and unsure and not self._is_in_ether:
            margin = unsure.pop(0 if is_sized else -1)
        if not is_sized and unsure:
            size = unsure.pop(0)
        self._is_argument = margin is not None
        found = {leverage: LEVERAGE, margin: "margin", size: SIZE}
        return {
            place: clamped(text, self._inputs[place]) for place, text in found.items() if place is not None
        }

    def _argument(self, each: Param) -> str:
        role = each.role
        if role is Role.MARKET:
            return each.market
        if self._names_position and role in OF_THE_KEY and (self._key.is_id or not each.is_number):
            part = self._key.part(role)
            return f"int(not {part})" if each.is_enum else part
        if each.is_number:
            return self._number(each, role)
        if role in (Role.SIDE, Role.SHORT):
            return self._side(each)
        if role in (Role.OWNER, Role.TO):
            return "account"
        return self._plain(each)

    def _plain(self, each: Param) -> str:
        """Return the argument for what says nothing of a position."""
        vault = self._deployer.wiring.named[VAULT]
        if each.type == "address":
            return f'"{self._deployer.thing(each, vault)}"'
        return "False" if each.type == "bool" else self._deployer.value(each, vault, 1)

    def _side(self, each: Param) -> str:
        if self._kind is not Kind.OPENS:
            return "True"
        side = "size <= 0" if each.role is Role.SHORT or each.is_enum else "size > 0"
        return f"int({side})" if each.is_enum else side

    def _number(self, each: Param, role: Role) -> str:
        """Return the argument for a number, and add the parameter that it comes from."""
        if role is Role.DEADLINE:
            return self._from("deadline", "rf.Deadline", each)
        if role in (Role.LIMIT, Role.PRICE, Role.ENTRY) and self._kind in HAVE_LIMITS:
            return self._from("limit", "rf.LimitPrice", each)
        return "0" if role in (Role.MINIMUM, Role.TIME) else self._amount(each, role)

    def _amount(self, each: Param, role: Role) -> str:
        """Return the argument for a size, shares or an amount of assets."""
        kind = self._kind
        if role in SIZES and kind in (Kind.INCREASES, Kind.DECREASES) and "size" not in self._parameters:
            self._parameters["size"] = "rf.SizeDelta"
            return clamped(SIZE, each)
        if role in SIZES and kind in (Kind.CLOSES, Kind.LIQUIDATES, Kind.DELEVERAGES):
            return clamped(HELD, each)
        if kind is Kind.REDEEMS or (role is Role.SHARES and kind not in IN_ASSETS):
            return self._from("shares", "rf.Shares", each)
        if kind is Kind.OPENS or ("assets" in self._parameters and kind in IN_ASSETS):
            return "0"
        return self._from("assets", "rf.Assets", each)

    def _from(self, name: str, hint: str, each: Param) -> str:
        self._parameters[name] = hint
        self._is_argument |= name == "assets"
        return clamped(name, each)

    def _owner_check(self) -> tuple[str, ...]:
        """Return lines that refuse another's position, where the vault takes the sender for its owner."""
        function = self._draft.function
        says_which = function.has(Role.ID) or function.has(Role.OWNER)
        is_repaid = self._kind is Kind.DECREASES and is_repaying(function)
        if not self._names_position or self._key.is_id or (says_which and not is_repaid):
            return ()
        owner = f"{KEY}[0]" if self._key.has_side else KEY
        sender = "the vault takes the sender for the owner"
        why = "others may repay, and harm nobody" if says_which else sender
        return (f"if account != {owner}:  # {why}", '    return rf.Refused("NotOwner", ())')


def funds_check(ether: str) -> tuple[str, ...]:
    """Return lines that refuse what the account does not have: no chain takes such a transaction."""
    if not ether:
        return ()
    return (f"if {ether} > self.workspace.ether(account):", '    return rf.Refused("TooLittleEther", ())')


def _grouped(param: Param, places: Iterator[int], texts: Mapping[int, str]) -> str:
    """Return the argument of a parameter; of a struct a tuple of its fields'."""
    if param.parts:
        return "(" + "".join(f"{_grouped(each, places, texts)}, " for each in param.parts).rstrip() + ")"
    return texts[next(places)]


def clamped(text: str, param: Param) -> str:
    """Return a value as far as the parameter's type holds it; a size has its sign where the type has one."""
    bits, is_signed = int(param.type.lstrip("uint") or 256), param.type.startswith("int")
    if is_signed and text == SIZE:
        text = SIGNED_SIZE
    if bits == 256 and (not is_signed or text == SIGNED_SIZE):
        return text
    return f"min({text}, 2**{bits - is_signed} - 1)"
