"""The public names, and where each is: what ``__init__`` loads when a name is asked for."""

__all__: list[str]

from ringfence.engine.loading import load as load
from ringfence.engine.measurements import Measurements as Measurements
from ringfence.evm.abi.layout import Layout as Layout
from ringfence.evm.artifacts import mock as mock
from ringfence.evm.projects import ape as ape
from ringfence.evm.projects import foundry as foundry
from ringfence.evm.projects import foundry_setup as foundry_setup
from ringfence.evm.projects import hardhat as hardhat
from ringfence.evm.projects import solidity as solidity
from ringfence.evm.projects import vyper as vyper
from ringfence.evm.projects.sources import Edit as Edit
from ringfence.evm.workspace import Workspace as Workspace
from ringfence.properties.abilities import Ability as Ability
from ringfence.properties.branch import Branch as Branch
from ringfence.properties.claims import at_least as at_least
from ringfence.properties.claims import at_most as at_most
from ringfence.properties.claims import equal as equal
from ringfence.properties.history import History as History
from ringfence.properties.registry import property_ as property_
from ringfence.properties.transition import Transition as Transition
from ringfence.properties.valuation import SimpleBook as SimpleBook
from ringfence.properties.valuation import Valued as Valued
from ringfence.testing import VaultFails as VaultFails
from ringfence.testing import assert_holds as assert_holds
from ringfence.testing import check_vault as check_vault
from ringfence.testing import state_machine as state_machine
from ringfence.types.actions import Action as Action
from ringfence.types.actions import Alphabet as Alphabet
from ringfence.types.actions import CallSequence as CallSequence
from ringfence.types.actions import Step as Step
from ringfence.types.adapter import Adapter as Adapter
from ringfence.types.declaration import action as action
from ringfence.types.errors import AdapterFault as AdapterFault
from ringfence.types.facts import Amount as Amount
from ringfence.types.facts import Facts as Facts
from ringfence.types.kinds import Kind as Kind
from ringfence.types.moment import Moment as Moment
from ringfence.types.outcome import Done as Done
from ringfence.types.outcome import Event as Event
from ringfence.types.outcome import Outcome as Outcome
from ringfence.types.outcome import Refused as Refused
from ringfence.types.parameter_kinds import Account as Account
from ringfence.types.parameter_kinds import Age as Age
from ringfence.types.parameter_kinds import Anyone as Anyone
from ringfence.types.parameter_kinds import Assets as Assets
from ringfence.types.parameter_kinds import Beneficiary as Beneficiary
from ringfence.types.parameter_kinds import Choice as Choice
from ringfence.types.parameter_kinds import ClosedPosition as ClosedPosition
from ringfence.types.parameter_kinds import Collateral as Collateral
from ringfence.types.parameter_kinds import Count as Count
from ringfence.types.parameter_kinds import Deadline as Deadline
from ringfence.types.parameter_kinds import LimitPrice as LimitPrice
from ringfence.types.parameter_kinds import Liquidator as Liquidator
from ringfence.types.parameter_kinds import Officer as Officer
from ringfence.types.parameter_kinds import Operator as Operator
from ringfence.types.parameter_kinds import Position as Position
from ringfence.types.parameter_kinds import Price as Price
from ringfence.types.parameter_kinds import PriceSetter as PriceSetter
from ringfence.types.parameter_kinds import Provider as Provider
from ringfence.types.parameter_kinds import Recipient as Recipient
from ringfence.types.parameter_kinds import ShareOwner as ShareOwner
from ringfence.types.parameter_kinds import ShareReceiver as ShareReceiver
from ringfence.types.parameter_kinds import Shares as Shares
from ringfence.types.parameter_kinds import Signer as Signer
from ringfence.types.parameter_kinds import Size as Size
from ringfence.types.parameter_kinds import SizeDelta as SizeDelta
from ringfence.types.parameter_kinds import Spender as Spender
from ringfence.types.parameter_kinds import Trader as Trader
from ringfence.types.parameter_kinds import Truth as Truth
from ringfence.types.parameters import Drawn as Drawn
from ringfence.types.parameters import Look as Look
from ringfence.types.parameters import Number as Number
from ringfence.types.parameters import Parameter as Parameter
from ringfence.types.state import AccountState as AccountState
from ringfence.types.state import OperatorState as OperatorState
from ringfence.types.state import PositionState as PositionState
from ringfence.types.state import VaultState as VaultState
from ringfence.types.totals import Total as Total

OPENS = Kind.OPENS
INCREASES = Kind.INCREASES
DECREASES = Kind.DECREASES
CLOSES = Kind.CLOSES
ASKS_TO_CLOSE = Kind.ASKS_TO_CLOSE
ADDS_MARGIN = Kind.ADDS_MARGIN
REMOVES_MARGIN = Kind.REMOVES_MARGIN
LIQUIDATES = Kind.LIQUIDATES
DELEVERAGES = Kind.DELEVERAGES
TRANSFERS = Kind.TRANSFERS
EXECUTES = Kind.EXECUTES
CLAIMS = Kind.CLAIMS
COLLECTS = Kind.COLLECTS
MOVES_PRICE = Kind.MOVES_PRICE
BREAKS_FEED = Kind.BREAKS_FEED
PROVIDES = Kind.PROVIDES
PROVIDES_SHARES = Kind.PROVIDES_SHARES
WITHDRAWS = Kind.WITHDRAWS
REDEEMS = Kind.REDEEMS
MOVES_SHARES = Kind.MOVES_SHARES
DONATES = Kind.DONATES
SETTLES = Kind.SETTLES
FUNDS_INSURANCE = Kind.FUNDS_INSURANCE
PAUSES = Kind.PAUSES
GRANTS = Kind.GRANTS
GRANTS_SIGNED = Kind.GRANTS_SIGNED
FORBIDDEN = Kind.FORBIDDEN
LEAVES_POSITIONS = Kind.LEAVES_POSITIONS
