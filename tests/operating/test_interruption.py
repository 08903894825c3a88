"""A deployment that is cut off anywhere is finished by the next run, and nothing is sent twice."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from ringfence.types.errors import RingfenceError
from ringfence_operations.deploy.steps import Terms
from ringfence_operations.files import write_whole
from ringfence_operations.market import manifest as manifests
from ringfence_operations.node.client import Node, Receipt
from ringfence_operations.node.rpc import NodeUnreachable, Question
from ringfence_operations.node.views import Views
from ringfence_operations.sending.fees import GWEI
from ringfence_operations.sending.journal import Journal

from tests.operating.nodes import Anvil
from tests.operating.site import TERMS, Site, make_site

STEPS = 4
SEND = "eth_sendRawTransaction"


class Killed(BaseException):
    """The process ends here; nothing after it happens."""


class Fuse:
    """Ends a run at its ``at``-th contact with node or disk, before or after it."""

    def __init__(self, at: int, is_after: bool) -> None:
        self.left, self.is_after = at, is_after

    def around(self, function: Callable[..., Any], method: str = "") -> Callable[..., Any]:
        """Return the function, which counts as contact; of questions to a node, only a ``method`` does."""

        def counted(*args: Any, **options: Any) -> Any:
            if method and method not in [name for name, _ in args[1]]:
                return function(*args, **options)
            self.left -= 1
            if self.left == 0 and not self.is_after:
                raise Killed
            answer = function(*args, **options)
            if self.left == 0:
                raise Killed
            return answer

        return counted


def arm(monkeypatch: pytest.MonkeyPatch, fuse: Fuse) -> None:
    """Have every transaction, receipt and written file count."""
    monkeypatch.setattr(Node, "ask_many", fuse.around(Node.ask_many, SEND))
    monkeypatch.setattr(Node, "receipts", fuse.around(Node.receipts))
    monkeypatch.setattr(Journal, "write", fuse.around(Journal.write))
    for module in ("sending.journal", "deploy.deployment", "market.manifest"):
        monkeypatch.setattr(f"ringfence_operations.{module}.write_whole", fuse.around(write_whole))


def is_killed(site: Site, monkeypatch: pytest.MonkeyPatch, fuse: Fuse) -> bool:
    """Return whether a run was cut off."""
    with monkeypatch.context() as patch:
        arm(patch, fuse)
        try:
            site.run()
        except Killed:
            return True
    return False


def check_whole(site: Site) -> None:
    """See that there is one market, made by four transactions, and that all of it holds."""
    manifest = manifests.load(site.files.manifest)
    assert site.node.nonce(site.key.address, "pending") == STEPS
    assert Views(site.node).number("VaultFactory", manifest.factory.address, "vaultCount") == 1
    assert not any(site.violations(manifest).values())
    assert not site.files.journal.exists()


def finish(site: Site) -> None:
    """Run once more, and see that this is the end of it."""
    site.run()
    check_whole(site)


@pytest.mark.parametrize("at", [4, 5])
def test_deploy__cut_off_early_on__is_finished_by_the_next_run(
    site: Site, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    assert is_killed(site, monkeypatch, Fuse(at, is_after=True))
    finish(site)


@pytest.mark.slow
@pytest.mark.parametrize("is_after", [False, True], ids=["before", "after"])
def test_deploy__cut_off_at_every_contact__is_finished_by_the_next_run(
    anvil: Anvil, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_after: bool
) -> None:
    """Each time on a fresh chain; the last run is not cut off any more, so that all contacts were tried."""
    node = anvil.connect()
    at, is_cut = 1, True
    while is_cut:
        snapshot = node.ask("evm_snapshot")
        folder = tmp_path / str(at)
        folder.mkdir()
        site = make_site(folder, anvil.connect())
        is_cut = is_killed(site, monkeypatch, Fuse(at, is_after))
        finish(site)
        node.ask("evm_revert", snapshot)
        at += 1
    assert at > 15


@pytest.mark.slow
def test_deploy__cut_off_time_and_again__is_finished_in_the_end(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every run gets one contact further than the last one did."""
    runs = 0
    while is_killed(site, monkeypatch, Fuse(runs + 1, is_after=True)):
        runs += 1
    check_whole(site)
    assert runs > 5


@pytest.mark.slow
def test_deploy__while_the_node_goes_away__is_finished_when_it_is_back(anvil: Anvil, site: Site) -> None:
    class Leaving(Node):
        left = 5

        def receipts(self, hashes: Sequence[str]) -> list[Receipt | None]:
            self.left -= 1
            if self.left == 0:
                anvil.stop()
            return super().receipts(hashes)

    with pytest.raises(NodeUnreachable, match="the node does not answer"):
        site.run(node=anvil.connect(Leaving))
    anvil.start()
    finish(site)


@pytest.mark.slow
def test_deploy__after_a_reorganisation__is_sent_again(anvil: Anvil, site: Site) -> None:
    """The block of a step is replaced by one without it while confirmations are waited for."""

    class Reorganising(Node):
        sent, is_found = 0, False

        def ask_many(self, questions: Sequence[Question]) -> list[Any]:
            self.sent += [name for name, _ in questions].count(SEND)
            return super().ask_many(questions)

        def receipts(self, hashes: Sequence[str]) -> list[Receipt | None]:
            receipts = super().receipts(hashes)
            found = next((receipt for receipt in receipts if receipt), None)
            if found and not self.is_found:
                self.is_found = True
                self.ask("anvil_reorg", self.block().number - found.block + 1, [])
            return receipts

    node = anvil.connect(Reorganising)
    node.ask("evm_setIntervalMining", 1)

    site.run(terms=Terms(TERMS.max_fee, confirmations=2, patience=30), node=node)

    check_whole(site)
    assert node.sent > STEPS


@pytest.mark.slow
def test_deploy__that_is_never_mined__says_so_and_offers_more_next_time(site: Site) -> None:
    """The replacement has the same nonce, so one of the two is mined."""
    site.node.ask("evm_setAutomine", False)
    base = site.node.block().base_fee
    assert base
    with pytest.raises(RingfenceError, match="factory: not confirmed by 1 blocks after 1 s; run this again"):
        site.run(terms=Terms(base + base // 10, 1, 1))
    site.node.ask("evm_setAutomine", True)
    finish(site)


@pytest.mark.slow
def test_deploy__while_gas_gets_dearer__offers_more_and_goes_on(anvil: Anvil, site: Site) -> None:
    """A block's price rises above what was offered: the same run replaces the transaction."""

    class Rising(Node):
        sent = 0

        def ask_many(self, questions: Sequence[Question]) -> list[Any]:
            self.sent += SEND in [name for name, _ in questions]
            if self.sent == 2:
                super().ask_many([("evm_setAutomine", [True])])
            return super().ask_many(questions)

        def receipts(self, hashes: Sequence[str]) -> list[Receipt | None]:
            if self.sent == 1:
                super().ask_many([("anvil_setNextBlockBaseFeePerGas", [hex(10 * GWEI)])])
                super().ask_many([("evm_mine", [])])
            return super().receipts(hashes)

    site.node.ask("evm_setAutomine", False)

    site.run(node=anvil.connect(Rising))

    check_whole(site)
    assert [line for line in site.reported if line.startswith("factory: sent")][1:] != []


@pytest.mark.slow
def test_deploy__whose_nonce_was_used_by_another__sends_the_step_anew(anvil: Anvil, site: Site) -> None:
    """The account sent another transaction while the run was cut off, and its own was never seen."""

    class Dropping(Node):
        def ask_many(self, questions: Sequence[Question]) -> list[Any]:
            if SEND in [name for name, _ in questions]:
                raise Killed
            return super().ask_many(questions)

    with pytest.raises(Killed):
        site.run(node=anvil.connect(Dropping))
    other = {"type": 2, "chainId": site.node.chain_id, "nonce": 0, "to": site.key.address, "value": 1}
    fees = {"gas": 21_000, "maxFeePerGas": 10 * GWEI, "maxPriorityFeePerGas": 1}
    signed = site.key.sign_transaction(other | fees).raw_transaction
    site.node.ask("eth_sendRawTransaction", "0x" + signed.hex())

    site.deploy()
    assert "factory: the account used nonce 0 for something else; sent anew" in site.reported
    assert site.node.nonce(site.key.address) == STEPS + 1


@pytest.mark.slow
def test_deploy__with_the_journal_of_another_configuration__is_refused(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert is_killed(site, monkeypatch, Fuse(7, is_after=True))
    sent = site.node.nonce(site.key.address, "pending")
    site.edit("buffer: 30 %", "buffer: 31 %")
    site.must_refuse("an unfinished run of another configuration or account")
    site.files.journal.write_text("{")
    site.must_refuse("this is no journal of transactions")
    assert site.node.nonce(site.key.address, "pending") == sent


@pytest.mark.slow
def test_deploy__of_a_changed_configuration_or_a_reset_chain__is_refused(site: Site) -> None:
    manifest = site.deploy()
    site.edit("buffer: 30 %", "buffer: 31 %")
    site.must_refuse(r"parameters is not what was deployed .*; terms can't change")
    site.edit("buffer: 31 %", "buffer: 30 %")
    site.node.ask("anvil_setCode", manifest.vault.address, "0x")
    site.must_refuse(f"there is no vault at {manifest.vault.address} on this chain")
    site.edit("chain_id: 31337", "chain_id: 1")
    site.must_refuse("chain_id is not what was deployed")
