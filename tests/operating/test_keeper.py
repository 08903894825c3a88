"""A keeper does what is due, once, whatever happens to it, to its transactions and to the chain."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from isolated_margin import views
from isolated_margin.margin import Status
from ringfence.types.roles import LIQUIDATORS, OWNER, STRANGER
from ringfence.vaults.isolated_margin.actions import SetPrice, SettleMarket
from ringfence_operations.keeper.duties import Duties, Duty, position_of
from ringfence_operations.keeper.keeper import CALL_GAS
from ringfence_operations.node.rpc import NodeUnreachable
from ringfence_operations.sending.entry import Entry

from tests.gas.snapshot import FILE
from tests.operating.keeper_rig import CONFIRMATIONS, GWEI, LIMITS, KeeperRig, in_danger
from tests.operating.live_market import CALM, LiveMarket


@pytest.fixture
def bench(tmp_path: Path) -> KeeperRig:
    """Return a market in danger, with a keeper."""
    return KeeperRig(in_danger(LiveMarket()), tmp_path / "keeper.jsonl")


def test_round__with_positions_due__sends_each_once_best_first(bench: KeeperRig) -> None:
    """The largest reward goes first; nothing that is under way is sent again; in the end nothing is due."""
    turn = bench.turn()
    rewards = [job.reward for job, _ in turn.sent]
    assert sorted(job.position for job, _ in turn.sent) == [1, 2, 3, 4]
    assert rewards == sorted(rewards, reverse=True)
    assert rewards[0] > rewards[-1] > 0
    again = bench.turn()
    assert (len(again.due), again.sent) == (4, [])
    bench.market.chain.mine()
    last = bench.turn()
    assert (last.due, [e.has_failed for e in last.mined]) == ([], [False] * 4)
    assert bench.mined() == {(entry.hash, True): 1 for _, entry in turn.sent}


def test_round__with_bankrupt_positions__sends_those_first(bench: KeeperRig) -> None:
    """Though what they pay is less; of each kind the largest reward goes first."""
    bench.market.price(2_000)
    bench.market.open(1, 101)
    bench.market.open(2, 202)
    bench.market.price(1_880)
    assert [job.position for job, _ in bench.turn().sent] == [8, 7, 4, 3, 2, 1]


@pytest.mark.parametrize("insurance", [CALM.insurance, 10**6])
def test_round__rewards_said_before__are_those_paid(tmp_path: Path, insurance: int) -> None:
    """Without carry, what the model says that calls will bring is what the account has more afterwards, also
    where insurance is not enough for all that they could bring if each were the only one.
    """
    free = replace(CALM.parameters, max_funding_rate_wad=0, borrow_rate_wad=0, insurance_share_ppm=0)
    market = LiveMarket(replace(CALM, parameters=free, insurance=insurance))
    market.open(1, 101)
    market.open(2, 202)
    bench = KeeperRig(in_danger(market), tmp_path / "keeper.jsonl")
    vault = bench.market.vault
    held = vault.observe().accounts[LIQUIDATORS[0]].tokens
    promised = sum(job.reward for job, _ in bench.round().sent)
    vault.restore(vault.snapshot())
    assert vault.observe().accounts[LIQUIDATORS[0]].tokens - held == promised > 0


def test_round__with_a_dead_feed__sends_nothing(bench: KeeperRig) -> None:
    bench.market.act(SetPrice(OWNER, 0, 0))
    assert bench.turn() == replace(bench.turn(), due=[], sent=[], skipped=[])
    assert bench.market.chain.sent == []


def test_round__while_the_clock_of_a_feed_that_lives_runs__stops_it_first(bench: KeeperRig) -> None:
    """Though nobody pays for it: a second outage must not add up with the first."""
    bench.market.silence()
    assert bench.turn().sent == []
    bench.market.price(1_880)
    bench.limits = replace(LIMITS, min_reward=1)
    bench.restart()
    jobs = [job for job, _ in bench.round().sent]
    assert (jobs[0].duty, jobs[0].reward) == (Duty.SETTLE, 0)
    assert sorted(job.position for job in jobs[1:]) == [1, 2, 3, 4]
    bench.market.vault.restore(bench.market.vault.snapshot())
    assert bench.market.vault.observe().totals["dead_since"] == 0


def test_round__of_a_settled_market__closes_every_position(bench: KeeperRig) -> None:
    """Solvent or not, without a reward."""
    bench.market.silence()
    bench.market.act(SettleMarket(STRANGER), CALM.parameters.settle_after)
    jobs = [job for job, _ in bench.round().sent]
    assert {(job.duty, job.reward) for job in jobs} == {(Duty.LIQUIDATE, 0)}
    assert sorted(job.position for job in jobs) == [1, 2, 3, 4, 5, 6]
    bench.market.vault.restore(bench.market.vault.snapshot())
    assert not bench.market.vault.observe().positions


def test_round__after_a_competitor_was_faster__sends_nothing(bench: KeeperRig) -> None:
    """What was liquidated between the snapshot and the simulation is passed, with the vault's reason."""
    snapshot = bench.see()
    bench.market.liquidate(2, LIQUIDATORS[1])
    turn = bench.keeper.run(snapshot)
    assert [(job.position, why.split("(")[0]) for job, why in turn.skipped] == [(2, "NotLiquidatable")]
    assert sorted(job.position for job, _ in turn.sent) == [1, 3, 4]


def test_round__after_a_competitor_was_faster_in_the_block__goes_on(bench: KeeperRig) -> None:
    bench.turn()
    bench.market.liquidate(2, LIQUIDATORS[1])
    bench.market.chain.mine()
    turn = bench.turn()
    assert positions(entry for entry in turn.mined if entry.has_failed) == [2]
    assert positions(entry for entry in turn.mined if not entry.has_failed) == [1, 3, 4]
    assert (turn.due, turn.sent) == ([], [])


def test_round__killed_after_the_journal_before_sending__sends_the_same_later(
    bench: KeeperRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was journalled and never sent is sent as it was signed, by the next keeper."""
    monkeypatch.setattr(bench.outbox, "_send", killed)
    with pytest.raises(KeyboardInterrupt):
        bench.turn()
    assert bench.market.chain.sent == []
    intended = [line["hash"] for line in bench.lines("intended")]
    assert len(intended) == 4
    bench.restart()
    turn = bench.round()
    assert sorted(entry.hash for entry in turn.resent) == sorted(intended)
    assert turn.sent == []
    assert bench.mined() == {(number, True): 1 for number in intended}


def test_round__killed_after_sending__waits_for_what_was_sent(bench: KeeperRig) -> None:
    sent = [entry.hash for _, entry in bench.turn().sent]
    bench.restart()
    turn = bench.round()
    assert (turn.sent, turn.resent) == ([], [])
    assert bench.market.chain.sent == sent
    assert bench.mined() == {(number, True): 1 for number in sent}


def test_round__killed_before_the_journal__begins_anew(
    bench: KeeperRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench.journal, "write", killed)
    with pytest.raises(KeyboardInterrupt):
        bench.turn()
    assert bench.market.chain.sent == []
    bench.restart()
    assert len(bench.turn().sent) == 4


def test_round__when_the_node_lost_its_pool__sends_the_same_again(bench: KeeperRig) -> None:
    sent = [entry.hash for _, entry in bench.turn().sent]
    bench.market.chain.pool.clear()
    turn = bench.round()
    assert [entry.hash for entry in turn.resent] == sent
    bench.round()
    assert bench.mined() == {(number, True): 1 for number in sent}


def test_round__after_a_reorganisation__does_again_what_was_undone(bench: KeeperRig) -> None:
    """Transactions of blocks that were replaced are sent again as they were, and nothing beside them."""
    bench.market.chain.mine()
    mark = bench.market.chain.mark()
    sent = [entry.hash for _, entry in bench.round().sent]
    bench.market.chain.mine(CONFIRMATIONS - 2)
    assert len(bench.turn().mined) == 4
    bench.market.rewind(mark)
    bench.market.chain.mine()
    turn = bench.round()
    assert (turn.sent, [entry.hash for entry in turn.resent]) == ([], sent)
    assert len(bench.lines("unmined")) == 4
    bench.market.chain.mine(CONFIRMATIONS)
    bench.turn()
    assert bench.mined() == {(number, True): 1 for number in sent}
    assert {line["hash"] for line in bench.lines("settled")} == set(sent)


def test_round__when_what_was_lost_is_no_longer_due__drops_it_and_reuses_its_nonce(bench: KeeperRig) -> None:
    bench.market.chain.forgetful = True
    bench.turn()
    bench.market.chain.forgetful = False
    bench.market.price(2_000)
    for dropped in (0, 0, 0, 4):
        assert bench.round().sent == []
        assert len(bench.lines("dropped")) == dropped
    bench.market.price(1_880)
    assert [entry.nonce for _, entry in bench.round().sent] == [0, 1, 2, 3]
    assert set(bench.mined().values()) == {1}


def test_round__while_others_are_lost__gives_new_work_a_nonce_of_its_own(bench: KeeperRig) -> None:
    """A transaction that no node knows keeps its nonce, so that it can't take the place of another."""
    bench.market.chain.forgetful = True
    lost = [entry.nonce for _, entry in bench.turn().sent]
    bench.market.open(1, 95)
    bench.market.price(1_830)
    assert [entry.nonce for _, entry in bench.turn().sent] == [len(lost)]
    bench.market.chain.forgetful = False
    bench.round()
    bench.round()
    assert sorted(bench.mined().values()) == [1] * (len(lost) + 1)


def test_round__while_gas_costs_more_than_the_bound__holds_what_is_due(bench: KeeperRig) -> None:
    bench.market.chain.base_fee = 51 * GWEI
    turn = bench.turn()
    assert turn.sent == []
    assert turn.left == [(job, "gas costs more than --max-gas-price") for job in turn.due] != []
    bench.market.chain.base_fee = 50 * GWEI
    assert len(bench.round().sent) == 4
    assert len(bench.mined()) == 4


def test_round__that_the_node_interrupts__reports_what_was_mined_in_the_next(bench: KeeperRig) -> None:
    bench.round()
    asked, answers = bench.market.chain.asked, bench.market.chain.make_request

    def leaving(method: str, params: Sequence[Any]) -> Any:
        bench.market.chain.down = asked.count("eth_getTransactionReceipt") >= 4
        return answers(method, params)

    bench.market.chain.make_request = leaving
    bench.market.price(1_879)
    bench.market.open(1, 95)
    bench.market.price(1_820)
    with pytest.raises(NodeUnreachable):
        bench.turn()
    assert len(bench.lines("mined")) == 4
    bench.market.chain.make_request = answers
    bench.market.chain.down = False
    assert positions(bench.turn().mined) == [1, 2, 3, 4]


def test_round__of_a_keeper_that_may_pay_more__replaces_what_is_priced_out(bench: KeeperRig) -> None:
    """What is below the base fee holds up all later ones; another takes its place and is mined once."""
    stuck = [entry.hash for _, entry in bench.turn().sent]
    bench.market.chain.base_fee = 60 * GWEI
    assert (bench.round().replaced, bench.mined()) == ([], {})
    bench.limits = replace(LIMITS, max_gas_price=100 * GWEI)
    bench.restart()
    turn = bench.round()
    assert [entry.nonce for entry in turn.replaced] == [0, 1, 2, 3]
    assert not {entry.hash for entry in turn.replaced} & set(stuck)
    assert bench.mined() == {(entry.hash, True): 1 for entry in turn.replaced}
    assert positions(bench.turn().mined) == [1, 2, 3, 4]
    assert bench.turn().due == []


def test_round__with_ether_for_two__sends_the_best_two_and_says_so(bench: KeeperRig) -> None:
    bench.market.chain.balance = 2 * LIMITS.gas_limit * LIMITS.max_gas_price
    turn = bench.turn()
    assert [job for job, _ in turn.sent] == turn.due[:2]
    assert [job for job, why in turn.left if "too little ether" in why] == turn.due[2:]


def test_round__with_more_due_than_a_block_has_room_for__sends_the_best_and_the_rest_later(
    bench: KeeperRig,
) -> None:
    """Room is for the gas that liquidations take, not for their limits; what waits has its place in it."""
    bench.market.chain.gas_limit = LIMITS.gas_limit + 2 * CALL_GAS
    turn = bench.turn()
    assert [(job, entry.nonce) for job, entry in turn.sent] == list(zip(turn.due[:3], range(3), strict=True))
    assert turn.left == [(turn.due[3], "the block has no room for more")]
    again = bench.turn()
    assert (again.sent, again.left) == ([], turn.left)
    bench.market.chain.mine()
    assert [(job.task, entry.nonce) for job, entry in bench.round().sent] == [(turn.due[3].task, 3)]
    assert len(bench.mined()) == 4


def test_round__with_rewards_below_the_least__leaves_those(bench: KeeperRig) -> None:
    """They are not even asked about; what becomes worth it is sent."""
    due = bench.turn().due
    bench.market.chain.pool.clear()
    bench.limits = replace(LIMITS, min_reward=due[1].reward)
    bench.path = bench.path.with_name("other.jsonl")
    bench.restart()
    turn = bench.turn()
    assert [job for job, _ in turn.sent] == due[:2]
    assert turn.left == [(job, "less than --min-reward") for job in due[2:]]
    bench.limits = replace(LIMITS, min_reward=due[3].reward)
    bench.restart()
    turn = bench.round()
    assert ([job for job, _ in turn.sent], turn.left) == (due[2:], [])


def test_gas__of_every_liquidation__is_what_a_block_has_room_for() -> None:
    measured = json.loads(FILE.read_text())["gas"]
    most = max(gas for name, gas in measured.items() if name.startswith("liquidate"))
    assert 0.9 * CALL_GAS <= most <= CALL_GAS


def test_round__refused_again_and_again__pauses_longer_each_time(bench: KeeperRig) -> None:
    """What the model has due and the chain refuses is tried after 1, 2, 4 ... blocks, not in every one."""
    answers = bench.market.chain._eth_call

    def refusing(request: dict[str, Any], block: str) -> dict[str, Any]:
        if block != "latest":
            return answers(request, block)
        return {"error": {"code": 3, "message": "execution reverted", "data": "0x"}}

    bench.market.chain._eth_call = refusing
    tried = []
    for number in range(16):
        if bench.round().skipped:
            tried.append(number)
    assert tried == [0, 1, 3, 7, 15]


def test_round__of_a_side_that_is_due__deleverages_every_winner_for_a_reward(tmp_path: Path) -> None:
    terms = replace(CALM.parameters, adl_trigger_ppm=100_000)
    market = LiveMarket(replace(CALM, parameters=terms, insurance=0, liquidity=5_200 * 10**6))
    for size, margin in ((1, 900), (2, 900), (3, 900), (4, 900)):
        market.open(size, margin)
    market.price(2_300)
    bench = KeeperRig(market, tmp_path / "keeper.jsonl")
    turn = bench.round()
    assert [(job.duty.value, job.position) for job, _ in turn.sent] == [
        ("deleverage", number) for number in (1, 2, 3, 4)
    ]
    assert min(job.reward for job, _ in turn.sent) > 0
    assert (bench.turn().due, set(bench.mined().values())) == ([], {1})
    assert not any(side.due for side in views.sides(bench.see().market.vault))


def test_due__of_a_market__leaves_it_as_it_was(bench: KeeperRig) -> None:
    market = bench.see().market
    before = market.copy()
    assert Duties().due(market, bench.signer.address.lower())
    assert market == before


def positions(entries: Iterable[Entry]) -> list[int]:
    """Return the positions that transactions are about, sorted."""
    return sorted(position_of(entry.task) for entry in entries)


def killed(*args: object, **kwargs: object) -> None:
    """Be interrupted here."""
    raise KeyboardInterrupt


def test_due__block_after_block__is_what_the_rule_says_of_all_positions(bench: KeeperRig) -> None:
    """The index that is kept from block to block agrees with checking all, after a reorganisation too."""
    duties, mark = Duties(), bench.market.chain.mark()
    for price, size, margin in ((1_870, 1, 95), (2_000, -2, 300), (1_840, 3, 500), (1_860, 1, 100)):
        bench.market.open(size, margin)
        bench.market.price(price)
        assert due_of(duties, bench) == below_maintenance(bench) != []
    bench.market.rewind(mark)
    bench.market.open(1, 2_000)
    assert due_of(duties, bench) == below_maintenance(bench) != []


def due_of(duties: Duties, bench: KeeperRig) -> list[int]:
    """Return the positions that are due for liquidation."""
    return sorted(job.position for job in duties.due(bench.see().market, bench.signer.address.lower()))


def below_maintenance(bench: KeeperRig) -> list[int]:
    """Return the positions that the model's own view calls liquidatable or worse."""
    vault = bench.see().market.vault
    return sorted(n for n in vault.positions if views.status(vault, n) <= Status.LIQUIDATABLE)
