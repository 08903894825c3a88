"""A vault that counts in blocks, and its variants: one transaction per block, and a limit on prices."""

from pathlib import Path

import ringfence as rf

TOTALS = ("opened", "price", "held", "lastBlock", "inLastBlock", "mostInOneBlock", "isLate")
BLOCK = 12  # seconds


class ClockVault(rf.Adapter):
    """A position can be closed after 100 blocks, and is late after 150."""

    project = rf.solidity(Path(__file__).parent / "blocks")
    facts = rf.Facts(
        answer=1_000,
        size=10**18,
        margin=1_000,
        decimals=0,
        block_time=BLOCK,
        blocks=(1, 100, 200),
        seconds=(),
    )

    def deploy(self, workspace: rf.Workspace) -> None:
        workspace.deploy("clock", self.project["Clock"])
        for account in workspace.accounts:
            workspace.do("owner", "clock", "mint", account, 10**9)

    @rf.action(rf.OPENS)
    def open(self, account: rf.Trader, size: rf.Size, margin: rf.Assets) -> rf.Outcome:
        return self.send(account, "clock", "open", abs(size), margin)

    @rf.action(rf.CLOSES)
    def close(self, account: rf.Trader, position: rf.Position) -> rf.Outcome:
        return self.send(account, "clock", "close", position)

    @rf.action(rf.MOVES_PRICE)
    def push(self, account: rf.PriceSetter, price: rf.Price) -> rf.Outcome:
        return self.send(account, "clock", "push", max(0, price))

    def observe(self) -> rf.VaultState:
        number, positions = self.workspace.number, {}
        for position in range(1, number("clock", "opened") + 1):
            owner, size, margin, since = self.workspace.read("clock", "positions", position)
            if owner:
                positions[position] = rf.PositionState(owner, size, margin, quote=since)
        totals = {name: int(number("clock", name)) for name in TOTALS}
        accounts = {
            role: rf.AccountState(number("clock", "tokens", role)) for role in self.workspace.accounts
        }
        return rf.VaultState(positions, totals, accounts)

    @rf.property_("BLK-1", "No position is closed late.")
    def nobody_is_late(self, state: rf.VaultState) -> bool:
        return not state.totals["isLate"]

    @rf.property_("BLK-2", "One transaction is in each block.")
    def each_is_alone(self, state: rf.VaultState) -> bool:
        return state.totals["mostInOneBlock"] < 2

    @rf.property_("BLK-3", "The price is from 900 to 1,200.")
    def price_is_bounded(self, state: rf.VaultState) -> bool:
        return 900 <= state.totals["price"] <= 1_200


class Alone(ClockVault):
    """Has a block for each transaction."""

    one_transaction_per_block = True
