"""How a vault keeps its positions: by which key, read by which view, and what its fields are."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ringfence.types.kinds import Kind
from ringfence.vaults.draft.deployment import market
from ringfence.vaults.draft.kinds import ASKS, kind_of
from ringfence.vaults.draft.signatures import AbiFunction, Contract, Param, leaves
from ringfence.vaults.draft.words import Role, has, snake

KEY: Final = "self.workspace.key(position)"
ON_A_POSITION: Final = (
    *(Kind.CLOSES, Kind.LIQUIDATES, Kind.DECREASES, Kind.INCREASES, Kind.ADDS_MARGIN, Kind.REMOVES_MARGIN),
    Kind.EXECUTES,
)
CALLED: Final = {
    "position",
    "loan",
    "trade",
    "vault",
    "trove",
    "cdp",
    "account",
    "borrower",
    "user",
    "snapshot",
}
KEYS: Final = ("bytes32", "uint256", "uint16", "uint32")  # of a market, where the getter does not say it
COUNTERS: Final = {"next", "last", "count", "counter", "current", "total", "num", "latest"}
COUNTED: Final = {"id", "position", "index", "count", "order", "counter", "loan", "trade", "token"}
TOKEN_LIKE: Final = (Role.SIZE, Role.SHARES, Role.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Key:
    """What names a position: its own number, or its owner, with the side where each owner has one of both."""

    roles: tuple[Role, ...]
    reason: str

    @property
    def is_id(self) -> bool:
        """Return whether positions have numbers or keys of their own."""
        return self.roles == (Role.ID,)

    def part(self, role: Role) -> str:
        """Return source code for a part of the key of ``position``, after the line of ``unpacked``."""
        if len(self.roles) == 1:
            return KEY if role is self.roles[0] else "account" if role is Role.OWNER else "True"
        return "owner" if role is Role.OWNER else "not is_long" if role is Role.SHORT else "is_long"

    @property
    def unpacked(self) -> tuple[str, ...]:
        """Return the line that names the parts of the key, where it has several."""
        return (f"owner, is_long = {KEY}",) if len(self.roles) > 1 else ()

    @property
    def fresh(self) -> str:
        """Return source code for the key that ``account`` opens a position under, unless it has a number."""
        return "account" if len(self.roles) == 1 else "(account, size > 0)"

    def fits(self, view: AbiFunction) -> bool:
        """Return whether a view takes this key."""
        types = {Role.ID: ("uint", "bytes32", "int"), Role.OWNER: ("address",), Role.SIDE: ("bool", "uint8")}
        own = self._own(view)
        return len(self.roles) == len(own) and all(
            each.type.startswith(types[role]) and "[" not in each.type
            for role, each in zip(self.roles, own, strict=True)
        )

    def arguments(self, view: AbiFunction) -> str:
        """Return source code for the arguments of a view that takes this key, ``key``."""
        markets = [market(each) for each in view.inputs if each not in self._own(view)]
        return ", ".join((*markets, "key" if len(self.roles) == 1 else "*key"))

    def _own(self, view: AbiFunction) -> Sequence[Param]:
        """Return what a view takes beside the number of a market, which comes first."""
        first = view.inputs[:1]
        is_market = first and (
            first[0].role is Role.MARKET
            or (not first[0].name and len(view.inputs) > len(self.roles) and first[0].type in KEYS)
        )
        return view.inputs[1:] if is_market else view.inputs


@dataclass(frozen=True, slots=True)
class Reading:
    """Where a position is read: its fields by the names that the adapter gives them, and their roles.

    ``function`` is a view; of one that ``is_stored`` a private mapping.
    """

    contract: str
    function: str
    pattern: str
    fields: Mapping[str, Param]
    reason: str
    is_stored: bool = False
    arguments: str = "key"

    def named(self, *roles: Role) -> str:
        """Return the first field that stands for one of these; ``""`` without one."""
        return next((name for role in roles for name, each in self.fields.items() if each.role is role), "")

    @property
    def size(self) -> str:
        """Return the field that is the size."""
        found = self.named(Role.SIZE, Role.SHARES) or self._number("amount", "assets", "shares")
        return found if found != self.margin else ""

    @property
    def margin(self) -> str:
        """Return the field that is the margin."""
        return self.named(Role.MARGIN) or self._number("amount", "assets", "value", "balance")

    @property
    def rest(self) -> list[str]:
        """Return the other numbers."""
        known = {self.size, self.margin, self.entry, self.named(Role.OWNER), self.side}
        return [
            name
            for name, each in self.fields.items()
            if name not in known and (each.is_number or each.is_enum or each.type == "bool")
        ]

    @property
    def entry(self) -> str:
        """Return the field that is the entry price."""
        return self.named(Role.ENTRY, Role.PRICE)

    @property
    def side(self) -> str:
        """Return the field that says long or short."""
        return self.named(Role.SIDE, Role.SHORT)

    def _number(self, *called: str) -> str:
        return next(
            (name for name, each in self.fields.items() if each.is_number and has(name, set(called))), ""
        )


def key_of(contracts: Iterable[Contract]) -> Key:
    """Return what names a position in the functions that act on one."""
    acting = [
        each
        for contract in contracts
        for each in contract.functions.values()
        if not each.is_view and kind_of(each) in ON_A_POSITION
    ]
    for function in acting:
        if function.has(Role.ID):
            return Key((Role.ID,), f"positions by numbers of their own, as in {function.signature}")
    for function in acting:
        if function.has(Role.SIDE) or function.has(Role.SHORT):
            return Key(
                (Role.OWNER, Role.SIDE), f"one position for each owner and side, as in {function.signature}"
            )
    why = f"as in {acting[0].signature}" if acting else "no function names a position"
    return Key((Role.OWNER,), f"one position for each owner, {why}")


def reading_of(contracts: Mapping[str, Contract], key: Key) -> Reading | None:
    """Return the view that shows most of a position."""
    shown = [
        (_score(view, name, contract), name, view)
        for name, contract in contracts.items()
        for view in contract.functions.values()
        if view.is_view and key.fits(view)
    ]
    best = max(shown, key=lambda each: each[0], default=None)
    if best is None or best[0] <= 0:
        return _stored(contracts, key)
    _, name, view = best
    outputs = view.outputs[0].parts if len(view.outputs) == 1 else view.outputs
    found = _reading(name, view.name, outputs, f"{contracts[name].name}.{view.signature}")
    return replace(found, arguments=key.arguments(view))


def _reading(
    name: str, function: str, outputs: Iterable[Param], place: str, *, is_stored: bool = False
) -> Reading:
    fields: dict[str, Param] = {}
    pattern = ", ".join(_pattern(outputs, fields))
    found = Reading(name, function, pattern, fields, "", is_stored)
    roles = {Role.OWNER: found.named(Role.OWNER), Role.SIZE: found.size, Role.MARGIN: found.margin}
    roles |= {Role.ENTRY: found.entry, Role.SIDE: found.side}
    shown = ", ".join(f"{field} is {role}" for role, field in roles.items() if field)
    return replace(found, reason=f"{place}: {shown}")


def _stored(contracts: Mapping[str, Contract], key: Key) -> Reading | None:
    """Return a private mapping to a struct that is called like positions and has this key."""
    keys = {Role.ID: ("t_uint", "t_bytes32"), Role.OWNER: ("t_address",)}.get(key.roles[0], ())
    for name, contract in contracts.items():
        layout = contract.artifact.storage_layout
        for variable in layout.get("storage", ()) if len(key.roles) == 1 else ():
            kind = layout["types"][variable["type"]]
            members = layout["types"].get(kind.get("value"), {}).get("members", ())
            if (
                kind.get("key", "").startswith(keys or ("none",))
                and members
                and has(variable["label"], CALLED)
            ):
                fields = [
                    Param(each["label"], *_types(layout["types"][each["type"]]["label"])) for each in members
                ]
                place = f"{contract.name}.{variable['label']}, a private mapping"
                return _reading(name, variable["label"], fields, place, is_stored=True)
    return None


def _types(label: str) -> tuple[str, str]:
    """Return the ABI's type, and its internal one, of a type as storage layouts say it."""
    if label.startswith("enum "):
        return "uint8", label
    return ("address", "") if label.startswith(("contract ", "address")) else (label, "")


def counter_of(contracts: Mapping[str, Contract]) -> tuple[str, str] | None:
    """Return the view that counts positions: the contract's name and the view's."""
    for name, contract in contracts.items():
        for view in contract.views(0):
            if has(view.name, COUNTERS) and has(view.name, COUNTED):
                return name, view.name
    return None


def _score(view: AbiFunction, name: str, contract: Contract) -> int:
    """Return how much of a position a view shows; 0 or less for what is none."""
    outputs = view.outputs[0].parts if len(view.outputs) == 1 else view.outputs
    found = list(leaves(outputs))
    numbers = [each for each in found if each.is_number]
    if len(numbers) < 2 or any("[" in each.type for each in found):
        return 0
    roles = {each.role for each in found} - {Role.UNKNOWN, Role.TIME}
    points = 2 * len(roles & {Role.SIZE, Role.MARGIN, Role.OWNER, Role.ENTRY, Role.SIDE, Role.SHARES}) + len(
        found
    )
    points += 6 if has(view.name, CALLED) else 0
    points += 2 if view.name in contract.public else 0
    return points - (8 if has(view.name, ASKS | {"pending"}) else 0)


def _pattern(outputs: Iterable[Param], fields: dict[str, Param]) -> Iterator[str]:
    """Yield the names to which returned values are unpacked, nested as they are."""
    for each in outputs:
        if each.parts:
            yield f"({', '.join(_pattern(each.parts, fields))})"
            continue
        name = snake(each.name) if each.name else f"part_{len(fields) + 1}"
        while name in fields or name in ("position", "key", "number", "positions", "totals", "side"):
            name += "_"
        fields[name] = each
        yield name
