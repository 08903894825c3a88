"""Keys of operators: from keystores alone, opened by a passphrase that is typed or in a private file.

Ape's own unlocking would take a passphrase from the environment, so keystores are opened here.
"""

import json
import os
import stat
from pathlib import Path
from typing import Final

import click
from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_utils.address import to_checksum_address
from ringfence.types.errors import RingfenceError

READABLE_BY_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
LONGEST_PASSPHRASE: Final = 4_096  # bytes


def unlock(account: str, passphrase_file: Path | None) -> LocalAccount:
    """Return the key of a keystore: the alias of an account of Ape's, or the path of a keystore file.

    Without a passphrase file the passphrase is asked for at the terminal.

    Raises:
        RingfenceError: there is no such keystore, its passphrase is another, or other users could read the
            file that the passphrase is in.
    """
    path = keystore_of(account)
    keystore = _read(path)
    if passphrase_file is None:
        passphrase = click.prompt(f"Passphrase of {account}", hide_input=True, default="", show_default=False)
    else:
        passphrase = read_passphrase(passphrase_file)
    try:
        key = Account.decrypt(keystore, passphrase)
    except ValueError:
        raise RingfenceError(f"{path}: the passphrase does not open this keystore") from None
    except (KeyError, TypeError):
        raise RingfenceError(f"{path}: this is no keystore of version 3") from None
    signer: LocalAccount = Account.from_key(key)
    return signer


def address_of(account: str) -> str:
    """Return the checksummed address of a keystore, which needs no passphrase; raises RingfenceError."""
    path = keystore_of(account)
    address = _read(path).get("address")
    try:
        return to_checksum_address(str(address))
    except ValueError:
        raise RingfenceError(f"{path}: the keystore does not say its address") from None


def keystore_of(account: str) -> Path:
    """Return where the keystore is: a path as given, an alias in Ape's folder; raises RingfenceError."""
    if os.sep in account or account.endswith(".json"):
        return Path(account)
    import ape

    container = ape.accounts.containers["accounts"]
    path = Path(container.data_folder) / f"{account}.json"
    if not path.is_file():
        known = ", ".join(sorted(container.aliases)) or "none"
        raise RingfenceError(
            f"--account {account}: Ape has no such account (it has: {known}); "
            f"make one with `ape accounts generate {account}`"
        )
    return path


def read_passphrase(path: Path) -> str:
    """Return the passphrase in a file, without the line's end.

    Raises:
        RingfenceError: the file can't be read, is not this user's, or others may read or write it.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as failure:
        raise RingfenceError(f"{path}: the passphrase file can't be opened: {failure.strerror}") from None
    try:
        _check(os.fstat(descriptor), path)
        return os.read(descriptor, LONGEST_PASSPHRASE).decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise RingfenceError(f"{path}: the passphrase file is not UTF-8 text") from None
    finally:
        os.close(descriptor)


def _check(state: os.stat_result, path: Path) -> None:
    """See that only this user can use an open file; raises RingfenceError."""
    if not stat.S_ISREG(state.st_mode):
        raise RingfenceError(f"{path}: the passphrase must be in a regular file")
    if state.st_uid != os.geteuid():
        raise RingfenceError(f"{path}: the passphrase file must be owned by the user who runs this")
    if state.st_mode & READABLE_BY_OTHERS:
        mode = stat.S_IMODE(state.st_mode)
        raise RingfenceError(f"{path}: others may use the passphrase file (mode {mode:04o}); run chmod 600")


def _read(path: Path) -> dict[str, object]:
    """Return a keystore, still locked; raises RingfenceError."""
    try:
        keystore = json.loads(path.read_text(encoding="utf-8"))
    except OSError as failure:
        raise RingfenceError(f"{path}: the keystore can't be read: {failure.strerror}") from None
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise RingfenceError(f"{path}: this is no keystore") from None
    if not isinstance(keystore, dict):
        raise RingfenceError(f"{path}: this is no keystore")
    return keystore
