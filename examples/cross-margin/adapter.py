"""A vault of cross margin, asked for isolation: it violates the isolation properties."""

from pathlib import Path

from ringfence.evm.projects import solidity
from ringfence.evm.workspace import Workspace
from ringfence.properties import Ability
from ringfence.properties.valuation import SimpleBook, Valued
from ringfence.types.actions import Step
from ringfence.types.facts import Facts
from ringfence.types.moment import Moment
from ringfence.types.outcome import Outcome
from ringfence.types.state import AccountState, PositionState, VaultState
from ringfence.vaults.isolated_margin.actions import Claim, Close, Liquidate, Open, SetPrice

USD = 10**6
SIZE = 10**18
SCALE = 10**30
MAINTENANCE_PPM = 50_000


class CrossMarginVault:
    """Positions by id; free collateral is what its account can claim."""

    project = solidity(Path(__file__).parent)
    facts = Facts(answer=2_000 * 10**18, size=SIZE, margin=250 * USD, decimals=6, seconds=(1, 600))
    actions = frozenset({Open, Close, Liquidate, Claim, SetPrice})
    abilities = frozenset({Ability.BALANCES, Ability.VALUATION, Ability.NAMED_ERRORS})

    def __init__(self, bench: Workspace) -> None:
        self.bench = bench
        bench.deploy("token", self.project["Collateral"])
        bench.deploy("vault", self.project["CrossMarginVault"], "token")
        for account in bench.accounts:
            bench.do("owner", "token", "mint", account, 1_000_000 * USD)
        bench.do("owner", "vault", "provide", 100_000 * USD)

    def apply(self, step: Step) -> Outcome:
        action, seconds, send = step.action, step.seconds, self.bench.send
        match action:
            case SetPrice(keeper, answer, _):
                return send(keeper, "vault", "push", answer, seconds=seconds)
            case Open(owner, size, margin):
                return send(owner, "vault", "open", size, margin, seconds=seconds)
            case Close(account, position):
                return send(account, "vault", "close", position, seconds=seconds)
            case Liquidate(account, position):
                return send(account, "vault", "liquidate", position, seconds=seconds)
            case Claim(account, to):
                return send(account, "vault", "withdraw", to, seconds=seconds)
        raise AssertionError(f"{action} is not in actions")

    def observe(self) -> VaultState:
        number, positions = self.bench.number, {}
        for position in range(1, number("vault", "nextId")):
            owner, size, margin, entry = self.bench.read("vault", "positions", position)
            if size:
                positions[position] = PositionState(owner, size, margin, entry_price_wad=entry)
        totals = {
            "liquidity": number("vault", "liquidity"),
            "vault_tokens": number("token", "balanceOf", "vault"),
            "price": number("vault", "price"),
        }
        accounts = {
            role: AccountState(number("token", "balanceOf", role), claimable=number("vault", "free", role))
            for role in self.bench.accounts
        }
        return VaultState(positions, totals, accounts)

    def book(self, state: VaultState, moment: Moment) -> SimpleBook | None:
        """Value each position by itself, as isolation asks."""
        values = {}
        for position, held in state.positions.items():
            notional = abs(held.size) * moment.answer // SCALE
            pnl = held.size * (moment.answer - held.entry_price_wad) // SCALE
            values[position] = Valued(held.margin, notional, pnl, -(-notional * MAINTENANCE_PPM // 10**6))
        return SimpleBook(moment.answer, values)
