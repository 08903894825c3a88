"""A program done again, step by step: what the model says beside what the chain did, until the two part."""

from collections.abc import Iterator
from dataclasses import dataclass

from isolated_margin import views
from isolated_margin.errors import Refusal

from ringfence.engine.differences import differences
from ringfence.engine.exhibit import Exhibit
from ringfence.evm.chains.base import Chain
from ringfence.properties import Violation
from ringfence.types.actions import CallSequence, Step
from ringfence.types.adapter import RewindableVault
from ringfence.types.errors import RingfenceError
from ringfence.types.finding import Difference
from ringfence.types.moment import Moment
from ringfence.types.outcome import Done, Outcome
from ringfence.types.state import VaultState
from ringfence.vaults.isolated_margin.reference.reference import ReferenceVault


class BadStep(RingfenceError):
    """A step can't be sent or is not answered. The message is one sentence that says which and why."""


@dataclass(frozen=True, slots=True)
class Side:
    """What came of a step on one side, and the state after it."""

    outcome: Outcome
    state: VaultState


@dataclass(frozen=True, slots=True)
class Frame:
    """A step in its block, on both sides; number 0 is the opening. A vault may have no ``model``.

    ``liquidation_prices`` are the model's, in WAD, of the positions that have one.
    """

    number: int
    step: Step | None
    moment: Moment
    model: Side | None
    chain: Side
    differences: tuple[Difference, ...]
    violations: tuple[Violation, ...]
    liquidation_prices: dict[int, int]

    @property
    def fails(self) -> bool:
        """Return whether something is wrong here."""
        return bool(self.differences or self.violations)


def replay(shown: Exhibit, program: CallSequence, law: str | None) -> Iterator[Frame]:
    """Yield the opening, then the program's frames up to the first that breaks the law.

    Without a law, up to the first with differences. What a law finds by trying further actions counts for
    the last step.
    """
    inspection = shown.inspection
    inspection.checker = inspection.checker.only(law or "")
    shown.restart()
    frame = _opening(shown, is_last=not program)
    for number, step in enumerate(program, start=1):
        yield frame
        if frame.violations if law else frame.differences:
            return
        frame = _frame(shown, number, step, is_last=number == len(program))
    yield frame


def _opening(shown: Exhibit, *, is_last: bool) -> Frame:
    violations = shown.inspection.probe_origin()
    chain = Side(Done(None, ()), shown.inspection.state)
    model = Side(chain.outcome, shown.model.observe()) if shown.model else None
    return _compared(shown, 0, None, (model, chain), violations, is_last=is_last)


def _frame(shown: Exhibit, number: int, step: Step, *, is_last: bool) -> Frame:
    try:
        outcome, violations = shown.inspection.apply(step)
    except ValueError as failure:  # of the codec: a value that no transaction can hold
        raise BadStep(f"Step {number} can't be sent: {failure}.") from None
    except OSError as failure:  # of the connection
        raise BadStep(f"The chain was lost at step {number}: {failure}.") from None
    chain = Side(outcome, shown.inspection.state)
    model = Side(shown.model.apply(step), shown.model.observe()) if shown.model else None
    return _compared(shown, number, step, (model, chain), violations, is_last=is_last)


def _compared(
    shown: Exhibit,
    number: int,
    step: Step | None,
    sides: tuple[Side | None, Side],
    violations: list[Violation],
    *,
    is_last: bool,
) -> Frame:
    (model, chain), inspection = sides, shown.inspection
    found: tuple[Difference, ...] = ()
    if model:
        action = type(step.action).__name__ if step else ""
        found = differences(action, (model.outcome, chain.outcome), (model.state, chain.state))
    moment, prices = inspection.moment, liquidation_prices(shown.model)
    if is_last and not violations:
        violations = inspection.probe() + inspection.relive()
    return Frame(number, step, moment, model, chain, found, tuple(violations), prices)


def liquidation_prices(model: RewindableVault | None) -> dict[int, int]:
    """Return the price in WAD at which each position becomes liquidatable; none while the feed is dead."""
    if not isinstance(model, ReferenceVault):
        return {}
    vault = model.market.vault
    try:
        prices = {position: views.liquidation_price(vault, position) for position in vault.positions}
    except Refusal:
        return {}
    return {position: price for position, price in prices.items() if price}


def with_blocks_of(chain: Chain, program: CallSequence) -> CallSequence:
    """Return the program as a chain can run it: a second apart where steps can't share a block."""
    if chain.shares_blocks:
        return program
    return tuple(Step(step.action, max(1, step.seconds)) for step in program)
