"""How Ringfence talks to the notional vault: the one file that a vault of somebody else's needs."""

from pathlib import Path

import ringfence as rf

USD = 10**6  # the token's decimals
SIZE = 10**18  # sizes have 18 decimals everywhere: 1,000 are a notional of 1,000 USD
PPM = 10**6
FUNDED = ("owner", "trader_1", "trader_2", "trader_3", "provider_1", "provider_2")


class NotionalVault(rf.Adapter):
    """Positions by owner and side, sized by notional, behind a router; the price is pushed by a keeper."""

    project = rf.solidity(Path(__file__).parent / "contracts")
    facts = rf.Facts(
        answer=2_000 * 10**18, size=1_000 * SIZE, margin=150 * USD, decimals=6, seconds=(1, 600, 3_600, 3_601)
    )
    abilities = frozenset(
        {rf.Ability.BALANCES, rf.Ability.SUMS, rf.Ability.VALUATION, rf.Ability.NAMED_ERRORS}
    )

    def deploy(self, workspace: rf.Workspace) -> None:
        workspace.deploy("token", self.project["Collateral"])
        workspace.deploy("feed", self.project["PushedPrice"])
        workspace.deploy("router", self.project["Router"], "token", "feed")
        for name, contract in (("custody", "Custody"), ("book", "PositionBook")):
            workspace.know(name, self.project[contract], str(workspace.read("router", name)))
        for account in FUNDED:
            workspace.do("owner", "token", "mint", account, 1_000_000 * USD)
            workspace.do(account, "token", "approve", "custody", 2**256 - 1)
        workspace.do("owner", "router", "provide", 20_000 * USD)

    @rf.action(rf.OPENS)
    def open(self, account: rf.Trader, size: rf.Size, margin: rf.Assets) -> rf.Outcome:
        opened = self.send(account, "router", "open", size > 0, abs(size) * USD // SIZE, margin)
        return self.workspace.opened(opened, (account, size > 0))

    @rf.action(rf.CLOSES)
    def close(self, account: rf.Trader, position: rf.Position) -> rf.Outcome:
        return self.send(account, "router", "close", *self.workspace.key(position))

    @rf.action(rf.ADDS_MARGIN)
    def add_margin(self, account: rf.Anyone, position: rf.Position, assets: rf.Assets) -> rf.Outcome:
        return self.send(account, "router", "addMargin", *self.workspace.key(position), assets)

    @rf.action(rf.LIQUIDATES)
    def liquidate(self, account: rf.Liquidator, position: rf.Position) -> rf.Outcome:
        return self.send(account, "router", "liquidate", *self.workspace.key(position))

    @rf.action(rf.PROVIDES)
    def deposit(self, account: rf.Provider, assets: rf.Assets) -> rf.Outcome:
        return self.send(account, "router", "provide", assets)

    @rf.action(rf.MOVES_PRICE)
    def set_price(self, account: rf.PriceSetter, price: rf.Price) -> rf.Outcome:
        return self.send(account, "feed", "push", price)

    def observe(self) -> rf.VaultState:
        number, positions = self.workspace.number, {}
        for position, (owner, is_long) in self.workspace.latest():
            notional, margin, entry = self.workspace.read("book", "position", owner, is_long)
            if notional:
                size = notional * SIZE // USD * (1 if is_long else -1)
                positions[position] = rf.PositionState(owner, size, margin, entry_price_wad=entry)
        totals = {
            "long_size": number("book", "openInterest", True) * SIZE // USD,
            "short_size": number("book", "openInterest", False) * SIZE // USD,
            "liquidity": number("custody", "liquidity"),
            "reserved": number("custody", "reserved"),
            "vault_tokens": number("token", "balanceOf", "custody"),
            "price": number("feed", "price"),
            "pushed_at": number("feed", "pushedAt"),
        }
        tokens = {role: number("token", "balanceOf", role) for role in self.workspace.accounts}
        return rf.VaultState(
            positions, totals, {role: rf.AccountState(held) for role, held in tokens.items()}
        )

    def book(self, state: rf.VaultState, moment: rf.Moment) -> rf.SimpleBook | None:
        price = moment.answer
        if moment.timestamp > moment.updated_at + 3_600:
            return None
        values = {}
        for position, held in state.positions.items():
            notional, move = abs(held.size) * USD // SIZE, price - held.entry_price_wad
            pnl = min(notional, (notional if held.size > 0 else -notional) * move // held.entry_price_wad)
            maintenance, fee = -(-notional * 50_000 // PPM), -(-notional * 1_000 // PPM)
            values[position] = rf.Valued(held.margin, notional, pnl, maintenance, fee)
        return rf.SimpleBook(price, values)

    @rf.property_("RES-1", "What open positions may earn is reserved, and is there.")
    def reserves_are_covered(self, state: rf.VaultState) -> bool:
        return state.totals["reserved"] <= state.totals["liquidity"]
