"""The comparison of words sees what a system sees: each thing that can differ is made to differ."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from isolated_margin.errors import NoPosition, NothingToClaim, Refusal
from isolated_margin.market import Market
from ringfence.engine.comparison import Mismatched
from ringfence.evm.chains.revm import RevmChain
from ringfence.types.actions import Action, Step
from ringfence.types.roles import OPERATOR, OWNER, POOL, STRANGER, TOKEN, TRADERS
from ringfence.vaults.isolated_margin.actions import AddMargin, Approve, Open
from ringfence.vaults.isolated_margin.fast import market as direct
from ringfence.vaults.isolated_margin.fast.market import DirectMarket
from ringfence.vaults.isolated_margin.markets import INFINITE, SIZE, STANDARD
from ringfence.vaults.isolated_margin.reference.reference import carry_out
from ringfence.vaults.isolated_margin.target import our_vault

from tests.sequences import CLAIMABLE

ADDED = Step(AddMargin(TRADERS[0], 1, 5), 1)
OPENED = Step(Open(TRADERS[0], SIZE, 1_000 * 10**6, INFINITE, INFINITE), 1)
REFUSED = Step(AddMargin(TRADERS[0], 99, 5), 1)
ELSEWHERE = Step(Approve(OWNER, TOKEN, STRANGER, 1), 1)  # changes nothing that is observed
BIT = 1  # part of a number, an address or a flag

Log = list[tuple[str, Any]]
Tamper = Callable[[Any, Log], tuple[object, Log]]


@pytest.fixture
def market() -> DirectMarket:
    """Return a market with positions, one that is gone, something to claim and an operator."""
    opened = our_vault().comparison(STANDARD.name)
    for step in CLAIMABLE:
        opened.apply(step)
    return opened


@pytest.fixture
def chain(market: DirectMarket) -> RevmChain:
    """Return the market's chain."""
    return market.workspace.chain


def observed_slots(market: DirectMarket) -> Iterator[tuple[str, int]]:
    """Yield every word that is compared after each step: contract and slot."""
    derived = market._derived
    yield from zip(derived.addresses, derived.slots, strict=True)
    positions = derived.at.positions.slots(market.model.market.vault.next_id)
    operator = derived.at.operator(TRADERS[0], OPERATOR)
    yield from ((market._vault, slot) for slot in (*positions, operator))


def test_apply__one_bit_of_any_word_is_not_the_models__is_a_difference(
    chain: RevmChain, market: DirectMarket
) -> None:
    """Totals, officers, accounts, live positions, gone ones and operators: each is looked at."""
    system = our_vault().system(STANDARD)
    system.run(CLAIMABLE)
    there = system.vault.bench.chain
    for address, slot in observed_slots(market):
        (word,) = chain.storage(address, [slot])
        for each in (chain, there):
            each.poke(address, slot, word ^ BIT)
        with pytest.raises(Mismatched):
            market.apply(ELSEWHERE)
        system.apply(ELSEWHERE)
        assert system.mismatches_here
        for each in (chain, there):
            each.poke(address, slot, word)
        market.apply(ELSEWHERE)
        system.apply(ELSEWHERE)
        assert not system.mismatches_here


def test_finish__one_bit_of_what_accounts_have_is_not_the_models__is_a_difference(
    chain: RevmChain, market: DirectMarket
) -> None:
    columns = market._derived.columns
    for address, slot in [(column.address, slot) for column in columns for slot in column.slots]:
        (word,) = chain.storage(address, [slot])
        chain.poke(address, slot, word ^ BIT)
        with pytest.raises(Mismatched):
            market.finish()
        chain.poke(address, slot, word)
        market.finish()


def test_apply__a_word_of_an_account_that_the_step_changes__is_looked_at_once(
    chain: RevmChain, market: DirectMarket
) -> None:
    """What the model changed is not left for later."""
    market.finish()
    market.apply(ELSEWHERE)  # the look at everything
    tokens = market._derived.columns[-1]
    slot = tokens.slots[list(STANDARD.accounts).index(TRADERS[0])]
    (word,) = chain.storage(tokens.address, [slot])
    chain.poke(tokens.address, slot, word ^ BIT)
    with pytest.raises(Mismatched):
        market.apply(ADDED)


def apply_all(market: DirectMarket, steps: list[Step]) -> None:
    """Do one step after the other."""
    for step in steps:
        market.apply(step)


def test_apply__of_many_steps__sees_every_word_now_and_then(chain: RevmChain, market: DirectMarket) -> None:
    nonces = market._derived.columns[2]
    chain.poke(nonces.address, nonces.slots[0], 7)
    with pytest.raises(Mismatched):
        apply_all(market, [ELSEWHERE] * direct.LOOKS)


def changed(event: Any, **fields: Any) -> Any:
    """Return an entry of a log whose event differs in these fields."""
    return (event[0], replace(event[1], **fields))


TAMPERED: dict[str, tuple[Step, Tamper]] = {
    "another value": (OPENED, lambda value, log: (value + 1, log)),
    "no value": (OPENED, lambda value, log: (None, log)),
    "another amount": (
        ADDED,
        lambda value, log: (value, [*log[:-1], changed(log[-1], assets=log[-1][1].assets + 1)]),
    ),
    "another account": (ADDED, lambda value, log: (value, [*log[:-1], changed(log[-1], receiver=STRANGER)])),
    "another emitter": (ADDED, lambda value, log: (value, [*log[:-1], (POOL, log[-1][1])])),
    "an event less": (ADDED, lambda value, log: (value, log[:-1])),
    "an event twice": (ADDED, lambda value, log: (value, [*log, log[-1]])),
    "another order": (ADDED, lambda value, log: (value, log[::-1])),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_apply__what_is_returned_or_logged_is_not_the_models__is_a_difference(
    name: str, market: DirectMarket, monkeypatch: pytest.MonkeyPatch
) -> None:
    step, tamper = TAMPERED[name]

    def doctored(held: Market, action: Action) -> object:
        value, log = tamper(carry_out(held, action), held.drain_log())
        held.log.extend(log)
        return value

    monkeypatch.setattr(direct, "carry_out", doctored)
    with pytest.raises(Mismatched):
        market.apply(step)


@pytest.mark.parametrize(
    ("step", "claimed"),
    [(REFUSED, NoPosition(98)), (REFUSED, NothingToClaim("")), (REFUSED, None), (ADDED, NoPosition(1))],
    ids=("argument", "name", "not refused", "refused"),
)
def test_apply__an_outcome_that_is_not_the_models__is_a_difference(
    step: Step, claimed: Refusal | None, market: DirectMarket, monkeypatch: pytest.MonkeyPatch
) -> None:
    def doctored(held: Market, action: Action) -> object:
        if claimed:
            raise claimed
        return None

    monkeypatch.setattr(direct, "carry_out", doctored)
    with pytest.raises(Mismatched):
        market.apply(step)


@pytest.mark.parametrize("step", [ADDED, OPENED, REFUSED, ELSEWHERE])
def test_apply__nothing_doctored__is_no_difference(step: Step, market: DirectMarket) -> None:
    market.apply(step)
    market.restart()
    assert market.model.market.vault.next_id == 1
