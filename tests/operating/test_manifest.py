"""A manifest is read back exactly, or refused in one sentence."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from ringfence.types.errors import RingfenceError
from ringfence_operations.market.manifest import Sent, load, save

from tests.operating.live_market import LiveMarket

HASH = "0x" + "ab" * 32
SAMPLE = replace(LiveMarket().manifest, transactions=(Sent("factory", HASH, 5), Sent("market", HASH, 7)))


def test_manifest__saved_and_loaded__is_the_same(tmp_path: Path) -> None:
    path = tmp_path / "deployments/market.json"
    save(SAMPLE, path)
    assert load(path, 31337) == SAMPLE
    assert [entry.name for entry in path.parent.iterdir()] == ["market.json"]


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("chain_id", None, "'chain_id' is a required property"),
        ("chain_id", 31337, "chain_id: 31337 is not of type 'string'"),
        ("schema", "ringfence-manifest/1", "a manifest of ringfence-manifest/1, and ringfence-manifest/2"),
        ("schema", "ringfence-finding/1", "no manifest of Ringfence"),
        ("owner", "0x12", "0x12 is no checksummed address"),
        ("owner", SAMPLE.owner.lower(), "is no checksummed address"),
        ("vault", {"address": SAMPLE.owner}, "vault: 'creation_hash' is a required property"),
        ("surplus", "1", "'surplus' was unexpected"),
    ],
)
def test_load__of_a_changed_manifest__is_one_sentence(
    tmp_path: Path, name: str, value: object, complaint: str
) -> None:
    path = tmp_path / "market.json"
    save(SAMPLE, path)
    data = json.loads(path.read_text()) | {name: value}
    path.write_text(json.dumps({key: part for key, part in data.items() if part is not None}))
    with pytest.raises(RingfenceError, match=complaint) as refusal:
        load(path)
    assert str(refusal.value).startswith(str(path))


@pytest.mark.parametrize(
    ("content", "complaint"), [(b"", "no JSON"), (b"\xff", "not UTF-8"), (b"[]", "no manifest")]
)
def test_load__of_another_file__is_one_sentence(tmp_path: Path, content: bytes, complaint: str) -> None:
    path = tmp_path / "market.json"
    with pytest.raises(RingfenceError, match="No such file or directory"):
        load(path)
    path.write_bytes(content)
    with pytest.raises(RingfenceError, match=complaint):
        load(path)
    save(SAMPLE, path)
    with pytest.raises(RingfenceError, match=r"of chain 31337, and the node is of chain 1$"):
        load(path, 1)
