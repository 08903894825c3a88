"""Marks say exactly what was reached, and change nothing."""

from pathlib import Path

import pytest
from ringfence.evm.abi import AddressBook, Interface
from ringfence.evm.artifacts import Artifact
from ringfence.evm.chains.base import Call, Receipt
from ringfence.evm.chains.revm import RevmChain
from ringfence.evm.projects import solidity
from ringfence.evm.projects.rewriting import rewriting
from ringfence.measure.coverage.instrument import Instrumentation
from ringfence.measure.coverage.lcov import tracefile
from ringfence.measure.coverage.marks import hits_of
from ringfence.measure.coverage.reached import Reached
from ringfence.types.outcome import Value
from ringfence.types.roles import OWNER, addresses

SOURCE = Path(__file__).with_name("Tiny.sol")
ANY_SIZE = 2**20
CALLS = [
    *(("add", x) for x in (0, 1, 5, 10, 11, 13, 14, 15, 2**256 - 1)),
    *(("pick", x) for x in (True, False)),
    *(("refuse", x) for x in (7, 8)),
    *(("sum", n) for n in (0, 1, 9, 30, 2**255)),
    ("isPositive", "tiny"),
    ("isPositive", "owner"),
    ("nothing",),
    ("total",),
]
HEAD = ["TN:", "SF:/project/Tiny.sol"]
BRANCHES = [  # x > 0; x > 10, x == 13, x == 14; x == 5; ...; the clauses of a try
    *((9, "10"), (14, "10"), (14, "01"), (14, "01"), (15, "--"), (21, "10"), (25, "10")),
    *((30, "--"), (31, "--"), (34, "--"), (41, "--"), (45, "---")),
]
FUNCTIONS = {"add": 13, "pick": 20, "refuse": 24, "sum": 29, "isPositive": 44, "nothing": 54}


class Tiny:
    """The contract, and what calls of it have reached."""

    def __init__(self, artifact: Artifact, marks: Instrumentation) -> None:
        self._chain, self._marks = RevmChain(ANY_SIZE), marks
        self._sender = addresses()[OWNER]
        self.address = self._chain.deploy(artifact.bytecode, self._sender)
        self._interface = Interface(artifact.abi, AddressBook({OWNER: self._sender, "tiny": self.address}))

    def do(self, function: str, *args: Value) -> Receipt:
        """Send a call."""
        return self._chain.send(Call(self._sender, self.address, self._interface[function].call(*args)), 1)

    @property
    def reached(self) -> Reached:
        """Return what was reached so far."""
        return Reached(self._marks.points, self._marks.texts, hits_of(self._chain))


def compiled(folder: Path, *, is_instrumented: bool = True) -> tuple[Artifact, Instrumentation]:
    """Compile the contract in a folder of its own."""
    (folder / SOURCE.name).write_text(SOURCE.read_text(encoding="utf-8"), encoding="utf-8")
    marks, project = Instrumentation(), solidity(folder)
    if not is_instrumented:
        return project["Tiny"], marks
    with rewriting(lambda _, sources, trees: marks.of(sources, trees(), {each: each for each in sources})):
        return project["Tiny"], marks


@pytest.fixture(scope="module")
def instrumented(tmp_path_factory: pytest.TempPathFactory) -> tuple[Artifact, Instrumentation]:
    """Return the contract with marks, and what they stand for."""
    return compiled(tmp_path_factory.mktemp("instrumented"))


@pytest.fixture
def tiny(instrumented: tuple[Artifact, Instrumentation]) -> Tiny:
    """Return the contract on a chain where nothing has been called."""
    return Tiny(*instrumented)


def ways(tiny: Tiny) -> set[str]:
    """Return the ways gone, without their places."""
    return {f"{way.text} is {way.way}" for way in tiny.reached.ways()}


def test_tracefile__of_known_calls__is_exactly_what_they_reach(tiny: Tiny) -> None:
    """Lines, functions and both ways of each condition, one taken, one not, or never evaluated."""
    tiny.do("add", 15)
    tiny.do("refuse", 7)
    tiny.do("pick", True)
    text = tracefile(tiny.reached.files(), Path("/project"))
    reached = {"add", "refuse", "pick"}
    assert text.splitlines() == [
        *HEAD,
        *(f"FN:{line},Tiny.{name}" for name, line in FUNCTIONS.items()),
        *(f"FNDA:{int(name in reached)},Tiny.{name}" for name in FUNCTIONS),
        "FNF:6",
        "FNH:3",
        *(
            f"BRDA:{line},{block},{way},{hit}"
            for block, (line, hits) in enumerate(BRANCHES)
            for way, hit in enumerate(hits)
        ),
        "BRF:25",
        "BRH:6",
        *("DA:9,1", "DA:14,1", "DA:15,0", "DA:16,0", "DA:17,1", "DA:21,1", "DA:25,1", "DA:26,0"),
        *(f"DA:{line},0" for line in (30, 31, 32, 34, 36, 38, 41, 45, 46, 48, 50)),
        "LF:19",
        "LH:5",
        "end_of_record",
    ]


@pytest.mark.parametrize(
    ("call", "way"),
    [
        (("refuse", 7), "x == 7 is true"),
        (("add", 0), "x > 0 is false"),
        (("sum", 2**255), "i < n is true"),  # out of gas
    ],
    ids=["revert", "require", "out of gas"],
)
def test_ways__of_a_call_that_is_reverted__count(tiny: Tiny, call: tuple[str, int], way: str) -> None:
    """A refusal is reached as much as a success: what a revert undoes, marks are no part of."""
    assert not tiny.do(*call).ok
    assert way in ways(tiny)


@pytest.mark.parametrize(
    ("other", "clause"), [("tiny", "success"), ("owner", None)], ids=["a contract", "an account without code"]
)
def test_ways__of_a_try__are_its_clauses(tiny: Tiny, other: str, clause: str | None) -> None:
    """The clause that was entered is gone; a call that never got to the ``try`` went none."""
    tiny.do("isPositive", other)
    entered = {way.way for way in tiny.reached.ways() if way.text.startswith("try")}
    assert entered == ({clause} if clause else set())


def test_marks__in_a_contract__change_no_outcome(
    instrumented: tuple[Artifact, Instrumentation], tmp_path: Path
) -> None:
    """With marks and without, every call succeeds or fails alike and returns the same bytes."""
    with_marks, without = Tiny(*instrumented), Tiny(*compiled(tmp_path, is_instrumented=False))
    for name, *args in CALLS:
        first, second = with_marks.do(str(name), *args), without.do(str(name), *args)
        assert (first.ok, first.output) == (second.ok, second.output), (name, args)
    missed = {f"{way.text} is {way.way}" for way in with_marks.reached.missed()}
    assert missed == {"try Tiny(other).pick(true) is catch", "try Tiny(other).pick(true) is catch Error"}


def test_ways__before_any_call__are_none(tiny: Tiny) -> None:
    """Nothing is reached by deploying a contract without a constructor, and what is missed is everything."""
    assert not tiny.reached.ways()
    assert len(tiny.reached.missed()) == 25
