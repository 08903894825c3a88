"""The state that a Foundry test's ``setUp()`` or a deploy script makes: the native forge runs it once."""

import hashlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from ringfence.evm.abi import AddressBook, Interface
from ringfence.evm.abi.interface import signature
from ringfence.evm.abi.names import UnknownName
from ringfence.evm.abi.variables import place_of
from ringfence.evm.artifacts import Artifact
from ringfence.evm.chains.base import Reverted
from ringfence.evm.chains.revm import RevmChain
from ringfence.evm.dump import Dump, read_dump
from ringfence.evm.projects.compilers import solc
from ringfence.evm.projects.foundry_toml import stated_solc
from ringfence.evm.projects.project import ProjectError, read_json
from ringfence.evm.projects.setup_test import CALLS, MARK, SETUP, TEST, setup_test
from ringfence.evm.projects.sources import sources_of
from ringfence.evm.projects.standard_json import CACHE
from ringfence.types.roles import OWNER, addresses

NAME: Final = re.compile(r"(?P<file>[^:]+\.sol):(?P<contract>[A-Za-z_$][\w$]*)")
READ: Final = ("*.sol", "foundry.toml", "remappings.txt")  # what the state depends on
SECONDS: Final = 600  # that forge may take
FAILURE: Final = re.compile(
    r"^(?:Error.*?: (?!Compil)|\[FAIL: )(?P<reason>.*?)(?:\] test_setup.*)?$", re.MULTILINE
)
TEST_FILE: Final = "test.json"  # the last one that is written
THIS: Final = "this"  # the test itself
ADDRESS_BITS: Final = 160
ANY_SIZE: Final = 2**24  # bytes of code: tests are large


class FoundrySetup:
    """What a test or a script has deployed: ``file`` is the dumped state, ``address`` what a variable holds.

    It is made when it is first asked for, and kept in ``.build/ringfence`` of the project as long as no
    source changes.
    """

    def __init__(self, root: Path, file: str, contract: str) -> None:
        """Take a project's folder, and a contract in one of its files."""
        self._root, self._file, self._contract = root, file, contract

    @cached_property
    def file(self) -> Path:
        """Return the dumped state, as ``workspace.load`` takes it; raises ProjectError."""
        digest = hashlib.sha256(f"{self._file}:{self._contract}".encode())
        for path in _inputs(self._root):
            digest.update(f"{path.relative_to(self._root)}".encode() + path.read_bytes())
        folder = self._root / CACHE / f"setup-{digest.hexdigest()[:32]}"
        if not (folder / TEST_FILE).is_file():
            self._make(folder)
        return folder / "state.json"

    @property
    def artifact(self) -> Artifact:
        """Return the test itself, which is at the address ``this``; raises ProjectError."""
        return Artifact(self._contract, self._test["abi"], b"", self._test["layout"])

    def address(self, name: str) -> str:
        """Return an address by the name of a variable or a function of the test; ``this`` is the test itself.

        Raises ProjectError.
        """
        if name.startswith("0x") or name == THIS:
            return self._test["address"] if name == THIS else name
        found = self._variable(name)
        found = self._answer(name) if found is None else found
        if found is None:
            layout, abi = self._test["layout"], self._test["abi"]
            names = {each["label"] for each in layout.get("storage", ())}
            names |= {each["name"] for each in abi if each["type"] == "function" and not each["inputs"]}
            known = ", ".join(sorted(names)) or "none"
            raise ProjectError(
                f"{self._name} has no address called {name}: its variables and views are {known}."
            )
        return f"0x{found % 2**ADDRESS_BITS:040x}"

    def _variable(self, name: str) -> int | None:
        try:
            place = place_of(self._test["layout"], AddressBook({}), name, (), "")
        except KeyError:
            return None
        return place.read(self._chain.storage(self._test["address"], [place.slot])[0])

    def _answer(self, name: str) -> int | None:
        """Return what a getter answers, a word."""
        try:
            data = Interface(self._test["abi"], AddressBook({}))[name].call()
            output = self._chain.call(self._test["address"], data, addresses()[OWNER])
        except (UnknownName, Reverted, ValueError):
            return None
        return int.from_bytes(output) if len(output) == 32 else None

    @cached_property
    def _test(self) -> Any:
        return read_json(self.file.with_name(TEST_FILE))

    @cached_property
    def _chain(self) -> RevmChain:
        chain = RevmChain(ANY_SIZE)
        chain.load(read_dump(self.file))
        return chain

    @property
    def _name(self) -> str:
        return f"{self._root / self._file}:{self._contract}"

    def _make(self, stored: Path) -> None:
        """Run forge; keep the state with its block, and the test's address, ABI and layout."""
        stored.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix="forge-", dir=stored.parent) as made:
            folder, dumped = Path(made), Path(made, "dumped.json")
            imported = Path(os.path.relpath(self._root / self._file, folder)).as_posix()
            source = setup_test(self._contract, imported, str(dumped))
            (folder / f"{TEST}.t.sol").write_text(source, encoding="utf-8")
            self._forge(folder, "build", {})
            compiled = read_json(folder / "out" / Path(self._file).name / f"{self._contract}.json")
            declared = {signature(each) for each in compiled["abi"] if each["type"] == "function"}
            self._forge(folder, "test", {each: str(each in declared).lower() for each in CALLS})
            _, subject, number, time = _note(read_dump(dumped), self._name)
            state = {"block": {"number": number, "timestamp": time}, "accounts": read_json(dumped)}
            layout, address = compiled.get("storageLayout") or {}, f"0x{subject:040x}"
            test = {"address": address, "abi": compiled["abi"], "layout": layout}
            for name, content in (("state.json", state), (TEST_FILE, test)):
                (folder / name).write_text(json.dumps(content), encoding="utf-8")
                os.replace(folder / name, stored / name)

    def _forge(self, folder: Path, command: str, environment: dict[str, str]) -> None:
        """Run forge on the folder's test alone; raises ProjectError."""
        forge = shutil.which("forge")
        if forge is None:
            raise ProjectError(f"{self._name}: there is no forge on the path to run it.")
        here = folder.relative_to(self._root).as_posix()
        places = dict.fromkeys(("FOUNDRY_SRC", "FOUNDRY_TEST", "FOUNDRY_SCRIPT"), here)
        options = ["--root", str(self._root), "--offline", "--extra-output", "storageLayout"]
        options += ["--out", f"{here}/out", "--cache-path", f"{here}/cache", *self._compiler()]
        if command == "test":  # of the project's own tests and invariants, which it inherits, none
            options += ["--match-test", f"^{SETUP}\\("]
        try:
            done = subprocess.run(
                [forge, command, *options],
                cwd=self._root,
                env=os.environ | places | environment,
                capture_output=True,
                text=True,
                timeout=SECONDS,
            )
        except (OSError, subprocess.TimeoutExpired) as failure:
            raise ProjectError(f"{self._name}: forge did not end: {failure}.") from None
        if done.returncode:
            output = done.stdout + done.stderr
            found = FAILURE.search(output)
            reason = found["reason"].rstrip(".") if found else output.strip()[-200:]
            raise ProjectError(f"{self._name}: forge could not set it up: {reason}.")

    def _compiler(self) -> list[str]:
        """Return the option that names a compiler at hand, where the project names none by its path."""
        if "/" in stated_solc(self._root):
            return []
        sources = {} if stated_solc(self._root) else sources_of(self._root, "*.sol")
        try:
            return ["--use", str(solc(self._root, sources))]
        except ProjectError:
            return []  # forge may have several


def foundry_setup(root: str | Path, test: str) -> FoundrySetup:
    """Return the state after ``setUp()`` of a test, or ``run()`` of a script: ``test/Vault.t.sol:VaultTest``.

    ``workspace.load`` takes it, with names of the test's variables for addresses. Raises ProjectError.
    """
    folder, found = Path(root).resolve(), NAME.fullmatch(test)
    if found is None:
        raise ProjectError(f"{test!r} names no contract of a file: write test/Vault.t.sol:VaultTest.")
    if not (folder / found["file"]).is_file():
        raise ProjectError(f"{folder / found['file']}: there is no such file.")
    return FoundrySetup(folder, found["file"], found["contract"])


def _inputs(root: Path) -> Iterator[Path]:
    """Yield the files that the state depends on, in their order."""
    found = (path for pattern in READ for path in root.rglob(pattern))
    return (path for path in sorted(found) if path.is_file() and CACHE.parts[0] not in path.parts)


def _note(dump: Dump, name: str) -> list[int]:
    for account in dump.accounts.values():
        if account.storage.get(0) == MARK:
            return [account.storage.get(slot, 0) for slot in range(4)]
    raise ProjectError(f"{name}: forge has dumped no state.")
