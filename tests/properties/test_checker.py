"""Checking: what applies, what was put to the test, and whether a violation would have been seen."""

from dataclasses import dataclass, replace

import pytest
from ringfence.properties import BY_ID, PROPERTIES, Ability, Checker
from ringfence.properties.abilities import Need, briefly, described
from ringfence.properties.transition import Transition
from ringfence.properties.valuation import SimpleBook, Valued
from ringfence.types.actions import Action, Alphabet, Step
from ringfence.types.kinds import Kind
from ringfence.types.moment import Moment
from ringfence.types.outcome import Done
from ringfence.types.parameter_kinds import Anyone, Assets, Position, Size, SizeDelta, Trader, Truth
from ringfence.types.roles import OWNER, TRADERS, VAULT
from ringfence.types.state import AccountState, PositionState, VaultState
from ringfence.types.totals import Total
from ringfence.vaults.isolated_margin.actions import ALPHABET, AddMargin, Close, Donate, Open

NOW = Moment(2_000_000_000, 100, 2_000_000_000, broken=False)
POSITION = PositionState(TRADERS[0], 10, 100)
STATE = VaultState(
    positions={1: POSITION, 2: replace(POSITION, owner=TRADERS[1])},
    totals={"vault_tokens": 200, "pool_tokens": 0, "insurance": 0},
    accounts={role: AccountState(1_000) for role in (OWNER, *TRADERS)},
)
ADDING = AddMargin(TRADERS[0], 1, 0, TRADERS[0])
OF_THE_FEED = {Total.SETTLED, Total.DEAD_SINCE, Total.LAST_ACCRUAL}
OF_OURS = {Total.TOTAL_OWED, Total.POOL_TOKENS, Total.POOL_SHARES, Total.INSURANCE, *OF_THE_FEED}
ALL = frozenset[Need](Ability) | {declared.kind for declared in ALPHABET} | OF_OURS
VIOLATIONS = (
    ("ISO-1", replace(STATE, positions={1: POSITION}), "position 2"),
    ("CUS-1", replace(STATE, totals=STATE.totals | {"vault_tokens": 199}), "what the vault received"),
    ("CUS-2", replace(STATE, totals=STATE.totals | {"pool_tokens": 1}), "the sum of all tokens"),
    ("ISO-5", replace(STATE, accounts=STATE.accounts | {TRADERS[0]: AccountState(999)}), "has outside"),
)


def transition(after: VaultState, action: Action = ADDING) -> Transition:
    """Return a step that was carried out and left a state behind."""
    return Transition(STATE, Step(action, 0), Done(None, ()), after, NOW, None)


def test_checker__of_a_vault_without_abilities__says_what_each_property_lacks() -> None:
    """A property that can't be looked at is not applicable, never left out."""
    checker = Checker(PROPERTIES, frozenset(), Alphabet(()))
    assert checker.applicable | checker.not_applicable.keys() == set(BY_ID)
    assert checker.not_applicable["GAS-1"] >= {Ability.GAS, Ability.REWIND}


def test_checker__of_a_vault_with_all_abilities__applies_every_law() -> None:
    checker = Checker(PROPERTIES, ALL, ALPHABET)
    assert checker.applicable == set(BY_ID)
    assert checker.not_applicable == {}


def test_checker__before_any_step__has_tested_nothing_and_is_blind() -> None:
    """A search that did nothing can't say that anything holds."""
    checker = Checker(PROPERTIES, ALL, ALPHABET)
    assert set(checker.untested) == set(BY_ID)
    assert checker.is_blind


def test_checker__that_saw_a_step__has_seen_the_canary_and_does_not_tell_it() -> None:
    checker = Checker([BY_ID["ISO-1"]], ALL, ALPHABET)
    assert checker.check_step(transition(STATE)) == []
    assert checker.canaries == 1
    assert not checker.is_blind
    assert checker.untested == []


def test_checker__that_sees_no_violation_at_all__is_blind(monkeypatch: pytest.MonkeyPatch) -> None:
    checker = Checker([BY_ID["ISO-1"]], ALL, ALPHABET)
    monkeypatch.setattr(checker, "_look", lambda due, subject: [])
    checker.check_step(transition(STATE))
    assert checker.is_blind


@pytest.mark.parametrize(
    ("property_id", "after", "told"),
    [pytest.param(*violation, marks=pytest.mark.property(violation[0])) for violation in VIOLATIONS],
)
def test_predicate__of_a_state_that_breaks_its_property__says_where(
    property_id: str, after: VaultState, told: str
) -> None:
    (violation,) = Checker([BY_ID[property_id]], ALL, ALPHABET).check_step(transition(after))
    assert violation.property_id == property_id
    assert told in violation.message


def test_named__of_an_open__is_the_new_position() -> None:
    """What an open names is what it made; an overwritten position is not new."""
    opening = Open(TRADERS[2], 1, 1, 0, 0)
    fresh = replace(STATE, positions=STATE.positions | {3: POSITION})
    assert transition(fresh, opening).named == 3
    assert transition(replace(STATE, positions={1: POSITION, 2: POSITION}), opening).named is None


@dataclass(frozen=True, slots=True)
class OpenReferred(Action):
    """Open a position, with a flag that has no neutral value."""

    kind = Kind.OPENS
    account: Trader
    size: Size
    margin: Assets
    referred: Truth


@dataclass(frozen=True, slots=True)
class GiveAway(Action):
    """Donate to the vault, which needs not be said."""

    kind = Kind.DONATES
    account: Anyone
    assets: Assets


@dataclass(frozen=True, slots=True)
class ExecuteClose(Action):
    """Carry out a close that was asked for."""

    kind = Kind.EXECUTES
    account: Anyone
    position: Position


def test_checker__of_actions_that_cannot_be_made__does_not_try_them() -> None:
    """What is looked at is looked at all the same; what would be tried is not applicable, and said to be."""
    offered = ALL - {Kind.INCREASES}
    checker = Checker(PROPERTIES, offered, Alphabet({OpenReferred}))
    assert checker.missing["VAL-1"] >= {Kind.OPENS, Kind.CLOSES}
    assert not checker.missing.keys() & {"ISO-1", "ISO-3", "ADL-1"}
    assert checker.missing["VAL-2"] == {Kind.INCREASES}


def test_described__of_needs__names_actions_by_what_they_do() -> None:
    assert described({Kind.CLOSES, Ability.GAS}) == [
        "an action that realises all of a position",
        "the gas of the last action",
    ]


def test_briefly__of_needs__names_totals_without_what_they_are() -> None:
    needs = {Ability.GAS, Total.SUPPLIED, Total.BORROWED}
    assert briefly(needs) == "the gas of the last action, the totals borrowed, supplied"
    assert briefly({Total.RESERVE}) == "the total reserve"
    assert briefly(()) == ""


@pytest.mark.property("CUS-1")
@pytest.mark.parametrize("donation", [Donate(OWNER, VAULT, 7), GiveAway(OWNER, 7)], ids=["ours", "theirs"])
def test_custody__of_a_donation__is_no_violation_where_it_is_all_that_came(donation: Action) -> None:
    """Tokens sent to the vault are nobody's there; an adapter's own donation may have one place to go."""
    after = replace(STATE, totals=STATE.totals | {"vault_tokens": 207})
    checker = Checker([BY_ID["CUS-1"]], ALL, ALPHABET)
    assert checker.check_step(transition(after, donation)) == []
    assert checker.tested["CUS-1"] == 1
    (violation,) = checker.check_step(transition(after, replace(donation, assets=8)))
    assert violation.property_id == "CUS-1"


@pytest.mark.property("ACC-1")
def test_access__of_an_execution_by_anyone__is_by_the_rules() -> None:
    """Its owner has asked for it before."""
    checker = Checker([BY_ID["ACC-1"]], ALL, ALPHABET)
    assert checker.check_step(transition(STATE, ExecuteClose(OWNER, 1))) == []
    assert checker.check_step(transition(STATE, Close(OWNER, 1, 0, 0))) != []


@dataclass(frozen=True, slots=True)
class OrderClose(Action):
    """Ask for a close, for a fee to who carries it out."""

    kind = Kind.LEAVES_POSITIONS
    account: Trader
    position: Position


@pytest.mark.property("ISO-5")
def test_loss__of_what_an_owner_pays_for_an_order__is_none_on_the_position() -> None:
    """What another makes the owner pay is."""
    checker = Checker([BY_ID["ISO-5"]], ALL, ALPHABET)
    poorer = replace(STATE, accounts=STATE.accounts | {TRADERS[0]: AccountState(999)})
    assert checker.check_step(transition(poorer, OrderClose(TRADERS[0], 1))) == []
    assert checker.check_step(transition(poorer, OrderClose(TRADERS[1], 1))) != []


class Worthless:
    """Values every position at its margin, of which nearly all is required."""

    def book(self, state: VaultState, moment: Moment) -> SimpleBook:
        """Return the book."""
        values = {number: Valued(held.margin, 100, 0, 99) for number, held in state.positions.items()}
        return SimpleBook(moment.answer, values)


@pytest.mark.parametrize(
    ("property_id", "after"),
    [
        pytest.param("EXI-1", {2: STATE.positions[2]}, marks=pytest.mark.property("EXI-1")),
        pytest.param("LIQ-7", {1: replace(POSITION, margin=98)}, marks=pytest.mark.property("LIQ-7")),
    ],
)
def test_execution__of_an_order__is_looked_at_like_the_trade(
    property_id: str, after: dict[int, PositionState]
) -> None:
    """A close must pay, and a trade leave the position safe, whenever it is carried out."""
    state = replace(STATE, positions=STATE.positions | after if 1 in after else after)
    executed = Transition(STATE, Step(ExecuteClose(OWNER, 1), 0), Done(None, ()), state, NOW, Worthless())
    (violation,) = Checker([BY_ID[property_id]], ALL, ALPHABET).check_step(executed)
    assert violation.property_id == property_id


@dataclass(frozen=True, slots=True)
class Reduce(Action):
    """Realise a part."""

    kind = Kind.DECREASES
    account: Trader
    position: Position
    size: SizeDelta


@pytest.mark.property("LIQ-7")
@pytest.mark.parametrize(("margin", "is_worse"), [(90, False), (89, True)])
def test_reduction__of_a_liquidatable_position__must_not_make_it_lack_more(
    margin: int, is_worse: bool
) -> None:
    """By the isolated-margin rules it must make it safe."""
    before = replace(STATE, positions={1: replace(POSITION, margin=90)})
    after = replace(STATE, positions={1: replace(POSITION, size=POSITION.size // 2, margin=margin)})
    reduced = Transition(before, Step(Reduce(TRADERS[0], 1, 1), 0), Done(None, ()), after, NOW, Worthless())
    for abilities, is_broken in ((ALL - {Ability.RULES}, is_worse), (ALL, True)):
        found = Checker([BY_ID["LIQ-7"]], abilities, ALPHABET).check_step(reduced)
        assert bool(found) == is_broken
