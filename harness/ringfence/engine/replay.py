"""A call sequence repeated step by step: what the reference model says next to what the vault did."""

from collections.abc import Iterator
from dataclasses import dataclass

from ringfence.engine.guard import ValidatedVault
from ringfence.engine.limits import Limits
from ringfence.engine.system import MODEL, System
from ringfence.evm.abi.coder import EncodingError
from ringfence.evm.chains.base import Chain, blocks_in
from ringfence.properties import Violation
from ringfence.types.actions import CallSequence, Step
from ringfence.types.errors import AdapterFault, RingfenceError
from ringfence.types.finding import Difference
from ringfence.types.moment import Moment
from ringfence.types.outcome import Done, Outcome
from ringfence.types.state import VaultState


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

    ``liquidation_prices`` are the model's, in WAD, of the positions that have one; ``reference`` is what
    tables call it. ``blocks`` are those that the step's wait takes, 0 where the vault's adapter gives them no
    time.
    """

    number: int
    step: Step | None
    moment: Moment
    model: Side | None
    chain: Side
    differences: tuple[Difference, ...]
    violations: tuple[Violation, ...]
    liquidation_prices: dict[int, int]
    reference: str = "model"
    blocks: int = 0

    @property
    def fails(self) -> bool:
        """Return whether something is wrong here."""
        return bool(self.differences or self.violations)


def replay(system: System, sequence: CallSequence, property_id: str | None) -> Iterator[Frame]:
    """Yield the opening, then the sequence's frames up to the first that violates the property.

    Without a property, up to the first with mismatches. What a property finds by trying further actions
    counts for the last step.
    """
    if isinstance(system.vault, ValidatedVault):
        sequence = Limits.of(system.vault).all_timed(sequence)
    with system.only(property_id):
        system.restart()
        frame = _frame(system, 0, None, Done(None, ()), system.speculate_at_origin(), is_last=not sequence)
        for number, step in enumerate(sequence, start=1):
            yield frame
            if frame.violations if property_id else frame.differences:
                return
            outcome, violations = _applied(system, number, step)
            frame = _frame(system, number, step, outcome, violations, is_last=number == len(sequence))
        yield frame


def _applied(system: System, number: int, step: Step) -> tuple[Outcome, list[Violation]]:
    try:
        return system.apply(step)
    except AdapterFault as fault:  # what is nobody's fault but the step's or the connection's
        match fault.__cause__:
            case EncodingError() as failure:
                raise BadStep(f"Step {number} can't be sent: {failure}.") from None
            case OSError() as failure:
                raise BadStep(f"The chain was lost at step {number}: {failure}.") from None
        raise


def _frame(
    system: System, number: int, step: Step | None, outcome: Outcome, found: list[Violation], *, is_last: bool
) -> Frame:
    chain, reference = Side(outcome, system.state), system.reference
    model = Side(system.expected, reference.observe()) if reference and system.expected else None
    prices: dict[int, int] = getattr(reference, "liquidation_prices", dict)()
    moment, differs = system.moment, system.mismatches_here
    violations = [each for each in found if each.property_id != MODEL]
    if is_last and not violations:
        violations = [each for each in system.end() if each.property_id != MODEL]
    said, called, blocks = tuple(violations), system.reference_name, _blocks_before(system, step)
    return Frame(number, step, moment, model, chain, differs, said, prices, called, blocks)


def _blocks_before(system: System, step: Step | None) -> int:
    """Return the blocks that a step's wait takes, 0 where none have a time."""
    if step is None or not step.seconds or not isinstance(system.vault, ValidatedVault):
        return 0
    block_time = Limits.of(system.vault).block_time
    return blocks_in(step.seconds, block_time) if block_time else 0


def with_blocks_of(chain: Chain, sequence: CallSequence) -> CallSequence:
    """Return the sequence as a chain can run it: a second apart where steps can't share a block."""
    if chain.shares_blocks:
        return sequence
    return tuple(Step(step.action, max(1, step.seconds)) for step in sequence)
