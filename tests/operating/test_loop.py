"""Turn after turn: what passes is waited out, what doesn't ends the program, and so does its user."""

from threading import Event

import pytest
from ringfence.types.errors import RingfenceError
from ringfence_operations.follow.loop import repeat
from ringfence_operations.node.rpc import NodeUnreachable
from tenacity import wait_none


def turns(script: list[Exception | None], stop: Event) -> list[str]:
    """Take turns that end as ``script`` says, the last by setting ``stop``; return what was said."""
    said: list[str] = []

    def turn() -> None:
        outcome = script.pop(0)
        if not script:
            stop.set()
        if outcome is not None:
            raise outcome

    repeat(turn, stop, 0, said.append, wait_none())
    return said


def test_loop__while_the_node_is_away__are_tried_until_it_is_back() -> None:
    away = NodeUnreachable("the node does not answer")
    script = [None, away, away, away, None, None]
    assert turns(script, Event()) == ["the node does not answer; trying again", "going on"]
    assert script == []


def test_loop__when_the_first_fails__end_in_its_sentence() -> None:
    with pytest.raises(NodeUnreachable):
        turns([NodeUnreachable("away"), None], Event())


def test_loop__when_something_else_fails__end_in_its_sentence() -> None:
    with pytest.raises(RingfenceError, match="full"):
        turns([None, RingfenceError("the disk is full"), None], Event())


def test_loop__stopped_while_the_node_is_away__end_in_good_order() -> None:
    assert turns([None, None, NodeUnreachable("away")], Event()) == []
