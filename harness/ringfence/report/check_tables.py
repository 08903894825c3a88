"""What works of an adapter, as tables: each action's first refusal, and which line wins which properties."""

from collections.abc import Mapping
from typing import Final

from rich.table import Table
from rich.text import Text

from ringfence.engine.result import SearchResult
from ringfence.engine.stats import DONE
from ringfence.engine.system import System
from ringfence.engine.target import Target
from ringfence.properties import PROPERTIES, Ability
from ringfence.properties.abilities import Need
from ringfence.report.search_tables import table
from ringfence.report.words import result as outcome_words
from ringfence.types.kinds import Kind
from ringfence.types.totals import Total

WITH: Final[Mapping[Ability, str]] = {  # what comes with stating an ability
    Ability.REWIND: "with a workspace, or methods snapshot and restore",
    Ability.SAME_BLOCK: "with a workspace",
    Ability.VALUATION: "and a method book(state, moment)",
    Ability.BALANCES: 'with everyone\'s tokens and totals["vault_tokens"]',
    Ability.SUMS: 'with totals["long_size"] and totals["short_size"]',
    Ability.NAMED_ERRORS: "where each refusal has a name of its own",
    Ability.GAS: "and an attribute gas_used",
    Ability.LIQUIDATION_PRICE: "and a method liquidation_price(position)",
    Ability.POOL_WORTH: "and a method pool_worth()",
    Ability.INSURANCE: 'with totals["insurance"]',
    Ability.COLLATERALS: 'with amounts by token, and totals["<token>_tokens"]',
    Ability.DEBT: "with a debt in each rf.Valued",
    Ability.BLACKLIST: "and a method blacklist(account)",
}


def acceptance_table(result: SearchResult, target: Target) -> Table:
    """Return every action: how often it was tried and accepted, and the text of its first refusal."""
    rows = []
    market = next(iter(target.markets.values()))
    for declared in target.actions:
        ends = result.stats.of(declared.name)
        first = result.stats.refused.get(declared.name)
        text = outcome_words(*first, market) if first else ""
        tried, accepted = sum(ends.values()), ends.get(DONE, 0)
        rows.append((declared.name, f"{tried:,}", f"{accepted:,}", text.removeprefix("refused: ")))
    return table(("action", "tried", "accepted", "first refusal"), rows)


def never_accepted(result: SearchResult, target: Target) -> list[str]:
    """Return the actions that were refused each time, or not tried; not those that must be."""
    done = {action for action, end in result.stats.outcomes if end == DONE}
    return [each.name for each in target.actions if each.name not in done and each.kind is not Kind.FORBIDDEN]


def gains_table(system: System) -> Table:
    """Return what one more line of the adapter would have apply, the line that gains most first."""
    gains = _gains(system)
    rows = [(_line(need), ", ".join(gains[need])) for need in sorted(gains, key=lambda n: -len(gains[n]))]
    return table(("one more line", "makes these properties apply"), rows)


def _gains(system: System) -> dict[Need, list[str]]:
    """Return the properties that only one need keeps from applying, by that need."""
    gains: dict[Need, list[str]] = {}
    for each in PROPERTIES:
        if each.id in system.checker.applicable:
            continue
        lacks = [check.needs - system.abilities for check in each.checks]
        for need in {next(iter(lack)) for lack in lacks if len(lack) == 1}:
            gains.setdefault(need, []).append(each.id)
    return gains


def _line(need: Need) -> Text:
    if isinstance(need, Kind):
        return Text(f"@rf.action(rf.{need.name}), a method that {need}")
    if isinstance(need, Total):
        return Text(f'totals["{need}"], {need.meaning}')
    return Text(f"rf.Ability.{need.name} {WITH.get(need, f'for {need}')}")
