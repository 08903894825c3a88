"""What a user of Ape and Hypothesis writes: a state machine over Ape's own chain, and plain asserts.

``python -m bench.side_by_side.plain <seeded bug> <seed> <seconds>`` prints what it came to as JSON.
"""

import json
import sys
from time import process_time
from typing import Any, ClassVar, Final

import ape
from ape.contracts import ContractContainer, ContractInstance
from ethpm_types import ContractType
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from ringfence.evm.artifacts import Artifact
from ringfence.vaults.isolated_margin.markets import MarketSetup, abi_tuple

from bench.side_by_side.chosen import HONEST, chosen
from bench.side_by_side.compiled import compiled, setups_of

PPM: Final = 10**6
ANY_PRICE: Final = 2**256 - 1
FAR: Final = 10**6  # seconds
STEPS: Final = 30
CARRY_OF_A_BLOCK: Final = 10**6  # assets: a view sees the last block, a transaction is in the next one
LIQUIDATABLE: Final = 1  # a status of the lens up to this one


class Ended(KeyboardInterrupt):
    """The seconds are spent, or something failed. Hypothesis lets it pass, and tries nothing again."""


class Clock:
    """Counts transactions, and the seconds of this process since the first of them; ends the search."""

    def __init__(self, limit: float) -> None:
        self.limit, self.steps, self.begun, self.failed = limit, 0, 0.0, ""

    def tick(self) -> None:
        """Count a transaction; raises Ended."""
        self.begun = self.begun or process_time()
        if self.seconds() > self.limit:
            raise Ended
        self.steps += 1

    def holds(self, truth: bool, what: str) -> None:
        """Go on if something is true; raises Ended."""
        if not truth:
            self.failed = what
            raise Ended

    def seconds(self) -> float:
        """Return the seconds since the first transaction."""
        return process_time() - self.begun if self.begun else 0.0


class Market:
    """A market on Ape's chain, deployed once."""

    def __init__(self, name: str) -> None:
        seeded = next(each for each in (HONEST, *chosen()) if each.name == name)
        vault, self.setup = compiled(seeded), setups_of(seeded)[0]
        contracts, setup = vault.contracts, self.setup
        accounts = ape.accounts.test_accounts
        self.owner, self.stranger, self.keeper, self.provider, *rest = (accounts[i] for i in range(7))
        self.traders = rest
        self.token = self._deploy(contracts.token, setup.collateral_decimals)
        self.feed = self._deploy(contracts.feed, setup.feed_decimals)
        self.lens = self._deploy(vault.lens)
        roles = (self.token, self.feed, self.owner, self.owner)
        config = (*roles, "Pool", "LP", abi_tuple(setup.parameters))
        self.vault = self._deploy(contracts.vault, config, contracts.pool.bytecode)
        self.pool = _container(contracts.pool).at(self.vault.pool())
        self._fund(setup)

    def _deploy(self, artifact: Artifact, *args: Any) -> ContractInstance:
        return self.owner.deploy(_container(artifact), *args)

    def _fund(self, setup: MarketSetup) -> None:
        for account in (self.owner, self.provider, *self.traders):
            self.token.mint(account, setup.tokens, sender=self.owner)
            for spender in (self.vault, self.pool):
                self.token.approve(spender, ANY_PRICE, sender=account)
        self.feed.set(setup.answer, ape.chain.pending_timestamp, sender=self.owner)
        if setup.liquidity:
            self.pool.deposit(setup.liquidity, self.provider, sender=self.provider)
        if setup.insurance:
            self.vault.fundInsurance(setup.insurance, sender=self.owner)


class PlainMachine(RuleBasedStateMachine):
    """Traders, a keeper, a provider and a price, with the properties that can be said in a line."""

    market: ClassVar[Market]
    clock: ClassVar[Clock]
    start: ClassVar[str]

    @initialize()
    def rewind(self) -> None:
        """Start from the deployed market: Ape isolates tests, and not examples."""
        ape.chain.restore(type(self).start)
        type(self).start = ape.chain.snapshot()
        self.ids: list[int] = []
        self.answer, self.donated = self.market.setup.answer, 0

    def send(self, method: Any, *args: Any, sender: Any) -> bool:
        """Send a transaction; return whether it went through."""
        self.clock.tick()
        self.publish()
        try:
            method(*args, sender=sender)
        except ape.exceptions.ContractLogicError:
            return False
        return True

    def publish(self) -> None:
        """Have the feed answer the price, given now."""
        self.market.feed.set(self.answer, ape.chain.pending_timestamp, sender=self.market.owner)

    def slack(self, position: int) -> int:
        """Return a position's equity less its maintenance margin, as of the last block."""
        lens, vault = self.market.lens, self.market.vault
        return int(lens.equity(vault, position) - lens.maintenanceMargin(vault, position))

    def owner_of(self, position: int) -> Any:
        """Return the account that owns a position; None when it is closed."""
        owner = self.market.vault.position(position).owner
        return next((each for each in self.market.traders if each.address == owner), None)

    @rule(
        who=st.integers(0, 2), notional=st.integers(1, 2_000), leverage=st.integers(2, 30), long=st.booleans()
    )
    def open(self, who: int, notional: int, leverage: int, long: bool) -> None:
        """Open a position of so many smallest notionals."""
        parameters, setup = self.market.setup.parameters, self.market.setup
        price_wad = self.answer * 10**18 // 10**setup.feed_decimals
        worth = notional * parameters.min_notional
        size = worth * 10 ** (36 - setup.collateral_decimals) // price_wad + 1
        terms = (worth // leverage + 1, ANY_PRICE if long else 0, ape.chain.pending_timestamp + FAR)
        number = self.market.vault.ledger().nextId
        if self.send(
            self.market.vault.open, size if long else -size, *terms, sender=self.market.traders[who]
        ):
            self.ids.append(number)
            self._is_safe(number)

    @precondition(lambda self: self.ids)
    @rule(pick=st.integers(0, 9), ppm=st.integers(1, PPM))
    def decrease(self, pick: int, ppm: int) -> None:
        """Take something off a position."""
        position = self.ids[pick % len(self.ids)]
        size = abs(self.market.vault.position(position).size) * ppm // PPM
        self._leave(position, self.market.vault.decrease, size)

    @precondition(lambda self: self.ids)
    @rule(pick=st.integers(0, 9))
    def close(self, pick: int) -> None:
        """Close a position: possible whenever equity is not negative."""
        position = self.ids[pick % len(self.ids)]
        owner = self.owner_of(position)
        solvent = (
            owner is not None and self.market.lens.equity(self.market.vault, position) > CARRY_OF_A_BLOCK
        )
        self.clock.holds(self._leave(position, self.market.vault.close) or not solvent, "close")

    def _is_safe(self, position: int) -> None:
        status = self.market.lens.status(self.market.vault, position)
        self.clock.holds(status > LIQUIDATABLE, "liquidatable at once")

    def _leave(self, position: int, method: Any, *sizes: int) -> bool:
        owner = self.owner_of(position)
        long = self.market.vault.position(position).size > 0
        terms = (0 if long else ANY_PRICE, ape.chain.pending_timestamp + FAR)
        return self.send(method, position, *sizes, *terms, sender=owner or self.market.stranger)

    @precondition(lambda self: self.ids)
    @rule(pick=st.integers(0, 9), ppm=st.integers(1, PPM), is_owner=st.booleans())
    def remove_margin(self, pick: int, ppm: int, is_owner: bool) -> None:
        """Take out margin, as the owner or as a stranger."""
        position = self.ids[pick % len(self.ids)]
        owner = self.owner_of(position)
        assets = self.market.vault.position(position).margin * ppm // PPM
        sender = owner if is_owner and owner else self.market.stranger
        if self.send(self.market.vault.removeMargin, position, assets, sender=sender):
            self.clock.holds(sender is owner, "margin removed by a stranger")
            self._is_safe(position)

    @precondition(lambda self: self.ids)
    @rule(pick=st.integers(0, 9), share=st.integers(1, 1_000))
    def add_margin(self, pick: int, share: int) -> None:
        """Defend a position."""
        position = self.ids[pick % len(self.ids)]
        assets = self.market.setup.parameters.min_notional * share
        owner, payer = self.owner_of(position), self.market.traders[0]
        sent = self.send(self.market.vault.addMargin, position, assets, owner or payer, sender=payer)
        self.clock.holds(sent or owner is None, "add margin")

    @precondition(lambda self: self.ids)
    @rule(pick=st.integers(0, 9))
    def liquidate(self, pick: int) -> None:
        """Liquidate a position: possible whenever the lens says so."""
        position = self.ids[pick % len(self.ids)]
        slack = self.slack(position) if self.owner_of(position) else CARRY_OF_A_BLOCK
        sent = self.send(self.market.vault.liquidate, position, sender=self.market.keeper)
        if abs(slack) >= CARRY_OF_A_BLOCK:
            self.clock.holds(sent == (slack < 0), "liquidate")

    @rule(ppm=st.integers(PPM // 2, 2 * PPM))
    def move_price(self, ppm: int) -> None:
        """Move the price."""
        self.answer = max(1, self.answer * ppm // PPM)
        self.publish()

    @precondition(lambda self: self.ids)
    @rule(pick=st.integers(0, 9), plus=st.sampled_from((0, -1, 1)))
    def move_to_liquidation(self, pick: int, plus: int) -> None:
        """Move the price to where a position becomes liquidatable."""
        position = self.ids[pick % len(self.ids)]
        if self.owner_of(position):
            price_wad = self.market.lens.liquidationPrice(self.market.vault, position)
            self.answer = max(1, price_wad * 10**self.market.setup.feed_decimals // 10**18 + plus)
            self.publish()

    @rule(seconds=st.sampled_from((60, 3_600, 86_400)))
    def wait(self, seconds: int) -> None:
        """Let time pass."""
        ape.chain.pending_timestamp += seconds
        self.publish()

    @rule(ppm=st.integers(1, PPM), into=st.booleans())
    def provide(self, ppm: int, into: bool) -> None:
        """Bring liquidity or take it out."""
        pool, provider = self.market.pool, self.market.provider
        if into:
            self.send(
                pool.deposit, self.market.token.balanceOf(provider) * ppm // PPM, provider, sender=provider
            )
        else:
            assets = pool.maxWithdraw(provider) * ppm // PPM
            self.send(pool.withdraw, assets, provider, provider, sender=provider)

    @rule(assets=st.integers(1, 10**6))
    def donate(self, assets: int) -> None:
        """Send tokens to the vault."""
        if self.send(self.market.token.transfer, self.market.vault, assets, sender=self.market.provider):
            self.donated += assets

    @rule(pausing=st.booleans())
    def pause(self, pausing: bool) -> None:
        """Stop new risk, or allow it again."""
        method = self.market.vault.pause if pausing else self.market.vault.unpause
        self.clock.holds(self.send(method, sender=self.market.owner), "pause")

    @invariant()
    def books_agree(self) -> None:
        """The vault holds what it must, and sums are those of the positions."""
        market, positions = self.market, [self.market.vault.position(number) for number in self.ids]
        ledger = market.vault.ledger()
        claimable = sum(market.vault.claimable(trader) for trader in market.traders)
        due = sum(each.margin for each in positions) + ledger.insurance + claimable + self.donated
        self.clock.holds(market.token.balanceOf(market.vault) == due, "custody")
        longs = sum(each.size for each in positions if each.size > 0)
        shorts = -sum(each.size for each in positions if each.size < 0)
        quotes = sum(each.quote for each in positions)
        sums = (ledger.longSize, ledger.shortSize, ledger.longQuote + ledger.shortQuote)
        self.clock.holds(sums == (longs, shorts, quotes), "sums")


def _container(artifact: Artifact) -> ContractContainer:
    code = {"bytecode": "0x" + artifact.bytecode.hex()}
    kind = {"contractName": artifact.name, "abi": artifact.abi, "deploymentBytecode": code}
    return ContractContainer(ContractType.model_validate(kind))


def main(name: str, number: int, limit: float) -> dict[str, object]:
    """Search a seeded bug; return the seconds of this process, the transactions, and what failed."""
    with ape.networks.ethereum.local.use_provider("test"):
        clock = Clock(limit)
        members = {"market": Market(name), "clock": clock, "start": ape.chain.snapshot()}
        machine = type("Machine", (PlainMachine,), members)
        profile = settings(
            max_examples=10**6,
            stateful_step_count=STEPS,
            database=None,
            deadline=None,
            phases=(Phase.generate,),
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        )
        try:
            run_state_machine_as_test(seed(number)(machine), settings=profile)
        except Ended:
            seconds = clock.seconds() if clock.failed else None
            return {"seconds": seconds, "steps": clock.steps, "told": clock.failed}
    raise RuntimeError("Hypothesis ended before its time was over.")


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))))
