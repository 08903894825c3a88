"""A vault on no chain at all, in Python: one margin per position, one price. It can't be rewound."""

from dataclasses import dataclass

from ringfence.evm.workspace import Workspace
from ringfence.properties import Ability
from ringfence.types.actions import Action, Step
from ringfence.types.facts import Facts
from ringfence.types.kinds import Kind
from ringfence.types.outcome import Done, Outcome, Refused
from ringfence.types.parameter_kinds import Anyone, ClosedPosition
from ringfence.types.state import AccountState, PositionState, VaultState
from ringfence.vaults.isolated_margin.actions import AddMargin, Close, Liquidate, Open, RemoveMargin, SetPrice


class PaperVault:
    """Two methods, and what they take."""

    facts = Facts(answer=100, size=10**18, margin=1_000)
    actions: frozenset[type] = frozenset({Open, Close, AddMargin, Liquidate, SetPrice})
    abilities: frozenset[Ability] = frozenset({Ability.BALANCES})

    def __init__(self, bench: Workspace) -> None:
        self.accounts = dict.fromkeys(bench.accounts, 10**9)
        self.positions: dict[int, PositionState] = {}
        self.opened = 0
        self.price = 0

    def apply(self, step: Step) -> Outcome:
        action = step.action
        held = self.positions.get(getattr(action, "position", 0))
        if held is None and hasattr(action, "position"):
            return Refused("NoPosition", ())
        match action:
            case SetPrice(_, answer):
                self.price = answer
            case Open(owner, size, margin):
                return self.open(owner, size, margin)
            case AddMargin(payer, position, assets) if held:
                self.accounts[payer] -= assets
                self.positions[position] = PositionState(held.owner, held.size, held.margin + assets)
            case Close(account, position) if held:
                if account != held.owner:
                    return Refused("NotOwner", ())
                self.accounts[account] += self.positions.pop(position).margin
            case Liquidate():
                return Refused("Healthy", ())
        return Done(None, ())

    def open(self, owner: str, size: int, margin: int) -> Outcome:
        if not 100 <= margin <= self.accounts[owner]:
            return Refused("Margin", ())
        self.opened += 1
        self.accounts[owner] -= margin
        self.positions[self.opened] = PositionState(owner, size, margin)
        return Done(self.opened, ())

    def observe(self) -> VaultState:
        totals = {"vault_tokens": sum(held.margin for held in self.positions.values()), "price": self.price}
        accounts = {role: AccountState(tokens) for role, tokens in self.accounts.items()}
        return VaultState(dict(self.positions), totals, accounts)


class Reference(PaperVault):
    """What PaperVault should do: the same."""

    def __init__(self, timestamp: int) -> None:
        super().__init__(Workspace)  # type: ignore[arg-type]  # only the accounts are asked for


class Compared(PaperVault):
    """A vault that is compared with a reference."""

    reference = Reference


class Generous(Compared):
    """Half of a margin of over 900 becomes the owner's next gift."""

    def open(self, owner: str, size: int, margin: int) -> Outcome:
        outcome = super().open(owner, size, margin)
        if isinstance(outcome, Done) and margin > 900:
            self.accounts[owner] += 1
        return outcome


@dataclass(frozen=True, slots=True)
class Execute(Action):
    """Carry out what was asked for a position before."""

    kind = Kind.EXECUTES
    account: Anyone
    position: ClosedPosition


class Patient(PaperVault):
    """Every open waits until it is executed."""

    actions = frozenset({Open, Execute, Close, SetPrice})

    def __init__(self, bench: Workspace) -> None:
        super().__init__(bench)
        self.waiting: dict[int, PositionState] = {}

    def apply(self, step: Step) -> Outcome:
        if not isinstance(step.action, Execute):
            return super().apply(step)
        asked = self.waiting.pop(step.action.position, None)
        if asked is None:
            return Refused("NothingToExecute", ())
        self.positions[step.action.position] = asked
        return Done(None, ())

    def open(self, owner: str, size: int, margin: int) -> Outcome:
        outcome = super().open(owner, size, margin)
        if isinstance(outcome, Done):
            self.waiting[self.opened] = self.positions.pop(self.opened)
        return outcome

    def observe(self) -> VaultState:
        state = super().observe()
        pending = sum(held.margin for held in self.waiting.values())
        state.totals.update(pending=pending, vault_tokens=state.totals["vault_tokens"] + pending)
        return state


class Overwriting(Patient):
    """Executing one open forgets the margin of the position before it."""

    def apply(self, step: Step) -> Outcome:
        outcome = super().apply(step)
        if isinstance(step.action, Execute) and isinstance(outcome, Done):
            earlier = self.positions.get(step.action.position - 1)
            if earlier:
                self.positions[step.action.position - 1] = PositionState(earlier.owner, earlier.size, 0)
        return outcome


class RemovableMargin(PaperVault):
    """Says that margin can be removed, and does not."""

    actions = PaperVault.actions | {RemoveMargin}
