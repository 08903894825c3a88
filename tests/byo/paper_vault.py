"""A vault on no chain at all, in Python: one margin per position, one price. It can't be rewound."""

from dataclasses import replace

import ringfence as rf

NO_POSITION = rf.Refused("NoPosition", ())


class PaperVault(rf.Adapter):
    """What ``deploy`` makes is its whole state."""

    facts = rf.Facts(answer=100, size=10**18, margin=1_000)
    abilities = frozenset({rf.Ability.BALANCES})

    def deploy(self, workspace: rf.Workspace) -> None:
        self.accounts = dict.fromkeys(workspace.accounts, 10**9)
        self.positions: dict[int, rf.PositionState] = {}
        self.opened = 0
        self.price = 0

    @rf.action(rf.OPENS)
    def open(self, account: rf.Trader, size: rf.Size, margin: rf.Assets) -> rf.Outcome:
        if not 100 <= margin <= self.accounts[account]:
            return rf.Refused("Margin", ())
        self.opened += 1
        self.accounts[account] -= margin
        self.positions[self.opened] = rf.PositionState(account, size, margin)
        return rf.Done(self.opened, ())

    @rf.action(rf.ADDS_MARGIN)
    def add_margin(self, account: rf.Anyone, position: rf.Position, assets: rf.Assets) -> rf.Outcome:
        held = self.positions.get(position)
        if held is None:
            return NO_POSITION
        self.accounts[account] -= assets
        self.positions[position] = replace(held, margin=held.margin + assets)
        return rf.Done(None, ())

    @rf.action(rf.CLOSES)
    def close(self, account: rf.Trader, position: rf.Position) -> rf.Outcome:
        held = self.positions.get(position)
        if held is None:
            return NO_POSITION
        if account != held.owner:
            return rf.Refused("NotOwner", ())
        self.accounts[account] += self.positions.pop(position).margin
        return rf.Done(None, ())

    @rf.action(rf.LIQUIDATES)
    def liquidate(self, account: rf.Liquidator, position: rf.Position) -> rf.Outcome:
        return rf.Refused("Healthy", ()) if position in self.positions else NO_POSITION

    @rf.action(rf.MOVES_PRICE)
    def set_price(self, account: rf.PriceSetter, price: rf.Price) -> rf.Outcome:
        self.price = price
        return rf.Done(None, ())

    def observe(self) -> rf.VaultState:
        totals = {"vault_tokens": sum(held.margin for held in self.positions.values()), "price": self.price}
        accounts = {role: rf.AccountState(tokens) for role, tokens in self.accounts.items()}
        return rf.VaultState(dict(self.positions), totals, accounts)


class Reference(PaperVault):
    """What PaperVault should do: the same."""

    def __init__(self, timestamp: int) -> None:
        super().__init__(rf.Workspace)  # only the accounts are asked for


class Compared(PaperVault):
    """A vault that is compared with a reference."""

    reference = Reference


class Generous(Compared):
    """Half of a margin of over 900 becomes the owner's next gift."""

    def open(self, account: str, size: int, margin: int) -> rf.Outcome:
        outcome = super().open(account, size, margin)
        if isinstance(outcome, rf.Done) and margin > 900:
            self.accounts[account] += 1
        return outcome


class Patient(PaperVault):
    """Every open waits until it is executed; there is nothing else than closing."""

    add_margin = liquidate = None

    def deploy(self, workspace: rf.Workspace) -> None:
        super().deploy(workspace)
        self.waiting: dict[int, rf.PositionState] = {}

    def open(self, account: str, size: int, margin: int) -> rf.Outcome:
        outcome = super().open(account, size, margin)
        if isinstance(outcome, rf.Done):
            self.waiting[self.opened] = self.positions.pop(self.opened)
        return outcome

    @rf.action(rf.EXECUTES)
    def execute(self, account: rf.Anyone, position: rf.ClosedPosition) -> rf.Outcome:
        """Carry out what was asked for a position before."""
        asked = self.waiting.pop(position, None)
        if asked is None:
            return rf.Refused("NothingToExecute", ())
        self.positions[position] = asked
        return rf.Done(None, ())

    def observe(self) -> rf.VaultState:
        state = super().observe()
        pending = sum(held.margin for held in self.waiting.values())
        state.totals.update(pending=pending, vault_tokens=state.totals["vault_tokens"] + pending)
        return state


class Overwriting(Patient):
    """Executing one open forgets the margin of the position before it."""

    def execute(self, account: str, position: int) -> rf.Outcome:
        outcome = super().execute(account, position)
        earlier = self.positions.get(position - 1)
        if isinstance(outcome, rf.Done) and earlier:
            self.positions[position - 1] = rf.PositionState(earlier.owner, earlier.size, 0)
        return outcome


class RemovableMargin(PaperVault):
    """Says that margin can be removed, and does not."""

    @rf.action(rf.REMOVES_MARGIN)
    def remove_margin(self, account: rf.Trader, position: rf.Position, assets: rf.Assets) -> rf.Outcome:
        return rf.Done(None, ()) if position in self.positions else NO_POSITION
