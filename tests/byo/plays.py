"""Call sequences that a test writes, carried out on an example."""

from collections.abc import Callable
from typing import Any

import pytest
import ringfence as rf
from ringfence.evm.chains.revm import RevmChain
from ringfence.testing import Calls

Script = Callable[[Any], None]
"""Calls the methods of a vault, as ``assert_holds`` gives them."""


def played(adapter: type[Any], script: Script) -> tuple[list[rf.Outcome], rf.VaultState]:
    """Return what came of each call, and the state at the end."""
    calls, vault = Calls(adapter.actions), adapter(rf.Workspace(RevmChain()))
    script(calls)
    return [vault.apply(step) for step in calls.sequence], vault.observe()


def shows(whole: type[Any], broken: type[Any], property_id: str, script: Script) -> None:
    """Claim that a property holds in a call sequence on the whole vault, and does not on the broken one."""
    with rf.assert_holds(whole, property_id) as calls:
        script(calls)
    with pytest.raises(AssertionError, match=property_id), rf.assert_holds(broken, property_id) as calls:
        script(calls)
