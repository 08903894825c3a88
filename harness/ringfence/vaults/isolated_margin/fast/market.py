"""A deployed market and its model, every step done on both and compared as words, nothing decoded."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any, Final

from eth_utils.address import to_checksum_address
from isolated_margin.errors import Refusal
from isolated_margin.events import LoggedEvent
from isolated_margin.margin import Position

from ringfence.engine.comparison import Mismatched
from ringfence.evm.chains.revm import GAS_LIMIT, RevmChain
from ringfence.evm.workspace import Workspace
from ringfence.types.actions import Action, Step
from ringfence.types.outcome import Done, Outcome, Refused
from ringfence.types.roles import FEED, POOL, TOKEN, VAULT
from ringfence.vaults.isolated_margin.actions import BreakFeed, SetOperator, SetOperatorWithSig, SetPrice
from ringfence.vaults.isolated_margin.contracts import Contracts
from ringfence.vaults.isolated_margin.deployment import deploy
from ringfence.vaults.isolated_margin.fast.derived import DerivedWords
from ringfence.vaults.isolated_margin.fast.encoding import Words
from ringfence.vaults.isolated_margin.fast.expected import ExpectedBytes
from ringfence.vaults.isolated_margin.fast.feed import FeedStorage
from ringfence.vaults.isolated_margin.fast.sending import Sending
from ringfence.vaults.isolated_margin.markets import MarketSetup
from ringfence.vaults.isolated_margin.rare_events import OWN_EVENTS, READERS
from ringfence.vaults.isolated_margin.reference.model_values import EVENTS, event_of
from ringfence.vaults.isolated_margin.reference.reference import ReferenceVault, carry_out

CONTRACTS: Final = (VAULT, POOL, TOKEN, FEED)
LOOKS: Final = 8  # at the state, one of which is at all of it
PERMISSIONS: Final = (SetOperator, SetOperatorWithSig)


@dataclass(slots=True)
class ModelOutcome:
    """What the model says came of a step: a refusal, or what was returned and logged."""

    refusal: Refusal | None
    value: object
    log: Sequence[tuple[str, LoggedEvent]]


READ: Final = frozenset(kind for name, kind in EVENTS.items() if name in READERS or name in OWN_EVENTS)
NOTHING_SAID: Final = Done(None, ())


def outcome_of(answer: ModelOutcome) -> Outcome:
    """Return an answer as an outcome with those events alone that rare events are read from."""
    if answer.refusal is not None:
        return Refused(answer.refusal.name, answer.refusal.args)
    read = [event_of(*entry) for entry in answer.log if type(entry[1]) in READ]
    value = answer.value if type(answer.value) is int else None
    return Done(value, tuple(read)) if read or value is not None else NOTHING_SAID


class DirectMarket:
    """A market at its opening, on a chain of its own; ``model`` is its reference.

    After every step outcome, returned value and events are compared, and of the state totals, officers, all
    positions, and what the step changed of accounts' claims, debts, nonces, shares and tokens. The rest of
    these is compared at every eighth look and by ``finish``: what is wrong there stays so, for nothing writes
    these words but what adds to them or pays them out. What can't have changed is not read again: after a
    call that is refused on both sides, and after a price that the feed is given, which calls nobody.
    """

    def __init__(self, workspace: Workspace, setup: MarketSetup, contracts: Contracts) -> None:
        """Deploy a market on a RevmChain and run its opening; raises Mismatched."""
        self.workspace, chain, book = workspace, workspace.chain, workspace.book
        assert isinstance(chain, RevmChain)
        deployment = deploy(workspace, setup, contracts, with_lens=True)
        names = (*setup.accounts, *CONTRACTS, "")
        words = Words({name: book.address(name) for name in names})
        self.setup, self._chain, self._evm = setup, chain, chain.evm
        self.model = ReferenceVault(setup, deployed_at=deployment.deployed_at, ready_at=deployment.ready_at)
        self._senders = {name: book.text(name) for name in setup.accounts}
        self._emitters = {name: to_checksum_address(book.text(name)) for name in CONTRACTS}
        self._sending, self._expected = Sending(workspace, words), ExpectedBytes(workspace, words)
        self._feed = FeedStorage(workspace, chain.evm)
        self._derived, self._vault = DerivedWords(deployment), workspace.contracts[VAULT]
        self._forget()
        for step in setup.opening():
            self.apply(step)
        self._mark, self._model_mark = chain.snapshot(), self.model.snapshot()

    def finish(self) -> None:
        """Compare all of the state; raises Mismatched."""
        self._looks = 0
        self._compare_state()

    def restart(self) -> None:
        """Go back to the opening; what came last is not compared again."""
        self._chain.restore(self._mark)
        self.model.restore(self._model_mark)
        self._forget()

    def apply(self, step: Step) -> Outcome:
        """Do a step on both; return what came of it, with those events that rare events are read from.

        Raises:
            Mismatched: outcome, returned value, events or state differ.
        """
        action, chain, market = step.action, self._chain, self.model.market
        market.clock.advance(step.seconds)
        try:
            answer = ModelOutcome(None, carry_out(market, action), market.drain_log())
        except Refusal as refusal:
            answer = ModelOutcome(
                refusal.with_traceback(None), None, ()
            )  # or the frames here live on in a circle
        if type(action) is SetPrice:
            chain.advance(step.seconds)
            self._feed.set(action, chain.timestamp)
            return NOTHING_SAID
        if type(action) in PERMISSIONS:
            self._watch(action)
        to, data = self._sending.order(action, chain.timestamp + step.seconds)
        chain.advance(step.seconds)
        self._evm.reset_transient_storage()
        try:
            output = self._evm.message_call(self._senders[action.account], to, data, gas=GAS_LIMIT)
        except RuntimeError as failure:
            self._compare_refusal(answer, str(failure))
        else:
            self._compare(action, answer, output)
        return outcome_of(answer)

    @property
    def is_blind(self) -> bool:
        """Return whether the comparison takes a vault with one token too many for the model's."""
        mark = self._chain.snapshot()
        at = self._derived.addresses[-1], self._derived.slots[-1]
        self._chain.poke(*at, self._evm.storage(*at) + 1)
        try:
            self.finish()
        except Mismatched:
            return False
        finally:
            self._chain.restore(mark)
        return True

    def _compare_refusal(self, answer: ModelOutcome, failure: str) -> None:
        """See that a call failed with exactly the model's error; revm gives its data only in a text."""
        expected = answer.refusal and self._expected.error(answer.refusal).hex()
        if expected is None or f" output: 0x{expected} }}" not in failure:
            raise Mismatched

    def _compare(self, action: Action, answer: ModelOutcome, output: bytes) -> None:
        """See that what was returned, logged and stored is the model's."""
        try:
            if answer.refusal or output != self._expected.value(answer.value):
                raise Mismatched
            self._compare_logs(answer.log)
            if type(action) is not BreakFeed:
                self._compare_state()
        except (KeyError, OverflowError):  # the model has come to something that no contract can say
            raise Mismatched from None

    def _compare_logs(self, expected: Sequence[tuple[str, LoggedEvent]]) -> None:
        result = self._evm.result
        assert result is not None
        logs, written = result.logs, self._expected.log
        if len(logs) != len(expected):
            raise Mismatched
        for log, (emitter, event) in zip(logs, expected, strict=True):
            if log.data != written(emitter, event) or log.address != self._emitters[emitter]:
                raise Mismatched

    def _compare_state(self) -> None:
        derived, market, read = self._derived, self.model.market, self._evm.storage
        slots = derived.at.positions.slots(market.vault.next_id)
        if list(map(read, repeat(self._vault), slots)) != self._position_words():
            raise Mismatched
        if list(map(read, derived.addresses, derived.slots)) != derived.common(market):
            raise Mismatched
        for address, slot, word in derived.changed(market, self._traders):
            if read(address, slot) != word:
                raise Mismatched
        if self._looks % LOOKS == 0:
            self._compare_columns()
        self._looks += 1
        permissions, expiry = derived.at.permission
        for pair, slot in self._operators.items():
            given = market.vault.operators(*pair)
            if read(self._vault, slot) != permissions.write(expiry.write(0, given.expiry), given.permissions):
                raise Mismatched

    def _compare_columns(self) -> None:
        read = self._evm.storage
        for column in self._derived.columns:
            if list(map(read, repeat(column.address), column.slots)) != column.words:
                raise Mismatched

    def _position_words(self) -> list[int]:
        """Return the words of all positions that ever were; only those that have changed are made anew."""
        positions, held, words = self.model.market.vault.positions, self._held, self._words
        while len(held) < self.model.market.vault.next_id - 1:
            held.append(None)
            words.extend(self._derived.position(None))
        length = self._derived.at.positions.length
        for index, before in enumerate(held):
            now = positions.get(index + 1)
            if now is not before:
                held[index] = now
                if now:
                    self._traders.add(now.owner)
                words[index * length : (index + 1) * length] = self._derived.position(now)
        return words

    def _watch(self, action: Any) -> None:
        """Look, from now to the run's end, at every permission that was ever given or taken."""
        pair = getattr(action, "owner", action.account), action.operator
        if pair not in self._operators:
            self._operators[pair] = self._derived.at.operator(*pair)

    def _forget(self) -> None:
        self._operators: dict[tuple[str, str], int] = {}
        self._traders: set[str] = set()
        self._held: list[Position | None] = []
        self._looks = 0
        self._words: list[int] = []
