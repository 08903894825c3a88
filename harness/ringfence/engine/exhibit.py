"""What a finding is about, started on a chain: a vault that laws look at, beside its model if it has one.

An adapter is named ``package.module:callable`` and called with a chain and a market's setup; a text in
brackets after it, the name of a specimen say, is its third argument. It returns the vault at the market's
opening: alone, in step with a model, in a contest where every law looks at it, or as an ``Exhibit``.
"""

import hashlib
import re
from collections.abc import Callable
from importlib import import_module
from typing import Any, Final

from ringfence.engine.contest import Contest
from ringfence.engine.inspection import Inspection, Subject
from ringfence.engine.lockstep import Divergence, Lockstep
from ringfence.evm.chains.base import Chain, Reverted
from ringfence.evm.workspace import NotDeployed
from ringfence.properties import PROPERTIES, Checker
from ringfence.types.adapter import RewindableVault
from ringfence.types.errors import RingfenceError
from ringfence.types.moment import Moment
from ringfence.vaults.isolated_margin.markets import MarketSetup

OURS: Final = "ringfence.vaults.isolated_margin.market:market"
SOLC_METADATA: Final = re.compile(rb"dsolcC(...)", re.DOTALL)  # CBOR: the text "solc" and three bytes
ADAPTER: Final = re.compile(r"(?P<module>[\w.]+):(?P<name>\w+)(\((?P<argument>[^()]*)\))?")


class CannotStart(RingfenceError):
    """A vault cannot be had, or not on this chain. The message is one sentence that names its adapter."""


class Exhibit:
    """A vault at the opening of its market, and its model in the same state."""

    def __init__(self, inspection: Inspection, model: RewindableVault | None) -> None:
        """Remember where they are now; ``code`` and ``compiler`` are what the vault's code tells."""
        self.inspection, self.model = inspection, model
        self.code, self.compiler = code_of(inspection.subject.vault), compiler_of(inspection.subject.vault)
        self._mark = model.snapshot() if model else None

    def restart(self) -> None:
        """Go back to the opening."""
        self.inspection.restart()
        if self.model:
            self.model.restore(self._mark)


def exhibit(adapter: str, chain: Chain, setup: MarketSetup) -> Exhibit:
    """Start a vault; raises CannotStart."""
    begin = starter(adapter)
    try:
        started = begin(chain, setup)
    except Divergence as parted:
        told = f"part already in the opening of market {setup.name}: {parted.differences[0]}"
        raise CannotStart(f"The vault of {adapter} and its model {told}.") from None
    except (Reverted, NotDeployed) as refusal:
        told = f"it reverts with 0x{refusal.output.hex()}"
        reason = told if refusal.output else "it reverts, or its code is too large"
        told = f"can't be deployed on {chain.name} in market {setup.name}: {reason}"
        raise CannotStart(f"The vault of {adapter} {told}.") from None
    match started:
        case Exhibit():
            return started
        case Contest():
            return Exhibit(started.watched.inspection, started.model)
        case Lockstep():
            return Exhibit(_unwatched(started.vault, setup), started.model)
        case _:
            return Exhibit(_unwatched(started, setup), None)


def starter(adapter: str) -> Callable[[Chain, MarketSetup], Any]:
    """Return what starts a vault; raises CannotStart."""
    parts = ADAPTER.fullmatch(adapter)
    if parts is None:
        raise CannotStart(f"{adapter!r} is no adapter: write package.module:callable.")
    try:
        found = getattr(import_module(parts["module"]), parts["name"])
    except ModuleNotFoundError as missing:
        raise CannotStart(
            f"The adapter {adapter} cannot be imported: there is no module {missing.name}."
        ) from None
    except AttributeError:
        raise CannotStart(
            f"The adapter {adapter} cannot be had: {parts['module']} has no {parts['name']}."
        ) from None
    if parts["argument"] is None:
        return found  # type: ignore[no-any-return]  # whatever the user's module holds
    return lambda chain, setup: found(chain, setup, parts["argument"])


def code_of(vault: object) -> str:
    """Return the hash of a vault's creation code; an adapter need not tell that code."""
    code: bytes = getattr(vault, "creation_code", b"")
    return code_hash(code) if code else ""


def code_hash(code: bytes) -> str:
    """Return the hash by which a vault's creation code is told from another's."""
    return f"sha256:{hashlib.sha256(code).hexdigest()}"


def compiler_of(vault: object) -> str:
    """Return the compiler that a vault's code names in its metadata; ``unknown`` without."""
    found = SOLC_METADATA.search(getattr(vault, "creation_code", b""))
    return f"solc {'.'.join(map(str, found[1]))}" if found else "unknown"


def _unwatched(vault: RewindableVault, setup: MarketSetup) -> Inspection:
    """Return the inspection of a vault that no law looks at, at the opening of its market."""
    now: int = getattr(vault, "timestamp", 0)  # an adapter need not tell the time
    subject = Subject(vault, None, Moment(now, setup.answer, now, False))
    return Inspection(subject, Checker(PROPERTIES, subject.abilities, subject.actions).only())
