"""ACC-1: a permission counts when its owner signed exactly it, for this vault and chain, unused, in time."""

import re
from dataclasses import replace
from typing import Any, Final

import pytest
from eth_account.messages import encode_typed_data
from eth_utils.crypto import keccak
from ringfence.evm.artifacts import load
from ringfence.evm.signing import PERMISSION, Domain, Flaw, sign_permission
from ringfence.types.outcome import Done, Outcome, Refused
from ringfence.types.roles import LIQUIDATORS, OPERATOR, OWNER, STRANGER, TRADERS, VAULT
from ringfence.vaults.isolated_margin.actions import SetOperatorWithSig

from tests.open_market import OpenMarket
from tests.sequences import NO_DEADLINE, SEQUENCES

TRADER: Final = TRADERS[1]
MAGIC: Final = bytes.fromhex("1626ba7e")
FIELD: Final = re.compile(r"(\w+) (\w+)")
INVALID: Final = Refused("InvalidSignature", ())

Message = dict[str, str | bool | int]


@pytest.fixture
def market() -> OpenMarket:
    """Return a market in which the trader has a position and no operator."""
    market = OpenMarket()
    market.run(SEQUENCES["both sides"])
    return market


def permission(owner: str = TRADER) -> Message:
    """Return a first permission."""
    return {
        "owner": owner,
        "operator": OPERATOR,
        "permissions": 7,
        "expiry": 2**40,
        "nonce": 0,
        "deadline": NO_DEADLINE,
    }


def signature(
    market: OpenMarket, message: Message, domain: Domain | None = None, signer: str = TRADER
) -> bytes:
    """Return 65 bytes of r, s and v."""
    book = market.book
    named = {name: book.text(value) if isinstance(value, str) else value for name, value in message.items()}
    return sign_permission(domain or market.domain(VAULT), named, signer, Flaw.NONE)


def hand_in(market: OpenMarket, message: Message, signed: bytes, seconds: int = 1) -> Outcome:
    """Hand in a permission as a stranger; the outcome is without its events."""
    args = (*message.values(), signed)
    outcome = market.send(STRANGER, VAULT, "setOperatorWithSig", *args, seconds=seconds)
    return replace(outcome, events=()) if isinstance(outcome, Done) else outcome


def test_permission__signed_by_its_owner__counts_once(market: OpenMarket) -> None:
    """Anyone may hand it in; it sets the operator and uses up the nonce, so a replay is InvalidNonce."""
    signed = signature(market, permission())
    assert hand_in(market, permission(), signed) == Done(None, ())
    assert market.ask(VAULT, "operators", TRADER, OPERATOR) == (7, 2**40)
    assert market.ask(VAULT, "nonces", TRADER) == 1
    assert hand_in(market, permission(), signed) == Refused("InvalidNonce", (0, 1))


def test_permission__of_a_later_nonce__is_refused_until_its_turn(market: OpenMarket) -> None:
    later = permission() | {"nonce": 1, "permissions": 0}
    signed = signature(market, later)
    assert hand_in(market, later, signed) == Refused("InvalidNonce", (1, 0))
    hand_in(market, permission(), signature(market, permission()))
    assert hand_in(market, later, signed) == Done(None, ())
    assert market.ask(VAULT, "operators", TRADER, OPERATOR) == (0, 2**40)


def test_permission__at_its_deadline__counts_and_a_second_later_no_more(market: OpenMarket) -> None:
    """The deadline is the last second at which it counts; Expired comes before every other fault."""
    now = market.chain.timestamp
    message = permission() | {"deadline": now + 5}
    signed = signature(market, message)
    mark = market.chain.snapshot()
    assert hand_in(market, message, signed, seconds=5) == Done(None, ())
    market.chain.restore(mark)
    assert hand_in(market, message, signed, seconds=6) == Refused("Expired", (now + 5, now + 6))
    wrong = message | {"permissions": 8, "nonce": 7}
    assert hand_in(market, wrong, b"") == Refused("Expired", (now + 5, now + 7))


def test_permission__of_what_there_is_not__is_refused_before_its_nonce(market: OpenMarket) -> None:
    message = permission() | {"permissions": 8, "nonce": 7}
    assert hand_in(market, message, b"") == Refused("InvalidPermissions", (8,))


def test_permission__that_was_signed_before_an_operator_was_set__is_void(market: OpenMarket) -> None:
    """ACC-1: revoking an operator revokes what was signed for it and never handed in."""
    signed = signature(market, permission())
    market.do(TRADER, VAULT, "setOperator", OPERATOR, 0, 0)
    assert hand_in(market, permission(), signed) == Refused("InvalidNonce", (0, 1))


def test_permission__with_wrong_nonce_and_no_signature__is_refused_for_the_nonce(market: OpenMarket) -> None:
    assert hand_in(market, permission() | {"nonce": 7}, b"") == Refused("InvalidNonce", (7, 0))


@pytest.mark.parametrize("signer", [STRANGER, OPERATOR, OWNER, TRADERS[0]])
def test_permission__signed_by_someone_else__is_refused(market: OpenMarket, signer: str) -> None:
    assert hand_in(market, permission(), signature(market, permission(), signer=signer)) == INVALID


@pytest.mark.parametrize(
    "change",
    [
        {"operator": STRANGER},
        {"permissions": 0},
        {"expiry": 2**41},
        {"deadline": 2**255},
        {"owner": TRADERS[2]},
    ],
    ids=lambda change: next(iter(change)),
)
def test_permission__with_other_content_than_signed__is_refused(market: OpenMarket, change: Message) -> None:
    assert hand_in(market, permission() | change, signature(market, permission())) == INVALID


@pytest.mark.parametrize(
    "change",
    [{"name": "Vault"}, {"version": "2"}, {"chain_id": 1}, {"contract": "0x" + 40 * "1"}],
    ids=lambda change: next(iter(change)),
)
def test_permission__for_another_domain__is_refused(market: OpenMarket, change: dict[str, Any]) -> None:
    signed = signature(market, permission(), replace(market.domain(VAULT), **change))
    assert hand_in(market, permission(), signed) == INVALID


@pytest.mark.parametrize(
    "flaw", [Flaw.WRONG_CHAIN, Flaw.WRONG_NONCE, Flaw.MALLEABLE, Flaw.TRUNCATED, Flaw.GARBAGE]
)
def test_permission__with_a_flaw__is_refused(market: OpenMarket, flaw: Flaw) -> None:
    """The flaws that the search draws are refused; the one without a flaw is not."""
    action = SetOperatorWithSig(STRANGER, TRADER, OPERATOR, 7, 2**40, 0, NO_DEADLINE, TRADER, flaw)
    assert market.act(action) == INVALID
    assert isinstance(market.act(replace(action, flaw=Flaw.NONE)), Done)


MALFORMED: Final = {
    "empty": lambda signed: b"",
    "a byte": lambda signed: signed[:1],
    "64 bytes, compact": lambda signed: signed[:32] + _with_parity(signed),
    "64 bytes, without v": lambda signed: signed[:64],
    "66 bytes": lambda signed: signed + b"\0",
    "v of 0 or 1": lambda signed: signed[:64] + bytes([signed[64] - 27]),
    "v of 29": lambda signed: signed[:64] + bytes([29]),
    "the other v": lambda signed: signed[:64] + bytes([55 - signed[64]]),
    "r of zero": lambda signed: bytes(32) + signed[32:],
    "s of zero": lambda signed: signed[:32] + bytes(32) + signed[64:],
    "r and s above the order": lambda signed: b"\xff" * 64 + signed[64:],
}


def _with_parity(signed: bytes) -> bytes:
    """Return s with the parity in its highest bit, as EIP-2098 packs it."""
    return (int.from_bytes(signed[32:64]) | (signed[64] - 27) << 255).to_bytes(32)


@pytest.mark.parametrize("malformed", MALFORMED)
def test_permission__malformed__is_refused(market: OpenMarket, malformed: str) -> None:
    """A signature has exactly one form: 65 bytes, low s, v of 27 or 28."""
    signed = MALFORMED[malformed](signature(market, permission()))
    assert hand_in(market, permission(), signed) == INVALID
    assert market.ask(VAULT, "nonces", TRADER) == 0


def test_permission__of_the_zero_address__is_refused(market: OpenMarket) -> None:
    assert hand_in(market, permission(owner=""), b"\x5a" * 65) == INVALID


# Contract accounts


def typed_hash(market: OpenMarket, message: Message) -> bytes:
    """Return the EIP-712 hash of a permission, computed without the vault."""
    domain, book = market.domain(VAULT), market.book
    typed = encode_typed_data(
        domain_data={
            "name": domain.name,
            "version": domain.version,
            "chainId": domain.chain_id,
            "verifyingContract": domain.contract,
        },
        message_types={
            "SetOperator": [{"name": name, "type": kind} for kind, name in FIELD.findall(PERMISSION)]
        },
        message_data={
            key: book.text(value) if isinstance(value, str) else value for key, value in message.items()
        },
    )
    return keccak(b"\x19" + typed.version + typed.header + typed.body)


def test_wallet__that_approved_the_message__is_believed(market: OpenMarket) -> None:
    """ERC-1271: a contract account's word counts, on exactly this message, whatever the signature is."""
    wallet = market.place(load("Erc1271Wallet"))
    message = permission(owner=wallet)
    assert hand_in(market, message, b"") == INVALID
    market.do(STRANGER, wallet, "approve", typed_hash(market, message))
    assert hand_in(market, message | {"operator": LIQUIDATORS[0]}, b"") == INVALID
    assert hand_in(market, message, b"any") == Done(None, ())
    assert hand_in(market, message, b"any") == Refused("InvalidNonce", (0, 1))


def test_wallet__that_looks_at_the_vault_when_asked__finds_nothing_done_yet(market: OpenMarket) -> None:
    wallet = market.place(load("WatchfulWallet"), VAULT)
    assert hand_in(market, permission(owner=wallet), b"") == Done(None, ())


WALLETS: Final = {
    "reverts": ("AlwaysReverts",),
    "burns its gas": ("BurnsGas",),
    "answers nothing": ("AnswersBytes", b""),
    "answers four bytes": ("AnswersBytes", MAGIC),
    "answers 31 bytes": ("AnswersBytes", MAGIC + bytes(27)),
    "answers true": ("AnswersBytes", bytes(31) + b"\1"),
    "answers the magic value in the low bytes": ("AnswersBytes", bytes(28) + MAGIC),
    "answers the magic value and dirt": ("AnswersBytes", MAGIC + bytes(27) + b"\1"),
    "says no": ("AnswersBytes", b"\xff" * 4 + bytes(28)),
    "is no wallet": ("MockToken", 6),
}


@pytest.mark.parametrize("wallet", WALLETS)
def test_wallet__that_does_not_say_yes__is_a_no(market: OpenMarket, wallet: str) -> None:
    contract, *args = WALLETS[wallet]
    owner = market.place(load(contract), *args)
    assert hand_in(market, permission(owner=owner), signature(market, permission(owner=owner))) == INVALID


def test_wallet__that_says_yes_to_all__is_its_own_risk(market: OpenMarket) -> None:
    owner = market.place(load("AnswersBytes"), MAGIC + bytes(28))
    assert hand_in(market, permission(owner=owner), b"") == Done(None, ())
