"""A signature is worth something only without a flaw, from the right signer, and once."""

import pytest
from ringfence.evm.signing import CURVE_ORDER, Domain, Flaw, sign_permission
from ringfence.types.actions import Step
from ringfence.types.outcome import Done, Refused
from ringfence.types.roles import OPERATOR, STRANGER, TOKEN, TRADERS, VAULT, addresses
from ringfence.types.state import OperatorState
from ringfence.vaults.isolated_margin import ComparedVault
from ringfence.vaults.isolated_margin.actions import Approve, OpenWithPermit, SetOperatorWithSig
from ringfence.vaults.isolated_margin.markets import INFINITE, SIZE

TRADER, OTHER = TRADERS[:2]
DOMAIN = Domain("IsolatedMarginVault", "1", 31337, "0x" + "11" * 20)
MESSAGE = {
    "owner": addresses()[TRADER],
    "operator": addresses()[OPERATOR],
    "allowed": True,
    "nonce": 0,
    "deadline": INFINITE,
}


def permission(signer: str, flaw: Flaw, deadline: int = INFINITE) -> Step:
    """Return a permission of the trader for the operator, handed in by a stranger."""
    return Step(SetOperatorWithSig(STRANGER, TRADER, OPERATOR, 7, 9, 0, deadline, signer, flaw), 1)


@pytest.mark.parametrize("flaw", Flaw)
@pytest.mark.parametrize("signer", [TRADER, OTHER])
def test_permission__flawless_of_its_owner__counts(compared: ComparedVault, signer: str, flaw: Flaw) -> None:
    outcome = compared.do(permission(signer, flaw))
    if signer == TRADER and flaw is Flaw.NONE:
        assert isinstance(outcome, Done)
        assert compared.state.operators == {(TRADER, OPERATOR): OperatorState(7, 9)}
        assert compared.do(permission(signer, flaw)) == Refused("InvalidNonce", (0, 1))
    else:
        assert outcome == Refused("InvalidSignature", ())


def test_permission__after_its_deadline__has_expired(compared: ComparedVault) -> None:
    deadline = compared.vault.timestamp
    refused = Refused("Expired", (deadline, deadline + 1))
    assert compared.do(permission(TRADER, Flaw.GARBAGE, deadline)) == refused


@pytest.mark.parametrize("flaw", Flaw)
@pytest.mark.parametrize("signer", [TRADER, OTHER])
def test_permit__flawless_of_its_owner__counts(compared: ComparedVault, signer: str, flaw: Flaw) -> None:
    """A permit that fails is ignored: what is missing is then the allowance."""
    margin = 1_000 * 10**6
    compared.do(Step(Approve(TRADER, TOKEN, VAULT, 0), 1))
    outcome = compared.do(Step(OpenWithPermit(TRADER, SIZE, margin, INFINITE, INFINITE, signer, flaw), 1))
    if signer == TRADER and flaw is Flaw.NONE:
        assert isinstance(outcome, Done)
    else:
        assert outcome == Refused("ERC20InsufficientAllowance", (VAULT, 0, margin))


def test_sign_permission__malleable__is_the_same_point_with_a_high_s() -> None:
    """The flaw is exactly the one that OpenZeppelin's ECDSA refuses."""
    good, other = (sign_permission(DOMAIN, MESSAGE, TRADER, flaw) for flaw in (Flaw.NONE, Flaw.MALLEABLE))
    assert good[:32] == other[:32]
    assert int.from_bytes(good[32:64]) + int.from_bytes(other[32:64]) == CURVE_ORDER
    assert {good[64], other[64]} == {27, 28}
