"""What came of a scenario, as pictures. Amounts become floats here, to be drawn and for nothing else."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from isolated_margin.cross import Comparison
from isolated_margin.fixed import WAD
from isolated_margin.scenario import BarResult
from isolated_margin.scenario.orders import TOKEN
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ringfence.vaults.isolated_margin.scenario.play import Played

DAY: Final = 86_400  # seconds: matplotlib's dates are days since 1970
BLUE, ORANGE, RED, GREY = "#3b6ea8", "#e08a1e", "#b3302b", "#c9ced6"


def draw(played: Played, folder: Path) -> tuple[Path, Path]:
    """Write the pictures of a run of at least one bar into ``folder``; return the files."""
    return (
        _saved(_path_of(played.result.series), folder / "scenario.png"),
        _saved(_regimes(played.comparison), folder / "isolated_and_cross.png"),
    )


def _path_of(series: tuple[BarResult, ...]) -> Figure:
    """Draw price, forced closes, insurance and pool over time."""
    figure = Figure(figsize=(10, 9), layout="constrained")
    price, closes, insurance, pool = figure.subplots(4, 1, sharex=True, height_ratios=(3, 2, 1.5, 1.5))
    times = [moment.bar.timestamp / DAY for moment in series]
    _draw_price(price, times, series)
    _draw_closes(closes, times, series)
    insurance.step(times, _tokens(moment.insurance for moment in series), where="post", color=BLUE)
    insurance.set_title("insurance fund", loc="left")
    pool.step(times, _tokens(moment.pool_value for moment in series), where="post", color=BLUE)
    pool.set_title("pool, the traders' net profit taken off", loc="left")
    pool.xaxis_date()
    pool.tick_params(axis="x", labelrotation=20)
    _plain(price, closes, insurance, pool)
    return figure


def _draw_price(axes: Axes, times: list[float], series: tuple[BarResult, ...]) -> None:
    lows = [moment.bar.low_wad / WAD for moment in series]
    highs = [moment.bar.high_wad / WAD for moment in series]
    axes.fill_between(times, lows, highs, color=GREY, step="post", label="low to high")
    axes.step(
        times, [moment.bar.close_wad / WAD for moment in series], where="post", color=BLUE, label="close"
    )
    axes.set_title("price", loc="left")
    axes.legend(frameon=False)


def _draw_closes(axes: Axes, times: list[float], series: tuple[BarResult, ...]) -> None:
    """Draw counts per bar, one kind on top of the other."""
    base = [0] * len(series)
    for label, color, counts in (
        ("partial liquidations", ORANGE, [moment.partial_liquidations for moment in series]),
        ("full liquidations", RED, [moment.full_liquidations for moment in series]),
        ("auto-deleveragings", BLUE, [moment.deleveragings for moment in series]),
    ):
        top = [low + count for low, count in zip(base, counts, strict=True)]
        axes.vlines(times, base, top, color=color, label=label, linewidth=2)
        base = top
    axes.set_title("forced closes per bar", loc="left")
    axes.legend(frameon=False)


def _regimes(comparison: Comparison) -> Figure:
    """Draw each owner's loss under both regimes, and the totals beside."""
    figure = Figure(figsize=(10, 5), layout="constrained")
    losses, closed, debt = figure.subplots(1, 3, width_ratios=(4, 1, 1))
    owners = sorted(comparison.isolated.losses, key=lambda owner: (len(owner), owner))
    for shift, regime, color in ((-0.2, comparison.isolated, BLUE), (0.2, comparison.cross, ORANGE)):
        places = [index + shift for index in range(len(owners))]
        losses.bar(places, _tokens(regime.losses[owner] for owner in owners), 0.4, color=color)
    losses.set_xticks(range(len(owners)), owners, rotation=45, ha="right")
    losses.set_title("loss by owner (below zero: gain)", loc="left")
    for axes, title, values in (
        (closed, "positions closed", [len(comparison.isolated.closed), len(comparison.cross.closed)]),
        (debt, "bad debt", _tokens([comparison.isolated.bad_debt, comparison.cross.bad_debt])),
    ):
        axes.bar(["isolated", "cross"], values, color=[BLUE, ORANGE])
        axes.set_title(title, loc="left")
    spared = f"{len(comparison.dragged)} positions that isolation spared"
    figure.suptitle(
        f"{spared} positions that isolation kept were closed under cross margin for another's loss"
    )
    _plain(losses, closed, debt)
    return figure


def _tokens(amounts: Iterable[int]) -> list[float]:
    return [assets / TOKEN for assets in amounts]


def _plain(*panels: Axes) -> None:
    for axes in panels:
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(axis="y", color=GREY, linewidth=0.5)
        axes.set_axisbelow(True)


def _saved(figure: Figure, path: Path) -> Path:
    figure.savefig(path)
    return path
