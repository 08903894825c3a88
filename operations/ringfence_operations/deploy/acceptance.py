"""The second half of the handover: the new owner accepts the vault."""

from collections.abc import Callable
from pathlib import Path

from eth_account.signers.local import LocalAccount
from eth_utils.address import to_checksum_address
from ringfence.types.errors import RingfenceError

from ringfence_operations.deploy.steps import Steps, Terms
from ringfence_operations.market.build import VAULT
from ringfence_operations.market.manifest import Manifest
from ringfence_operations.node.client import Node
from ringfence_operations.node.views import Views, interface
from ringfence_operations.sending.journal import Journal
from ringfence_operations.sending.outbox import Outbox


def accept_ownership(
    node: Node,
    manifest: Manifest,
    account: str,
    unlock: Callable[[], LocalAccount],
    journal_path: Path,
    terms: Terms,
    report: Callable[[str], None],
) -> None:
    """Make ``account`` the owner that it was offered to be; ``unlock`` is asked for its key only then.

    Raises:
        RingfenceError: the vault is offered to another account, or to none.
        RingfenceError: the transaction can't be sent now; the journal knows how far it came.
    """
    vault = manifest.vault.address
    owner, pending = (str(Views(node).ask(VAULT, vault, view)) for view in ("owner", "pendingOwner"))
    if owner == account.lower():
        journal_path.unlink(missing_ok=True)
        report(f"nothing to do: {account} owns the vault {vault}")
        return
    if pending != account.lower():
        offered = to_checksum_address(pending) if pending else "no account"
        raise RingfenceError(
            f"vault {vault}: it is offered to {offered}, not to {account}; choose that --account"
        )
    subject = {"vault": f"{node.chain_id}:{vault}", "account": account}
    with Journal(journal_path, subject) as journal:
        steps = Steps(node, Outbox(node, unlock(), journal), terms, report)
        steps.call("accept", vault, interface(VAULT)["acceptOwnership"].call())
        journal.remove()
    report(f"{account} owns the vault {vault}")
