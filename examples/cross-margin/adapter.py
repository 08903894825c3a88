"""A vault of cross margin, asked for isolation: it violates the isolation properties."""

from pathlib import Path

import ringfence as rf

USD = 10**6
SIZE = 10**18
SCALE = 10**30
MAINTENANCE_PPM = 50_000


class CrossMarginVault(rf.Adapter):
    """Positions by id; free collateral is what its account can claim."""

    project = rf.solidity(Path(__file__).parent)
    facts = rf.Facts(answer=2_000 * 10**18, size=SIZE, margin=250 * USD, decimals=6, seconds=(1, 600))
    abilities = frozenset({rf.Ability.BALANCES, rf.Ability.VALUATION, rf.Ability.NAMED_ERRORS})

    def deploy(self, workspace: rf.Workspace) -> None:
        workspace.deploy("token", self.project["Collateral"])
        workspace.deploy("vault", self.project["CrossMarginVault"], "token")
        for account in workspace.accounts:
            workspace.do("owner", "token", "mint", account, 1_000_000 * USD)
        workspace.do("owner", "vault", "provide", 100_000 * USD)

    @rf.action(rf.OPENS)
    def open(self, account: rf.Trader, size: rf.Size, margin: rf.Assets) -> rf.Outcome:
        return self.send(account, "vault", "open", size, margin)

    @rf.action(rf.CLOSES)
    def close(self, account: rf.Trader, position: rf.Position) -> rf.Outcome:
        return self.send(account, "vault", "close", position)

    @rf.action(rf.LIQUIDATES)
    def liquidate(self, account: rf.Liquidator, position: rf.Position) -> rf.Outcome:
        return self.send(account, "vault", "liquidate", position)

    @rf.action(rf.CLAIMS)
    def claim(self, account: rf.Officer, to: rf.Recipient) -> rf.Outcome:
        return self.send(account, "vault", "withdraw", to)

    @rf.action(rf.MOVES_PRICE)
    def set_price(self, account: rf.PriceSetter, price: rf.Price) -> rf.Outcome:
        return self.send(account, "vault", "push", price)

    def observe(self) -> rf.VaultState:
        number, positions = self.workspace.number, {}
        for position in range(1, number("vault", "nextId")):
            owner, size, margin, entry = self.workspace.read("vault", "positions", position)
            if size:
                positions[position] = rf.PositionState(owner, size, margin, entry_price_wad=entry)
        totals = {
            "liquidity": number("vault", "liquidity"),
            "vault_tokens": number("token", "balanceOf", "vault"),
            "price": number("vault", "price"),
        }
        accounts = {
            role: rf.AccountState(number("token", "balanceOf", role), claimable=number("vault", "free", role))
            for role in self.workspace.accounts
        }
        return rf.VaultState(positions, totals, accounts)

    def book(self, state: rf.VaultState, moment: rf.Moment) -> rf.SimpleBook | None:
        """Value each position by itself, as isolation asks."""
        values = {}
        for position, held in state.positions.items():
            notional = abs(held.size) * moment.answer // SCALE
            pnl = held.size * (moment.answer - held.entry_price_wad) // SCALE
            values[position] = rf.Valued(held.margin, notional, pnl, -(-notional * MAINTENANCE_PPM // 10**6))
        return rf.SimpleBook(moment.answer, values)
