"""Mutated steps can be sent: every value still fits its type, and whoever sends or signs has a key."""

from random import Random

import pytest
from ringfence.engine.corpus.packing import packed, unpacked
from ringfence.engine.generators.mutation import Again, Repeatable, changed, mutated
from ringfence.evm.signing import Flaw
from ringfence.types.actions import Step
from ringfence.types.roles import ACCOUNTS, NOBODY, OWNER, POOL, TOKEN, TRADERS, VAULT
from ringfence.vaults.isolated_margin import actions

UNSIGNED = ["position", "margin", "limit_price_wad", "deadline", "nonce", "amount", "shares", "assets", "age"]
ENDS = (0, 1, 2**255 - 1, 2**255, 2**256 - 1)
STEPS = [
    *(Step(actions.Open(TRADERS[0], min(end, 2**255 - 1), end, end, end), 1) for end in ENDS),
    *(Step(actions.Open(TRADERS[0], -min(end, 2**255), end, end, end), 0) for end in ENDS),
    *(Step(actions.SetPrice(TRADERS[0], min(end, 2**255 - 1), 0), 0) for end in ENDS),
    *(Step(actions.SetPrice(TRADERS[0], -min(end, 2**255), 0), 0) for end in ENDS),
    Step(actions.SetOperatorWithSig(TRADERS[0], NOBODY, POOL, 7, 0, 0, 0, TRADERS[1], Flaw.NONE), 0),
    Step(actions.Approve(TRADERS[0], TOKEN, POOL, 2**256 - 1), 0),
    Step(actions.TransferSharesFrom(TRADERS[0], NOBODY, POOL, 0), 0),
    Step(actions.Donate(TRADERS[0], POOL, 0), 0),
    Step(actions.Close(TRADERS[0], 2**256 - 1, 0, 1), 0),
]


@pytest.mark.parametrize("step", STEPS, ids=repr)
def test_changed__any_value__still_fits(step: Step) -> None:
    random = Random(1)
    for _ in range(300):
        step = changed(step, random)
        action = step.action
        assert step.seconds >= 0
        assert action.account in ACCOUNTS
        assert getattr(action, "signer", TRADERS[0]) in ACCOUNTS
        assert -(2**255) <= getattr(action, "size", 0) < 2**255
        assert -(2**255) <= getattr(action, "answer", 0) < 2**255
        assert all(0 <= getattr(action, name, 0) < 2**256 for name in UNSIGNED)
        assert getattr(action, "token", TOKEN) in (TOKEN, POOL)


def test_changed__where_tokens_go__is_where_they_are_observed() -> None:
    """The token itself holds none that an observation shows; it can still be what is approved of."""
    donation, approval = actions.Donate(OWNER, POOL, 1), actions.Approve(OWNER, POOL, VAULT, 1)
    donations = [changed(Step(donation, 0), Random(seed)).action for seed in range(200)]
    approvals = [changed(Step(approval, 0), Random(seed)).action for seed in range(200)]
    assert TOKEN not in {each.to for each in donations}
    assert TOKEN in {each.token for each in approvals}


def test_mutated__rearranges_steps_and_changes_values() -> None:
    source, random = Repeatable(STEPS, [None] * len(STEPS)), Random(1)
    plans = [mutated(source, source, random) for _ in range(100)]
    assert any(None in plan for plan in plans)
    same = [{again.step for again in plan if again} <= set(STEPS) for plan in plans]
    assert any(same)
    assert not all(same)


def test_again__positions__go_by_what_they_are_called_now() -> None:
    names: dict[int, int] = {}
    opening = Again(STEPS[0], 2, names)
    opening.note(5)
    adding = Again(Step(actions.AddMargin(TRADERS[0], 2, 1, TRADERS[0]), 0), None, names)
    assert adding.named() == Step(actions.AddMargin(TRADERS[0], 5, 1, TRADERS[0]), 0)
    another = Again(Step(actions.AddMargin(TRADERS[0], 1, 1, TRADERS[0]), 0), None, names)
    assert another.named() == another.step


def test_packed__steps_of_every_kind_of_value__are_unpacked_as_they_were() -> None:
    program = (*STEPS, Step(actions.Close(TRADERS[0], 3, 0, 1), 5), Step(actions.Unlock(NOBODY), 2**40))
    assert unpacked(packed(program, ["a", "b"])) == (program, ("a", "b"))
    assert packed(program, ()) != packed(program[:-1], ())
