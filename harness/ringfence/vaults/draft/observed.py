"""What a draft observes beside the positions, as source code by name."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

WHOSE: Final = "self._whose"
FUND_NAMES: Final = ("liquidity", "pending", "insurance")  # in which they are given to what has no name


@dataclass(frozen=True, slots=True)
class KeyedView:
    """A view that shows more of a position: names of what it returns, and source code that shows it."""

    contract: str
    view: str
    arguments: str
    name: str
    fields: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class StoredWords:
    """A variable of several words that no view shows."""

    name: str
    contract: str
    slot: int
    count: int


@dataclass
class Observed:
    """Source code of totals, and of each account its fields and its amounts, which have decimals."""

    totals: dict[str, str] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    amounts: dict[str, tuple[str, int]] = field(default_factory=dict)
    keyed: list[KeyedView] = field(default_factory=list)
    words: list[StoredWords] = field(default_factory=list)
    fund_reasons: list[str] = field(default_factory=list)

    @property
    def has_accounts(self) -> bool:
        """Return whether a total shows an account."""
        of_positions = [text for view in self.keyed for _, text in view.fields]
        return any(WHOSE in text for text in (*self.totals.values(), *of_positions))

    def free_name(self, name: str, *preferred: str, contract: str) -> str:
        """Return a name that no total has: one of those preferred, else ``name``, else with its contract."""
        free = (each for each in (*preferred, name) if each not in self.totals)
        return next(free, f"{contract}_{name}")

    def count_as_fund(self, name: str) -> None:
        """Call a total by a name that properties count with the vault's funds."""
        fund = next((each for each in FUND_NAMES if each not in self.totals), None)
        if fund and name in self.totals:
            self.totals = {fund if each == name else each: text for each, text in self.totals.items()}
            self.fund_reasons.append(
                f"{fund} is {name}, whose changes explain the tokens that no other book had"
            )
