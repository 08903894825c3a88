"""The comparison of words sees what a system sees: each thing that can differ is made to differ."""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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

ADDED = Step(AddMargin(TRADERS[0], 1, 5, TRADERS[0]), 1)
OPENED = Step(Open(TRADERS[0], SIZE, 1_000 * 10**6, INFINITE, INFINITE), 1)
REFUSED = Step(AddMargin(TRADERS[0], 99, 5, TRADERS[0]), 1)
ELSEWHERE = Step(Approve(OWNER, TOKEN, STRANGER, 1), 1)  # changes nothing that is observed
BIT = 1  # part of a number, an address or a flag

Log = list[tuple[str, Any]]
Tamper = Callable[[Any, Log], tuple[object, Log]]
Doctored = Callable[[Market, Action], object]


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


@contextmanager
def flipped(address: str, slot: int, *chains: RevmChain) -> Iterator[None]:
    """Change one bit of a word for a while."""
    (word,) = chains[0].storage(address, [slot])
    for each in chains:
        each.poke(address, slot, word ^ BIT)
    yield
    for each in chains:
        each.poke(address, slot, word)


def test_apply__one_bit_of_any_word__is_seen(chain: RevmChain, market: DirectMarket) -> None:
    """Totals, officers, accounts, live positions, gone ones and operators: each is looked at."""
    system = our_vault().system(STANDARD)
    system.run(CLAIMABLE)
    there = system.vault.bench.chain
    for address, slot in observed_slots(market):
        with flipped(address, slot, chain, there):
            with pytest.raises(Mismatched):
                market.apply(ELSEWHERE)
            system.apply(ELSEWHERE)
            assert system.mismatches_here
        market.apply(ELSEWHERE)
        system.apply(ELSEWHERE)
        assert not system.mismatches_here


def test_finish__one_bit_of_what_accounts_have__is_seen(chain: RevmChain, market: DirectMarket) -> None:
    columns = market._derived.columns
    for address, slot in [(column.address, slot) for column in columns for slot in column.slots]:
        with flipped(address, slot, chain), pytest.raises(Mismatched):
            market.finish()
        market.finish()


def test_apply__word_that_the_step_changes__is_looked_at_once(chain: RevmChain, market: DirectMarket) -> None:
    """What the model changed is not left for later."""
    market.finish()
    market.apply(ELSEWHERE)  # the look at everything
    tokens = market._derived.columns[-1]
    slot = tokens.slots[list(STANDARD.accounts).index(TRADERS[0])]
    with flipped(tokens.address, slot, chain), pytest.raises(Mismatched):
        market.apply(ADDED)


def test_apply__of_many_steps__sees_every_word_now_and_then(chain: RevmChain, market: DirectMarket) -> None:
    nonces = market._derived.columns[2]
    chain.poke(nonces.address, nonces.slots[0], 7)
    with pytest.raises(Mismatched):
        deque(map(market.apply, [ELSEWHERE] * direct.LOOKS))


def tampered(tamper: Tamper) -> Doctored:
    """Return a model whose value or log is another one."""

    def doctored(held: Market, action: Action) -> object:
        value, log = tamper(carry_out(held, action), held.drain_log())
        held.log.extend(log)
        return value

    return doctored


def last(fields: Callable[[Any], dict[str, Any]]) -> Tamper:
    """Return what changes fields of a log's last event."""
    return lambda value, log: (value, [*log[:-1], (log[-1][0], replace(log[-1][1], **fields(log[-1][1])))])


def refusing(refusal: Refusal) -> Doctored:
    """Return a model that refuses everything."""

    def refuse(held: Market, action: Action) -> object:
        raise refusal

    return refuse


DOCTORED: dict[str, tuple[Step, Doctored]] = {
    "another value": (OPENED, tampered(lambda value, log: (value + 1, log))),
    "no value": (OPENED, tampered(lambda value, log: (None, log))),
    "another amount": (ADDED, tampered(last(lambda event: {"assets": event.assets + 1}))),
    "another account": (ADDED, tampered(last(lambda event: {"receiver": STRANGER}))),
    "another emitter": (ADDED, tampered(lambda value, log: (value, [*log[:-1], (POOL, log[-1][1])]))),
    "an event less": (ADDED, tampered(lambda value, log: (value, log[:-1]))),
    "an event twice": (ADDED, tampered(lambda value, log: (value, [*log, log[-1]]))),
    "another order": (ADDED, tampered(lambda value, log: (value, log[::-1]))),
    "argument": (REFUSED, refusing(NoPosition(98))),
    "name": (REFUSED, refusing(NothingToClaim(""))),
    "not refused": (REFUSED, lambda *_: None),
    "refused": (ADDED, refusing(NoPosition(1))),
}


@pytest.mark.parametrize("name", DOCTORED)
def test_apply__an_outcome_that_is_not_the_models__is_a_difference(
    name: str, market: DirectMarket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is returned, logged or refused."""
    step, doctored = DOCTORED[name]
    monkeypatch.setattr(direct, "carry_out", doctored)
    with pytest.raises(Mismatched):
        market.apply(step)


@pytest.mark.parametrize("step", [ADDED, OPENED, REFUSED, ELSEWHERE])
def test_apply__nothing_doctored__is_no_difference(step: Step, market: DirectMarket) -> None:
    market.apply(step)
    market.restart()
    assert market.model.market.vault.next_id == 1
