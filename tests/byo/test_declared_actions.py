"""Actions that methods declare are sent, drawn, stored, reported and pickled as our vault's are."""

import pickle
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Annotated, Any

import pytest
import ringfence as rf
from ringfence.engine.corpus.packing import packed, unpacked
from ringfence.engine.generators.alphabet import ActionRules, action_rules
from ringfence.engine.guard import ValidatedVault
from ringfence.engine.target import Target
from ringfence.evm.artifacts import load as artifact
from ringfence.evm.chains.base import Chain
from ringfence.evm.chains.revm import RevmChain
from ringfence.report.words import phrase
from ringfence.types.actions import parameters_of
from ringfence.types.codec import decode, encode
from ringfence.vaults.isolated_margin.markets import STANDARD

from tests.byo.declared_vault import ACTIONS, EVERY, OPEN, REBALANCE, Declared


class Clock:
    """A chain and a workspace that note how long each transaction waits."""

    def __init__(self, *, shares_blocks: bool) -> None:
        self.chain, self.shares_blocks = self, shares_blocks
        self.waits: list[int] = []

    def send(
        self, account: str, contract: str, function: str, *args: Any, seconds: int, value: int
    ) -> rf.Outcome:
        """Note the seconds."""
        self.waits.append(seconds)
        return rf.Done(args, ())


@pytest.mark.parametrize(("shares", "least"), [(True, 0), (False, 1)])
def test_send__several_transactions__wait_as_little_as_the_chain_allows(shares: bool, least: int) -> None:
    """The first of a step has its seconds; the others are in its block, where blocks can be shared."""

    class Routed(Declared):
        @rf.action()
        def route(self, account: rf.Anyone, assets: rf.Assets) -> rf.Outcome:
            self.send(account, "token", "approve", assets)
            self.send(account, "router", "ask")
            return self.send(account, "router", "route", assets)

    clock = Clock(shares_blocks=shares)
    adapter = Routed(clock)
    step = rf.Step(rf.Alphabet(Routed.actions)["Route"]("owner", assets=9), 600)
    assert adapter.apply(step) == rf.Done((9,), ())
    adapter.apply(rf.Step(step.action, 0))
    assert clock.waits == [600, least, least, 0, least, least]


class Minting(rf.Adapter):
    """Actions of no transaction, of one and of two."""

    facts = rf.Facts(answer=100, size=10**18, margin=1_000)

    def deploy(self, workspace: rf.Workspace) -> None:
        workspace.deploy("token", artifact("MockToken"), 6)

    @rf.action()
    def refuse(self, account: rf.Anyone) -> rf.Outcome:
        return rf.Refused("NotToday", ())

    @rf.action()
    def miss(self, account: rf.Anyone) -> rf.Outcome:
        return rf.Done(self.workspace.key(9), ())

    @rf.action()
    def mint(self, account: rf.Anyone, assets: rf.Assets) -> rf.Outcome:
        return self.send(account, "token", "mint", account, assets)

    @rf.action()
    def mint_twice(self, account: rf.Anyone, assets: rf.Assets) -> rf.Outcome:
        self.send(account, "token", "mint", account, assets)
        return self.send(account, "token", "mint", account, assets)

    def observe(self) -> rf.VaultState:
        return rf.VaultState({}, {"supply": self.workspace.number("token", "totalSupply")}, {})


class Unshared(RevmChain):
    """A chain with a block for every transaction."""

    shares_blocks = False


@pytest.mark.parametrize(("chain", "blocks"), [(RevmChain, 1), (Unshared, 2)])
def test_guarded__steps_of_any_number_of_transactions__take_their_seconds(
    chain: Callable[[], Chain], blocks: int
) -> None:
    """Time that no transaction waited for passes in the next step; a block too many is made up for."""
    vault = ValidatedVault(Minting, chain)
    begun, alphabet = vault.timestamp, rf.Alphabet(Minting.actions)
    clock = vault.bench.chain
    for name, due in (("Refuse", 600), ("Miss", 1_200), ("MintTwice", 1_800), ("Mint", 2_400)):
        values = {"assets": 5} if name.startswith("Mint") else {}
        vault.apply(rf.Step(alphabet[name]("owner", **values), 600))
        assert vault.timestamp - begun == due
        late = blocks - 1 if name == "MintTwice" else 0
        assert clock.timestamp - begun == (due + late if values else 0)
    assert vault.observe().totals == {"supply": 15}


class Seen(rf.Parameter):
    """Draws what was drawn before it."""

    def value(self, point: int, look: rf.Look) -> tuple[int | None, int | None]:
        """Return the position and the size."""
        return look.position, look.size


class Watching(Declared):
    """Has a parameter that depends on others, which come after it."""

    @rf.action()
    def watch(
        self,
        account: rf.Trader,
        seen: Annotated[tuple[int, int], Seen()],
        amount: rf.Size,
        which: rf.Position,
    ) -> rf.Outcome:
        return rf.Refused("NotToday", ())

    def apply(self, step: rf.Step) -> rf.Outcome:
        return rf.Refused("NotToday", ()) if step.action.name == "Watch" else rf.Done(None, ())


def test_draws__whatever_order_a_method_takes_them_in__fit_each_other() -> None:
    """A position is drawn first, then a size, whatever they are called."""
    held = {number: rf.PositionState(f"trader_{number}", 10**18, 5) for number in (1, 2, 3)}
    system, random, watched = Target(Watching).system("Watching"), Random(2), []
    accounts = {each.owner: rf.AccountState(0) for each in held.values()}
    system.state, system.vault.opened = rf.VaultState(held, {}, accounts), 3
    acting = ActionRules(system)
    acting.start(system.market, None, lambda step, _: watched.append(step.action))
    (rule,) = (each for each in action_rules(Watching) if each.name == "watch")
    for _ in range(200):
        rule.play(acting, random)
    assert [each.seen for each in watched] == [(each.which, each.amount) for each in watched]
    by_owner = [each for each in watched if each.account == f"trader_{each.which}"]
    assert len(by_owner) > len(watched) // 2


def test_draws__of_a_choice__are_all_of_its_values() -> None:
    """But where one of them goes without saying: that one, unless a call sequence is changed."""
    assert [*rf.Choice("a", "b").points] == ["a", "b"]
    assert [*rf.Choice("a", "b", unsaid="b").points] == ["b"]
    assert rf.Choice("a", "b", neutral="b").neutral(buys=True) == "b"
    with pytest.raises(LookupError):
        rf.Choice("a", "b").neutral(buys=True)


@pytest.mark.parametrize("each", EVERY, ids=lambda each: each.name)
def test_codec__any_action__is_read_as_it_was_written(each: rf.Action) -> None:
    """JSON by the adapter's alphabet: integers of any size, bytes, tuples of one type or of several."""
    assert decode(encode(rf.Step(each, 9)), rf.Step, ACTIONS) == rf.Step(each, 9)


def test_packing__call_sequence__is_what_was_packed() -> None:
    sequence = tuple(rf.Step(each, seconds) for seconds, each in enumerate(EVERY))
    assert unpacked(packed(sequence, ("feature",))) == (sequence, ("feature",))


@pytest.mark.parametrize(
    ("each", "words"),
    [
        (OPEN, "open margin 1.5, amount short 0.5"),
        (EVERY[1], "put down which 3"),
        (EVERY[2], "set price 1,840"),
        (REBALANCE, "rebalance weights 1, 2, 3, tagged 4, x, proof 0x00ff, side quote, now yes"),
    ],
)
def test_phrase__action_of_another_vault__says_names_and_amounts(each: rf.Action, words: str) -> None:
    """Units come from the parameters' kinds; what binds nobody is left out."""
    assert phrase(each, STANDARD) == words


def numbered(name: str) -> list[rf.Action]:
    """Return an action of each kind of an adapter's, with numbers as values."""
    return [each("owner", *range(len(parameters_of(each)) - 1)) for each in rf.load(name).actions]


def sent_by_worker(name: str) -> bytes:
    """Return what a worker's process sends of an adapter: pickled actions."""
    return pickle.dumps(numbered(name))


@pytest.mark.parametrize("name", ["declared_vault.py:Declared", "paper_vault.py:Patient"])
def test_action__from_another_process__is_of_the_same_class(name: str) -> None:
    """A process that starts anew names the adapter's module alike, so that actions can be sent."""
    path = f"{Path(__file__).parent / name}"
    here = numbered(path)
    with get_context("spawn").Pool(1) as pool:
        data = pool.apply(sent_by_worker, (path,))
    assert pickle.loads(data) == here
