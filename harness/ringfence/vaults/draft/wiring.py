"""Contracts on a chain, by the names that the adapter gives them: lines that work are the draft's."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, Final

import ringfence
from ringfence.evm.abi.coder import EncodingError, MalformedOutput
from ringfence.evm.chains.revm import RevmChain
from ringfence.evm.projects import ProjectError
from ringfence.evm.workspace import Workspace, WorkspaceError
from ringfence.types.outcome import Refused
from ringfence.types.roles import FEED, VAULT
from ringfence.vaults.draft.project import CannotDraft, Sources
from ringfence.vaults.draft.signatures import Contract, Param
from ringfence.vaults.draft.synonyms import FEEDS, MARGIN_TOKENS, TOKENS
from ringfence.vaults.draft.words import has, words

CODE_SIZE: Final = 2**20
FIRST_PRICE: Final = 2_000
DECIMALS: Final = 18  # of a token that does not say, of ether, and of sizes


@dataclass(frozen=True, slots=True)
class DeployLine:
    """A statement of the adapter's ``deploy``, and why it is there."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class PriceSetter:
    """What moves the price: a contract's function, and its arguments with ``price`` among them."""

    contract: str
    function: str
    arguments: tuple[str, ...]
    decimals: int

    @property
    def text(self) -> str:
        """Return the first price as source code."""
        return f"{FIRST_PRICE:_} * 10**{self.decimals}"


@dataclass
class Wiring:
    """Contracts on a chain, and the lines that brought them there."""

    sources: Sources
    workspace: Workspace = field(default_factory=lambda: Workspace(RevmChain(CODE_SIZE)))
    lines: list[DeployLine] = field(default_factory=list)
    named: dict[str, Contract] = field(default_factory=dict)
    tokens: dict[str, tuple[str, str]] = field(default_factory=dict)  # which contract wanted it, and as what
    remarks: list[str] = field(default_factory=list)
    refusal: str = ""  # of the last line that did not work
    is_deployed: bool = True
    setters: set[tuple[str, str]] = field(default_factory=set)  # contracts and functions that deploy calls
    price: PriceSetter | None = None

    def run(self, code: str, reason: str) -> bool:
        """Run a line, and take it into the draft if it works."""
        project = self.sources.project
        scope = {"workspace": self.workspace, "rf": ringfence, "self": SimpleNamespace(project=project)}
        try:
            exec(code, scope)
        except (WorkspaceError, EncodingError, MalformedOutput, KeyError) as failure:
            self.refusal = str(failure)
            return False
        except ProjectError as failure:
            raise CannotDraft(" ".join(str(failure).split())) from None
        self.lines.append(DeployLine(code, reason))
        return True

    def call(self, sender: str, name: str, function: str, arguments: Iterable[str], reason: str) -> bool:
        """Have an account call a function in ``deploy``; take the call into the draft if it works."""
        return self.run(sent(f'"{sender}"', name, function, arguments), reason)

    def ask(self, name: str, view: str, *arguments: str) -> Any:
        """Return what a view answers, or a refusal; one too from what is not there."""
        try:
            return self.workspace.ask(name, view, *arguments)
        except (KeyError, MalformedOutput):
            return Refused("Empty", ())

    def decimals(self, name: str) -> int:
        """Return a token's decimals, 18 where it does not say."""
        stated: Any = self.ask(name, "decimals")
        return DECIMALS if isinstance(stated, Refused) else int(stated)

    def known(self, param: Param) -> str:
        """Return the deployed contract that an address stands for, by its type or its words."""
        for name, contract in self.named.items():
            bases = {each["name"] for each in self.sources.trees.bases(contract.key)}
            if param.contract and param.contract in {*bases, contract.name}:
                return name
        if has(param.name, TOKENS) and self.tokens:
            return self.nearest_token(param)
        if has(param.name, FEEDS) and FEED in self.named:
            return FEED
        mine = set(words(param.name))
        found = (name for name, each in self.named.items() if mine & {*words(each.name), name} - {"mock"})
        return next(found, "")

    def nearest_token(self, param: Param) -> str:
        """Return the token that was wanted by the most similar name."""
        mine = set(words(param.name))
        return max(self.tokens, key=lambda name: len(mine & {*words(name), *words(self.tokens[name][1])}))

    @property
    def parts(self) -> dict[str, Contract]:
        """Return all contracts but the tokens that were deployed for the vault, the vault first."""
        others = {name: each for name, each in self.named.items() if name not in self.tokens}
        return {VAULT: self.named[VAULT]} | others

    @property
    def holders(self) -> list[str]:
        """Return the contracts that may hold tokens."""
        return [name for name in self.parts if name != FEED]

    @property
    def margin_token(self) -> str:
        """Return the token that margins are in: the one called so, else the first; ``""`` without any."""
        called = (name for name, (_, wanted) in self.tokens.items() if has(wanted, MARGIN_TOKENS))
        return next(called, next(iter(self.tokens), ""))

    @property
    def other_tokens(self) -> list[str]:
        """Return the tokens that margins are not in."""
        return [name for name in self.tokens if name != self.margin_token]

    @property
    def margin_decimals(self) -> int:
        """Return the decimals of what margins are in."""
        return self.decimals(self.margin_token)


def sent(sender: str, name: str, function: str, arguments: Iterable[str]) -> str:
    """Return a call in ``deploy`` as source code; ``sender`` and arguments are code themselves."""
    given = ", ".join((sender, f'"{name}"', f'"{function}"', *arguments))
    return f"workspace.do({given})"
