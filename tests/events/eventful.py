"""A program in the standard market in which every event of the vault is emitted."""

from typing import Final

from ringfence.evm.signing import Flaw
from ringfence.types.actions import CallSequence
from ringfence.types.roles import GUARDIAN, LIQUIDATORS, OPERATOR, OWNER, POOL, PROVIDERS, STRANGER, TRADERS
from ringfence.vaults.isolated_margin.actions import (
    AcceptOwnership,
    AddMargin,
    Claim,
    CollectOwed,
    Deleverage,
    Donate,
    FundInsurance,
    Increase,
    Liquidate,
    Pause,
    RemoveMargin,
    SetGuardian,
    SetOperatorWithSig,
    SetPrice,
    SettleMarket,
    TransferOwnership,
    Withdraw,
)
from ringfence.vaults.isolated_margin.markets import SIZE

from tests.sequences import (
    ANSWER,
    INSOLVENT,
    LONG,
    NO_DEADLINE,
    NO_LIMIT_SELLING,
    SHORT,
    USD,
    abandoned,
    at_price,
    long,
    sequence,
)

WINNER: Final = 5  # opened after the whale of the sequence before

LIVELY: Final[CallSequence] = INSOLVENT + sequence(
    Donate(OWNER, POOL, 900_000 * USD),
    CollectOwed(STRANGER, TRADERS[2]),
    at_price(2_000),
    Claim(TRADERS[2], TRADERS[2]),
    Withdraw(PROVIDERS[0], USD, PROVIDERS[0], PROVIDERS[0]),
    AddMargin(TRADERS[1], SHORT, 5_000 * USD, TRADERS[1]),
    Increase(TRADERS[1], SHORT, SIZE, 0, NO_LIMIT_SELLING, NO_DEADLINE),
    RemoveMargin(TRADERS[1], SHORT, USD),
    FundInsurance(OWNER, USD),
    SetOperatorWithSig(STRANGER, TRADERS[1], OPERATOR, 7, 2**40, 0, NO_DEADLINE, TRADERS[1], Flaw.NONE),
    long(TRADERS[0], 900 * SIZE, 400_000 * USD),
    SetPrice(OWNER, 2_500 * ANSWER, 0),
    Deleverage(LIQUIDATORS[0], WINNER),
    Pause(GUARDIAN),
    SetGuardian(OWNER, STRANGER),
    TransferOwnership(OWNER, GUARDIAN),
    AcceptOwnership(GUARDIAN),
    AddMargin(TRADERS[0], LONG, USD, TRADERS[0]),
    TransferOwnership(GUARDIAN, OWNER),
    at_price(9_000),
    Liquidate(LIQUIDATORS[0], SHORT),
)
EVENTFUL: Final[CallSequence] = (
    LIVELY
    + abandoned()
    + sequence(SettleMarket(STRANGER), Liquidate(LIQUIDATORS[0], LONG), Liquidate(LIQUIDATORS[0], WINNER))
)
