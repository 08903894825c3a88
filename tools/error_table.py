"""Write docs/errors.md: every error that our contracts can end in, from the compiled ABI and its NatSpec.

`--check` writes nothing, and fails when the committed table is not what would be written.
"""

import json
import subprocess
import sys
from typing import Any

from artifacts import CONTRACTS, ROOT, solc, standard_json

TABLE = ROOT / "docs/errors.md"
UNDOCUMENTED = {  # by OpenZeppelin: its ShortStrings has no NatSpec for them
    "StringTooLong(string)": "Never: the name and version of the EIP-712 domain are short constants.",
}
HEAD = """\
# Errors

Every refusal has a name, and carries the numbers that decided it; the model's exceptions have the same names
and arguments. A refusal by a contract that was called, the token's own among them, is passed on unchanged.
Written by `python tools/error_table.py` from the compiled contracts.

| error | arguments | in the ABI of | when |
|---|---|---|---|
"""


def main() -> None:
    """Write the table, or compare it."""
    table = HEAD + "".join(row + "\n" for row in rows(compile_documentation()))
    if "--check" not in sys.argv:
        TABLE.write_text(table)
    elif not TABLE.exists() or TABLE.read_text() != table:
        sys.exit("docs/errors.md is out of date: run `python tools/error_table.py`")


def compile_documentation() -> dict[str, dict[str, Any]]:
    """The compiler's output for the contracts that are deployed, by their names."""
    request = standard_json(list(CONTRACTS.glob("*.sol")), ["abi", "userdoc", "devdoc"])
    answer = subprocess.run(
        [solc(), "--standard-json", "--base-path", ROOT],
        input=json.dumps(request),
        text=True,
        capture_output=True,
        check=True,
    )
    compiled = json.loads(answer.stdout)["contracts"]
    return {
        path.stem: compiled[f"contracts/{path.name}"][path.stem] for path in sorted(CONTRACTS.glob("*.sol"))
    }


def rows(contracts: dict[str, dict[str, Any]]) -> list[str]:
    """The table's rows, by the errors' names."""
    errors: dict[str, dict[str, Any]] = {}
    throwers: dict[str, list[str]] = {}
    sentences: dict[str, str] = {}
    for contract, output in contracts.items():
        for error in (entry for entry in output["abi"] if entry["type"] == "error"):
            signature = f"{error['name']}({','.join(part['type'] for part in error['inputs'])})"
            errors[signature] = error
            throwers.setdefault(signature, []).append(contract)
            sentences[signature] = sentence(output, signature)
    return [row(errors[name], throwers[name], sentences[name]) for name in sorted(errors)]


def sentence(output: dict[str, Any], signature: str) -> str:
    """What NatSpec says of an error, ours in @notice, OpenZeppelin's in @dev; raises KeyError without any."""
    for documentation, key in (("userdoc", "notice"), ("devdoc", "details")):
        for entry in output[documentation].get("errors", {}).get(signature, []):
            if entry.get(key):
                return " ".join(entry[key].split())
    return UNDOCUMENTED[signature]


def row(error: dict[str, Any], throwers: list[str], when: str) -> str:
    """One row of the table."""
    arguments = ", ".join(f"`{part['type']} {part['name']}`" for part in error["inputs"])
    cells = [f"`{error['name']}`", arguments, ", ".join(throwers), when.replace("|", "&#124;")]
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
