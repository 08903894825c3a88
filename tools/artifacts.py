"""Compile contracts/ for the harness with the settings of ape-config.yaml; Ape's bytecode must be the same.

Writes `harness/ringfence/evm/artifacts/<Name>.json`: sourceId, abi, bytecode, deployedBytecode, immutables
(places in it), metadata, storageLayout and methodIdentifiers. Does nothing when sources,
settings and compiler are those of last time.
"""

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
CONTRACTS = ROOT / "contracts"
ARTIFACTS = ROOT / "harness/ringfence/evm/artifacts"
STAMP = ARTIFACTS / ".stamp"
APE_MANIFEST = ROOT / ".build/__local__.json"
OUTPUTS = [
    "abi",
    "evm.bytecode.object",
    "evm.deployedBytecode.object",
    "evm.deployedBytecode.immutableReferences",
    "evm.methodIdentifiers",
    "metadata",
    "storageLayout",
]


def main() -> None:
    """Compile if anything changed, and leave the stamp only when both compilations agree."""
    stamp = fingerprint()
    if STAMP.exists() and STAMP.read_text() == stamp:
        return
    if not list(CONTRACTS.rglob("*.sol")):
        sys.exit("compile: there is no contract in contracts/.")
    with start_ape() as ape:
        artifacts = dict(compile_contracts())
        words, _ = ape.communicate()
    if ape.returncode:
        sys.exit(f"{words}compile: ape compile failed.")
    compare_with_ape(artifacts)
    ARTIFACTS.mkdir(exist_ok=True)
    for old in [STAMP, *ARTIFACTS.glob("*.json")]:
        old.unlink(missing_ok=True)
    for name, artifact in artifacts.items():
        (ARTIFACTS / f"{name}.json").write_text(json.dumps(artifact, indent=1) + "\n")
    STAMP.write_text(stamp)
    print(f"compile: {len(artifacts)} contracts and interfaces, the same bytecode from Ape")


def fingerprint() -> str:
    """One hash over everything that decides the bytecode, and over this file."""
    inputs = [Path(__file__), ROOT / "ape-config.yaml", ROOT / "package-lock.json", *CONTRACTS.rglob("*.sol")]
    digest = hashlib.sha256()
    for path in sorted(inputs):
        digest.update(str(path.relative_to(ROOT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def standard_json(sources: list[Path], outputs: list[str]) -> dict[str, Any]:
    """The compiler's input for `sources`, as ape-solidity would write it."""
    config = yaml.safe_load((ROOT / "ape-config.yaml").read_text())["solidity"]
    settings = {
        "optimizer": {"enabled": config["optimize"], "runs": config["optimization_runs"]},
        "evmVersion": config["evm_version"],
        "remappings": config["import_remapping"],
        "outputSelection": {"*": {"*": outputs, "": ["ast"] if "ast" in outputs else []}},
    }
    if "via_ir" in config:
        settings["viaIR"] = config["via_ir"]
    return {
        "language": "Solidity",
        "sources": {
            path.relative_to(ROOT).as_posix(): {"content": path.read_text()} for path in sorted(sources)
        },
        "settings": settings,
    }


def solc() -> Path:
    """The pinned compiler, which `make setup` has put in its place."""
    version = yaml.safe_load((ROOT / "ape-config.yaml").read_text())["solidity"]["version"]
    return ROOT / f".tools/solc/solc-v{version}"


def compile_contracts() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each contract under contracts/, by name, as the harness reads it."""
    request = json.dumps(standard_json(list(CONTRACTS.rglob("*.sol")), OUTPUTS))
    command = [str(solc()), "--standard-json", "--base-path", str(ROOT)]
    answer = subprocess.run(command, input=request, text=True, stdout=subprocess.PIPE, check=True)
    output = json.loads(answer.stdout)
    messages = output.get("errors", [])
    refused = any(message["severity"] == "error" for message in messages)
    for message in messages:
        if refused or message["sourceLocation"]["file"].startswith(
            "contracts/"
        ):  # not OpenZeppelin's warnings
            print(message["formattedMessage"], file=sys.stderr)
    if refused:
        sys.exit("compile: the compiler refused contracts/.")
    sources_by_name: dict[str, str] = {}
    for source, contracts in output["contracts"].items():
        for name, contract in contracts.items():
            if not source.startswith("contracts/"):
                continue
            if name in sources_by_name:
                sys.exit(f"compile: {name} is in {sources_by_name[name]} and in {source}; rename one.")
            sources_by_name[name] = source
            yield name, artifact(source, contract)


def artifact(source: str, contract: dict[str, Any]) -> dict[str, Any]:
    """What the harness needs of one contract's compiler output."""
    evm = contract["evm"]
    return {
        "sourceId": source,
        "abi": contract["abi"],
        "bytecode": "0x" + evm["bytecode"]["object"],
        "deployedBytecode": "0x" + evm["deployedBytecode"]["object"],
        "immutables": immutables(evm["deployedBytecode"]["immutableReferences"]),
        "metadata": contract["metadata"],
        "methodIdentifiers": evm["methodIdentifiers"],
        "storageLayout": contract["storageLayout"],
    }


def immutables(references: dict[str, list[dict[str, int]]]) -> list[list[int]]:
    """Where the constructor writes into the deployed code: start and length of each place."""
    places = [place for of_one in references.values() for place in of_one]
    return sorted([place["start"], place["length"]] for place in places)


def start_ape() -> subprocess.Popen[str]:
    """`ape compile`, on the other core: each of the two takes as long as the compiler."""
    command = [str(ROOT / ".venv/bin/ape"), "compile", "--force"]
    return subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def compare_with_ape(artifacts: dict[str, dict[str, Any]]) -> None:
    """End the program unless Ape has the same creation bytecode, metadata included."""
    from_ape = json.loads(APE_MANIFEST.read_text())["contractTypes"]
    for name, ours in artifacts.items():
        theirs = from_ape.get(name, {}).get("deploymentBytecode", {}).get("bytecode", "0x")
        if ours["bytecode"] != theirs:
            sys.exit(
                f"compile: Ape's bytecode of {name} differs from the harness's; look at ape-config.yaml."
            )


if __name__ == "__main__":
    main()
