"""An adapter's source code, from all that was found out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from textwrap import wrap
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from ringfence.types.kinds import Kind
from ringfence.vaults.draft.arguments import HELD, IS_LONG, PLEDGED
from ringfence.vaults.draft.drafted_action import DraftedAction
from ringfence.vaults.draft.guesses import whole
from ringfence.vaults.draft.keys import Key
from ringfence.vaults.draft.methods import MISSING, WIDTH, Method, Methods, unfilled
from ringfence.vaults.draft.observed import Observed
from ringfence.vaults.draft.position_text import PositionText
from ringfence.vaults.draft.readings import Reading, counter_of
from ringfence.vaults.draft.synonyms import LATEST, WAITS
from ringfence.vaults.draft.trial import Attempt
from ringfence.vaults.draft.units import LENT, SizeUnit
from ringfence.vaults.draft.wiring import Wiring
from ringfence.vaults.draft.words import words

TEMPLATE: Final = "adapter.py.jinja"
LONGEST: Final = 10**7  # seconds of a wait
USUAL_WAITS: Final = (1, 60)
AN_HOUR: Final = 3_600


@dataclass
class AdapterDraft:
    """All that an adapter is written of."""

    vault: str
    wiring: Wiring
    key: Key
    reading: Reading | None
    observed: Observed
    actions: Sequence[DraftedAction]
    unit: SizeUnit
    trial: Attempt = field(default_factory=Attempt)

    @property
    def class_name(self) -> str:
        """Return the adapter's name, a class's."""
        return "".join(word.capitalize() for word in words(self.vault))

    @property
    def remarks(self) -> tuple[str, ...]:
        """Return what is to be filled in."""
        lacking = [MISSING[kind][2] for kind in self._missing]
        no_reading = [] if self.reading else ["observe shows no positions: read them there"]
        return (*self.wiring.remarks, *lacking, *no_reading, *self.trial.remarks)

    def text(self) -> str:
        """Return the source code."""
        loader = PackageLoader(__package__, "")
        environment = Environment(loader=loader, undefined=StrictUndefined, keep_trailing_newline=True)
        environment.filters |= {"comment": _comment, "whole": whole}
        facts = {"wiring": self.wiring, "observed": self.observed, "trial": self.trial}
        return environment.get_template(TEMPLATE).render(
            facts, draft=self, held=HELD, pledged=PLEDGED, is_long=IS_LONG
        )

    @property
    def methods(self) -> list[Method]:
        """Return the actions, and refusals in place of those that no function was found for."""
        methods = Methods(self.key, counter_of(self.wiring.parts), self.trial)
        return [*map(methods.of, self.actions), *unfilled(self._missing)]

    @property
    def lends(self) -> bool:
        """Return whether an action takes an amount of what is lent."""
        return any(LENT in each.parameters.values() for each in self.actions)

    def mentions(self, call: str) -> bool:
        """Return whether an action uses a method of the adapter's own."""
        return any(call in text for each in self.actions for text in (*each.arguments, *each.before))

    @property
    def _missing(self) -> list[Kind]:
        known = {each.kind for each in self.actions}
        known |= {Kind.CLOSES} if Kind.EXECUTES in known else set()
        return [kind for kind in MISSING if kind not in known]

    @property
    def seconds(self) -> Iterator[int]:
        """Yield waits: usual ones, and those that views of the contracts are called like."""
        found = []
        for name, contract in self.wiring.named.items():
            for view in contract.views(0):
                called = set(words(view.name))
                value = self.wiring.ask(name, view.name) if WAITS & called else None
                if type(value) is int and 1 < value < LONGEST:
                    found += [value, value + 1] if LATEST & called else [value]
        yield from dict.fromkeys((*USUAL_WAITS, *(sorted(found) or (AN_HOUR,))))

    @property
    def amounts(self) -> dict[str, int]:
        """Return the decimals of amounts that positions and accounts have of their own."""
        of_positions = dict.fromkeys(self.reading.rest if self.reading else (), 0)
        return of_positions | {name: decimals for name, (_, decimals) in self.observed.amounts.items()}

    @property
    def position(self) -> PositionText | None:
        """Return how a position is read, if anything shows it."""
        if self.reading is None:
            return None
        opens = [each for each in self.actions if each.kind is Kind.OPENS]
        return PositionText(self.reading, self.key, self.wiring, any(each.is_undone for each in opens))

    @property
    def abilities(self) -> Iterator[tuple[str, str]]:
        """Yield abilities that the trial bears out, with reasons."""
        if self.trial.has_balances:
            why = "opening and closing changed the vault's tokens by what its books say"
            yield "BALANCES", "; ".join((why, *self.observed.fund_reasons))
        if self.trial.has_sums:
            yield "SUMS", "the totals of sizes were the sums over the positions when tried"

    @property
    def not_stated(self) -> Iterator[str]:
        """Yield what would state other abilities."""
        if not self.trial.has_balances:
            yield (
                "BALANCES is not stated: the tokens that the vault received are not what margins, claimable"
                " and the totals liquidity, insurance and pending add up to; call what else it holds by one"
                " of these names."
            )
        yield "VALUATION is not stated: add it with a method book(state, moment), the vault's own valuation."
        yield "NAMED_ERRORS is not stated: add it where every refusal has a name, and none is a panic."


def _comment(text: str) -> str:
    """Return a text as lines of a comment."""
    return "\n".join(f"# {line}" for line in wrap(text, WIDTH))
