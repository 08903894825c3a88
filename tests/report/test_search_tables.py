"""A search's tables: what properties lack is named shortly, and what a total is once."""

from pathlib import Path

from rich.console import Console
from ringfence.engine.budget import Budget
from ringfence.engine.search import Search
from ringfence.engine.target import Target
from ringfence.report.search_tables import tables
from ringfence.types.totals import Total

EXAMPLE = Path(__file__).parents[2] / "examples" / "notional-vault" / "adapter.py"


def test_tables__of_a_vault_without_some_totals__say_once_what_these_are() -> None:
    target = Target.named(str(EXAMPLE))
    result = Search(target, 1).run(Budget(None, None, 20))
    console = Console(width=160)
    with console.capture() as capture:
        console.print(*tables(result, target))
    printed = capture.get()
    (line,) = (each for each in printed.splitlines() if each.startswith("CUS-1"))
    assert "collateral tokens, the totals borrowed, lent_tokens, supplied)" in line
    for total in (Total.BORROWED, Total.LENT_TOKENS, Total.POOL_SHARES):
        assert printed.count(total.meaning) == 1
    assert Total.LIQUIDITY.meaning not in printed
