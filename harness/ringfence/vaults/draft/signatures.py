"""A contract as its ABI shows it: functions with what their parameters stand for."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any, Final

from ringfence.evm.artifacts import Artifact
from ringfence.vaults.draft.roles import Role
from ringfence.vaults.draft.synonyms import NOT_VAULTS
from ringfence.vaults.draft.words import role_of, words

VIEWS: Final = ("view", "pure")


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter, a returned value or a field; ``parts`` are those of a struct."""

    name: str
    type: str
    internal: str = ""
    parts: tuple["Param", ...] = ()

    @property
    def role(self) -> Role:
        """Return what it stands for."""
        return role_of(self.name, self.type, self.internal)

    @property
    def contract(self) -> str:
        """Return the contract or interface that an address is declared as, ``""`` for a plain one."""
        return self.internal.removeprefix("contract ") if self.internal.startswith("contract ") else ""

    @property
    def market(self) -> str:
        """Return the number or key of the one market that a draft has, as source code."""
        return "0" if self.is_number else "bytes(32)"

    @property
    def is_number(self) -> bool:
        """Return whether it is a plain integer."""
        return self.type.startswith(("uint", "int")) and "[" not in self.type and not self.is_enum

    @property
    def is_elementary(self) -> bool:
        """Return whether its value can be shown as an integer."""
        return self.is_number or self.is_enum or self.type == "bool"

    @property
    def is_enum(self) -> bool:
        """Return whether it is declared as an enumeration."""
        return self.internal.startswith("enum ")


@dataclass(frozen=True, slots=True)
class AbiFunction:
    """A function of a contract, the one with the fewest inputs of those of one name."""

    name: str
    inputs: tuple[Param, ...]
    outputs: tuple[Param, ...]
    mutability: str

    @property
    def is_view(self) -> bool:
        """Return whether it changes nothing."""
        return self.mutability in VIEWS

    @property
    def is_payable(self) -> bool:
        """Return whether it takes native ether."""
        return self.mutability == "payable"

    @property
    def result(self) -> tuple[Param, ...]:
        """Return what it returns, of a single struct the fields."""
        return self.outputs[0].parts if len(self.outputs) == 1 and self.outputs[0].parts else self.outputs

    @property
    def is_flat(self) -> bool:
        """Return whether what it returns has neither structs nor arrays in it."""
        return all(not each.parts and "[" not in each.type for each in self.result)

    @property
    def signature(self) -> str:
        """Return name and types, as comments show it."""
        return f"{self.name}({', '.join(f'{each.type} {each.name}'.strip() for each in self.inputs)})"

    def has(self, role: Role) -> bool:
        """Return whether an input stands for this, structs looked into."""
        return any(each.role is role for each in leaves(self.inputs))


@dataclass(frozen=True)
class Contract:
    """A contract of the project; ``key`` is its name there, the full one where several have one name."""

    artifact: Artifact
    path: str = ""
    public: frozenset[str] = frozenset()  # state variables with a getter
    key: str = ""

    @property
    def name(self) -> str:
        """Return the contract's name."""
        return self.artifact.name

    @cached_property
    def functions(self) -> dict[str, AbiFunction]:
        """Return the functions by name."""
        entries = sorted(self.artifact.abi, key=lambda entry: -len(entry.get("inputs", ())))
        return {each["name"]: _function(each) for each in entries if each["type"] == "function"}

    @cached_property
    def constructor(self) -> AbiFunction:
        """Return the constructor, one without parameters where none is stated."""
        found = (each for each in self.artifact.abi if each["type"] == "constructor")
        return _function({"name": "constructor", "inputs": ()} | next(found, {}))

    def is_called(self, name: str) -> bool:
        """Return whether a name is its own, or a full one such as ``src/Vault.sol:Vault``."""
        return f"/{self.path}:{self.name}".endswith(f"/{name}" if ":" in name else f":{name}")

    @property
    def is_token(self) -> bool:
        """Return whether it looks like a token: it has balances, which are minted or moved."""
        return "balanceOf" in self.functions and bool({"mint", "transfer"} & self.functions.keys())

    @property
    def is_apart(self) -> bool:
        """Return whether it lies among tests, mocks or scripts, or is called like one."""
        folders = PurePosixPath(self.path).parts[:-1]
        in_folder = any(part.lower() in NOT_VAULTS for part in folders)
        return in_folder or bool(NOT_VAULTS & set(words(self.name)))

    def views(self, inputs: int) -> list[AbiFunction]:
        """Return the views that take a number of arguments."""
        return [each for each in self.functions.values() if each.is_view and len(each.inputs) == inputs]


def leaves(given: Iterable[Param]) -> Iterable[Param]:
    """Yield parameters, of structs their fields."""
    for each in given:
        yield from leaves(each.parts) if each.parts else (each,)


def params(entries: Iterable[dict[str, Any]]) -> tuple[Param, ...]:
    """Return parameters from entries of an ABI."""
    return tuple(
        Param(
            each.get("name", ""),
            each["type"],
            each.get("internalType", ""),
            params(each.get("components", ())),
        )
        for each in entries
    )


def _function(entry: dict[str, Any]) -> AbiFunction:
    inputs, outputs = params(entry["inputs"]), params(entry.get("outputs", ()))
    return AbiFunction(entry["name"], inputs, outputs, entry.get("stateMutability", "nonpayable"))
