"""Signatures that accounts hand in: operator permissions and token permits, flawed on request."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, lru_cache
from typing import Final

from coincurve import PrivateKey
from eth_utils.crypto import keccak

from ringfence.evm.abi.interface import hash_of
from ringfence.types.roles import keys

CURVE_ORDER: Final = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
OTHER_CHAIN: Final = 424_242
GARBAGE: Final = b"\x5a"

DOMAIN: Final = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
PERMISSION: Final = (
    "SetOperator(address owner,address operator,uint8 permissions,uint64 expiry,"
    "uint256 nonce,uint256 deadline)"
)
PERMIT: Final = "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"


class Flaw(StrEnum):
    """What is wrong with a signature, its signer and its deadline apart."""

    NONE = "none"
    WRONG_CHAIN = "wrong chain"
    WRONG_NONCE = "wrong nonce"
    MALLEABLE = "malleable"
    TRUNCATED = "truncated"
    GARBAGE = "garbage"

    def __repr__(self) -> str:
        return f"Flaw.{self.name}"


@dataclass(frozen=True, slots=True)
class Domain:
    """What an EIP-712 signature is bound to."""

    name: str
    version: str
    chain_id: int
    contract: str


@dataclass(frozen=True, slots=True)
class Signature:
    """An ECDSA signature in its three parts."""

    v: int
    r: int
    s: int

    def parts(self) -> tuple[int, bytes, bytes]:
        """Return v, r and s as a permit takes them."""
        return self.v, self.r.to_bytes(32), self.s.to_bytes(32)

    def joined(self) -> bytes:
        """Return the 65 bytes of r, s and v."""
        return self.r.to_bytes(32) + self.s.to_bytes(32) + bytes([self.v])


def sign_permission(domain: Domain, message: Mapping[str, object], signer: str, flaw: Flaw) -> bytes:
    """Return ``signer``'s signature of an operator permission."""
    signature = _sign(domain, PERMISSION, message, signer, flaw).joined()
    return signature[:-1] if flaw is Flaw.TRUNCATED else signature


def sign_permit(
    domain: Domain, message: Mapping[str, object], signer: str, flaw: Flaw
) -> tuple[int, bytes, bytes]:
    """Return ``signer``'s signature of a token permit; one that is cut off lacks the last byte of s."""
    v, r, s = _sign(domain, PERMIT, message, signer, flaw).parts()
    return v, r, bytes(1) + s[:-1] if flaw is Flaw.TRUNCATED else s


def _sign(domain: Domain, kind: str, message: Mapping[str, object], signer: str, flaw: Flaw) -> Signature:
    """Return the signature with every flaw but a cut, which depends on how it is handed in."""
    if flaw is Flaw.GARBAGE:
        return Signature(GARBAGE[0], *[int.from_bytes(GARBAGE * 32)] * 2)
    if flaw is Flaw.WRONG_CHAIN:
        domain = replace(domain, chain_id=OTHER_CHAIN)
    values = dict(message)
    if flaw is Flaw.WRONG_NONCE:
        values["nonce"] = _next_nonce(values["nonce"])
    signature = _signed(domain, kind, tuple(values.values()), signer)
    return _with_high_s(signature) if flaw is Flaw.MALLEABLE else signature


@lru_cache(maxsize=4096)
def _signed(domain: Domain, kind: str, values: tuple[object, ...], signer: str) -> Signature:
    """Sign a message whose ``values`` are in the order of its kind's, as EIP-712 has it.

    eth-account does the same ten times slower, which a search would feel.
    """
    content = hash_of(kind) + b"".join(map(_word, values))
    digest = keccak(b"\x19\x01" + _separator(domain) + keccak(content))
    signature = _secret(signer).sign_recoverable(digest, hasher=None)
    return Signature(27 + signature[64], int.from_bytes(signature[:32]), int.from_bytes(signature[32:64]))


@cache
def _secret(signer: str) -> PrivateKey:
    return PrivateKey(bytes(keys()[signer].key))


@cache
def _separator(domain: Domain) -> bytes:
    names = keccak(text=domain.name) + keccak(text=domain.version)
    return keccak(hash_of(DOMAIN) + names + _word(domain.chain_id) + _word(domain.contract))


def _word(value: object) -> bytes:
    """Return an address (as text), a flag or a number as 32 bytes."""
    if isinstance(value, str):
        return bytes(12) + bytes.fromhex(value.removeprefix("0x"))
    assert isinstance(value, int)
    return value.to_bytes(32)


def _next_nonce(nonce: object) -> int:
    assert isinstance(nonce, int)
    return (nonce + 1) % 2**256


def _with_high_s(signature: Signature) -> Signature:
    """Return the other signature that recovers to the same signer, which libraries refuse."""
    return Signature(55 - signature.v, signature.r, CURVE_ORDER - signature.s)
