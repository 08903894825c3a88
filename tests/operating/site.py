"""Markets to deploy in tests: the example's, on a node of the test's own, by an account of its own."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest
from eth_account import Account
from eth_account.signers.local import LocalAccount
from ringfence.types.errors import RingfenceError
from ringfence.vaults.isolated_margin.market_file import read_market
from ringfence_operations.deploy.deployment import Files
from ringfence_operations.deploy.run import Run
from ringfence_operations.deploy.sandbox import Sandbox, make_sandbox
from ringfence_operations.deploy.steps import Terms
from ringfence_operations.market.manifest import Manifest
from ringfence_operations.node.client import Node
from ringfence_operations.sending.fees import GWEI
from ringfence_operations.verify.checks import DeployedMarket, static_checks

from tests.harness.example_market import EXAMPLE

ROOT: Final = Path(__file__).resolve().parents[2]
PASSPHRASE: Final = "correct horse"
PRICE: Final = 2_000 * 10**8
TERMS: Final = Terms(max_fee=100 * GWEI, confirmations=1, patience=20)


@dataclass
class Site:
    """A folder with all that a deployment needs: a funded keystore, its passphrase, a configuration."""

    folder: Path
    sandbox: Sandbox
    key: LocalAccount
    reported: list[str] = field(default_factory=list)

    @property
    def node(self) -> Node:
        """Return the node."""
        return self.sandbox.node

    @property
    def config(self) -> Path:
        """Return the configuration: the example's, until a test changes it."""
        return self.folder / "market.yaml"

    @property
    def files(self) -> Files:
        """Return where the deployment is written down."""
        return Files(self.folder / "deployments/market.json")

    def edit(self, old: str, new: str) -> None:
        """Change the configuration."""
        text = self.config.read_text()
        assert old in text, old
        self.config.write_text(text.replace(old, new, 1))

    def deploy(self, terms: Terms = TERMS, node: Node | None = None) -> Manifest:
        """Run `deploy`; return the manifest of what it deployed."""
        manifest = self.run(terms=terms, node=node)
        assert manifest is not None
        return manifest

    def violations(self, manifest: Manifest) -> dict[str, tuple[str, ...]]:
        """Return what each check finds wrong with a deployment."""
        market = DeployedMarket(manifest, self.node, self.node.block().number)
        return {check.name: check.violations for check in static_checks(market)}

    def must_refuse(self, sentence: str) -> None:
        """Check that `deploy` is refused in these words."""
        with pytest.raises(RingfenceError, match=sentence):
            self.run()

    def run(self, *, is_dry: bool = False, terms: Terms = TERMS, node: Node | None = None) -> Manifest | None:
        """Run `deploy`; what it tells is in ``told``."""
        self.reported.clear()
        market = read_market(self.config)
        keystore, passphrase = str(self.folder / "deployer.json"), self.folder / "deployer.passphrase"
        run = Run(market, keystore, passphrase, self.files, terms, is_dry, self.reported.append)
        return run.on(node or self.node)


def keystore(folder: Path, name: str, number: int) -> tuple[LocalAccount, tuple[str, ...]]:
    """Return a key and the options by which a program uses it."""
    key = Account.from_key(number.to_bytes(32))
    path, passphrase = folder / f"{name}.json", folder / f"{name}.passphrase"
    path.write_text(json.dumps(Account.encrypt(key.key, PASSPHRASE, kdf="pbkdf2", iterations=1)))
    passphrase.write_text(PASSPHRASE + "\n")
    passphrase.chmod(0o600)
    return key, ("--account", str(path), "--passphrase-file", str(passphrase))


def make_site(folder: Path, node: Node) -> Site:
    """Put token and feed on a node, and a keystore and the example's configuration into a folder."""
    sandbox = make_sandbox(node, token_decimals=6, feed_decimals=8)
    sandbox.set_price(PRICE)
    key, _ = keystore(folder, "deployer", 1234567)
    sandbox.fund(key.address, 0)
    site = Site(folder, sandbox, key)
    site.config.write_text(EXAMPLE.read_text())
    site.edit("0x5FbDB2315678afecb367f032d93F642f64180aa3", sandbox.token)
    site.edit("0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512", sandbox.feed)
    return site
