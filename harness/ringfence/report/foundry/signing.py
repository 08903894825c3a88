"""Signatures in a Solidity test: the lines that make one, flawed as the action says."""

from collections.abc import Iterable
from typing import Final

from ringfence.evm.signing import CURVE_ORDER, GARBAGE, OTHER_CHAIN, PERMISSION, PERMIT, Flaw
from ringfence.report.foundry.solidity import Solidity, account
from ringfence.report.literals import grouped
from ringfence.types.actions import Action
from ringfence.vaults.isolated_margin.actions import OpenWithPermit, SetOperatorWithSig

GARBLED: Final = f"bytes32(uint256(0x{GARBAGE.hex() * 32}))"
FLAWS: Final = {
    Flaw.MALLEABLE: f"(v, s) = (55 - v, bytes32({CURVE_ORDER:#x} - uint256(s)));",
    Flaw.GARBAGE: f"(v, r, s) = ({GARBAGE[0]}, {GARBLED}, {GARBLED});",
}

MESSAGES: Final = {
    SetOperatorWithSig: ("SET_OPERATOR", "SetOperator", PERMISSION),
    OpenWithPermit: ("PERMIT", "Permit", PERMIT),
}


def message_types(actions: Iterable[Action]) -> list[tuple[str, str]]:
    """Return the constant's name and the EIP-712 type of every message that is signed."""
    signed = {MESSAGES[type(action)] for action in actions if type(action) in MESSAGES}
    return [
        (constant, f"{name}({','.join(f'{kind} {field}' for field, kind in parts)})")
        for constant, name, parts in sorted(signed)
    ]


def signing(action: Action, write: Solidity) -> list[str]:
    """Return the lines before the call of a signed action; none for any other."""
    match action:
        case SetOperatorWithSig(_, owner, operator, allowed, nonce, deadline, signer, flaw):
            number = write.value("nonce", nonce) + _next(flaw)
            terms = [account(owner), account(operator), write.value("allowed", allowed), number]
            lines = _signed(
                "SET_OPERATOR", "vault", [*terms, write.value("deadline", deadline)], signer, flaw
            )
            parts = "r, s" if flaw is Flaw.TRUNCATED else "r, s, v"
            return [*lines, f"bytes memory signature = abi.encodePacked({parts});"]
        case OpenWithPermit(account=owner, margin=margin, deadline=deadline, signer=signer, flaw=flaw):
            number = f"token.nonces({account(owner)}){_next(flaw)}"
            terms = [account(owner), account("vault"), write.value("margin", margin), number]
            lines = _signed("PERMIT", "token", [*terms, write.value("deadline", deadline)], signer, flaw)
            return [*lines, "s >>= 8;"] if flaw is Flaw.TRUNCATED else lines
        case _:
            return []


def _signed(kind: str, contract: str, terms: list[str], signer: str, flaw: Flaw) -> list[str]:
    message = f"keccak256(abi.encode({', '.join([kind, *terms])}))"
    chain = grouped(OTHER_CHAIN) if flaw is Flaw.WRONG_CHAIN else "block.chainid"
    terms = [f"{signer.upper()}_KEY", f"address({contract})", chain, message]
    made = f"(uint8 v, bytes32 r, bytes32 s) = sign({', '.join(terms)});"
    return [made, FLAWS[flaw]] if flaw in FLAWS else [made]


def _next(flaw: Flaw) -> str:
    return " + 1" if flaw is Flaw.WRONG_NONCE else ""
