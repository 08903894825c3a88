"""Actions: what an account can do to a vault, declared once by the vault, as frozen data.

Amounts are raw token units, sizes have the decimals of the vault's positions (18 for ours), prices are WAD,
deadlines are block timestamps in seconds. Accounts are role names, ``""`` is the zero address. A position is
named by the ordinal of the open that made it, from 1.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Final, get_args, get_origin, get_type_hints

from ringfence.types.errors import AdapterFault, place_of
from ringfence.types.kinds import Kind
from ringfence.types.parameter_kinds import (
    Account,
    AssetAmount,
    FeedAnswer,
    Flag,
    PositionNumber,
    Seconds,
    SignedSize,
    UnsignedSize,
)
from ringfence.types.parameters import Number, Parameter
from ringfence.types.spelling import snake

SENDER: Final = "account"
POSITION: Final = (PositionNumber,)
SIZES: Final = (SignedSize, UnsignedSize)
WORDS: Final[Mapping[str, tuple[type[Parameter], ...]]] = MappingProxyType(
    {
        "position": POSITION,
        "size": SIZES,
        "assets": (AssetAmount,),
        "answer": (FeedAnswer,),
        "flag": (Flag,),
        "to": (Account,),
        "shares": (Number,),  # any number, so the last
    }
)
NEEDS: Final[Mapping[Kind, tuple[type[Parameter] | tuple[type[Parameter], ...], ...]]] = MappingProxyType(
    {
        Kind.OPENS: (SignedSize, AssetAmount),
        Kind.INCREASES: (PositionNumber, SIZES),
        Kind.DECREASES: (PositionNumber, SIZES),
        Kind.CLOSES: (PositionNumber,),
        Kind.ASKS_TO_CLOSE: (PositionNumber,),
        Kind.ADDS_MARGIN: (PositionNumber, AssetAmount),
        Kind.REMOVES_MARGIN: (PositionNumber, AssetAmount),
        Kind.LIQUIDATES: (PositionNumber,),
        Kind.DELEVERAGES: (PositionNumber,),
        Kind.TRANSFERS: (PositionNumber,),
        Kind.EXECUTES: (PositionNumber,),
        Kind.MOVES_PRICE: (FeedAnswer,),
        Kind.BREAKS_FEED: (Flag,),
        Kind.PROVIDES: (AssetAmount,),
        Kind.PROVIDES_SHARES: (Number,),
        Kind.WITHDRAWS: (AssetAmount,),
        Kind.REDEEMS: (Number,),
        Kind.MOVES_SHARES: (Number,),
        Kind.DONATES: (AssetAmount,),
        Kind.FUNDS_INSURANCE: (AssetAmount,),
    }
)

NAMED: Final[Mapping[Kind, tuple[str, ...]]] = MappingProxyType(
    {Kind.GRANTS_SIGNED: ("owner", "operator", "nonce", "deadline", "signer", "flaw")}
)
"""Parameters that are known by their names: of one kind there are several."""

# What is looked up of a declaration, once; functools.cache takes no dataclass's class, as mypy sees it.
_parameters: Final[dict[type["Action"], Mapping[str, Parameter]]] = {}
_first: Final[dict[tuple[type["Action"], tuple[type[Parameter], ...]], str | None]] = {}


@dataclass(frozen=True, slots=True)
class Action:
    """Something that ``account`` does. A subclass is an action's declaration: its kind and its parameters.

    ``method`` names the adapter's method that sends it; ``""`` where ``apply`` looks at the action itself.
    ``python_name`` is the name by which tests call it: the method's, or the action's as Python spells it.
    """

    account: str

    kind: ClassVar[Kind] = Kind.OTHER
    name: ClassVar[str] = "Action"
    method: ClassVar[str] = ""
    python_name: ClassVar[str] = "action"
    refusals: ClassVar[frozenset[str] | None] = None  # that are expected; None: any
    proposal_weight: ClassVar[int] = 1  # how often a search proposes it, next to others

    def __init_subclass__(cls) -> None:
        cls.name = cls.__name__
        cls.python_name = cls.method or snake(cls.name)

    def __repr__(self) -> str:
        parts = [f"{name}={getattr(self, name)!r}" for name in parameters_of(type(self))]
        return f"{self.name}({', '.join(parts)})"

    @property
    def position_named(self) -> int | None:
        """Return the position that the action names, if it does."""
        name = position_parameter(type(self))
        return None if name is None else int(getattr(self, name))

    @property
    def size_traded(self) -> int:
        """Return the size that the action trades, 0 if it trades none."""
        return self._first(SIZES)

    @property
    def assets_moved(self) -> int:
        """Return the first amount of assets among the parameters; 0 without one."""
        return self._first((AssetAmount,))

    @property
    def shares_moved(self) -> int:
        """Return the first number among the parameters; 0 without one."""
        return self._first((Number,))

    @property
    def account_named(self) -> str | None:
        """Return the first account among the parameters after ``account``: who receives, or is allowed."""
        others = list(parameters_of(type(self)).items())[1:]
        return next((getattr(self, name) for name, kind in others if isinstance(kind, Account)), None)

    @property
    def answer_set(self) -> int:
        """Return the price that the action makes the feed answer, in the feed's decimals; 0 without one."""
        return self._first((FeedAnswer,))

    @property
    def age_set(self) -> int:
        """Return how old the action says its price is, in seconds."""
        return self._first((Seconds,))

    @property
    def flag_set(self) -> bool:
        """Return the action's truth value."""
        return bool(self._first((Flag,)))

    def renamed(self, position: int) -> "Action":
        """Return the action on another position."""
        name = position_parameter(type(self))
        return self if name is None else self.replaced(**{name: position})

    def replaced(self, **values: Any) -> "Action":
        """Return the action with other values."""
        return replace(self, **values)

    def _first(self, kinds: tuple[type[Parameter], ...]) -> int:
        name = first_parameter(type(self), kinds)
        return 0 if name is None else int(getattr(self, name))


def parameters_of(declared: type[Action]) -> Mapping[str, Parameter]:
    """Return the parameters of an action in their order, ``account`` first."""
    if declared not in _parameters:
        hints = get_type_hints(declared, include_extras=True)
        found = {each.name: parameter_in(hints[each.name]) for each in fields(declared)}
        _parameters[declared] = MappingProxyType({name: kind or Parameter() for name, kind in found.items()})
    return _parameters[declared]


def parameter_in(hint: Any) -> Parameter | None:
    """Return the parameter kind of an annotation, None if it has none."""
    if get_origin(hint) is not Annotated:
        return None
    return next((each for each in get_args(hint)[1:] if isinstance(each, Parameter)), None)


def first_parameter(declared: type[Action], kinds: tuple[type[Parameter], ...]) -> str | None:
    """Return the name of the first parameter of one of these kinds."""
    key = declared, kinds
    if key not in _first:
        of_kind = (name for name, kind in parameters_of(declared).items() if isinstance(kind, kinds))
        _first[key] = next(of_kind, None)
    return _first[key]


def position_parameter(declared: type[Action]) -> str | None:
    """Return the name of the parameter that names a position."""
    return first_parameter(declared, POSITION)


@dataclass(frozen=True, slots=True)
class Step:
    """An action in a new block, ``seconds`` after the last one; with 0 seconds, in that last block."""

    action: Action
    seconds: int


CallSequence = tuple[Step, ...]


class Alphabet:
    """The actions of one vault, by name."""

    def __init__(self, actions: Iterable[type[Action]]) -> None:
        """Take actions in the order of tables; raises AdapterFault for two of one name."""
        self._named: dict[str, type[Action]] = {}
        for declared in actions:
            if self._named.setdefault(declared.name, declared) is not declared:
                raise AdapterFault(f"{place_of(declared)}: another action is called {declared.name}, too.")

    def __iter__(self) -> Iterator[type[Action]]:
        return iter(self._named.values())

    def __contains__(self, declared: object) -> bool:
        return isinstance(declared, type) and self._named.get(declared.__name__) is declared

    def __len__(self) -> int:
        return len(self._named)

    def __getitem__(self, name: str) -> type[Action]:
        """Return the action of a name; raises KeyError."""
        return self._named[name]

    def of(self, *kinds: Kind) -> tuple[type[Action], ...]:
        """Return the actions of some kinds, in their order."""
        return tuple(declared for declared in self if declared.kind in kinds)

    def has(self, kind: Kind) -> bool:
        """Return whether there is an action of a kind."""
        return bool(self.of(kind))

    def makes(self, kind: Kind) -> bool:
        """Return whether ``make`` can: of what the kind needs, and an account."""
        values: dict[str, Any] = {"to": ""}
        for need in NEEDS.get(kind, ()):
            kinds = {*need} if isinstance(need, tuple) else {need}
            values |= {word: 1 for word, fitting in WORDS.items() if kinds & {*fitting}}
        return any(_filled(declared, "", values, buys=True) for declared in self.of(kind))

    def sender(self, kind: Kind, usual: str) -> str:
        """Return who sends the first action of a kind: ``usual`` unless it is for other accounts alone."""
        points = parameters_of(self.of(kind)[0])[SENDER].points
        return usual if usual in points else next((each for each in points if isinstance(each, str)), usual)

    def make(self, kind: Kind, account: str, *, buys: bool = True, **values: Any) -> Action:
        """Return the first action of a kind with these values; what is left over stands in no one's way.

        ``values`` are named by ``WORDS``, each given to the first parameter of its kind; further accounts are
        the sender. Raises LookupError when there is no such action, or one of its other parameters has no
        neutral value.
        """
        for declared in self.of(kind):
            made = _filled(declared, account, values, buys=buys)
            if made is not None:
                return made
        raise LookupError(f"no action {kind}")


def _filled(declared: type[Action], account: str, values: dict[str, Any], *, buys: bool) -> Action | None:
    """Return an action with some values given and the rest neutral; None where one has no neutral value."""
    left = dict(values)
    arguments: dict[str, Any] = {"account": account}
    for name, kind in list(parameters_of(declared).items())[1:]:
        word = next((word for word in left if isinstance(kind, WORDS[word])), None)
        try:
            value = _unsaid(kind, account, buys=buys) if word is None else left.pop(word)
        except LookupError:
            return None
        arguments[name] = abs(value) * (1 if buys else -1) if isinstance(kind, SignedSize) else value
    return declared(**arguments)


def _unsaid(kind: Parameter, account: str, *, buys: bool) -> Any:
    return account if isinstance(kind, Account) else kind.neutral(buys=buys)
