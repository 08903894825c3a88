"""Keys come from keystores alone, and passphrases from files that nobody else can read."""

from pathlib import Path

import ape
import pytest
from eth_account import Account
from ringfence.types.errors import RingfenceError
from ringfence_operations.sending.keys import address_of, read_passphrase, unlock

from tests.operating.site import PASSPHRASE, keystore


@pytest.fixture
def deployer(tmp_path: Path) -> Path:
    """Give a keystore file, cheap to open."""
    keystore(tmp_path, "deployer", 7)
    return tmp_path / "deployer.json"


def passphrase_file(folder: Path, mode: int, text: str = PASSPHRASE + "\n") -> Path:
    """Return a file with the passphrase and these permissions."""
    path = folder / "passphrase"
    path.write_text(text)
    path.chmod(mode)
    return path


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_unlock__with_a_file_of_ones_own__is_the_key(deployer: Path, tmp_path: Path, mode: int) -> None:
    """The line's end is no part of the passphrase; the address needs no passphrase at all."""
    signer = unlock(str(deployer), passphrase_file(tmp_path, mode))
    assert signer.address == Account.from_key((7).to_bytes(32)).address == address_of(str(deployer))


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o620, 0o644, 0o610])
def test_unlock__with_a_file_others_can_use__is_refused(deployer: Path, tmp_path: Path, mode: int) -> None:
    with pytest.raises(
        RingfenceError, match=rf"others may use .* \(mode {mode:04o}\); run chmod 600"
    ) as refusal:
        unlock(str(deployer), passphrase_file(tmp_path, mode))
    assert PASSPHRASE not in str(refusal.value)


def test_passphrase__behind_a_link_or_of_another_user__is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is checked is the file that is read."""
    path = passphrase_file(tmp_path, 0o600)
    link = tmp_path / "link"
    link.symlink_to(path)
    with pytest.raises(RingfenceError, match="can't be opened"):
        read_passphrase(link)
    with pytest.raises(RingfenceError, match="regular file"):
        read_passphrase(tmp_path)
    monkeypatch.setattr("os.geteuid", lambda: path.stat().st_uid + 1)
    with pytest.raises(RingfenceError, match="owned by the user"):
        read_passphrase(path)


def test_unlock__with_another_passphrase__is_refused(deployer: Path, tmp_path: Path) -> None:
    with pytest.raises(RingfenceError, match="does not open this keystore") as refusal:
        unlock(str(deployer), passphrase_file(tmp_path, 0o600, "wrong battery"))
    assert "battery" not in str(refusal.value)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"version": 3}', '{"crypto": {}, "version": 3}'])
def test_unlock__of_what_is_no_keystore__is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "broken.json"
    path.write_text(content)
    with pytest.raises(RingfenceError, match="keystore"):
        unlock(str(path), passphrase_file(tmp_path, 0o600))


def test_unlock__of_an_alias__ignores_the_environment(
    deployer: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ape would take a passphrase from there; without a file it is asked for instead."""
    container = ape.accounts.containers["accounts"]
    monkeypatch.setitem(vars(container), "data_folder", deployer.parent)  # where Ape keeps what it looked up
    monkeypatch.setenv("APE_ACCOUNTS_deployer_PASSPHRASE", PASSPHRASE)
    asked = []
    monkeypatch.setattr("click.prompt", lambda text, **options: asked.append((text, options)) or "wrong")

    with pytest.raises(RingfenceError, match="does not open"):
        unlock("deployer", None)
    assert asked[0][0] == "Passphrase of deployer"
    assert asked[0][1]["hide_input"] is True
    with pytest.raises(RingfenceError, match=r"no such account \(it has: deployer\); make one with"):
        unlock("keeper", None)
