"""For pytest: ``check_vault``, function and fixture, searches a vault; ``assert_holds`` runs a call sequence;
``state_machine`` makes a Hypothesis state machine of a vault.

pytest loads this module as a plugin in every run. What searches and replays is imported when it is called,
which takes 0.9 s; this module alone takes 1 ms (``python -X importtime``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from hypothesis.stateful import RuleBasedStateMachine

    from ringfence.engine.result import SearchResult
    from ringfence.engine.target import Target
    from ringfence.types.actions import Action, CallSequence
    from ringfence.types.finding import Finding
    from ringfence.types.market import VaultMarket

SECONDS: Final = 10
SEED: Final = 1


class VaultFails(AssertionError):
    """A property is violated or was never tested; the message has it and the shrunk call sequence."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options that override the arguments of ``check_vault``."""
    group = parser.getgroup("ringfence")
    group.addoption("--ringfence-seconds", type=float, help="Search each vault for N seconds.")
    group.addoption("--ringfence-seed", type=int, help="Repeat the search with this seed.")


@pytest.fixture(name="check_vault")
def check_vault_fixture(pytestconfig: pytest.Config) -> Callable[..., SearchResult]:
    """Return ``check_vault``; options of the command line override its arguments."""
    options = {"seconds": pytestconfig.option.ringfence_seconds, "seed": pytestconfig.option.ringfence_seed}
    given = {name: value for name, value in options.items() if value is not None}

    def checked(adapter: type[Any], **arguments: Any) -> SearchResult:
        __tracebackhide__ = True
        return check_vault(adapter, **arguments | given)

    return checked


def check_vault(
    adapter: type[Any],
    *,
    seconds: float = SECONDS,
    seed: int = SEED,
    runs: int | None = None,
    against: type[Any] | None = None,
) -> SearchResult:
    """Search a vault for N seconds, or for N call sequences; return what was searched.

    ``against`` is the adapter of another version, which the vault is compared with after every step.

    Raises:
        VaultFails: a property is violated, one that applies was never tested, or the adapter does not see all
            of the vault's storage or does not keep to its protocol.
    """
    from ringfence.engine.budget import Budget
    from ringfence.engine.loading import check
    from ringfence.engine.search import Search
    from ringfence.report.search_tables import problems

    __tracebackhide__ = True
    for each in filter(None, (adapter, against)):
        check(each)
    target = _target(adapter, against)
    result = Search(target, seed).run(Budget(runs, seconds))
    if not result.is_clean:
        finding = None if result.fault else result.finding
        raise VaultFails(_shown(finding, target) if finding else "\n".join(problems(result)))
    return result


def state_machine(adapter: type[Any]) -> type[RuleBasedStateMachine]:
    """Return a Hypothesis state machine of a vault; its ``TestCase`` is a test for pytest and ``ape test``.

    Each action of the vault is a rule, each parameter an argument, ``wait`` the delay in seconds. An adapter
    with a class of ``rules`` has these instead. Settings, profiles and the example database are Hypothesis'
    own. A test fails with the id and the sentence of a property that does not hold, for each such property
    with a shrunk call sequence.

    Raises:
        AdapterFault: the adapter does not state what it must; also in the test, when it does not keep to its
            protocol.
    """
    from ringfence.engine.state_machine import state_machine as made_of

    return made_of(adapter)


class Calls:
    """The methods of an adapter, each of which, when called, adds its action to ``sequence``.

    ``wait`` is the delay in seconds before it; 0 is in the same block. ``blocks`` are N blocks more, where
    the adapter's facts have a ``block_time``.
    """

    def __init__(self, actions: Iterable[type[Action]], block_time: int = 0) -> None:
        self.sequence: CallSequence = ()
        self._block_time = block_time
        self._actions = {each.python_name: each for each in actions}

    def __getattr__(self, method: str) -> Callable[..., None]:
        """Return what adds a step; raises AttributeError for what is no action."""
        from ringfence.types.actions import Step

        if method not in self._actions:
            raise AttributeError(f"the vault has no action {method!r}")

        def call(account: str, *, wait: int = 0, blocks: int = 0, **values: Any) -> None:
            if blocks and not self._block_time:
                raise TypeError("blocks take a time where the adapter's facts have a block_time")
            seconds = wait + blocks * self._block_time
            self.sequence += (Step(self._actions[method](account, **values), seconds),)

        return call


@contextmanager
def assert_holds(
    adapter: str | type[Any],
    property_id: str | None = None,
    *,
    market: str | VaultMarket | None = None,
    chain: str = "revm",
    against: str | type[Any] | None = None,
) -> Iterator[Calls]:
    """Give the methods of an adapter, then run the call sequence that is made of their calls.

    Its model must agree after every step, or ``against``, another version of it; and a given property hold.
    The vault is an adapter, or the name of one; ``market`` is its first if not given.

    Raises:
        AssertionError: a mismatch or a violation; the message is the call sequence, step by step.
        AdapterFault, CannotStart: there is no such adapter, or its vault can't be started.
        ChainUnavailable: there is no such chain.
    """
    from ringfence.engine.replay import replay, with_blocks_of
    from ringfence.evm.chains import connect
    from ringfence.report.text import frames_shown, plain

    target = _target(adapter, against)
    calls = Calls(target.actions, target.limits.block_time)
    yield calls
    with connect(chain, target.code_size_limit) as connected:
        system = target.system(market or next(iter(target.markets)), connected)
        sequence = with_blocks_of(connected, calls.sequence)
        frames = list(replay(system, sequence, property_id))
    if frames[-1].fails:
        raise AssertionError(plain("", frames_shown(frames, system.market)))


def _target(adapter: str | type[Any], against: str | type[Any] | None = None) -> Target:
    from ringfence.engine.loading import load
    from ringfence.engine.target import Target

    other = _target(against) if against else None
    return Target(load(adapter), adapter, other) if isinstance(adapter, str) else Target(adapter, "", other)


def _shown(finding: Finding, target: Target) -> str:
    """Return a finding as text, its call sequence step by step."""
    from ringfence.engine.replay import replay
    from ringfence.report.text import frames_shown, headlines, plain

    frames = list(replay(target.system(finding.market), finding.sequence, finding.property_id))
    return plain(*headlines(finding), "", frames_shown(frames, finding.market))
