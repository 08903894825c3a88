"""Deploying a vault and what it needs: each line is run on a chain, and those that work are the draft's."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, Final

import ringfence
from ringfence.evm.abi.coder import EncodingError, MalformedOutput
from ringfence.evm.artifacts import mock
from ringfence.evm.chains.revm import RevmChain
from ringfence.evm.projects import ProjectError
from ringfence.evm.workspace import Workspace, WorkspaceError
from ringfence.types.outcome import Refused
from ringfence.vaults.draft.guesses import number, scales, whole
from ringfence.vaults.draft.project import CannotDraft, Sources
from ringfence.vaults.draft.signatures import AbiFunction, Contract, Param
from ringfence.vaults.draft.words import DOLLARS, FEEDS, OFFICERS, TOKENS, Role, has, snake, words

OWNER: Final = "owner"
TOKEN, FEED, VAULT = "token", "feed", "vault"
CODE_SIZE: Final = 2**20
LINKS: Final = {
    *("set", "init", "initialize", "initialise", "setup", "add", "register", "list", "configure", "enable"),
    *("create", "grant", "whitelist", "support", "attach", "connect", "bind", "authorize", "allow"),
}
NOT_LINKS: Final = {"owner", "ownership", "admin", "implementation", "pending"}
PRICE_VERBS: Final = {"push", "set", "update", "post", "submit", "report", "poke", "feed", "transmit"}
PRICES: Final = {"price", "prices", "answer", "answers", "rate"}
NOT_PRICES: Final = {"decimals", "fee", "cap", "max", "min", "age", "feed", "oracle"}
FIRST_PRICE: Final = 2_000
NOWHERE: Final = f"0x{'11' * 20}"  # where a vault would be that could not be deployed
MINTED: Final = 10**9  # whole tokens, to each account


@dataclass(frozen=True, slots=True)
class DeployLine:
    """A statement of the adapter's ``deploy``, and why it is there."""

    code: str
    reason: str = ""


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
    """Contracts on a chain, by the names that the adapter gives them."""

    sources: Sources
    workspace: Workspace = field(default_factory=lambda: Workspace(RevmChain(CODE_SIZE)))
    lines: list[DeployLine] = field(default_factory=list)
    named: dict[str, Contract] = field(default_factory=dict)
    tokens: dict[str, tuple[str, str]] = field(default_factory=dict)  # which contract wanted it, and as what
    remarks: list[str] = field(default_factory=list)
    refusal: str = ""  # of the last line that did not work
    is_deployed: bool = True
    linked: set[tuple[str, str]] = field(default_factory=set)  # setters that were called, by contract
    price: PriceSetter | None = None
    _begun: set[str] = field(default_factory=set)

    def run(self, code: str, reason: str = "") -> bool:
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

    def vault(self, contract: Contract) -> None:
        """Deploy the vault with all it wants, know what it has made, and link what waits for an address.

        A constructor that refuses every guess is to be filled in.
        """
        try:
            self.deploy(VAULT, contract, "chosen as the vault")
        except CannotDraft as refusal:
            self.remarks.append(str(refusal).rstrip("."))
            self.is_deployed = False
            self.workspace.know(VAULT, contract.artifact, NOWHERE)
            self.named[VAULT] = contract
        for name in list(self.named):
            self._know_parts(name)
        for name in list(self.named):
            self._link(name)
        self._find_price()

    def deploy(self, name: str, contract: Contract, reason: str, of: str = "") -> str:
        """Deploy a contract of the project; return its name. Raises CannotDraft if no guess will do."""
        self._begun.add(contract.name)
        for scale in scales(contract.constructor):
            arguments = [self.value(each, contract, scale, of) for each in contract.constructor]
            said = ", ".join(
                f"{each.name or each.type}: {text}"
                for each, text in zip(contract.constructor, arguments, strict=True)
            )
            code = (
                ", ".join((f'workspace.deploy("{name}", self.project["{contract.name}"]', *arguments)) + ")"
            )
            if self.run(code, f"{reason}; {said}" if said else reason):
                self.named[name] = contract
                return name
        if name == VAULT:
            self.lines.append(DeployLine(code, f"fill in: the constructor refuses this; {said}"))
        raise CannotDraft(
            f"the constructor of {contract.name} refuses every guess, at last ({said}): {self.refusal}"
        )

    def ask(self, name: str, view: str) -> Any:
        """Return what a view answers, or a refusal; one too from what is not there."""
        try:
            return self.workspace.ask(name, view)
        except (KeyError, MalformedOutput):
            return Refused("Empty", ())

    # What a parameter gets

    def value(self, param: Param, of: Contract, scale: int, purpose: str = "") -> str:
        """Return an argument as source code."""
        if param.type.endswith("]"):
            return (
                "()"
                if param.type.endswith("[]")
                else "(" + "0, " * int(param.type[:-1].rpartition("[")[2]) + ")"
            )
        if param.role is Role.MARKET:
            return market(param)
        if param.parts:
            return "(" + "".join(f"{self.value(each, of, scale)}, " for each in param.parts) + ")"
        if param.type == "address":
            return f'"{self.thing(param, of) or OWNER}"'
        if param.type == "bool":
            return "True"
        if param.type == "string":
            return '"Draft"'
        if param.type.startswith("bytes"):
            size = param.type.removeprefix("bytes")
            return f"bytes({size})" if size else 'b""'
        return "0" if param.is_enum else whole(number(param, scale=scale, of=purpose))

    def thing(self, param: Param, of: Contract) -> str:
        """Return the name of the contract or account that an address stands for; ``""`` if none is known."""
        declared = param.contract
        name = f"{param.name} {declared}"
        if declared and declared != of.name and declared in self.sources.contracts:
            return self._made(self.sources.contract(declared), param, of)
        if self._is_token(declared) or (not declared and has(param.name, TOKENS)):
            return self._token(param, of)
        if has(name, FEEDS):
            return self._feed(declared)
        made = next((each for each in self._implementing(declared) if each.name not in self._begun), None)
        if made:
            return self._made(made, param, of)
        if has(name, TOKENS) and declared:
            return self._token(param, of)
        known = self.known(param)
        if known or has(param.name, OFFICERS):
            return known or OWNER
        found = [
            each
            for each in self.sources.contracts.values()
            if set(words(param.name)) <= set(words(each.name))
        ]
        fresh = [each for each in found if each.name not in self._begun and not each.is_apart]
        return self._made(fresh[0], param, of) if fresh and words(param.name) else ""

    def known(self, param: Param) -> str:
        """Return the deployed contract that an address stands for, by its type or its words."""
        for name, contract in self.named.items():
            bases = {each["name"] for each in self.sources.trees.bases(contract.name)}
            if param.contract and (param.contract in bases or param.contract == contract.name):
                return name
        if has(param.name, TOKENS) and self.tokens:
            return self._nearest_token(param)
        if has(param.name, FEEDS) and FEED in self.named:
            return FEED
        mine = set(words(param.name))
        return next(
            (
                name
                for name, each in self.named.items()
                if mine and mine & {*words(each.name), name} - {"mock"}
            ),
            "",
        )

    def _made(self, contract: Contract, param: Param, of: Contract) -> str:
        if contract.is_token:
            return self._token(param, of, contract)
        name = FEED if has(contract.name, FEEDS) and FEED not in self.named else snake(contract.name)
        ready = next((known for known, each in self.named.items() if each is contract), None)
        if ready or contract.name in self._begun:
            return ready or OWNER
        return self.deploy(name, contract, f"{of.name} wants it as {param.name}")

    def _token(self, param: Param, of: Contract, contract: Contract | None = None) -> str:
        if any(first != of.name for first, _ in self.tokens.values()):
            return self._nearest_token(param)
        wanted = of.name, param.name
        if wanted in self.tokens.values():
            return next(name for name, each in self.tokens.items() if each == wanted)
        name = snake(param.name) if self.tokens else TOKEN
        if name in self.named:
            return name
        minted = [
            each for each in self.sources.contracts.values() if each.is_token and "mint" in each.functions
        ]
        chosen = contract or (minted[0] if len(minted) == 1 else None)
        reason = f"{of.name} wants it as {param.name}"
        if chosen:
            self.deploy(name, chosen, reason, of=f"{param.name} {of.name if not self.tokens else ''}")
        else:
            decimals = 6 if has(param.name, DOLLARS) else 18
            self.run(f'workspace.deploy("{name}", rf.mock("MockToken"), {decimals})', f"{reason}; a stand-in")
            self.named[name] = Contract(mock("MockToken"))
        self.tokens[name] = wanted
        return name

    def _nearest_token(self, param: Param) -> str:
        mine = set(words(param.name))
        return max(self.tokens, key=lambda name: len(mine & {*words(name), *words(self.tokens[name][1])}))

    def _feed(self, declared: str) -> str:
        if FEED in self.named:
            return FEED
        for contract in self._implementing(declared):
            if contract.name not in self._begun and self._price_functions(contract):
                return self.deploy(FEED, contract, "the price feed, which can be set")
        line = f'workspace.deploy("{FEED}", rf.mock("SettableFeed"), 8)'
        self.run(
            line, f"stands in for {declared or 'the price feed'}; it answers any question with its price"
        )
        self.named[FEED] = Contract(mock("SettableFeed"))
        return FEED

    def _is_token(self, declared: str) -> bool:
        """Return whether an interface or a contract looks like a token."""
        nodes = [each for base in self.sources.trees.bases(declared) for each in base["nodes"]]
        names = {each.get("name") for each in nodes}
        return {"transfer", "balanceOf"} <= names or "ERC20" in declared

    def _implementing(self, declared: str) -> list[Contract]:
        """Return the project's contracts that implement an interface, or inherit a contract."""
        return [
            each
            for each in self.sources.contracts.values()
            if declared and declared in [base["name"] for base in self.sources.trees.bases(each.name)]
        ]

    # What the vault has made, and what waits for an address

    def _know_parts(self, name: str) -> None:
        """Name the contracts of the project whose addresses a contract shows."""
        for view in self.named[name].views(0):
            output = view.outputs[0] if len(view.outputs) == 1 else None
            if output is None or output.type != "address":
                continue
            contract = self._part(output, view)
            address = self.ask(name, view.name)
            is_new = isinstance(address, str) and address.startswith("0x")
            if contract and is_new:
                part = snake(view.name)
                shown = f'str(workspace.read("{name}", "{view.name}"))'
                code = f'workspace.know("{part}", self.project["{contract.name}"], {shown})'
                if part not in self.named and self.run(code, f"{self.named[name].name} has made it"):
                    self.named[part] = contract
                    self._know_parts(part)

    def _part(self, output: Param, view: AbiFunction) -> Contract | None:
        declared = self.sources.contracts.get(output.contract)
        if declared or output.contract:
            return declared or next(iter(self._implementing(output.contract)), None)
        mine = set(words(view.name))
        found = (each for each in self.sources.contracts.values() if mine <= set(words(each.name)))
        return next(found, None)

    def _link(self, name: str) -> None:
        """Call the setters of a contract that want the address of another one."""
        contract = self.named[name]
        for function in contract.functions.values():
            verb, *rest = words(function.name)[:1] or ("",), *words(function.name)[1:]
            is_link = set(verb) & LINKS and not NOT_LINKS & set(rest) and name not in self.tokens
            things = [each for each in function.inputs if each.type == "address"]
            if function.is_view or not is_link or not things:
                continue
            names = [self.known(each) or self._first_of_its_kind(each, contract) for each in things]
            if not any(names) or not all(
                known or has(each.name, OFFICERS) for known, each in zip(names, things, strict=True)
            ):
                continue
            for scale in scales(function.inputs):
                arguments = ", ".join(
                    f'"{self.known(each) or OWNER}"'
                    if each.type == "address"
                    else self.value(each, contract, scale)
                    for each in function.inputs
                )
                code = f'workspace.do("owner", "{name}", "{function.name}", {arguments})'
                if self.run(code, f"{function.signature}: a setter that wants an address"):
                    self.linked.add((name, function.name))
                    break

    def _first_of_its_kind(self, param: Param, of: Contract) -> str:
        """Return a token or a feed made for a setter, where there is none yet."""
        name = f"{param.name} {param.contract}"
        is_wanted = (has(name, TOKENS) and not self.tokens) or (has(name, FEEDS) and FEED not in self.named)
        return self.thing(param, of) if is_wanted else ""

    # The price

    def _find_price(self) -> None:
        """Find what sets the price, and set the first one that is accepted."""
        stand_in = mock("SettableFeed")
        names = sorted(
            self.named,
            key=lambda name: (
                self.named[name].artifact is stand_in,  # the last to try
                name != FEED,
                not has(self.named[name].name, FEEDS),
            ),
        )
        for name in names:
            for function in self._price_functions(self.named[name]):
                if self._set_price(name, function):
                    return
        self.remarks.append("nothing was found that sets a price")

    def _price_functions(self, contract: Contract) -> list[AbiFunction]:
        """Return the functions that set a price, the likeliest first."""
        found = [
            each
            for each in contract.functions.values()
            if not each.is_view and not contract.is_token and _sets_price(each, contract)
        ]
        return sorted(found, key=lambda each: len(each.inputs))

    def _set_price(self, name: str, function: AbiFunction) -> bool:
        price = _price_of(function)
        arguments = tuple(
            "price" if each is price else self._beside_price(each, self.named[name])
            for each in function.inputs
        )
        for decimals in self._price_decimals(name, price):
            setter = PriceSetter(name, function.name, arguments, decimals)
            text = ", ".join(arguments).replace("price", setter.text, 1)
            code = f'workspace.do("owner", "{name}", "{function.name}", {text})'
            if self.run(code.replace("self.workspace", "workspace"), "the first price"):
                self.price = setter
                return True
        return False

    def _beside_price(self, param: Param, contract: Contract) -> str:
        if has(param.name, {"time", "timestamp", "updated", "at"}):
            return "self.workspace.chain.timestamp"
        return self.value(param, contract, 10**4)

    def _price_decimals(self, name: str, price: Param) -> Iterable[int]:
        """Return how many decimals the price may have, the likeliest first."""
        stated = self.ask(name, "decimals") if "decimals" in self.named[name].functions else None
        usual = (8, 18) if price.type.startswith("int") else (18, 8)
        first = (stated,) if isinstance(stated, int) else ()
        return dict.fromkeys((*first, *usual, 10, 6, 30, 2))

    # Tokens and what is left

    @property
    def parts(self) -> dict[str, Contract]:
        """Return all contracts but the tokens that were deployed for the vault, the vault first."""
        others = {name: each for name, each in self.named.items() if name not in self.tokens}
        return {VAULT: self.named[VAULT]} | others

    def fund(self) -> None:
        """Give every account each token, and let each contract take it."""
        spenders = [name for name in self.parts if name != FEED]
        for token in self.tokens:
            give = "mint" if "mint" in self.named[token].functions else "transfer"
            amount = f"{MINTED:_} * 10**{self.decimals(token)}"
            lines = [f'    workspace.do("owner", "{token}", "{give}", account, {amount})']
            approvals = spenders if "approve" in self.named[token].functions else ()
            lines += [
                f'    workspace.do(account, "{token}", "approve", "{each}", 2**256 - 1)' for each in approvals
            ]
            code = "\n".join(("for account in workspace.accounts:", *lines))
            if not self.run(code, f"everyone has {token}, and whatever may take it"):
                self.remarks.append(f"nobody could be given any {token}")

    def decimals(self, token: str) -> int:
        """Return a token's decimals, 18 where it does not say."""
        stated: Any = self.ask(token, "decimals") if "decimals" in self.named[token].functions else 18
        return 18 if isinstance(stated, Refused) else int(stated)


def market(param: Param) -> str:
    """Return the number or key of the one market that a draft has, as source code."""
    return "0" if param.is_number else "bytes(32)"


def _sets_price(function: AbiFunction, contract: Contract) -> bool:
    name = words(function.name)
    numbers = [each for each in function.inputs if each.is_number and each.role is not Role.MARKET]
    if not name or name[0] not in PRICE_VERBS or not numbers:
        return False
    is_said = name[-1] in PRICES or _price_of(function).role is Role.PRICE
    is_other = NOT_PRICES & set(name[1:]) or has(_price_of(function).name, NOT_PRICES)
    return not is_other and (is_said or has(contract.name, FEEDS))


def _price_of(function: AbiFunction) -> Param:
    """Return the number that is the price: the one called so, else the first."""
    numbers = [each for each in function.inputs if each.is_number and each.role is not Role.MARKET]
    return next((each for each in numbers if each.role.name == "PRICE"), numbers[0])
