"""A chain that is not as the configuration says is found before anything is signed, in one sentence."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from ringfence.types.errors import RingfenceError
from ringfence_operations.deploy.steps import Terms

from tests.operating.nodes import Anvil
from tests.operating.site import ROOT, TERMS, Site, make_site

WORTHLESS = "0x000000000000000000000000000000000000dEaD"


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Anvil]:
    """Give one node for all, since none of them sends anything."""
    node = Anvil(tmp_path_factory.mktemp("node") / "anvil.json")
    node.start()
    yield node
    node.stop()


@pytest.fixture
def unsent(node: Anvil, tmp_path: Path) -> Iterator[Site]:
    """Give a place to deploy from, and see that nothing was sent or written."""
    site = make_site(tmp_path, node.connect())
    before, files = site.node.block().number, sorted(tmp_path.rglob("*"))
    yield site
    assert (site.node.block().number, site.node.nonce(site.key.address, "pending")) == (before, 0)
    assert sorted(tmp_path.rglob("*")) == files


def refusal(site: Site, terms: Terms = TERMS) -> str:
    """Return the sentence in which a deployment is refused."""
    with pytest.raises(RingfenceError) as refused:
        site.run(terms=terms)
    assert "\n" not in str(refused.value)
    return str(refused.value)


@pytest.mark.parametrize(
    ("section", "old", "new", "complaint"),
    [
        ("chain_id", "31337", "1", "chain_id is 1, and the node is of chain 31337"),
        ("collateral", "TOKEN", WORTHLESS, f"there is no code at {WORTHLESS}"),
        ("collateral", "decimals: 6", "decimals: 7", "collateral decimals is 7, and TOKEN has 6"),
        ("collateral", "TOKEN", "MULTICALL", "MULTICALL does not answer decimals(); it is no token"),
        ("feed", "FEED", WORTHLESS, f"there is no code at {WORTHLESS}"),
        ("feed", "decimals: 8", "decimals: 18", "feed decimals is 18, and FEED has 8"),
        ("feed", "FEED", "TOKEN", "TOKEN does not answer latestRoundData(); it is no price feed"),
    ],
)
def test_deploy__on_another_chain_than_the_file_says__is_refused_with_the_line(
    unsent: Site, section: str, old: str, new: str, complaint: str
) -> None:
    names = {"TOKEN": unsent.sandbox.token, "FEED": unsent.sandbox.feed}
    names["MULTICALL"] = "0x4e59b44847b379578588920cA78FbF26c0B4956C"

    def named(text: str) -> str:
        for name, address in names.items():
            text = text.replace(name, address)
        return text

    text = unsent.config.read_text()
    head, found, rest = text.partition(f"\n{section}:")
    unsent.config.write_text(head + found + rest.replace(named(old), named(new), 1))
    if new == "TOKEN":
        unsent.edit("decimals: 8", "decimals: 6")

    reported = refusal(unsent)

    assert re.match(rf"{re.escape(str(unsent.config))}, line \d+: ", reported), reported
    assert named(complaint) in reported
    line = int(reported.partition("line ")[2].partition(":")[0])
    written = unsent.config.read_text().splitlines()[line - 1].split("#")[0].strip()
    assert written[-12:] in reported or "chain" in reported


def test_deploy__with_too_little_gas_money__is_refused(unsent: Site) -> None:
    unsent.node.ask("anvil_setBalance", unsent.key.address, hex(10**15))
    reported = refusal(unsent)
    money = r"has 0\.001000 ether, and the deployment may cost 0\.\d+; send it the difference"
    assert re.fullmatch(f"{unsent.key.address} {money}", reported)


def test_deploy__while_gas_costs_more_than_allowed__is_refused(unsent: Site) -> None:
    """The bound is the option's; below it no base fee falls, however many blocks the node has made."""

    reported = refusal(unsent, Terms(max_fee=1, confirmations=1, patience=1))
    assert re.search(r"gas costs \S+ gwei, above --max-fee 0\.0+1; wait, or allow more$", reported)


@pytest.mark.parametrize(("given", "contract"), [("factory", "VaultFactory"), ("lens", "VaultLens")])
def test_deploy__with_a_given_contract_that_is_another__is_refused(
    unsent: Site, given: str, contract: str
) -> None:
    unsent.edit("parameters: #", f'deployment:\n  {given}: "{unsent.sandbox.token}"\nparameters: #')
    assert f"the code at {unsent.sandbox.token} is not {contract}'s" in refusal(unsent)


def test_deploy__with_a_feed_that_has_no_price__is_refused(unsent: Site) -> None:
    """An answer of zero; one that is old is only a warning."""
    snapshot = unsent.node.ask("evm_snapshot")
    unsent.sandbox.set_price(0)
    reported = refusal(unsent)
    unsent.node.ask("evm_revert", snapshot)
    assert "the feed's answer is 0, which is no price" in reported


def test_dry_run__of_an_old_price__warns(unsent: Site) -> None:
    unsent.edit("max_price_age: 90 min", "max_price_age: 1 s")
    node = unsent.node
    snapshot = node.ask("evm_snapshot")
    node.ask("evm_increaseTime", 7_200)
    node.ask("evm_mine")
    unsent.run(is_dry=True)
    node.ask("evm_revert", snapshot)
    assert re.search(r"warning: the feed's answer is 7[0-9]{3} s old", "\n".join(unsent.reported))


@pytest.mark.slow
def test_script__that_is_refused__ends_in_one_sentence(unsent: Site) -> None:
    """Through Ape: no traceback, and an exit code that says so."""
    unsent.edit("decimals: 8", "decimals: 9")
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    command = ["ape", "run", "deploy", "--config", str(unsent.config), "--network", unsent.node.place]
    command += ["--account", str(unsent.folder / "deployer.json")]
    command += ["--passphrase-file", str(unsent.folder / "deployer.passphrase")]
    command += ["--manifest", str(unsent.files.manifest)]

    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"PATH": programs}, capture_output=True, text=True, check=False
    )

    assert done.returncode == 2
    assert done.stderr.count("\n") == 1, done.stderr
    assert re.match(
        r"Error: .*market\.yaml, line \d+: feed decimals is 9, and 0x\w+ has 8$", done.stderr.strip()
    )
