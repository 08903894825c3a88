"""How Ringfence talks to the notional vault: the one file that a vault of somebody else's needs."""

from pathlib import Path

from ringfence.evm.projects import solidity
from ringfence.evm.workspace import Workspace
from ringfence.properties import Ability, property_
from ringfence.properties.valuation import SimpleBook, Valued
from ringfence.types.actions import Step
from ringfence.types.facts import Facts
from ringfence.types.moment import Moment
from ringfence.types.outcome import Outcome
from ringfence.types.state import AccountState, PositionState, VaultState
from ringfence.vaults.isolated_margin.actions import AddMargin, Close, Deposit, Liquidate, Open, SetPrice

USD = 10**6  # the token's decimals
SIZE = 10**18  # sizes have 18 decimals everywhere: 1,000 are a notional of 1,000 USD
PPM = 10**6
FUNDED = ("owner", "trader_1", "trader_2", "trader_3", "provider_1", "provider_2")


class NotionalVault:
    """Positions by owner and side, sized by notional, behind a router; the price is pushed by a keeper."""

    project = solidity(Path(__file__).parent / "contracts")
    facts = Facts(
        answer=2_000 * 10**18, size=1_000 * SIZE, margin=150 * USD, decimals=6, seconds=(1, 600, 3_600, 3_601)
    )
    actions = frozenset({Open, Close, AddMargin, Liquidate, Deposit, SetPrice})
    abilities = frozenset({Ability.BALANCES, Ability.SUMS, Ability.VALUATION, Ability.NAMED_ERRORS})

    def __init__(self, bench: Workspace) -> None:
        self.bench = bench
        bench.deploy("token", self.project["Collateral"])
        bench.deploy("feed", self.project["PushedPrice"])
        bench.deploy("router", self.project["Router"], "token", "feed")
        for name, contract in (("custody", "Custody"), ("book", "PositionBook")):
            bench.know(name, self.project[contract], str(bench.read("router", name)))
        for account in FUNDED:
            bench.do("owner", "token", "mint", account, 1_000_000 * USD)
            bench.do(account, "token", "approve", "custody", 2**256 - 1)
        bench.do("owner", "router", "provide", 20_000 * USD)

    def apply(self, step: Step) -> Outcome:
        action, seconds, send = step.action, step.seconds, self.bench.send
        match action:
            case SetPrice(keeper, answer, _):
                return send(keeper, "feed", "push", answer, seconds=seconds)
            case Open(owner, size, margin):
                notional = abs(size) * USD // SIZE
                opened = send(owner, "router", "open", size > 0, notional, margin, seconds=seconds)
                return self.bench.opened(opened, (owner, size > 0))
            case Close(account, position):
                return send(account, "router", "close", *self.bench.key(position), seconds=seconds)
            case AddMargin(account, position, assets):
                key = self.bench.key(position)
                return send(account, "router", "addMargin", *key, assets, seconds=seconds)
            case Liquidate(account, position):
                return send(account, "router", "liquidate", *self.bench.key(position), seconds=seconds)
            case Deposit(account, assets):
                return send(account, "router", "provide", assets, seconds=seconds)
        raise AssertionError(f"{action} is not in actions")

    def observe(self) -> VaultState:
        number, positions = self.bench.number, {}
        for position, (owner, is_long) in self.bench.latest():
            notional, margin, entry = self.bench.read("book", "position", owner, is_long)
            if notional:
                size = notional * SIZE // USD * (1 if is_long else -1)
                positions[position] = PositionState(owner, size, margin, entry_price_wad=entry)
        totals = {
            "long_size": number("book", "openInterest", True) * SIZE // USD,
            "short_size": number("book", "openInterest", False) * SIZE // USD,
            "liquidity": number("custody", "liquidity"),
            "reserved": number("custody", "reserved"),
            "vault_tokens": number("token", "balanceOf", "custody"),
            "price": number("feed", "price"),
            "pushed_at": number("feed", "pushedAt"),
        }
        tokens = {role: number("token", "balanceOf", role) for role in self.bench.accounts}
        return VaultState(positions, totals, {role: AccountState(held) for role, held in tokens.items()})

    def book(self, state: VaultState, moment: Moment) -> SimpleBook | None:
        price = moment.answer
        if moment.timestamp > moment.updated_at + 3_600:
            return None
        values = {}
        for position, held in state.positions.items():
            notional, move = abs(held.size) * USD // SIZE, price - held.entry_price_wad
            pnl = min(notional, (notional if held.size > 0 else -notional) * move // held.entry_price_wad)
            maintenance, fee = -(-notional * 50_000 // PPM), -(-notional * 1_000 // PPM)
            values[position] = Valued(held.margin, notional, pnl, maintenance, fee)
        return SimpleBook(price, values)

    @property_("RES-1", "What open positions may earn is reserved, and is there.")
    def reserves_are_covered(self, state: VaultState) -> bool:
        return state.totals["reserved"] <= state.totals["liquidity"]
