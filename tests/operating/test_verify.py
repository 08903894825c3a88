"""A deployed market is what its manifest says and holds what it owes; whatever was tampered with is named."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import pytest
from click.testing import CliRunner, Result
from ringfence.evm.abi.layout import Layout
from ringfence.evm.artifacts import load
from ringfence.types import roles
from ringfence.types.errors import RingfenceError
from ringfence.types.exit_codes import ExitCode
from ringfence_operations.commands.verify import verify as command
from ringfence_operations.market import manifest as manifests
from ringfence_operations.market.build import POOL, VAULT
from ringfence_operations.market.manifest import Manifest
from ringfence_operations.verify.verification import Verification, verify

from tests.operating.crowd import Crowd
from tests.operating.site import Site

CHECKS: Final = ("code", "origin", "parameters", "roles", "custody", "pool", "ledger")
WORD: Final = 2**256
STORAGE: Final = Layout(load("IsolatedMarginVault").storage_layout)


def found(market: Crowd, manifest: Manifest | None = None) -> Verification:
    """Verify the market."""
    return verify(market.site.node, manifest or market.manifest, lambda done, whole: None)


def failing(market: Crowd, manifest: Manifest | None = None) -> dict[str, tuple[str, ...]]:
    """Return what each failing check complains about."""
    return {check.name: check.violations for check in found(market, manifest).checks if check.violations}


def poke(market: Crowd, address: str, slot: int, change: Callable[[int], int]) -> None:
    """Change a word of storage from outside."""
    word = change(market.site.node.storage(address, slot)) % WORD
    place = [address, f"0x{slot:064x}", f"0x{word:064x}"]
    market.site.node.ask("anvil_setStorageAt", *place)


def test_verify__of_a_market_with_a_life__holds(traded: Crowd) -> None:
    """All seven checks; the handover that remains is a note and no failure."""
    done = found(traded)
    assert [(check.name, check.violations) for check in done.checks] == [(name, ()) for name in CHECKS]
    assert done.events == 14
    (note,) = [note for check in done.checks for note in check.notes]
    assert note.startswith(f"{traded.manifest.owner} has still to accept the vault")
    owner = traded.manifest.owner
    traded.act(owner, roles.VAULT, "acceptOwnership")
    done = found(traded)
    assert (done.holds, [check.notes for check in done.checks if check.notes]) == (True, [])


@pytest.mark.slow
def test_verify__after_a_donation__tells_it(traded: Crowd) -> None:
    traded.act(traded.accounts[1], roles.TOKEN, "transfer", traded.manifest.vault.address.lower(), 77)
    done = found(traded)
    assert done.holds
    notes = [note for check in done.checks for note in check.notes]
    assert "77 of 1000000 to a token were sent to the vault outside its functions" in notes


def test_verify__of_changed_storage__names_what_changed(traded: Crowd) -> None:
    """Insurance and a claim: custody fails where more is kept than held, the ledger always."""
    vault = traded.manifest.vault.address
    insurance = STORAGE.fields("_books")["insurance"]
    for amount, names in ((1, {"custody", "ledger"}), (-2, {"ledger"})):
        poke(traded, vault, insurance.slot, lambda word, amount=amount: word + (amount << insurance.shift))
        reported = failing(traded)
        assert set(reported) == names
        assert "insurance is " in reported["ledger"][0]
    poke(traded, vault, insurance.slot, lambda word: word + (1 << insurance.shift))
    assert failing(traded) == {}

    claimable = STORAGE.fields("_accounts", int(traded.accounts[2], 16))["claimable"]
    poke(traded, vault, claimable.slot, lambda word: word + (5 << claimable.shift))
    reported = failing(traded)
    assert "the vault holds " in reported["custody"][0]
    assert reported["ledger"] == (
        f"claimable of {traded.accounts[2].lower()} is 5 in the state and 0 by events",
    )


@pytest.mark.slow
@pytest.mark.parametrize("role", ["guardian", "_owner", "_pendingOwner"])
def test_verify__with_somebody_else_in_a_role__fails(traded: Crowd, role: str) -> None:
    place = STORAGE.value(role)
    somebody = int(traded.accounts[7], 16)
    poke(traded, traded.manifest.vault.address, place.slot, lambda word: somebody)
    reported = failing(traded)
    assert set(reported) == {"roles", "ledger"}
    assert traded.accounts[7] in reported["roles"][-1]


@pytest.mark.slow
def test_verify__of_changed_code__fails(traded: Crowd) -> None:
    """One byte of the vault's code, an immutable; then the pool's code gone altogether."""
    node, vault = traded.site.node, traded.manifest.vault.address
    code = bytearray(node.code(vault))
    code[-1] ^= 1
    node.ask("anvil_setCode", vault, "0x" + bytes(code).hex())
    assert failing(traded)["code"] == (f"{VAULT}: the code at {vault} is not what it was at deployment",)
    pool = traded.manifest.pool.address
    node.ask("anvil_setCode", pool, "0x")
    reported = failing(traded)
    assert f"{POOL}: there is no code at {pool}" in reported["code"]
    assert reported["books"]


@pytest.mark.slow
def test_verify__of_a_pool_that_lost_its_tokens__fails(traded: Crowd) -> None:
    token = Layout(load("MockToken").storage_layout)
    place = token.value("_balances", int(traded.manifest.pool.address, 16))
    traded.price(3_000)
    poke(traded, traded.manifest.collateral.address, place.slot, lambda word: 10**6)
    reported = failing(traded)
    assert set(reported) == {"pool"}
    assert reported["pool"][0].startswith("the pool holds 1000000 and would owe ")


def test_verify__against_another_manifest__names_every_difference(traded: Crowd) -> None:
    true = traded.manifest
    other = replace(true.vault, address=true.lens.address)
    changes: list[tuple[dict[str, object], str]] = [
        ({"parameters": replace(true.parameters, buffer_ppm=1)}, "buffer_ppm is 300000, not 1"),
        ({"pool_name": "Another"}, "the pool's name is 'Ringfence Pool', not 'Another'"),
        ({"feed": replace(true.feed, decimals=18)}, "feed decimals are 8 for the vault, not 18"),
        ({"collateral": replace(true.collateral, address=true.feed.address)}, "collateral is "),
        ({"guardian": true.owner}, f"the guardian is {true.guardian}, not {true.owner}"),
        ({"salt": "0x" + 64 * "1"}, "made with the manifest's arguments the vault would be at "),
        ({"pool": replace(true.pool, address=other.address)}, "pool of IsolatedMarginVault is "),
        ({"lens": replace(true.lens, code_hash="0x" + 64 * "1")}, "VaultLens: the code at "),
    ]
    for change, complaint in changes:
        reported = failing(traded, replace(true, **change))  # type: ignore[arg-type]  # by their names
        assert any(complaint in line for lines in reported.values() for line in lines), (change, reported)


def run(site: Site, *arguments: str) -> Result:
    """Run the command, by the node's URL."""
    given = ["--manifest", str(site.files.manifest), "--network", site.node.place]
    return CliRunner().invoke(command, [*given, *arguments])


@pytest.mark.slow
def test_command__says_by_its_exit_code__whether_all_holds(traded: Crowd) -> None:
    """0 and a line for each check; 1 when one fails; 2 when it can't be told."""
    site = traded.site
    done = run(site)
    assert done.exit_code == 0, done.output
    held = [line.split()[1] for line in done.output.splitlines() if line.startswith("holds")]
    assert held == [*CHECKS]

    place = STORAGE.value("guardian")
    poke(traded, traded.manifest.vault.address, place.slot, lambda word: 0)
    done = run(site)
    assert done.exit_code == ExitCode.FAILED
    assert f"        roles: the guardian is nobody, not {traded.manifest.guardian}\n" in done.output

    manifests.save(replace(traded.manifest, chain_id=1), site.files.manifest)
    done = run(site)
    assert (done.exit_code, done.output.count("\n")) == (2, 1), done.output
    assert "the manifest is of chain 1, and the node is of chain 31337" in done.output
    assert run(site, "--network", "http://127.0.0.1:1").exit_code == 2


@pytest.mark.slow
def test_verify__on_a_chain_that_was_reset__is_refused(traded: Crowd) -> None:
    with pytest.raises(RingfenceError, match="the node is of another chain, or the deployment was reorg"):
        found(traded, replace(traded.manifest, deployment_block=1))
