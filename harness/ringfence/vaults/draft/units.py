"""In which unit a vault counts sizes, and amounts of what is lent."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ringfence.types.kinds import Kind
from ringfence.vaults.draft.drafted_action import DraftedAction
from ringfence.vaults.draft.readings import Reading
from ringfence.vaults.draft.roles import Role
from ringfence.vaults.draft.synonyms import IN_TOKENS
from ringfence.vaults.draft.wiring import DECIMALS, Wiring
from ringfence.vaults.draft.words import has

OF_LENDERS: Final = (Kind.PROVIDES, Kind.WITHDRAWS, Kind.REDEEMS, Kind.LEAVES_POSITIONS)
LENT: Final = "Annotated[int, Lent()]"


@dataclass(frozen=True, slots=True)
class SizeUnit:
    """How many units of the vault's own a size of 1 has, and why."""

    value: int
    reason: str


def unit_of(wiring: Wiring, reading: Reading | None, actions: Sequence[DraftedAction]) -> SizeUnit:
    """Return the unit of sizes, by the name of an open's parameter or of a position's field."""
    opens = next((each for each in actions if each.kind is Kind.OPENS), None)
    inputs = opens.function.inputs if opens else ()
    named = next((each.name for each in inputs if each.role is Role.SIZE), "")
    name, others = named or (reading.size if reading else ""), wiring.other_tokens
    if others and (has(name, IN_TOKENS) or not named):
        return SizeUnit(
            10 ** wiring.decimals(others[0]),
            f"the vault's units in a size of 1, guessed: as in one {others[0]}",
        )
    why = f"the vault's units in a size of 1, guessed by the name {name or 'size'}"
    if wiring.margin_token and has(name, IN_TOKENS):
        return SizeUnit(10**wiring.margin_decimals, f"{why}: as in one token")
    return SizeUnit(10**DECIMALS, why)


def other_units(guess: SizeUnit, wiring: Wiring) -> Iterator[SizeUnit]:
    """Yield the guess, and units to try if nothing is accepted with it."""
    yield guess
    for value in dict.fromkeys((10**DECIMALS, 10**wiring.margin_decimals)):
        if value != guess.value:
            yield SizeUnit(
                value, "the vault's units in a size of 1: with it, an open was accepted when tried"
            )


def in_another_token(draft: DraftedAction) -> DraftedAction:
    """Return an action of lenders with amounts in what is lent, not in what margins are in."""
    if draft.kind not in OF_LENDERS:
        return draft
    in_margin = ("rf.Assets", "rf.Shares")
    hints = {name: LENT if hint in in_margin else hint for name, hint in draft.parameters.items()}
    return replace(draft, kind=Kind.LEAVES_POSITIONS, parameters=hints)
