"""What came of a scenario, as tables for a terminal."""

from functools import partial

from isolated_margin.cross import Regime
from isolated_margin.scenario.orders import TOKEN
from rich.table import Table

from ringfence.vaults.isolated_margin.scenario.play import Played


def money(assets: int, unit: int = TOKEN) -> str:
    """Return assets in whole tokens of ``unit`` and hundredths, rounded toward minus infinity."""
    hundredths = assets * 100 // unit
    sign, hundredths = ("-", -hundredths) if hundredths < 0 else ("", hundredths)
    return f"{sign}{hundredths // 100:,}.{hundredths % 100:02}"


def percent(ppm: int) -> str:
    """Return parts per million as per cent with two decimals, rounded down."""
    return f"{ppm // 10_000}.{ppm % 10_000 // 100:02} %"


def summary(played: Played) -> Table:
    """Return what happened in the market."""
    result, totals = played.result, played.result.totals
    shown = partial(money, unit=played.unit)
    table = _table("What happened", "")
    for name, value in (
        ("bars", f"{len(result.series):,}"),
        ("transactions, each on chain and in the model", f"{totals.transactions:,}"),
        ("positions opened", f"{totals.opened:,}"),
        ("actions refused", f"{totals.refused:,}"),
        ("partial liquidations", f"{totals.partial_liquidations:,}"),
        ("full liquidations", f"{totals.full_liquidations:,}"),
        ("of them with a deficit", f"{totals.deficits:,}"),
        ("auto-deleveragings", f"{totals.deleveragings:,}"),
        ("positions left", f"{result.live_positions:,}"),
        ("deficits", shown(totals.deficit)),
        ("covered by insurance", shown(totals.covered)),
        ("borne by the pool", shown(totals.pool_loss)),
        ("insurance, first and last", f"{shown(result.insurance_assets)} -> {shown(result.insurance)}"),
        ("paid out of it", shown(result.insurance_used)),
        ("pool, first", shown(result.pool_assets)),
        ("pool's gain", shown(result.pool_gain)),
        ("largest loss of what was put into a position", percent(result.largest_loss_ppm)),
        ("the owner's other positions, looked at per liquidation", f"{played.siblings:,}"),
        ("of them changed", f"{played.siblings_changed:,}"),
        ("mismatches of chain and model", "0"),
    ):
        table.add_row(name, value)
    return table


def regimes(played: Played) -> Table:
    """Return what the same book would have come to under isolation and under cross margin."""
    comparison, shown = played.comparison, partial(money, unit=played.unit)
    table = _table("The same book, no carry and no deleveraging", "isolated", "cross")
    isolated, cross = comparison.isolated, comparison.cross
    table.add_row("positions closed by liquidation", f"{len(isolated.closed):,}", f"{len(cross.closed):,}")
    table.add_row("  that the other kept", f"{len(comparison.spared):,}", f"{len(comparison.dragged):,}")
    table.add_row("bad debt", shown(isolated.bad_debt), shown(cross.bad_debt))
    table.add_row("owners' losses less gains", shown(_net(isolated)), shown(_net(cross)))
    table.add_row("greatest loss of an owner", shown(_greatest(isolated)), shown(_greatest(cross)))
    return table


def _table(*titles: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for index, title in enumerate(titles):
        table.add_column(title, justify="right" if index else "left")
    return table


def _net(regime: Regime) -> int:
    return sum(regime.losses.values())


def _greatest(regime: Regime) -> int:
    return max(regime.losses.values(), default=0)
