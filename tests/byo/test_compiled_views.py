"""Compiled views answer what the EVM answers, whatever was written, made or undone in between."""

from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
from ringfence.evm.chains.base import Reverted
from ringfence.evm.chains.revm import RevmChain
from ringfence.evm.projects import solidity
from ringfence.evm.views import compiled
from ringfence.evm.views.compiled import ViewMiscompiled
from ringfence.evm.workspace import Workspace
from ringfence.types.roles import OWNER, STRANGER, TRADERS

PLAIN = "a b flag tag who key name at fresh age total all hashed divided raised asked here required sender"
VIEWS = (*PLAIN.split(), "codeSize", "child")
NAMES = (OWNER, *TRADERS[:2])
WORDS = (0, -1, 5, -7, 2**127 - 1, 1 - 2**126)
WAITS = (0, 0, 1, 100, 101)


@pytest.fixture
def workspace() -> Workspace:
    """Return a workspace with two contracts that know each other."""
    made, project = Workspace(RevmChain()), solidity(Path(__file__).parent / "compiled_views")
    for name in ("views", "other"):
        made.deploy(name, project["Views"])
    made.do(OWNER, "views", "point", "other")
    return made


def answers(workspace: Workspace, *, is_compiled: bool) -> list[Any]:
    """Return what every view answers, as bytes, and how it refuses."""
    found: list[Any] = []
    for name in VIEWS:
        try:
            found.append(asked(workspace, name, is_compiled=is_compiled))
        except Reverted as reverted:
            found.append(reverted.output)
    return found


def asked(workspace: Workspace, name: str, *, is_compiled: bool) -> bytes:
    """Return a view's answer, of a question that is kept or of the EVM."""
    call = workspace.contracts["views"], workspace.calldata("views", name), workspace.book.text(STRANGER)
    if not is_compiled:
        return workspace.chain.call(*call)
    questions = workspace.__dict__.setdefault("kept", {})
    if name not in questions:
        assert isinstance(workspace.chain, RevmChain)
        questions[name] = workspace.chain.prepared(*call)
    answer: bytes = questions[name]()
    return answer


def write(workspace: Workspace, random: Random) -> None:
    """Change some of the words, at some time; now and then make a contract."""
    words = random.choice(WORDS), random.choice((0, 1, -1, 3)), random.random() < 0.6, random.choice(NAMES)
    text = "x" * random.choice((0, 1, 31, 32, 70))
    seconds = random.choice(WAITS)
    workspace.send(OWNER, "views", "set", *words, random.randrange(10**6), text, seconds=seconds)
    if random.random() < 0.1:
        workspace.send(OWNER, "views", "make")


@pytest.mark.parametrize("seed", range(3))
def test_compiled__after_writes_and_ways_back__answers_as_the_evm(workspace: Workspace, seed: int) -> None:
    random, marks = Random(seed), [workspace.chain.snapshot()]
    for _ in range(150):
        if random.random() < 0.15 and len(marks) < 50:
            marks.append(workspace.chain.snapshot())
        if random.random() < 0.15:
            del marks[random.randrange(len(marks)) + 1 :]
            workspace.chain.restore(marks[-1])
        write(workspace, random)
        assert answers(workspace, is_compiled=True) == answers(workspace, is_compiled=False)


def test_compiled__asked_again__asks_the_evm_now_and_then(workspace: Workspace) -> None:
    chain = workspace.chain
    assert isinstance(chain, RevmChain)
    for _ in range(compiled.ASKED_BEFORE):
        workspace.read("views", "total")
    asked = [chain.messages]
    for _ in range(3):
        for _ in range(compiled.SELDOM):
            workspace.read("views", "total")
        asked.append(chain.messages)
    assert [later - earlier for earlier, later in pairwise(asked)] == [8, 1, 1]


def test_compiled__answer_depends_on_gas__is_asked_of_the_evm(workspace: Workspace) -> None:
    chain = workspace.chain
    assert isinstance(chain, RevmChain)
    before = chain.messages
    for _ in range(20):
        workspace.read("views", "left")
    assert chain.messages - before == 20


def test_compiled__wrong_path__is_found_by_the_shadow(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = (7).to_bytes(32)
    monkeypatch.setattr(compiled.CompiledViews, "compiled", lambda *_: lambda: wrong)
    for _ in range(compiled.ASKED_BEFORE + compiled.SHADOWED - 1):
        workspace.read("views", "key")
    with pytest.raises(ViewMiscompiled, match="differs from the EVM"):
        workspace.read("views", "key")


def test_question__a_name_is_learned__is_in_the_next_answer(workspace: Workspace) -> None:
    """An answer that was decoded is not kept past the moment in which an address gets a name."""
    workspace.do(OWNER, "views", "make")
    address = workspace.read("views", "made")
    assert isinstance(address, str)
    workspace.know("child", workspace.artifacts["other"], address)
    assert workspace.read("views", "made") == "child"
