"""Deploying a vault, and for each parameter of a constructor or a setter what it wants."""

from collections.abc import Iterable
from itertools import product
from typing import Final

from ringfence.evm.artifacts import mock
from ringfence.types.roles import FEED, OWNER, TOKEN, VAULT
from ringfence.vaults.draft.guesses import decimals_of, number, scales, whole
from ringfence.vaults.draft.project import CannotDraft
from ringfence.vaults.draft.roles import Role
from ringfence.vaults.draft.setters import price_functions
from ringfence.vaults.draft.signatures import Contract, Param
from ringfence.vaults.draft.synonyms import FEEDS, OFFICERS, TOKENS
from ringfence.vaults.draft.wiring import DeployLine, Wiring
from ringfence.vaults.draft.words import has, snake

FEED_DECIMALS: Final = 8
ETHERS: Final = ((), ("value=10**18",))  # none, and what a payable constructor may insist on
NOWHERE: Final = f"0x{'11' * 20}"  # where a vault would be that could not be deployed


class Deployer:
    """Deploys contracts with all that they want, on a wiring's chain."""

    def __init__(self, wiring: Wiring) -> None:
        """Take where the contracts are to be."""
        self.wiring = wiring
        self._sources, self._named = wiring.sources, wiring.named
        self._begun: set[str] = set()  # contracts, so that two that want each other come to an end

    def vault(self, contract: Contract) -> None:
        """Deploy the vault with all it wants; a constructor that refuses every guess is to be filled in."""
        try:
            self.deploy(VAULT, contract, "chosen as the vault")
        except CannotDraft as refusal:
            self.wiring.remarks.append(str(refusal).rstrip("."))
            self.wiring.is_deployed = False
            self.wiring.workspace.know(VAULT, contract.artifact, NOWHERE)
            self._named[VAULT] = contract

    def deploy(self, name: str, contract: Contract, reason: str, of: str = "") -> str:
        """Deploy a contract of the project; return its name. Raises CannotDraft if no guess will do."""
        self._begun.add(contract.name)
        inputs, code, shown = contract.constructor.inputs, "", ""
        for ether, scale in product(ETHERS[: 1 + contract.constructor.is_payable], scales(inputs)):
            arguments = [self.value(each, contract, scale, of) for each in inputs]
            shown = _named(inputs, arguments)
            given = ", ".join((f'"{name}"', f'self.project["{contract.key}"]', *arguments, *ether))
            code = f"workspace.deploy({given})"
            if self.wiring.run(code, f"{reason}; {shown}" if shown else reason):
                self._named[name] = contract
                return name
        if name == VAULT:
            self.wiring.lines.append(DeployLine(code, f"fill in: the constructor refuses this; {shown}"))
        refusal = f"refuses every guess, at last ({shown}): {self.wiring.refusal}"
        raise CannotDraft(f"the constructor of {contract.name} {refusal}")

    def value(self, param: Param, of: Contract, scale: int, purpose: str = "") -> str:
        """Return an argument as source code."""
        if param.type.endswith("]"):
            count = param.type[:-1].rpartition("[")[2]
            return f"({'0, ' * int(count or 0)})"
        if param.role is Role.MARKET:
            return param.market
        if param.parts:
            return "(" + "".join(f"{self.value(each, of, scale)}, " for each in param.parts) + ")"
        if param.type == "address":
            return f'"{self.thing(param, of) or OWNER}"'
        if param.type.startswith("bytes"):
            return f"bytes({param.type.removeprefix('bytes') or 0})"
        if param.is_number:
            return whole(number(param, scale=scale, of=purpose))
        return {"bool": "True", "string": '"Draft"'}.get(param.type, "0")

    def thing(self, param: Param, of: Contract) -> str:
        """Return the name of the contract or account that an address stands for; ``""`` if none is known."""
        declared, name = param.contract, f"{param.name} {param.contract}"
        if declared and declared != of.name and declared in self._sources.contracts:
            return self._contract(self._sources.contract(declared), param, of)
        if self._is_token(declared) or (not declared and has(param.name, TOKENS)):
            return self._token(param, of)
        if has(name, FEEDS):
            return self._feed(declared)
        fresh = self._fresh(self._sources.implementing(declared))
        if fresh:
            return self._contract(fresh[0], param, of)
        if has(name, TOKENS) and declared:
            return self._token(param, of)
        return self.wiring.known(param) or self._officer_or_called(param, of)

    def _officer_or_called(self, param: Param, of: Contract) -> str:
        """Return the owner for an officer's address, else a contract that is called like a parameter."""
        if has(param.name, OFFICERS):
            return OWNER
        fresh = [each for each in self._fresh(self._sources.called(param.name)) if not each.is_apart]
        return self._contract(fresh[0], param, of) if fresh else ""

    def _fresh(self, contracts: list[Contract]) -> list[Contract]:
        return [each for each in contracts if each.name not in self._begun]

    def _contract(self, contract: Contract, param: Param, of: Contract) -> str:
        """Return the name of a contract of the project, deployed when it is first wanted."""
        if contract.is_token:
            return self._token(param, of, contract)
        ready = next((name for name, each in self._named.items() if each is contract), None)
        if ready or contract.name in self._begun:
            return ready or OWNER
        is_feed = has(contract.name, FEEDS) and FEED not in self._named
        name = FEED if is_feed else snake(contract.name)
        return self.deploy(name, contract, f"for the parameter {param.name} of {of.name}")

    # Tokens and feeds

    def _token(self, param: Param, of: Contract, contract: Contract | None = None) -> str:
        """Return a token: another one for each parameter of the first contract that wants any."""
        tokens, wanted = self.wiring.tokens, (of.name, param.name)
        if any(first != of.name for first, _ in tokens.values()):
            return self.wiring.nearest_token(param)
        name = next((known for known, each in tokens.items() if each == wanted), "")
        name = name or (snake(param.name) if tokens else TOKEN)
        if name not in self._named:
            self._new_token(name, param, of, contract or self._only_token())
            tokens[name] = wanted
        return name

    def _new_token(self, name: str, param: Param, of: Contract, contract: Contract | None) -> None:
        reason = f"for the parameter {param.name} of {of.name}"
        if contract:
            purpose = f"{param.name} {'' if self.wiring.tokens else of.name}"
            self.deploy(name, contract, reason, of=purpose)
        else:
            self._stand_in(name, "MockToken", decimals_of(param.name), f"{reason}; a stand-in")

    def _only_token(self) -> Contract | None:
        """Return the project's own token, if it has one that can be minted."""
        found = [
            each for each in self._sources.contracts.values() if each.is_token and "mint" in each.functions
        ]
        return found[0] if len(found) == 1 else None

    def _is_token(self, declared: str) -> bool:
        """Return whether an interface or a contract looks like a token."""
        names = {each.get("name") for each in self._sources.trees.members(declared)}
        return {"transfer", "balanceOf"} <= names or "ERC20" in declared

    def _feed(self, declared: str) -> str:
        """Return the price feed: one of the project's that can be set, or a stand-in."""
        if FEED in self._named:
            return FEED
        for contract in self._fresh(self._sources.implementing(declared)):
            if price_functions(contract):
                return self.deploy(FEED, contract, "the price feed, which can be set")
        why = f"stands in for {declared or 'the price feed'}; it answers any question with its price"
        return self._stand_in(FEED, "SettableFeed", FEED_DECIMALS, why)

    def _stand_in(self, name: str, contract: str, decimals: int, reason: str) -> str:
        self.wiring.run(f'workspace.deploy("{name}", rf.mock("{contract}"), {decimals})', reason)
        self._named[name] = Contract(mock(contract))
        return name


def _named(inputs: Iterable[Param], arguments: Iterable[str]) -> str:
    """Return arguments with the names of their parameters, or the types of those that have none."""
    names = (each.name or each.type for each in inputs)
    return ", ".join(f"{name}: {text}" for name, text in zip(names, arguments, strict=True))
