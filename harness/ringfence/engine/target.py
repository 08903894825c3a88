"""A vault under test: its adapter, its markets, and what each is started with."""

import hashlib
import re
from collections.abc import Callable, Mapping
from functools import cached_property
from random import Random
from typing import Any, Final

from ringfence.engine.comparison import FastComparison
from ringfence.engine.features import Features
from ringfence.engine.forked import Forked
from ringfence.engine.generators.generator import Generator, acting_on, lengths_for, rules_for
from ringfence.engine.guard import ValidatedVault
from ringfence.engine.invariants import MEMBER, as_properties, invariants_of
from ringfence.engine.limits import Limits
from ringfence.engine.loading import load, name_of
from ringfence.engine.stats import Stats
from ringfence.engine.system import MODEL, System
from ringfence.engine.version_pair import OtherVersion, VersionPair, unlike
from ringfence.evm.chains.base import Chain
from ringfence.evm.chains.revm import RevmChain
from ringfence.evm.cheatcodes import provide
from ringfence.evm.projects.rewriting import current_rewriting
from ringfence.evm.workspace import NotDeployed, Workspace
from ringfence.properties import PROPERTIES, Ability, Property
from ringfence.properties.custody import with_sums
from ringfence.properties.own import Ask, own_properties
from ringfence.types.actions import Alphabet, CallSequence, Step
from ringfence.types.adapter import RewindableVault
from ringfence.types.errors import AdapterFault, RingfenceError
from ringfence.types.finding import Finding
from ringfence.types.kinds import Kind
from ringfence.types.market import VaultMarket, market_of
from ringfence.types.moment import Moment
from ringfence.types.outcome import Refused
from ringfence.types.roles import OWNER

ANY_SIZE: Final = 2**20  # bytes of code: a vault compiled without the optimiser is let in
DRAWN: Final = "drawn"  # for a market's name: another drawn one again and again
DRAWN_BY: Final = re.compile(rf"{DRAWN}-([0-9]+)")  # the name of the market that a seed draws
SOLC_METADATA: Final = re.compile(rb"dsolcC(...)", re.DOTALL)  # CBOR: the text "solc" and three bytes


class CannotStart(RingfenceError):
    """A vault cannot be had on this chain. The message is one sentence that names its adapter."""


class UnknownMarket(RingfenceError):
    """A vault has no market of that name. The message is one sentence that names those that it has."""


class Target:
    """A vault under test, by its adapter. ``name`` is what loads it again, ``workspace`` what it is given.

    ``against`` is another version of it, its reference in place of a model.
    """

    workspace: Callable[[Chain], Workspace] = Workspace

    def __init__(self, adapter: Any, name: str = "", against: "Target | None" = None) -> None:
        """Take an adapter; raises AdapterFault for one that can't be sent what ``against`` is sent."""
        self.adapter, self.name, self.against = adapter, name or name_of(adapter), against
        self.actions = Alphabet(sorted(adapter.actions, key=lambda declared: declared.name))
        markets: tuple[VaultMarket, ...] = getattr(adapter, "markets", ())
        stated: int | None = getattr(adapter, "code_size_limit", ANY_SIZE)
        self.code_size_limit = ANY_SIZE if current_rewriting() else stated
        self._is_parametrised = bool(markets)
        known = markets or (market_of(adapter.__name__, adapter.facts),)
        self.markets = {market.name: market for market in known}
        self.limits = Limits.of(adapter)
        if against:
            self._check_pair(against)

    @staticmethod
    def named(name: str, against: str = "") -> "Target":
        """Load an adapter by name, and one that it is compared with; raises AdapterFault."""
        return Target(load(name), name, Target.named(against) if against else None)

    @staticmethod
    def of(finding: Finding) -> "Target":
        """Load what a finding was found in, and against; raises AdapterFault."""
        return Target.named(finding.vault.name, finding.against.name if finding.against else "")

    @cached_property
    def properties(self) -> dict[str, str]:
        """Return the sentences of all properties, the adapter's own last, by id; raises AdapterFault.

        Those of the contracts that the adapter's ``invariants`` names are known when it has deployed.
        """
        if getattr(self.adapter, MEMBER, ()):
            found = self.system(next(iter(self.markets))).checker.properties.values()
            return {each.id: each.sentence for each in found}
        return {each.id: each.sentence for each in self._properties(lambda method, subject: ())}

    @cached_property
    def code(self) -> str:
        """Return the hash of the vault's creation code, ``""`` for an adapter that does not say it."""
        stated: Callable[[], bytes] | None = getattr(self.adapter, "code", None)
        return code_hash(stated() if stated else self.system(next(iter(self.markets))).vault)

    def market(self, name: str) -> VaultMarket:
        """Return a market by its name, ``drawn-17`` for the one that the adapter draws by the seed 17; raises
        UnknownMarket.
        """
        seed, draw = DRAWN_BY.fullmatch(name), getattr(self.adapter, "drawn_market", None)
        if seed and draw:
            drawn: VaultMarket = draw(int(seed[1]))
            return drawn
        if name not in self.markets:
            known = [*self.markets, f"{DRAWN}-1 and so on"] if draw else self.markets
            raise UnknownMarket(f"{self.name} has no market {name}: choose one of {', '.join(known)}.")
        return self.markets[name]

    def system(self, market: str | VaultMarket, chain: Chain | None = None) -> System:
        """Start the vault and its reference model; raises AdapterFault, CannotStart."""
        setup = self.market(market) if isinstance(market, str) else market
        vault = self._started(setup, chain)
        reference = self.against._as_reference_of(vault, setup) if self.against else _reference(vault)
        valuation = vault if Ability.VALUATION in vault.abilities else None
        moment = Moment(vault.timestamp, 0, 0, False)
        kind = VersionPair if self.against else System
        system = kind(
            vault,
            moment,
            setup,
            reference=reference,
            valuation=valuation,
            properties=(*self._properties(vault.ask), *as_properties(invariants_of(vault))),
            tolerances=self.tolerances,
        )
        opening = self._opening(vault, setup)
        for step, outcome in zip(opening, system.open(opening), strict=True):
            if isinstance(outcome, Refused) and system.reference is None:
                raise AdapterFault(f"{vault.name}.apply refused the first price, {step}: {outcome}.")
        return system

    def comparison(self, market: str) -> FastComparison | None:
        """Start a comparison of words, if the vault has one and it may be exact; raises Mismatched if they
        differ at once.
        """
        exact = self.against is None and not self.tolerances
        start = getattr(self.adapter, "comparison", None) if exact else None
        return start(self.market(market), self.chain()) if start else None

    @property
    def tolerances(self) -> Mapping[str, int]:
        """Return by how many units amounts of the reference model may differ, by their names."""
        stated: Mapping[str, int] = getattr(self.adapter, "tolerances", {}).get(MODEL, {})
        return stated

    def chain(self) -> RevmChain:
        """Return a new chain of this process, where code may be as large as the vault's is allowed to be."""
        return RevmChain(self.code_size_limit)

    def generator(self, market: str, system: Callable[[], System], random: Random) -> Generator:
        """Return what proposes steps in a market; raises AdapterFault."""
        acting = acting_on(self.adapter, system)
        return Generator(acting, rules_for(self.adapter), self.market(market), random)

    @property
    def lengths(self) -> tuple[int, ...]:
        """Return how many turns of the generator fresh runs take, one of these each."""
        return lengths_for(self.adapter)

    def features(self, market: str) -> Features:
        """Return what guides a search in a market, and what it must meet."""
        make = getattr(self.adapter, "features", None)
        return make(self.market(market)) if make else Features()

    def missing(self, stats: Stats) -> list[str]:
        """Return what a search should have reached and did not, a sentence each."""
        return self.features(next(iter(self.markets))).missing(stats)

    def _properties(self, ask: Ask) -> tuple[Property, ...]:
        """Return all properties with the tolerances and sums that the adapter states, its own last."""
        stated = getattr(self.adapter, "tolerances", {})
        sums = getattr(self.adapter, "sums", {})
        ours = (with_sums(each, sums) for each in PROPERTIES)
        found = (*ours, *own_properties(self.adapter, ask))
        return tuple(each.within(stated.get(each.id, 0)) for each in found)

    def _in(self, market: VaultMarket) -> Callable[[Any], Any]:
        def make(bench: Any) -> Any:
            return self.adapter(bench, market)

        make.__name__ = self.adapter.__name__
        return make

    def _check_pair(self, against: "Target") -> None:
        if getattr(self.adapter, "rules", None):
            reason = "draws its steps by a reference model, and can't be compared with another vault"
            raise AdapterFault(f"{self.name} {reason}.")
        differing = unlike(self.actions, against.actions, (self.name, against.name))
        if differing:
            raise AdapterFault(f"Both vaults must have the same actions: {differing}.")

    def _as_reference_of(self, vault: ValidatedVault, market: VaultMarket) -> OtherVersion:
        """Start the vault on a chain of its own, at the time of the other; who is behind waits."""
        theirs = self._started(self.markets.get(market.name, next(iter(self.markets.values()))), None)
        late = vault.timestamp - theirs.timestamp
        (theirs if late > 0 else vault).wait(abs(late))
        return OtherVersion(theirs, self.name)

    def _started(self, market: VaultMarket, chain: Chain | None) -> ValidatedVault:
        def where() -> Chain:
            start = chain or self.chain()
            if getattr(self.adapter, MEMBER, ()):
                provide(start)
            return start

        make = self._in(market) if self._is_parametrised else self.adapter
        try:
            return ValidatedVault(make, where, self.workspace)
        except AdapterFault as fault:
            if not isinstance(fault.__cause__, NotDeployed):
                raise
            output = fault.__cause__.output
            reason = f"it reverts with 0x{output.hex()}" if output else "it reverts, or its code is too large"
            place = f"can't be deployed on {where().name} in market {market.name}: {reason}"
            raise CannotStart(f"The vault of {self.name} {place}.") from None

    def _opening(self, vault: ValidatedVault, market: VaultMarket) -> CallSequence:
        """Return the steps before any call sequence: the market's own, or the first price."""
        own = getattr(market, "opening", None)
        if own:
            steps: CallSequence = own()
            return steps
        if not self.actions.has(Kind.MOVES_PRICE):
            return ()
        sender, wait = self.actions.sender(Kind.MOVES_PRICE, OWNER), self.limits.block_time or 1
        return (Step(self.actions.make(Kind.MOVES_PRICE, sender, answer=vault.facts.answer), wait),)


def code_hash(vault: Any) -> str:
    """Return the hash of creation code, given as bytes or by a vault that says it; ``""`` without."""
    code = vault if isinstance(vault, bytes) else getattr(vault, "creation_code", b"")
    return f"sha256:{hashlib.sha256(code).hexdigest()}" if code else ""


def compiler_of(vault: object) -> str:
    """Return the compiler that a vault's code names in its metadata; ``unknown`` without."""
    found = SOLC_METADATA.search(getattr(vault, "creation_code", b""))
    return f"solc {'.'.join(map(str, found[1]))}" if found else "unknown"


def _reference(vault: ValidatedVault) -> RewindableVault | None:
    make = getattr(vault, "reference", None)
    if make is None:
        return None
    made = make(vault.timestamp)
    own = hasattr(made, "snapshot") and hasattr(made, "restore")
    return made if own else Forked(made)
