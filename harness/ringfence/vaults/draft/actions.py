"""The actions of a draft: for each function of a vault a method, its parameters and what it sends."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from ringfence.types.kinds import Kind
from ringfence.vaults.draft.deployment import FEED, VAULT, Wiring, market
from ringfence.vaults.draft.kinds import is_for_officers, is_order, is_repaying, is_undoing, kind_of
from ringfence.vaults.draft.positions import KEY, Key
from ringfence.vaults.draft.signatures import AbiFunction, Contract, Param, leaves
from ringfence.vaults.draft.words import LONG, SHORT, Role, has, snake

ORDER: Final = tuple(Kind)
SENDERS: Final = {
    Kind.ADDS_MARGIN: "rf.Anyone",
    Kind.LIQUIDATES: "rf.Liquidator",
    Kind.DELEVERAGES: "rf.Liquidator",
    Kind.EXECUTES: "rf.Anyone",
    Kind.PROVIDES: "rf.Provider",
    Kind.WITHDRAWS: "rf.Provider",
    Kind.REDEEMS: "rf.Provider",
    Kind.CLAIMS: "rf.Anyone",
    Kind.DONATES: "rf.Provider",
    Kind.FUNDS_INSURANCE: "rf.Provider",
    Kind.PAUSES: "rf.PriceSetter",
    Kind.OTHER: "rf.Anyone",
    Kind.LEAVES_POSITIONS: "rf.Anyone",
}
OF_A_POSITION: Final = (
    *(Kind.INCREASES, Kind.DECREASES, Kind.CLOSES, Kind.ADDS_MARGIN, Kind.REMOVES_MARGIN),
    *(Kind.LIQUIDATES, Kind.DELEVERAGES, Kind.EXECUTES),
)
OF_THE_OWNER: Final = (Kind.INCREASES, Kind.DECREASES, Kind.CLOSES, Kind.REMOVES_MARGIN)
NEEDS_SIZE: Final = (Kind.OPENS, Kind.INCREASES, Kind.DECREASES, Kind.CLOSES)
HAVE_LIMITS: Final = (*NEEDS_SIZE, Kind.LEAVES_POSITIONS, Kind.OTHER)
IN_ASSETS: Final = (
    *(Kind.ADDS_MARGIN, Kind.REMOVES_MARGIN, Kind.PROVIDES, Kind.WITHDRAWS, Kind.DONATES),
    Kind.FUNDS_INSURANCE,
)
SIZES: Final = (Role.SIZE, Role.UNKNOWN, Role.SHARES, Role.MAXIMUM, Role.ID)


@dataclass(frozen=True)
class Drafted:
    """One action: the method of the adapter, and what it sends; ``before`` are lines of the method."""

    method: str
    kind: Kind
    contract: str
    function: AbiFunction
    account: str
    parameters: dict[str, str] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    other: str = ""  # the function for a short, where longs have one of their own
    reason: str = ""
    is_undone: bool = False  # what was sent before is undone when this is refused

    @property
    def sends(self) -> str:
        """Return the function's name as source code."""
        return (
            f'"{self.function.name}" if size > 0 else "{self.other}"'
            if self.other
            else f'"{self.function.name}"'
        )


class Actions:
    """Makes actions of a deployment's functions."""

    def __init__(self, deployment: Wiring, key: Key, is_written: Callable[[str, str], bool]) -> None:
        """``is_written`` says of a contract's function whether it writes the positions."""
        self._made, self._key, self._writes_positions = deployment, key, is_written

    def all(self) -> list[Drafted]:
        """Return every action, in the order of their kinds."""
        found: list[Drafted] = []
        for name, contract in self._made.parts.items():
            if name == FEED:
                continue
            found += self._of(name, contract, {each.kind for each in found})
        found = _one_open(found)
        executes = any(each.kind is Kind.EXECUTES for each in found)
        if executes:
            found = [order for each in found for order in self._orders(each)]
        if not any(each.kind is Kind.OPENS for each in found):
            found = self._opened_by_others(found)
        every = [*found, *self._closes_all(found), *self._of_price()]
        return _unique(sorted(every, key=lambda each: ORDER.index(each.kind)))

    def _of(self, name: str, contract: Contract, known: set[Kind]) -> Iterable[Drafted]:
        for function in contract.functions.values():
            if function.is_view:
                continue
            kind = kind_of(function)
            is_price = self._made.price and (name, function.name) == (
                self._made.price.contract,
                self._made.price.function,
            )
            if (
                is_price
                or (name, function.name) in self._made.linked
                or (is_for_officers(function) and kind is None)
            ):
                continue
            if name != VAULT and (kind is None or kind in known or self._is_guarded(contract, function)):
                continue
            yield from self._drafted(name, contract, function, kind)

    def _is_guarded(self, contract: Contract, function: AbiFunction) -> bool:
        """Return whether only another contract may call a function, as its modifiers say."""
        return self._made.sources.trees.is_guarded(contract.name, function.name)

    def _drafted(
        self, name: str, contract: Contract, function: AbiFunction, kind: Kind | None
    ) -> Iterable[Drafted]:
        written = self._made.sources.trees.written_by(contract.name, function.name)
        reason = f"{function.signature} writes {', '.join(written)}" if written else function.signature
        if kind is None:
            leaves_them = bool(written) and not self._writes_positions(contract.name, function.name)
            kind = Kind.LEAVES_POSITIONS if leaves_them else Kind.OTHER
        names_one = function.has(Role.ID) or function.has(Role.OWNER)
        if kind in (Kind.INCREASES, Kind.DECREASES, Kind.CLOSES) and self._key.is_id and not names_one:
            kind = Kind.OPENS if kind is Kind.INCREASES else Kind.OTHER
        if kind is Kind.PROVIDES and self._writes_positions(contract.name, function.name):
            kind = Kind.ADDS_MARGIN
        if kind is Kind.WITHDRAWS and self._writes_positions(contract.name, function.name):
            kind = Kind.REMOVES_MARGIN
        draft = Drafted(
            snake(function.name), kind, name, function, SENDERS.get(kind, "rf.Trader"), reason=reason
        )
        made = self._with_arguments(draft)
        yield made
        if kind is Kind.EXECUTES:
            yield _for_closed(made)

    # Arguments

    def _with_arguments(self, draft: Drafted) -> Drafted:
        kind, inputs = draft.kind, list(leaves(draft.function.inputs))
        parameters: dict[str, str] = {}
        names_position = kind in OF_A_POSITION or (
            kind in (Kind.OTHER, Kind.LEAVES_POSITIONS, Kind.CLAIMS)
            and (self._key.is_id and draft.function.has(Role.ID))
        )
        if names_position:
            parameters["position"] = "rf.Position"
        if kind is Kind.OPENS:
            parameters |= {"size": "rf.Size", "margin": "rf.Assets"}
        texts: dict[int, str] = {}
        if kind is Kind.OPENS:
            texts |= self._opening(inputs)
        for place, each in enumerate(inputs):
            if place not in texts:
                texts[place] = self._argument(each, kind, parameters, names_position)
        before = self._owner_check(draft, names_position)
        numbered = iter(range(len(inputs)))
        arguments = tuple(_grouped(each, numbered, texts) for each in draft.function.inputs)
        if any(each in ("owner", "is_long", "not is_long", "int(not is_long)") for each in texts.values()):
            before = self._key.unpacked + before
        missing = _lacking(kind, parameters)
        if missing:
            parameters |= missing
        return replace(draft, parameters=parameters, arguments=arguments, before=before)

    def _opening(self, inputs: Sequence[Param]) -> dict[int, str]:
        """Return which numbers of an opening are its size, margin and leverage, by their places."""
        numbers = {place: each for place, each in enumerate(inputs) if each.is_number}
        roles = {place: each.role for place, each in numbers.items()}
        size = next((place for place, role in roles.items() if role is Role.SIZE), None)
        margin = next((place for place, role in roles.items() if role is Role.MARGIN), None)
        leverage = next((place for place, role in roles.items() if role is Role.LEVERAGE), None)
        unsure = [place for place, role in roles.items() if role in (Role.UNKNOWN, Role.SHARES)]
        if margin is None and unsure:
            margin = (
                unsure.pop(0)
                if size is not None or leverage is not None or len(unsure) == 1
                else unsure.pop()
            )
        if size is None and leverage is None and unsure:
            size = unsure.pop(0)
        texts = {}
        if size is not None:
            texts[size] = self._size(inputs[size], "size")
        if margin is not None:
            texts[margin] = _clamped("margin", inputs[margin])
        if leverage is not None and leverage not in texts:
            texts[leverage] = _clamped("max(1, abs(size) * UNIT // SIZE // max(1, margin))", inputs[leverage])
        return texts

    def _size(self, param: Param, name: str) -> str:
        if param.type.startswith("int"):
            return _clamped(f"{name} * UNIT // SIZE", param)
        return _clamped(f"abs({name}) * UNIT // SIZE", param)

    def _argument(self, each: Param, kind: Kind, parameters: dict[str, str], names_position: bool) -> str:
        role = each.role
        if role is Role.MARKET:
            return market(each)
        if each.is_number:
            if role is Role.ID and (names_position and self._key.is_id):
                return self._key.part(Role.ID)
            return self._number(each, role, kind, parameters)
        if role in (Role.ID, Role.OWNER, Role.SIDE, Role.SHORT) and names_position:
            return f"int(not {self._key.part(role)})" if each.is_enum else self._key.part(role)
        if role in (Role.SIDE, Role.SHORT):
            is_short = role is Role.SHORT or each.is_enum
            side = "size <= 0" if is_short else "size > 0"
            return (f"int({side})" if each.is_enum else side) if kind is Kind.OPENS else "True"
        if role in (Role.OWNER, Role.TO):
            return "account"
        if each.type == "address":
            return f'"{self._made.thing(each, self._made.named[VAULT]) or ""}"'
        return {"bool": "False", "string": '""'}.get(each.type) or (
            "0"
            if each.is_enum
            else f"bytes({each.type.removeprefix('bytes') or 0})"
            if "[" not in each.type
            else "()"
        )

    def _number(self, each: Param, role: Role, kind: Kind, parameters: dict[str, str]) -> str:
        """Return the argument for a number, and add the parameter that it comes from."""
        if role is Role.DEADLINE:
            parameters["deadline"] = "rf.Deadline"
            return _clamped("deadline", each)
        if role in (Role.LIMIT, Role.PRICE, Role.ENTRY) and kind in HAVE_LIMITS:
            parameters["limit"] = "rf.LimitPrice"
            return _clamped("limit", each)
        if role in (Role.MINIMUM, Role.TIME):
            return "0"
        if kind in (Kind.INCREASES, Kind.DECREASES) and role in SIZES and "size" not in parameters:
            parameters["size"] = "rf.SizeDelta"
            return self._size(each, "size")
        if kind in (Kind.CLOSES, Kind.LIQUIDATES, Kind.DELEVERAGES) and role in SIZES:
            return _clamped("self._held(position)", each)
        if kind is Kind.REDEEMS or (role is Role.SHARES and kind not in IN_ASSETS):
            parameters["shares"] = "rf.Shares"
            return _clamped("shares", each)
        if "assets" in parameters and kind in IN_ASSETS:
            return "0"
        if kind is Kind.OPENS:
            return "0"
        parameters["assets"] = "rf.Assets"
        return _clamped("assets", each)

    def _owner_check(self, draft: Drafted, names_position: bool) -> tuple[str, ...]:
        """Return lines that refuse another's position, where the vault takes the sender for its owner."""
        says_which = draft.function.has(Role.ID) or draft.function.has(Role.OWNER)
        is_repaid = draft.kind is Kind.DECREASES and is_repaying(draft.function)
        if not names_position or self._key.is_id or (says_which and not is_repaid):
            return ()
        owner = f"{KEY}[0]" if len(self._key.roles) > 1 else KEY
        why = (
            "others may repay, and harm nobody" if says_which else "the vault takes the sender for the owner"
        )
        return (f"if account != {owner}:  # {why}", '    return rf.Refused("NotOwner", ())')

    # Actions of several functions, and of none

    def _orders(self, draft: Drafted) -> Iterator[Drafted]:
        """Yield an order that is carried out later as an action of no kind.

        What takes an order back is one for a position, and one for a position that is not there yet.
        """
        is_written = self._writes_positions(self._made.named[draft.contract].name, draft.function.name)
        if is_undoing(draft.function) and "position" in draft.parameters:
            yield replace(draft, account="rf.Trader")
            yield _for_closed(draft)
        elif draft.kind in OF_A_POSITION and is_order(draft.function) and not is_written:
            why = "an order, carried out later; of no kind, as what it puts in is not the position's"
            reason = f"{why}: {draft.reason}"
            yield replace(draft, kind=Kind.OTHER, account="rf.Trader", reason=reason)
        else:
            yield draft

    def _opened_by_others(self, found: list[Drafted]) -> list[Drafted]:
        """Return the actions with an open made of a deposit of margin and of a borrow."""
        adds = next((each for each in found if each.kind is Kind.ADDS_MARGIN), None)
        borrows = next((each for each in found if each.kind is Kind.INCREASES), None)
        if borrows is None:
            return found
        if adds is None:
            opening = replace(borrows, method="open", kind=Kind.OPENS, parameters={}, before=())
            return [self._with_arguments(opening), *found]
        first = ", ".join(each.replace("assets", "margin") for each in self._as_opener(adds))
        second = self._as_opener(borrows)
        opening = replace(
            borrows,
            method="open",
            kind=Kind.OPENS,
            account="rf.Trader",
            parameters={"size": "rf.Size", "margin": "rf.Assets"},
            arguments=second,
            before=(
                "mark = self.workspace.snapshot()",
                f'pledged = self.send(account, "{adds.contract}", "{adds.function.name}", {first})',
                "if isinstance(pledged, rf.Refused):",
                "    return pledged",
            ),
            reason=f"no function opens: {adds.function.name} and then {borrows.function.name}",
            is_undone=True,
        )
        return [opening, *found]

    def _as_opener(self, draft: Drafted) -> tuple[str, ...]:
        """Return the arguments of an action on a position for the account that opens one."""
        owner = self._key.part(Role.OWNER)
        return tuple("account" if each == owner else each for each in draft.arguments)

    def _closes_all(self, found: list[Drafted]) -> list[Drafted]:
        """Return a close made of a decrease by all that is held, where no function closes.

        What was opened by a deposit of margin has that returned, too.
        """
        decreases = next((each for each in found if each.kind is Kind.DECREASES), None)
        if decreases is None or any(each.kind is Kind.CLOSES for each in found):
            return []
        arguments = tuple(
            each.replace("abs(size) * UNIT // SIZE", "self._held(position)") for each in decreases.arguments
        )
        parameters = {name: hint for name, hint in decreases.parameters.items() if name != "size"}
        reason = "no function closes: a decrease by all that is held"
        closing = replace(
            decreases,
            method="close",
            kind=Kind.CLOSES,
            parameters=parameters,
            arguments=arguments,
            reason=reason,
        )
        removes = next((each for each in found if each.kind is Kind.REMOVES_MARGIN), None)
        is_whole = removes is None or not any(each.is_undone for each in found)
        return [closing if is_whole or removes is None else _then(closing, removes)]

    def _of_price(self) -> list[Drafted]:
        price = self._made.price
        if price is None:
            return []
        function = self._made.named[price.contract].functions[price.function]
        number = next(
            each for each, text in zip(function.inputs, price.arguments, strict=True) if text == "price"
        )
        arguments = tuple(_clamped(each, number) if each == "price" else each for each in price.arguments)
        return [
            Drafted(
                "set_price",
                Kind.MOVES_PRICE,
                price.contract,
                function,
                "rf.PriceSetter",
                {"price": "rf.Price"},
                arguments,
                reason=f"{self._made.named[price.contract].name}.{function.signature}",
            )
        ]


def _then(closing: Drafted, removes: Drafted) -> Drafted:
    """Return a close that also has the margin returned."""
    sent = ", ".join(("account", f'"{closing.contract}"', closing.sends, *closing.arguments))
    return replace(
        closing,
        function=removes.function,
        contract=removes.contract,
        arguments=tuple("margin" if each == "assets" else each for each in removes.arguments),
        before=(
            *closing.before,
            "mark, margin = self.workspace.snapshot(), self._pledged(position)",
            f"repaid = self.send({sent})",
            "if isinstance(repaid, rf.Refused):",
            "    return repaid",
        ),
        reason=f"no function closes: {closing.function.name} all, then {removes.function.name} all",
        is_undone=True,
    )


def _for_closed(draft: Drafted) -> Drafted:
    """Return an action for a position that was asked for and is not there yet."""
    parameters = draft.parameters | {"position": "rf.ClosedPosition"}
    reason = f"the same as {draft.method}, for a position that is not there yet"
    return replace(draft, method=f"{draft.method}_open", parameters=parameters, reason=reason)


def _lacking(kind: Kind, parameters: dict[str, str]) -> dict[str, str]:
    """Return the parameters that a kind needs and no argument comes from."""
    hints = set(parameters.values())
    if kind in (Kind.INCREASES, Kind.DECREASES) and "rf.SizeDelta" not in hints:
        return {"size": "rf.SizeDelta"}
    if kind in IN_ASSETS and "rf.Assets" not in hints:
        return {"assets": "rf.Assets"}
    return {"shares": "rf.Shares"} if kind is Kind.REDEEMS and "rf.Shares" not in hints else {}


def _one_open(found: list[Drafted]) -> list[Drafted]:
    """Join an open for longs and one for shorts to one action."""
    opens = [each for each in found if each.kind is Kind.OPENS]
    longs = [each for each in opens if has(each.function.name, LONG - {"up"})]
    shorts = [each for each in opens if has(each.function.name, SHORT - {"down"})]
    if not (longs and shorts) or longs[0].function.inputs != shorts[0].function.inputs:
        return found
    both = replace(longs[0], method="open", other=shorts[0].function.name)
    return [both if each is longs[0] else each for each in found if each is not shorts[0]]


def _unique(found: list[Drafted]) -> list[Drafted]:
    """Return actions of which no two have one name: the parameters of later ones lead to another."""
    by_method: dict[str, Drafted] = {}
    for each in found:
        method = each.method
        while method in by_method or method in (
            "apply",
            "observe",
            "deploy",
            "send",
            "book",
            "actions",
            "facts",
        ):
            method += "_too"
        by_method[method] = replace(each, method=method)
    return list(by_method.values())


def _grouped(param: Param, places: Iterable[int], texts: dict[int, str]) -> str:
    """Return the argument of a parameter; of a struct a tuple of its fields'."""
    if param.parts:
        return "(" + "".join(f"{_grouped(each, places, texts)}, " for each in param.parts).rstrip() + ")"
    return texts[next(iter(places))]


def _clamped(text: str, param: Param) -> str:
    """Return a value as far as the parameter's type holds it."""
    bits = int(param.type.lstrip("uint") or 256)
    if not param.type.startswith("u"):
        return f"min({text}, 2**{bits - 1} - 1)" if "size" not in text or bits < 256 else text
    return text if bits == 256 else f"min({text}, 2**{bits} - 1)"
