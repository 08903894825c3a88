"""The actions of a draft: for each function of a vault a method, its kind, and what it sends."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from ringfence.types.adapter import Adapter
from ringfence.types.kinds import Kind
from ringfence.types.roles import FEED, VAULT
from ringfence.vaults.draft.arguments import with_arguments
from ringfence.vaults.draft.composites import (
    closes_all,
    executions,
    is_for_closed,
    opens_in_two,
    order_of,
    with_one_open,
)
from ringfence.vaults.draft.deployer import Deployer
from ringfence.vaults.draft.drafted_action import DraftedAction
from ringfence.vaults.draft.keys import Key
from ringfence.vaults.draft.kinds import is_for_officers, kind_of
from ringfence.vaults.draft.price import price_action
from ringfence.vaults.draft.readings import Reading
from ringfence.vaults.draft.roles import Role
from ringfence.vaults.draft.signatures import AbiFunction, Contract
from ringfence.vaults.draft.synonyms import POSITIONS
from ringfence.vaults.draft.words import has, snake

ORDER: Final = tuple(Kind)
RESERVED: Final = {*dir(Adapter), "facts", "observe", "book", "project", "workspace"}
SENDERS: Final = {
    **dict.fromkeys((Kind.LIQUIDATES, Kind.DELEVERAGES), "rf.Liquidator"),
    **dict.fromkeys((Kind.PROVIDES, Kind.WITHDRAWS, Kind.REDEEMS), "rf.Provider"),
    **dict.fromkeys((Kind.DONATES, Kind.FUNDS_INSURANCE), "rf.Provider"),
    **dict.fromkeys((Kind.ADDS_MARGIN, Kind.EXECUTES, Kind.CLAIMS), "rf.Anyone"),
    **dict.fromkeys((Kind.OTHER, Kind.LEAVES_POSITIONS), "rf.Anyone"),
    Kind.PAUSES: "rf.PriceSetter",
}
OF_ONE: Final = (Kind.INCREASES, Kind.DECREASES, Kind.CLOSES)  # they say which position, by its number
IN_A_POSITION: Final = {Kind.PROVIDES: Kind.ADDS_MARGIN, Kind.WITHDRAWS: Kind.REMOVES_MARGIN}


class Actions:
    """Makes actions of a deployment's functions."""

    def __init__(self, deployer: Deployer, key: Key, reading: Reading | None) -> None:
        """``key`` names the positions, ``reading`` shows them."""
        self._deployer, self._wiring, self._key = deployer, deployer.wiring, key
        self._trees, self._reading = deployer.wiring.sources.trees, reading

    def all(self) -> list[DraftedAction]:
        """Return every action, in the order of their kinds."""
        found: list[DraftedAction] = []
        for name, contract in self._wiring.parts.items():
            if name != FEED:
                found += self._of(name, contract, {each.kind for each in found})
        found = with_one_open(found)
        kinds = {each.kind for each in found}
        if Kind.EXECUTES in kinds:
            opens_later = any(each.kind is Kind.OPENS and not self._writes_positions(each) for each in found)
            orders = [order for each in found for order in self._orders(each)]
            found = [each for each in orders if opens_later or not is_for_closed(each)]
        if Kind.OPENS not in kinds:
            found = [*self._opens(found), *found]
        every = [*found, *closes_all(found), *price_action(self._wiring)]
        return _unique(sorted(every, key=lambda each: (ORDER.index(each.kind), is_for_closed(each))))

    def _of(self, name: str, contract: Contract, known: set[Kind]) -> Iterator[DraftedAction]:
        """Yield the actions of a contract; of others than the vault those of kinds that are not ``known``."""
        for function in contract.functions.values():
            kind = kind_of(function)
            is_set = (name, function.name) in self._wiring.setters
            if function.is_view or is_set or (kind is None and is_for_officers(function)):
                continue
            is_guarded = self._trees.is_guarded(contract.key, function.name)
            if name == VAULT or not (kind is None or kind in known or is_guarded):
                yield from self._drafted(name, contract, function, kind)

    def _drafted(
        self, name: str, contract: Contract, function: AbiFunction, said: Kind | None
    ) -> Iterator[DraftedAction]:
        written = self._trees.written_by(contract.key, function.name)
        reason = f"{function.signature} writes {', '.join(written)}" if written else function.signature
        kind = self._kind(said, function, written)
        sender = SENDERS.get(kind, "rf.Trader")
        draft = DraftedAction(snake(function.name), kind, name, function, sender, reason=reason)
        complete = with_arguments(draft, self._deployer, self._key)
        yield from executions(complete) if kind is Kind.EXECUTES else [complete]

    def _kind(self, said: Kind | None, function: AbiFunction, written: list[str]) -> Kind:
        """Return the kind that a function's name says, corrected by what it takes and writes."""
        in_positions = self._are_positions(written)
        if said is None:
            return Kind.LEAVES_POSITIONS if written and not in_positions else Kind.OTHER
        names_one = function.has(Role.ID) or function.has(Role.OWNER)
        if said in OF_ONE and self._key.is_id and not names_one:
            return Kind.OPENS if said is Kind.INCREASES else Kind.OTHER
        return IN_A_POSITION.get(said, said) if in_positions else said

    def _are_positions(self, written: Iterable[str]) -> bool:
        """Return whether positions are among the variables that a function writes."""
        known = self._reading.function if self._reading else ""
        return any(each == known or has(each, POSITIONS) for each in written)

    def _orders(self, draft: DraftedAction) -> Iterator[DraftedAction]:
        return order_of(draft, is_stored=bool(self._written(draft)), is_written=self._writes_positions(draft))

    def _writes_positions(self, draft: DraftedAction) -> bool:
        return self._are_positions(self._written(draft))

    def _written(self, draft: DraftedAction) -> list[str]:
        return self._trees.written_by(self._wiring.named[draft.contract].key, draft.function.name)

    def _opens(self, found: list[DraftedAction]) -> Iterator[DraftedAction]:
        """Yield an open made of others: of a borrow alone, or after a deposit of margin."""
        adds = next((each for each in found if each.kind is Kind.ADDS_MARGIN), None)
        borrows = next((each for each in found if each.kind is Kind.INCREASES), None)
        if borrows and adds:
            yield opens_in_two(adds, borrows, self._key.part(Role.OWNER))
        elif borrows:
            bare = replace(borrows, method="open", kind=Kind.OPENS)
            yield with_arguments(bare, self._deployer, self._key)


def _unique(found: Iterable[DraftedAction]) -> list[DraftedAction]:
    """Return actions of which no two have one name, and none that of an adapter's own methods."""
    by_method: dict[str, DraftedAction] = {}
    for each in found:
        method = each.method
        while method in by_method or method in RESERVED:
            method += "_too"
        by_method[method] = replace(each, method=method)
    return list(by_method.values())
