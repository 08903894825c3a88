"""The compiled codec reads and writes what eth-abi does, for every interface of the project."""

from typing import Any

import eth_abi
import pytest
from eth_utils.abi import collapse_if_tuple, function_abi_to_4byte_selector
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from ringfence.evm.abi import AddressBook, EncodingError, Interface, MalformedOutput, Refusals
from ringfence.evm.abi.interface import digest, inputs_coder
from ringfence.evm.artifacts import loaded
from ringfence.types.outcome import Event, Refused
from ringfence.types.roles import OWNER, STRANGER, addresses

BOOK = AddressBook(addresses())
NAMES = (OWNER, STRANGER, "", "0x" + "5a" * 20)
TEXTS = st.text().map("<{}>".format)  # never taken for a name


def signature_of(entry: dict[str, Any]) -> str:
    """Return what an entry of an ABI is called in a test's name."""
    inputs = ",".join(map(collapse_if_tuple, entry["inputs"]))
    return f"{entry['type']} {entry.get('name', '')}({inputs})"


ENTRIES = {
    signature_of(entry): entry
    for artifact in loaded()
    for entry in artifact.abi
    if entry["type"] in ("constructor", "function", "event", "error")
}
UINT = {"type": "uint256"}
WORD = 32


def values(part: dict[str, Any]) -> SearchStrategy[Any]:
    """Draw a value of an ABI type, addresses by name."""
    kind = part["type"]
    if kind.endswith("[]"):
        return st.lists(values(part | {"type": kind[:-2]}), max_size=4).map(tuple)
    if kind == "tuple":
        return st.tuples(*map(values, part["components"]))
    if kind.startswith("uint"):
        return st.integers(0, 2 ** int(kind[4:]) - 1)
    if kind.startswith("int"):
        return st.integers(-(2 ** (int(kind[3:]) - 1)), 2 ** (int(kind[3:]) - 1) - 1)
    if kind == "bytes32":
        return st.binary(min_size=WORD, max_size=WORD)
    plain = {"bool": st.booleans(), "address": st.sampled_from(NAMES), "bytes": st.binary(), "string": TEXTS}
    return plain[kind]


def with_addresses(value: Any) -> Any:
    """Return a value as eth-abi takes it: addresses for names."""
    if isinstance(value, tuple):
        return tuple(map(with_addresses, value))
    return BOOK.text(value) if value in NAMES else value


@pytest.mark.parametrize("signature", sorted(ENTRIES))
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_coder__of_every_parameter_list__agrees_with_eth_abi(signature: str, data: st.DataObject) -> None:
    inputs = ENTRIES[signature]["inputs"]
    drawn = data.draw(st.tuples(*map(values, inputs)))
    coder = inputs_coder(inputs, BOOK)
    encoded = coder.encode(drawn)
    assert encoded == eth_abi.encode([collapse_if_tuple(part) for part in inputs], with_addresses(drawn))
    assert coder.decode(encoded, 0) == drawn


@pytest.mark.parametrize("signature", [text for text in sorted(ENTRIES) if text.startswith("function")])
def test_digest__of_every_function__starts_with_its_selector(signature: str) -> None:
    entry = ENTRIES[signature]
    assert digest(entry)[:4] == function_abi_to_4byte_selector(entry)


@pytest.mark.parametrize(
    ("kind", "value"),
    [("uint8", 256), ("uint256", -1), ("uint256", 2**256), ("int128", 2**127), ("int128", -(2**127) - 1)],
)
def test_encode__of_a_number_that_does_not_fit__is_an_error(kind: str, value: int) -> None:
    with pytest.raises(EncodingError, match=kind):
        inputs_coder([{"type": kind}], BOOK).encode([value])


def test_decode__of_too_few_bytes__is_an_error() -> None:
    with pytest.raises(MalformedOutput):
        inputs_coder([UINT, UINT], BOOK).decode(bytes(2 * WORD - 1), 0)
    with pytest.raises(MalformedOutput):
        inputs_coder([{"type": "bytes"}], BOOK).decode(WORD.to_bytes(WORD) + (1).to_bytes(WORD), 0)


def test_encode__of_an_unknown_name__is_an_error() -> None:
    with pytest.raises(KeyError, match="nobody_we_know"):
        inputs_coder([{"type": "address"}], BOOK).encode(["nobody_we_know"])


def test_event__with_indexed_arguments__has_them_in_the_order_of_the_abi() -> None:
    parts = [("a", False, "uint256"), ("b", True, "address"), ("c", False, "bool"), ("d", True, "int256")]
    inputs = [{"name": name, "indexed": indexed, "type": kind} for name, indexed, kind in parts]
    entry = {"type": "event", "name": "Mixed", "inputs": inputs}
    topics = [digest(entry), BOOK.address(STRANGER).rjust(WORD, b"\0"), b"\xff" * WORD]
    content = (7).to_bytes(WORD) + (1).to_bytes(WORD)
    assert Interface([entry], BOOK).event("vault", topics, content) == Event(
        "vault", "Mixed", (7, STRANGER, True, -1)
    )


def test_event__that_is_not_in_the_interface__is_shown_as_it_is() -> None:
    unknown = b"\x01" * WORD
    assert Interface([], BOOK).event("vault", [unknown], b"xyz") == Event("vault", "?", (unknown, b"xyz"))


@pytest.mark.parametrize(
    ("output", "refusal"),
    [
        ("", Refused("Empty", ())),
        ("4e487b71" + "11".rjust(64, "0"), Refused("Panic", (0x11,))),
        ("deadbeef", Refused("Unknown", (bytes.fromhex("deadbeef"),))),
        ("08c379a0", Refused("Unknown", (bytes.fromhex("08c379a0"),))),
    ],
)
def test_refusals__that_no_rule_predicts__have_names_that_no_rule_has(output: str, refusal: Refused) -> None:
    assert Refusals([], BOOK).read(bytes.fromhex(output)) == refusal


def function(name: str, *inputs: str, returns: str = "bool") -> dict[str, Any]:
    """Return the entry of a function with one output."""
    parts = [{"type": kind} for kind in inputs]
    return {"type": "function", "name": name, "inputs": parts, "outputs": [{"type": returns}]}


def test_interface__overloaded_function__is_had_by_its_signature() -> None:
    interface = Interface([function("sign", "uint256"), function("sign", "int256"), function("sign")], BOOK)
    for kind, value in (("uint256", 7), ("int256", -7)):
        selector = function_abi_to_4byte_selector(function("sign", kind))
        assert interface[f"sign({kind})"].call(value)[:4] == selector
    assert interface["sign"].call() == interface["sign()"].call()
    with pytest.raises(KeyError):
        interface["sign(bytes)"]


def test_result__token_that_returns_nothing__is_none() -> None:
    transfer = Interface([function("transfer")], BOOK)["transfer"]
    assert transfer.result(b"") is None
    assert transfer.result((1).to_bytes(WORD)) is True


def test_event__with_an_indexed_text__has_its_hash() -> None:
    kinds = ("string", "uint256[]", "tuple", "address")
    inputs = [{"name": kind, "indexed": True, "type": kind, "components": []} for kind in kinds[:3]]
    entry = {"type": "event", "name": "Named", "inputs": inputs}
    hashes = [bytes([number]) * WORD for number in (1, 2, 3)]
    assert Interface([entry], BOOK).event("vault", [b"?" * WORD, *hashes], b"").name == "?"
    topics = [digest(entry | {"inputs": inputs}), *hashes]
    assert Interface([entry], BOOK).event("vault", topics, b"") == Event("vault", "Named", tuple(hashes))


def test_encode__struct__is_given_in_order_or_by_name() -> None:
    parts = [{"name": "size", "type": "uint256"}, {"name": "owner", "type": "address"}]
    coded = inputs_coder([{"type": "tuple", "name": "order", "components": parts}], BOOK)
    assert coded.encode([{"owner": OWNER, "size": 5}]) == coded.encode([(5, OWNER)])
    with pytest.raises(EncodingError, match="a struct of size, owner is given size"):
        coded.encode([{"size": 5}])


def test_coder__of_an_external_function__is_an_address_and_a_selector() -> None:
    called = b"\x5a" * 24
    coded = inputs_coder([{"type": "function"}], BOOK)
    assert coded.decode(coded.encode([called]), 0) == (called,)
