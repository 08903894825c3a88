"""Compares an isolated-margin vault on a chain with its reference model, after every step.

The names that adapters and tests need, each loaded when it is asked for: pytest imports this in every run.
"""

from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ringfence.engine.loading import load
    from ringfence.engine.measurements import Measurements
    from ringfence.evm.projects import ape, foundry, solidity, vyper
    from ringfence.evm.projects.sources import Edit
    from ringfence.evm.workspace import Workspace
    from ringfence.properties.abilities import Ability
    from ringfence.properties.branch import Branch
    from ringfence.properties.history import History
    from ringfence.properties.registry import property_
    from ringfence.properties.transition import Transition
    from ringfence.properties.valuation import SimpleBook, Valued
    from ringfence.testing import VaultFails, assert_holds, check_vault, state_machine
    from ringfence.types.actions import Action, Alphabet, CallSequence, Step
    from ringfence.types.adapter import Adapter
    from ringfence.types.declaration import action
    from ringfence.types.errors import AdapterFault
    from ringfence.types.facts import Amount, Facts
    from ringfence.types.kinds import Kind
    from ringfence.types.moment import Moment
    from ringfence.types.outcome import Done, Event, Outcome, Refused
    from ringfence.types.parameter_kinds import (
        Account,
        Age,
        Anyone,
        Assets,
        Beneficiary,
        Choice,
        ClosedPosition,
        Collateral,
        Count,
        Deadline,
        LimitPrice,
        Liquidator,
        Officer,
        Operator,
        Position,
        Price,
        PriceSetter,
        Provider,
        Recipient,
        ShareOwner,
        ShareReceiver,
        Shares,
        Signer,
        Size,
        SizeDelta,
        Spender,
        Trader,
        Truth,
    )
    from ringfence.types.parameters import Drawn, Look, Number, Parameter
    from ringfence.types.state import AccountState, PositionState, VaultState

    OPENS = Kind.OPENS
    INCREASES = Kind.INCREASES
    DECREASES = Kind.DECREASES
    CLOSES = Kind.CLOSES
    ADDS_MARGIN = Kind.ADDS_MARGIN
    REMOVES_MARGIN = Kind.REMOVES_MARGIN
    LIQUIDATES = Kind.LIQUIDATES
    DELEVERAGES = Kind.DELEVERAGES
    EXECUTES = Kind.EXECUTES
    CLAIMS = Kind.CLAIMS
    COLLECTS = Kind.COLLECTS
    MOVES_PRICE = Kind.MOVES_PRICE
    BREAKS_FEED = Kind.BREAKS_FEED
    PROVIDES = Kind.PROVIDES
    PROVIDES_SHARES = Kind.PROVIDES_SHARES
    WITHDRAWS = Kind.WITHDRAWS
    REDEEMS = Kind.REDEEMS
    DONATES = Kind.DONATES
    FUNDS_INSURANCE = Kind.FUNDS_INSURANCE
    PAUSES = Kind.PAUSES
    GRANTS = Kind.GRANTS
    GRANTS_SIGNED = Kind.GRANTS_SIGNED
    FORBIDDEN = Kind.FORBIDDEN
    LEAVES_POSITIONS = Kind.LEAVES_POSITIONS

__all__ = [
    "ADDS_MARGIN",
    "BREAKS_FEED",
    "CLAIMS",
    "CLOSES",
    "COLLECTS",
    "DECREASES",
    "DELEVERAGES",
    "DONATES",
    "EXECUTES",
    "FORBIDDEN",
    "FUNDS_INSURANCE",
    "GRANTS",
    "GRANTS_SIGNED",
    "INCREASES",
    "LEAVES_POSITIONS",
    "LIQUIDATES",
    "MOVES_PRICE",
    "OPENS",
    "PAUSES",
    "PROVIDES",
    "PROVIDES_SHARES",
    "REDEEMS",
    "REMOVES_MARGIN",
    "WITHDRAWS",
    "Ability",
    "Account",
    "AccountState",
    "Action",
    "Adapter",
    "AdapterFault",
    "Age",
    "Alphabet",
    "Amount",
    "Anyone",
    "Assets",
    "Beneficiary",
    "Branch",
    "CallSequence",
    "Choice",
    "ClosedPosition",
    "Collateral",
    "Count",
    "Deadline",
    "Done",
    "Drawn",
    "Edit",
    "Event",
    "Facts",
    "History",
    "Kind",
    "LimitPrice",
    "Liquidator",
    "Look",
    "Measurements",
    "Moment",
    "Number",
    "Officer",
    "Operator",
    "Outcome",
    "Parameter",
    "Position",
    "PositionState",
    "Price",
    "PriceSetter",
    "Provider",
    "Recipient",
    "Refused",
    "ShareOwner",
    "ShareReceiver",
    "Shares",
    "Signer",
    "SimpleBook",
    "Size",
    "SizeDelta",
    "Spender",
    "Step",
    "Trader",
    "Transition",
    "Truth",
    "Valued",
    "VaultFails",
    "VaultState",
    "Workspace",
    "action",
    "ape",
    "assert_holds",
    "check_vault",
    "foundry",
    "load",
    "property_",
    "solidity",
    "state_machine",
    "vyper",
]

_NAMES = """
engine.loading: load
engine.measurements: Measurements
evm.projects: ape foundry solidity vyper
evm.projects.sources: Edit
evm.workspace: Workspace
properties.abilities: Ability
properties.branch: Branch
properties.history: History
properties.registry: property_
properties.transition: Transition
properties.valuation: SimpleBook Valued
testing: VaultFails assert_holds check_vault state_machine
types.actions: Action Alphabet CallSequence Step
types.adapter: Adapter
types.declaration: action
types.errors: AdapterFault
types.facts: Amount Facts
types.kinds: Kind
types.moment: Moment
types.outcome: Done Event Outcome Refused
types.parameter_kinds: Account Age Anyone Assets Beneficiary Choice ClosedPosition Collateral Count
types.parameter_kinds: Deadline LimitPrice Liquidator Officer Operator Position Price PriceSetter
types.parameter_kinds: Provider Recipient ShareOwner ShareReceiver Shares Signer Size SizeDelta
types.parameter_kinds: Spender Trader Truth
types.parameters: Drawn Look Number Parameter
types.state: AccountState PositionState VaultState
"""
_PLACES = {
    name: module
    for module, _, names in (line.partition(":") for line in _NAMES.split("\n"))
    for name in names.split()
}


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


if not TYPE_CHECKING:  # a type checker is to refuse names that there are not

    def __getattr__(name: str) -> object:
        """Return a public name, loaded now; a kind of action is a member of Kind."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        if name in _PLACES:
            value = getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
        else:
            value = getattr(import_module(f"{__name__}.types.kinds").Kind, name)
        globals()[name] = value
        return value
