"""A finding drawn over its steps: the price and where positions become liquidatable, margins, funds.

The chain's values are lines, the model's dotted where they are others. Numbers become floats here, to be
drawn and for nothing else.
"""

from collections.abc import Callable, Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any, Final

import matplotlib
from isolated_margin.fixed import WAD
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ringfence.markets import MarketSetup
from ringfence.report.replay import Frame
from ringfence.state import VaultState

INK: Final = "#20242c"
FAINT: Final = "#9aa3b2"
FAILING: Final = "#d1495b"
COLORS: Final = ("#2f6db5", "#d98324", "#3c9d6b", "#8a5fbf", "#c2528b", "#4aa3a2")
STYLE: Final[dict[Any, Any]] = {
    "font.size": 9,
    "text.color": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.edgecolor": FAINT,
    "svg.fonttype": "none",
    "svg.hashsalt": "ringfence",
}
MOST_LABELS: Final = 5
IN_VAULT: Final = {"insurance": "insurance"}
IN_POOL: Final = {"assets": "pool_tokens", "owed": "total_owed"}


def draw(frames: Sequence[Frame], setup: MarketSetup, path: Path) -> None:
    """Write the picture to a file, in the format of its suffix; raises ValueError for one that is unknown."""
    with matplotlib.rc_context(STYLE):
        figure(frames, setup).savefig(path, dpi=150)


def svg(frames: Sequence[Frame], setup: MarketSetup) -> str:
    """Return the picture as an ``svg`` element without a background."""
    text = StringIO()
    with matplotlib.rc_context(STYLE):
        figure(frames, setup).savefig(text, format="svg", transparent=True, metadata={"Date": None})
    drawn = text.getvalue()
    return drawn[drawn.index("<svg") :]


def figure(frames: Sequence[Frame], setup: MarketSetup) -> Figure:
    """Draw the frames, from the opening to the one that fails."""
    drawn = Figure(figsize=(7.2, 6.4), layout="constrained")
    price, margins, insurance, pool = drawn.subplots(4, 1, sharex=True, height_ratios=(5, 4, 3, 3))
    _draw_price(price, frames, setup)
    unit = 10**setup.collateral_decimals
    _draw_lines(margins, "margin", frames, lambda state: _margins(state, unit))
    _draw_lines(insurance, "insurance fund", frames, lambda state: _totals(state, IN_VAULT, unit))
    _draw_lines(pool, "liquidity pool", frames, lambda state: _totals(state, IN_POOL, unit))
    pool.set_xticks(range(len(frames)), [_label(frame) for frame in frames])
    if len(frames) > MOST_LABELS:
        pool.tick_params(axis="x", labelrotation=45)
        for label in pool.get_xticklabels():
            label.set_horizontalalignment("right")
    for axes in (price, margins, insurance, pool):
        _finish(axes, frames)
    return drawn


def _draw_price(axes: Axes, frames: Sequence[Frame], setup: MarketSetup) -> None:
    unit = 10**setup.feed_decimals
    answers = [None if frame.moment.broken else frame.moment.answer / unit for frame in frames]
    _plot(axes, answers, color=INK, label="price")
    for index, position in enumerate(sorted({each for frame in frames for each in frame.liquidation_prices})):
        prices = [frame.liquidation_prices.get(position, 0) / WAD or None for frame in frames]
        label, color = f"liquidation of {position}", COLORS[index % len(COLORS)]
        _plot(axes, prices, color=color, label=label, linestyle=(0, (4, 2)))
    axes.set_title("price", loc="left", fontsize=9, fontweight="bold")


def _draw_lines(
    axes: Axes,
    title: str,
    frames: Sequence[Frame],
    values_of: Callable[[VaultState], Mapping[str, float]],
) -> None:
    """Draw values of the state by name; those that only sometimes exist have gaps."""
    chain = [values_of(frame.chain.state) for frame in frames]
    model = [values_of((frame.model or frame.chain).state) for frame in frames]
    names = sorted({name for values in (*chain, *model) for name in values})
    for index, name in enumerate(names):
        color = COLORS[index % len(COLORS)]
        actual, expected = ([values.get(name) for values in side] for side in (chain, model))
        _plot(axes, actual, color=color, label=name)
        if actual != expected:
            _plot(axes, expected, color=color, label=f"{name}, by the model", linestyle=":")
    axes.set_title(title, loc="left", fontsize=9, fontweight="bold")


def _plot(axes: Axes, values: Sequence[float | None], **style: object) -> None:
    numbers = [float("nan") if value is None else value for value in values]
    axes.step(range(len(values)), numbers, where="post", marker="o", markersize=3, linewidth=1.4, **style)  # type: ignore[arg-type]  # matplotlib's own keywords


def _margins(state: VaultState, unit: int) -> dict[str, float]:
    return {f"position {number}": held.margin / unit for number, held in state.positions.items()}


def _totals(state: VaultState, names: Mapping[str, str], unit: int) -> dict[str, float]:
    return {name: state.totals[key] / unit for name, key in names.items() if key in state.totals}


def _label(frame: Frame) -> str:
    if frame.step is None:
        return "opening"
    waited = f"\n+{frame.step.seconds:,} s" if frame.step.seconds else ""
    return f"{frame.number} {type(frame.step.action).__name__}{waited}"


def _finish(axes: Axes, frames: Sequence[Frame]) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color=FAINT, alpha=0.35, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.margins(x=0.03, y=0.15)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")
    if frames[-1].fails:
        axes.axvspan(len(frames) - 1.15, len(frames) - 0.85, color=FAILING, alpha=0.15, linewidth=0)
    if axes.get_legend_handles_labels()[0]:
        axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize=8)
