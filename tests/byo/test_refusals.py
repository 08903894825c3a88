"""Refusals: by the text of a ``require``, by a panic's code, and against what an action expects."""

from pathlib import Path

import pytest
import ringfence as rf
from ringfence.engine.findings import shape_of
from ringfence.engine.stats import Stats
from ringfence.engine.target import Target
from ringfence.evm.workspace import NoSuchPosition
from ringfence.types.actions import Step
from ringfence.types.kinds import Kind
from ringfence.types.roles import OWNER

from tests.byo.paper_vault import PaperVault
from tests.byo.searches import searched

NOTIONAL = Path(__file__).parents[2] / "examples" / "notional-vault" / "adapter.py"
SMALL = "the margin is too small"


class Strict(PaperVault):
    """Says in the words of a ``require`` why it refuses an open."""

    @rf.action(rf.OPENS, refusals=(SMALL, "TooPoor"))
    def open(self, account: rf.Trader, size: rf.Size, margin: rf.Assets) -> rf.Outcome:
        if margin == 0:
            return rf.Refused("Error", ("nothing at all",))
        if margin < 100:
            return rf.Refused("Error", (SMALL,))
        return (
            rf.Refused("TooPoor", ())
            if margin > self.accounts[account]
            else super().open(account, size, margin)
        )


class Expected(Strict):
    """Expects all of them."""

    @rf.action(rf.OPENS, refusals=(SMALL, "TooPoor", "nothing at all"))
    def open(self, account: rf.Trader, size: rf.Size, margin: rf.Assets) -> rf.Outcome:
        return super().open(account, size, margin)


def test_refusals__one_that_is_not_expected__is_a_finding() -> None:
    done = searched(Strict, 60)
    assert done.finding
    (cause,) = done.findings
    assert (cause.property_id, cause.action, cause.detail) == ("DOM-1", "Open", "nothing at all")
    (step,) = done.finding.sequence
    assert step.action.assets_moved == 0


def test_refusals__all_expected__are_no_finding() -> None:
    done = searched(Expected, 60)
    assert done.finding is None
    refused = {end for action, end in done.stats.outcomes if action == "Open"} - {"done"}
    assert {SMALL, "nothing at all"} <= refused <= {SMALL, "nothing at all", "TooPoor", "NoSuchPosition"}


class Keyed(PaperVault):
    """Looks up keys that were never given out, as an adapter of the guide's pattern may."""

    @rf.action(rf.ADDS_MARGIN, refusals=())
    def add_margin(self, account: rf.Trader, position: rf.Position, assets: rf.Assets) -> rf.Outcome:
        raise NoSuchPosition(position)


def test_refusals__position_without_a_key__is_no_refusal_of_the_vault() -> None:
    done = searched(Keyed, 60)
    assert done.finding is None
    assert done.stats.outcomes["AddMargin", "NoSuchPosition"]


@pytest.mark.parametrize(
    ("refused", "label"),
    [
        (rf.Refused("Error", ("too late",)), "too late"),
        (rf.Refused("Panic", (0x11,)), "Panic(0x11)"),
        (rf.Refused("Unknown", (b"\x01\x02\x03\x04\x05",)), "Unknown(0x01020304)"),
        (rf.Refused("TooPoor", (7,)), "TooPoor"),
    ],
)
def test_label__of_a_refusal__tells_texts_and_codes_apart(refused: rf.Refused, label: str) -> None:
    assert refused.label == label
    stats = Stats()
    stats.note(PaperVault.open.action(OWNER, 1, 1), refused, ())
    assert [end for _, end in stats.outcomes] == [label]


def test_cause__of_two_texts__are_two() -> None:
    assert shape_of(rf.Refused("Error", ("a",))) != shape_of(rf.Refused("Error", ("b",)))
    assert shape_of(rf.Refused("TooPoor", (1,))) == shape_of(rf.Refused("TooPoor", (2,))) == "TooPoor(int)"


def test_apply__number_out_of_bounds__is_refused_and_nothing_sent() -> None:
    """A drawn price may be negative where the parameter is unsigned: an account could not send that."""
    target = Target.named(str(NOTIONAL))
    system = target.system(next(iter(target.markets)))
    before = system.state
    move = system.actions.make(Kind.MOVES_PRICE, OWNER, answer=-1)
    assert system.apply(Step(move, 7)).outcome == rf.Refused("DoesNotFit", (-1, "uint256"))
    assert system.state == before
    opened = system.actions.make(Kind.OPENS, "trader_1", buys=True, size=10**21, assets=150 * 10**6)
    assert isinstance(system.apply(Step(opened, 5)).outcome, rf.Done)
    assert system.vault.bench.chain.timestamp == system.moment.timestamp
