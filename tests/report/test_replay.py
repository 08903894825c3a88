"""A call sequence repeated: both sides of every step, up to the one that goes wrong."""

import pytest
from ringfence.engine.findings import finding_of
from ringfence.engine.replay import BadStep, Frame, replay, with_blocks_of
from ringfence.engine.system import MODEL, System
from ringfence.engine.target import Target
from ringfence.evm.chains.revm import RevmChain
from ringfence.types.actions import Step
from ringfence.types.roles import TRADERS
from ringfence.vaults.isolated_margin.actions import AddMargin, Close, Open, Pause
from ringfence.vaults.isolated_margin.markets import INFINITE, PLAIN, SIZE

from tests.report.samples import FORGETFUL, SEQUENCE, SOUND, TOKENS, finding, system

AT_THE_OPENING = "tests.report.broken:ForgetfulAtTheOpening"
DYING = "tests.report.broken:Dying"
NEVER_CLOSES = "isolated-margin(no close while paused)"
ADDED = 2_090 * TOKENS
OPENED = Step(Open(TRADERS[0], SIZE, 20 * SIZE, INFINITE, INFINITE), 1)  # in the plain market


def frames(adapter: str) -> list[Frame]:
    """Return the frames of the sample call sequence."""
    return list(replay(system(adapter), SEQUENCE, None))


def never_closing() -> System:
    """Start a vault that refuses to close while it is paused, in the plain market."""
    return Target.named(NEVER_CLOSES).system(PLAIN)


def test_replay__a_sound_vault__goes_through_the_whole_sequence() -> None:
    """Frame 0 is the opening, and the model has a liquidation price wherever there is a position."""
    done = frames(SOUND)
    assert [frame.number for frame in done] == [0, 1, 2, 3, 4]
    assert not any(frame.fails for frame in done)
    assert [sorted(frame.liquidation_prices) for frame in done] == [[], [1], [1], [1], [1]]
    assert [frame.moment.answer // 10**8 for frame in done] == [2_000, 2_000, 2_000, 1_840, 1_840]


def test_replay__a_vault_that_differs__ends_at_that_step() -> None:
    *before, last = frames(FORGETFUL)
    assert last.number == 2
    assert not any(frame.fails for frame in before)
    by_field = {each.field: (each.model, each.chain) for each in last.differences}
    assert by_field["positions[1].margin"] == (ADDED, ADDED - 1)
    assert by_field["MarginAdded.assets"] == (100 * TOKENS, 100 * TOKENS - 1)
    wallet = by_field["accounts[trader_1].tokens"]
    assert wallet[1] - wallet[0] == 1


def test_replay__again__starts_from_the_opening_again() -> None:
    started = system(FORGETFUL)
    runs = [list(replay(started, SEQUENCE, None)) for _ in range(2)]
    assert [frame.differences for frame in runs[0]] == [frame.differences for frame in runs[1]]


def test_finding_of__from_a_longer_sequence__ends_where_it_fails() -> None:
    found = finding()
    assert found.sequence == SEQUENCE[:2]
    assert found.step == 2
    assert found.name == "positions[1].margin"
    assert found.versions.compiler == "solc 0.8.30"
    assert found.vault.code.startswith("sha256:")
    assert len(found.vault.code) == len("sha256:") + 64


def test_finding_of__from_a_sequence_that_does_not_fail__is_none() -> None:
    assert finding_of(system(SOUND), SOUND, 1, SEQUENCE, MODEL) is None


@pytest.mark.property("EXI-1")
def test_finding_of__of_what_only_a_probe_shows__has_the_probe_as_steps() -> None:
    found = finding_of(never_closing(), NEVER_CLOSES, 1, (OPENED,), "EXI-1")
    assert found is not None
    assert found.property_id == "EXI-1"
    kinds = [type(step.action) for step in found.sequence]
    assert kinds[1:] == [Pause, Close]
    assert found.cause.differences[0].field == "outcome"


@pytest.mark.property("EXI-1")
def test_replay__of_a_property__looks_at_that_property_alone() -> None:
    started = never_closing()
    *_, last = replay(started, (OPENED,), "EXI-1")
    assert [each.property_id for each in last.violations] == ["EXI-1"]
    assert not any(frame.fails for frame in replay(started, (OPENED,), "ISO-1"))


def test_replay__a_value_that_no_transaction_holds__names_the_step() -> None:
    """A finding file may ask for what can't be sent."""
    program = (SEQUENCE[0], Step(AddMargin(TRADERS[0], 1, -1, TRADERS[0]), 1))
    with pytest.raises(BadStep, match=r"^Step 2 can't be sent: "):
        list(replay(system(SOUND), program, None))


def test_replay__a_chain_that_is_lost__names_the_step() -> None:
    """What was done before it has been shown."""
    done = []
    with pytest.raises(BadStep, match=r"^The chain was lost at step 2: Connection refused\.$"):  # noqa: PT012 - frames before the loss are yielded
        for frame in replay(system(DYING), SEQUENCE, None):
            done.append(frame.number)
    assert done == [0, 1]


def test_replay__a_vault_without_a_model__shows_the_chain_alone() -> None:
    frames = list(replay(system(DYING), SEQUENCE[:1], None))
    assert [frame.model for frame in frames] == [None, None]
    assert not any(frame.fails for frame in frames)


def test_with_blocks_of__a_chain_without_shared_blocks__lets_a_second_pass() -> None:

    class Lonely(RevmChain):
        shares_blocks = False

    program = (Step(Pause(TRADERS[0]), 0), Step(Pause(TRADERS[0]), 5))
    assert [step.seconds for step in with_blocks_of(Lonely(), program)] == [1, 5]
    assert with_blocks_of(RevmChain(), program) == program


def test_replay__a_vault_that_differs_at_once__ends_at_the_opening() -> None:
    (frame,) = frames(AT_THE_OPENING)
    assert (frame.number, frame.step) == (0, None)
    assert frame.differences
    found = finding_of(system(AT_THE_OPENING), AT_THE_OPENING, 1, SEQUENCE, MODEL)
    assert found is not None
    assert (found.step, found.sequence, found.property_id) == (0, (), None)
