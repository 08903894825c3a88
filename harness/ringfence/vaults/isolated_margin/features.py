"""What a step of our vault reaches: how its position stood, and the rare events of the rules."""

from collections.abc import Sequence
from functools import lru_cache

from isolated_margin.margin import Position, equity, notional, scale_of, status

from ringfence.engine.features import Feature, Features
from ringfence.engine.stats import DONE, Stats
from ringfence.types.actions import Step
from ringfence.types.outcome import Done, Outcome, Refused
from ringfence.vaults.isolated_margin import expectations
from ringfence.vaults.isolated_margin.markets import MarketSetup
from ringfence.vaults.isolated_margin.rare_events import AT_THE_EDGE, RareEvent, is_by_operator, rare_events
from ringfence.vaults.isolated_margin.rules.view import StateView


class MarketFeatures(Features):
    """Features of one market; what was worked out once is remembered for a while."""

    def __init__(self, setup: MarketSetup) -> None:
        self._parameters, self._scale = setup.parameters, scale_of(setup.collateral_decimals)
        self._standing = lru_cache(maxsize=1024)(self._work_out)

    def of(self, step: Step, outcome: Outcome, look: StateView) -> Feature:
        """Return the event that a step was in: ``look`` is the market before it, at its time."""
        action = step.action
        end = outcome.error if isinstance(outcome, Refused) else DONE
        book = look.vault.book
        skew = _sign(book.long.size - book.short.size)
        held = look.positions.get(getattr(action, "position", 0))
        if held is None:
            return action.name, end, skew
        standing = self._standing(held, look.price_wad, look.carry.index_of(held.size))
        return action.name, end, skew, skew * _sign(held.size), standing

    def events(self, step: Step, outcome: Outcome, look: StateView) -> Sequence[str]:
        """Return the rare events of the rules that an outcome shows."""
        if type(outcome) is Refused:
            return list(map(str, rare_events(outcome, look.tier_of))) if outcome.error in AT_THE_EDGE else ()
        if isinstance(outcome, Done) and not outcome.events:
            return ()
        found = [str(each) for each in rare_events(outcome, look.tier_of)]
        if is_by_operator(step.action.account, outcome):
            found.append(str(RareEvent.OPERATOR_ACTED))
        return found

    def refused_by(self, step: Step, outcome: Refused) -> str:
        """Return ``vault``, ``pool``, or ``token`` where its error was passed on."""
        return expectations.refusing(step.action, outcome.error)

    def missing(self, stats: Stats) -> list[str]:
        """Return what should have happened and never did, or happened and should not."""
        return expectations.missing(stats)

    def _work_out(self, held: Position, price_wad: int, carry_index: int) -> Feature:
        """Return a position's tier, its status, and whether it pays carry (1) or receives it (-1)."""
        worth = notional(held.size, price_wad, self._scale)
        its_equity = equity(held, price_wad, carry_index, self._scale)
        tier = self._parameters.maintenance.tier_of(worth)
        its_status = status(its_equity, worth, self._parameters).name
        return tier, its_status, _sign(carry_index - held.carry_entry)


def _sign(value: int) -> int:
    return (value > 0) - (value < 0)
