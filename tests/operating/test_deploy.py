"""A market is deployed once, as it was asked for, whatever happens on the way."""

import json
import subprocess
from pathlib import Path

import pytest
from ringfence_operations.market import manifest as manifests
from ringfence_operations.market.build import DEPLOYED, build, hash_of, standard_json
from ringfence_operations.node.connection import connected
from ringfence_operations.node.views import Views

from tests.operating.site import ROOT, Site, make_site

STEPS = ["factory", "lens", "market", "handover"]


def nonce(site: Site) -> int:
    """Return how many transactions the deployer has sent."""
    return site.node.nonce(site.key.address)


def test_deploy__of_the_example__is_as_configured_and_written_down(site: Site) -> None:
    manifest = site.deploy()
    assert manifest == manifests.load(site.files.manifest, site.node.chain_id)
    assert site.violations(manifest) == dict.fromkeys(("code", "origin", "parameters", "roles"), ())
    assert [sent.step for sent in manifest.transactions] == STEPS
    assert nonce(site) == len(STEPS)
    assert manifest.source_hash == hash_of(site.files.compiler_input.read_text())
    assert not site.files.journal.exists()
    remains = "has still to accept the vault (ape run accept); until then it is owned by"
    assert site.reported[-1] == f"remains: {manifest.owner} {remains} {site.key.address}"


def test_deploy__on_eth_tester__is_the_same(tmp_path: Path) -> None:
    with connected("ethereum:local:test") as node:
        site = make_site(tmp_path, node)
        site.edit("31337", str(node.chain_id))
        first = site.deploy()
        assert not any(site.violations(first).values())
        assert (site.run(), nonce(site)) == (first, len(STEPS))
    assert site.reported[0].startswith("nothing to do: deployed in block ")


def test_deploy__run_again__does_nothing_and_says_so(site: Site) -> None:
    first = site.deploy()
    sent = nonce(site)
    (site.folder / "deployer.passphrase").unlink()
    assert site.run() == first
    nothing = f"nothing to do: deployed in block {first.deployment_block}, see {site.files.manifest}"
    assert site.reported[0] == nothing
    assert nonce(site) == sent


def test_dry_run__prints_addresses_that_come_true_and_gas_that_suffices(site: Site) -> None:
    assert site.run(is_dry=True) is None
    plan = "\n".join(site.reported)
    assert (nonce(site), site.files.manifest.parent.exists()) == (0, False)
    manifest = site.deploy()
    for contract in (manifest.factory, manifest.lens, manifest.vault, manifest.pool):
        assert contract.address in plan
    estimate = int(plan.partition("about ")[2].partition(" gas")[0].replace(",", ""))
    mined = site.node.receipts([sent.hash for sent in manifest.transactions])
    used = sum(each.gas_used for each in mined if each)
    assert used <= estimate <= used * 11 // 10


@pytest.mark.slow
def test_deploy__by_its_own_owner__hands_nothing_over(site: Site) -> None:
    site.edit("0x70997970C51812dc3A010C7d01b50e0d17dc79C8", site.key.address)
    manifest = site.deploy()
    assert [sent.step for sent in manifest.transactions] == STEPS[:3]
    assert not any(line.startswith("remains") for line in site.reported)


@pytest.mark.slow
def test_deploy__with_factory_and_lens_of_before__makes_the_market_alone(site: Site) -> None:
    """The same terms with another salt; with the same salt the market exists, and the line is named."""
    first = site.deploy()
    site.files.manifest.unlink()
    given = f'deployment:\n  factory: "{first.factory.address}"\n  lens: "{first.lens.address}"\n'
    site.edit("parameters: #", given + "parameters: #")
    site.must_refuse(f"this market exists already, at {first.vault.address}")
    site.edit("deployment:\n", f'deployment:\n  salt: "0x{1:064x}"\n')

    second = site.deploy()
    assert [sent.step for sent in second.transactions] == STEPS[2:]
    assert (second.factory, second.lens) == (first.factory, first.lens)
    assert second.vault.address != first.vault.address
    assert Views(site.node).number("VaultFactory", second.factory.address, "vaultCount") == 2


@pytest.mark.slow
def test_standard_json__compiled_again__gives_the_bytecode_that_was_deployed() -> None:
    solc = ROOT / ".tools/solc/solc-v0.8.30"
    answer = subprocess.run(
        [str(solc), "--standard-json"], input=standard_json(), text=True, capture_output=True, check=True
    )
    made = {
        name: bytes.fromhex(contract["evm"]["bytecode"]["object"])
        for contracts in json.loads(answer.stdout)["contracts"].values()
        for name, contract in contracts.items()
        if name in DEPLOYED
    }

    assert made == {name: build(name).creation for name in DEPLOYED}
