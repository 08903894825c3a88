"""The part of all rules that acts: actions find the market that the model shows, at the time waited for."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from isolated_margin.fixed import PPM
from isolated_margin.permission import EVERYTHING, MAX_UINT64

from ringfence.engine.generators.rules import Points, rule
from ringfence.evm.signing import Flaw
from ringfence.types.actions import SIZES, Action, Step, parameters_of
from ringfence.types.parameter_kinds import Account, PositionNumber
from ringfence.vaults.isolated_margin.actions import ACTIONS, UNLIMITED, VaultAction
from ringfence.vaults.isolated_margin.markets import MarketSetup
from ringfence.vaults.isolated_margin.reference.reference import ReferenceVault
from ringfence.vaults.isolated_margin.rules.boundary import LONG, SHORT, Boundary, Draft, Near, Part
from ringfence.vaults.isolated_margin.rules.choices import BY_NAME
from ringfence.vaults.isolated_margin.rules.limits import MarginLimit, TimeLimit, TradePrice
from ringfence.vaults.isolated_margin.rules.subjects import Who
from ringfence.vaults.isolated_margin.rules.view import StateView

LONGEST_WAIT: Final = 2**32 // 1000  # (= 4,294,967) seconds: a thousand of them are a vault's life
Do: TypeAlias = Callable[[Step, StateView], object]

USUAL: Final[Mapping[str, Any]] = {  # what a parameter is when a rule does not say
    "account": Who.ITS_OWNER,
    "margin": Near(MarginLimit.NEEDED),
    "limit_price_wad": TradePrice.ANY,
    "deadline": Near(TimeLimit.NOW, Part(PPM, 10**6)),
    "min_shares": 0,
    "max_assets": UNLIMITED,
    "max_shares": UNLIMITED,
    "min_assets": 0,
    "permissions": EVERYTHING,
    "expiry": MAX_UINT64,
    "nonce": TimeLimit.NEXT_NONCE,
    "signer": Who.SIGNED_FOR,
    "flaw": Flaw.NONE,
    "age": 0,
}


def acts(declared: type[VaultAction], *, times: int = 1, **given: Any) -> Callable[..., None]:
    """Return a rule that does an action, its parameters drawn from points, or all the same if none are given.

    Those that are not given are drawn from the points of their names.
    """
    values = {name: given[name] if name in given else BY_NAME[name] for name in parameters_of(declared)}
    points = {name: value for name, value in values.items() if isinstance(value, Points)}
    fixed = {name: value for name, value in values.items() if name not in points}

    def act(rules: "VaultRules", **drawn: Any) -> None:
        rules.act(declared, **fixed, **drawn)

    return rule(times=times, **points)(act)


class VaultRules:
    """Makes steps, each near a limit of the market as the model has it. A base: it has no rules yet.

    ``view`` is what the next action will find.
    """

    _view: StateView | None

    def start(self, setup: MarketSetup, model: ReferenceVault, do: Do) -> None:
        """Start at a market's opening; steps go to ``do``, each with the view that it finds."""
        self.setup, self.model, self._do = setup, model, do
        self._look_ahead(0)

    def act(self, declared: type[VaultAction], **given: Any) -> None:
        """Do an action with these values and boundary values; parameters that are not given are as usual."""
        view, values = self.view, dict[str, Any]()
        draft = Draft(view, declared.kind, values)
        for name, usual, is_position in ORDERS[declared]:
            value = given.get(name, usual)
            values[name] = value = value.of(draft) if isinstance(value, Boundary) else value
            if is_position:
                draft.position, draft.side = value, SHORT if view.size(value) < 0 else LONG
        self.step(declared(**values))

    def value(self, boundary: Any, position: int = 0) -> Any:
        """Return what a boundary value comes to now, perhaps of a position."""
        return (
            boundary.of(Draft(self.view, position=position)) if isinstance(boundary, Boundary) else boundary
        )

    def step(self, action: Action) -> None:
        """Do an action at the time that was waited for."""
        self._do(Step(action, self._seconds), self.view)
        self._look_ahead(0)

    def repeat(self, step: Step) -> None:
        """Do a given step."""
        self._look_ahead(step.seconds)
        self.step(step.action)

    def wait(self, seconds: int) -> None:
        """Let time pass before the next action."""
        self._look_ahead(self._seconds + min(seconds, LONGEST_WAIT))

    @property
    def view(self) -> StateView:
        """Return the market at the time of the next action; made when it is first asked for."""
        view = self._view
        if view is None:
            self._view = view = StateView(self.model.market, self.setup, self._seconds)
        return view

    def _look_ahead(self, seconds: int) -> None:
        self._seconds, self._view = seconds, None


def _order(declared: type[Action]) -> tuple[tuple[str, Any, bool], ...]:
    """Return the parameters of an action as they are made, what each usually is, and if it is a position."""
    parameters = parameters_of(declared)

    def turn(name: str) -> int:
        turns = (isinstance(parameters[name], each) for each in ((PositionNumber,), SIZES, (Account,)))
        return next((index for index, is_its in enumerate(turns) if is_its), 3)

    return tuple((name, USUAL.get(name), turn(name) == 0) for name in sorted(parameters, key=turn))


ORDERS: Final = {declared: _order(declared) for declared in ACTIONS}
