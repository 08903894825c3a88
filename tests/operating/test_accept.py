"""A vault is taken over by whom it was offered to, once."""

import pytest
from eth_account import Account
from eth_account.signers.local import LocalAccount
from ringfence.types.errors import RingfenceError
from ringfence_operations.deploy.acceptance import accept_ownership
from ringfence_operations.market.build import VAULT
from ringfence_operations.market.manifest import Manifest
from ringfence_operations.node.views import Views

from tests.operating.site import TERMS, Site

KEY = Account.from_key((7654321).to_bytes(32))


STRANGER = Account.from_key((5).to_bytes(32))


def accept(site: Site, manifest: Manifest, key: LocalAccount = KEY) -> list[str]:
    """Accept as the account of a key; return what is told."""
    reported: list[str] = []
    journal = site.folder / "market.accept.json"
    accept_ownership(site.node, manifest, str(key.address), lambda: key, journal, TERMS, reported.append)
    assert not journal.exists()
    return reported


@pytest.mark.slow
def test_accept__by_whom_it_was_offered_to__is_done_once(site: Site) -> None:
    site.edit("0x70997970C51812dc3A010C7d01b50e0d17dc79C8", KEY.address)
    site.sandbox.fund(KEY.address, 0)
    manifest = site.deploy()
    with pytest.raises(RingfenceError, match=f"it is offered to {KEY.address}, not to {STRANGER.address}"):
        accept(site, manifest, STRANGER)

    reported = accept(site, manifest)

    vault = manifest.vault.address
    assert reported[-1] == f"{KEY.address} owns the vault {vault}"
    assert Views(site.node).ask(VAULT, vault, "owner") == KEY.address.lower()
    assert accept(site, manifest) == [f"nothing to do: {KEY.address} owns the vault {vault}"]
    assert site.node.nonce(KEY.address) == 1
    with pytest.raises(RingfenceError, match="it is offered to no account"):
        accept(site, manifest, STRANGER)
