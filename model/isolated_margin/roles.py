"""Who may do what: operators of traders, the vault's owner and its guardian."""

from isolated_margin.applying import Applying
from isolated_margin.errors import (
    InvalidNonce,
    InvalidSignature,
    NotGuardian,
    NotPool,
    OwnableUnauthorizedAccount,
)
from isolated_margin.events import (
    GuardianSet,
    OperatorSet,
    OwnershipTransferred,
    OwnershipTransferStarted,
    PausedSet,
)
from isolated_margin.fixed import uint256
from isolated_margin.permission import Permission
from isolated_margin.pool import POOL
from isolated_margin.token import NOBODY


class Roles(Applying):
    """Nobody here can move a trader's money or change the terms of the market."""

    __slots__ = ()

    def set_operator(self, caller: str, operator: str, permissions: int, expiry: int) -> None:
        """Let ``operator`` act on the caller's positions up to ``expiry``, a timestamp; void what was signed.

        Raises:
            NotAnInteger, OutOfDomain: an argument is no ``uint8`` or ``uint64``.
            InvalidPermissions: there are bits that permit nothing.
        """
        permission = Permission(permissions, expiry)
        permission.check()
        self._set_operator(caller, operator, permission)

    def set_operator_with_sig(
        self,
        caller: str,
        owner: str,
        operator: str,
        permissions: int,
        expiry: int,
        nonce: int,
        deadline: int,
        signer: str | None,
    ) -> None:
        """Do what ``owner`` signed, whoever hands it in; the nonce is used up.

        ``signer`` is who really made a valid signature of exactly this message, or ``None``.

        Raises:
            NotAnInteger, OutOfDomain: an argument is none of its type: ``nonce`` and ``deadline``
                (seconds) are ``uint256``.
            Expired: the deadline has passed.
            InvalidPermissions: there are bits that permit nothing.
            InvalidNonce: ``nonce`` is not the owner's next one.
            InvalidSignature: the owner did not sign this.
        """
        uint256(nonce), uint256(deadline)
        permission = Permission(permissions, expiry)
        self._check_deadline(deadline)
        permission.check()
        expected = self.nonces(owner)
        if nonce != expected:
            raise InvalidNonce(nonce, expected)
        if not signer or signer != owner:
            raise InvalidSignature
        self._set_operator(owner, operator, permission)

    def pause(self, caller: str) -> None:
        """Stop ``open`` and ``increase``.

        Raises:
            NotGuardian: the caller is neither guardian nor owner.
        """
        if caller not in (self.guardian, self.owner):
            raise NotGuardian(caller)
        self.paused = True
        self._emit(PausedSet(caller, True))

    def unpause(self, caller: str) -> None:
        """Let ``open`` and ``increase`` go on.

        Raises:
            OwnableUnauthorizedAccount: the caller is not the owner.
        """
        self._check_owner(caller)
        self.paused = False
        self._emit(PausedSet(caller, False))

    def set_guardian(self, caller: str, guardian: str) -> None:
        """Name who else may pause; nobody, with ``""``.

        Raises:
            OwnableUnauthorizedAccount: the caller is not the owner.
        """
        self._check_owner(caller)
        self.guardian = guardian
        self._emit(GuardianSet(guardian))

    def transfer_ownership(self, caller: str, new_owner: str) -> None:
        """Name the successor, who has yet to accept; nobody, with ``""``.

        Raises:
            OwnableUnauthorizedAccount: the caller is not the owner.
        """
        self._check_owner(caller)
        self.pending_owner = new_owner
        self._emit(OwnershipTransferStarted(caller, new_owner))

    def accept_ownership(self, caller: str) -> None:
        """Become the owner.

        Raises:
            OwnableUnauthorizedAccount: the caller is not the successor.
        """
        if caller != self.pending_owner:
            raise OwnableUnauthorizedAccount(caller)
        self._set_owner(caller)

    def renounce_ownership(self, caller: str) -> None:
        """Leave the vault without an owner, for good.

        Raises:
            OwnableUnauthorizedAccount: the caller is not the owner.
        """
        self._check_owner(caller)
        self._set_owner(NOBODY)

    def lock(self, caller: str) -> None:
        """Let no other call in; here, where a call is whole, there is none to keep out.

        Raises:
            NotPool: somebody else than the pool calls.
        """
        self._check_pool(caller)

    def unlock(self, caller: str) -> None:
        """Let other calls in again.

        Raises:
            NotPool: somebody else than the pool calls.
        """
        self._check_pool(caller)

    def _set_operator(self, owner: str, operator: str, permission: Permission) -> None:
        nonce = self.nonces(owner) + 1
        self._nonces[owner] = nonce
        self._operators[owner, operator] = permission
        self._emit(OperatorSet(owner, operator, permission.permissions, permission.expiry, nonce))

    def _check_pool(self, caller: str) -> None:
        if caller != POOL:
            raise NotPool(caller)

    def _check_owner(self, caller: str) -> None:
        if caller != self.owner:
            raise OwnableUnauthorizedAccount(caller)

    def _set_owner(self, new_owner: str) -> None:
        old_owner, self.owner, self.pending_owner = self.owner, new_owner, NOBODY
        self._emit(OwnershipTransferred(old_owner, new_owner))
