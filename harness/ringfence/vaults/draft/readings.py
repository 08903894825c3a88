"""Where a position is read: the view that shows most of it, or a private mapping."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from ringfence.vaults.draft.keys import Key
from ringfence.vaults.draft.roles import Role
from ringfence.vaults.draft.signatures import AbiFunction, Contract, Param, leaves
from ringfence.vaults.draft.synonyms import COUNTED, COUNTERS, PENDING, POSITIONS
from ringfence.vaults.draft.words import has, snake

STORED_KEYS: Final = {Role.ID: ("t_uint", "t_bytes32"), Role.OWNER: ("t_address",)}
IN_A_POSITION: Final = {Role.SIZE, Role.MARGIN, Role.OWNER, Role.ENTRY, Role.SIDE, Role.SHARES}
TAKEN: Final = ("position", "key", "number", "positions", "totals", "side")  # names in the adapter's method
LEAST_NUMBERS: Final = 2  # of a position
FOR_ITS_NAME, FOR_A_VARIABLE, FOR_AN_ORDER = 6, 2, -8


@dataclass(frozen=True, slots=True)
class Reading:
    """Where a position is read: its fields by the names that the adapter gives them.

    ``function`` is a view; of one that ``is_stored`` a private mapping. ``pattern`` unpacks what it shows.
    """

    contract: str
    function: str
    pattern: str
    fields: Mapping[str, Param]
    place: str
    is_stored: bool = False
    arguments: str = "key"

    def named(self, *roles: Role) -> str:
        """Return the first field that stands for one of these; ``""`` without one."""
        return next((name for role in roles for name, each in self.fields.items() if each.role is role), "")

    @property
    def owner(self) -> str:
        """Return the field that is the owner."""
        return self.named(Role.OWNER)

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
    def entry(self) -> str:
        """Return the field that is the entry price."""
        return self.named(Role.ENTRY, Role.PRICE)

    @property
    def side(self) -> str:
        """Return the field that says long or short."""
        return self.named(Role.SIDE, Role.SHORT)

    @property
    def rest(self) -> list[str]:
        """Return the other numbers."""
        known = {self.size, self.margin, self.entry, self.owner, self.side}
        return [name for name, each in self.fields.items() if name not in known and each.is_elementary]

    @property
    def reason(self) -> str:
        """Return where it is and what its fields are taken for."""
        roles = (Role.OWNER, Role.SIZE, Role.MARGIN, Role.ENTRY, Role.SIDE)
        fields = (self.owner, self.size, self.margin, self.entry, self.side)
        shown = (f"{field} is {role}" for role, field in zip(roles, fields, strict=True) if field)
        return f"{self.place}: {', '.join(shown)}"

    def _number(self, *called: str) -> str:
        return next(
            (name for name, each in self.fields.items() if each.is_number and has(name, {*called})), ""
        )


def reading_of(contracts: Mapping[str, Contract], key: Key) -> Reading | None:
    """Return where a position is read; None where no view and no variable looks like it."""
    shown = [
        (_score(view, contract), name, view)
        for name, contract in contracts.items()
        for view in contract.functions.values()
        if view.is_view and key.fits(view)
    ]
    score, name, view = max(shown, key=lambda each: each[0], default=(0, "", None))
    if view is None or score <= 0:
        return None if key.has_side else next(_stored(contracts, key), None)
    found = _reading(name, view.name, view.result, f"{contracts[name].name}.{view.signature}")
    return replace(found, arguments=key.arguments(view))


def counter_of(contracts: Mapping[str, Contract]) -> tuple[str, str] | None:
    """Return the view that counts positions: the contract's name and the view's."""
    for name, contract in contracts.items():
        for view in contract.views(0):
            if has(view.name, COUNTERS) and has(view.name, COUNTED):
                return name, view.name
    return None


def _score(view: AbiFunction, contract: Contract) -> int:
    """Return how much of a position a view shows; 0 or less for what is none."""
    found = list(leaves(view.result))
    if sum(each.is_number for each in found) < LEAST_NUMBERS or any("[" in each.type for each in found):
        return 0
    points = 2 * len(IN_A_POSITION & {each.role for each in found}) + len(found)
    points += FOR_ITS_NAME if has(view.name, POSITIONS) else 0
    points += FOR_A_VARIABLE if view.name in contract.public else 0
    return points + (FOR_AN_ORDER if has(view.name, PENDING) else 0)


def _stored(contracts: Mapping[str, Contract], key: Key) -> Iterator[Reading]:
    """Yield the private mappings to a struct that are called like positions and have this key."""
    for name, contract in contracts.items():
        layout = contract.artifact.storage_layout
        for variable in layout.get("storage", ()):
            kind = layout["types"][variable["type"]]
            members = layout["types"].get(kind.get("value"), {}).get("members", ())
            is_key = kind.get("key", "").startswith(STORED_KEYS[key.roles[0]])
            if is_key and members and has(variable["label"], POSITIONS):
                fields = [_field(each["label"], layout["types"][each["type"]]["label"]) for each in members]
                place = f"{contract.name}.{variable['label']}, a private mapping"
                yield replace(_reading(name, variable["label"], fields, place), is_stored=True)


def _reading(name: str, function: str, outputs: Iterable[Param], place: str) -> Reading:
    fields: dict[str, Param] = {}
    pattern = ", ".join(_pattern(outputs, fields))
    return Reading(name, function, pattern, fields, place)


def _field(name: str, declared: str) -> Param:
    """Return a field by the type that the storage layout states."""
    if declared.startswith("enum "):
        return Param(name, "uint8", declared)
    return Param(name, "address" if declared.startswith(("contract ", "address")) else declared)


def _pattern(outputs: Iterable[Param], fields: dict[str, Param]) -> Iterator[str]:
    """Yield the names to which returned values are unpacked, nested as they are."""
    for each in outputs:
        if each.parts:
            yield f"({', '.join(_pattern(each.parts, fields))})"
            continue
        name = snake(each.name) if each.name else f"part_{len(fields) + 1}"
        while name in fields or name in TAKEN:
            name += "_"
        fields[name] = each
        yield name
