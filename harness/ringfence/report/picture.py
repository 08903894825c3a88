"""A finding drawn over its steps: the price and where positions become liquidatable, margins, funds.

The chain's values are lines, the model's dotted where they are others. Numbers become floats here, to be
drawn and for nothing else.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any, Final, TypeAlias

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ringfence.engine.replay import Frame
from ringfence.types.market import WAD_DECIMALS, VaultMarket
from ringfence.types.state import VaultState

Pair: TypeAlias = tuple[dict[str, float], dict[str, float]]

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


def draw(frames: Sequence[Frame], setup: VaultMarket, path: Path) -> None:
    """Write the picture to a file, in the format of its suffix; raises ValueError for one that is unknown."""
    with matplotlib.rc_context(STYLE):
        figure(frames, setup).savefig(path, dpi=150)


def svg(frames: Sequence[Frame], setup: VaultMarket) -> str:
    """Return the picture as an ``svg`` element without a background."""
    text = StringIO()
    with matplotlib.rc_context(STYLE):
        figure(frames, setup).savefig(text, format="svg", transparent=True, metadata={"Date": None})
    drawn = text.getvalue()
    return drawn[drawn.index("<svg") :]


def figure(frames: Sequence[Frame], setup: VaultMarket) -> Figure:
    """Draw the frames, from the opening to the one that fails; what a vault does not have has no panel."""
    unit = 10**setup.collateral_decimals
    states = [(each.chain.state, (each.model or each.chain).state) for each in frames]
    panels = {
        title: [(values(chain, unit), values(model, unit)) for chain, model in states]
        for title, values in PANELS.items()
    }
    filled = {title: values for title, values in panels.items() if any(any(pair) for pair in values)}
    drawn = Figure(figsize=(7.2, 2.2 + 1.4 * len(filled)), layout="constrained")
    ratios = [5] + [4] * len(filled)
    price, *others = drawn.subplots(1 + len(filled), 1, sharex=True, height_ratios=ratios, squeeze=False).flat
    _draw_price(price, frames, setup)
    for axes, (title, values) in zip(others, filled.items(), strict=True):
        _draw_lines(axes, title, values)
    last = others[-1] if others else price
    last.set_xticks(range(len(frames)), [_label(frame) for frame in frames])
    if len(frames) > MOST_LABELS:
        for label in last.get_xticklabels():
            label.set(rotation=45, horizontalalignment="right")
    for axes in (price, *others):
        _finish(axes, frames)
    return drawn


def _draw_price(axes: Axes, frames: Sequence[Frame], setup: VaultMarket) -> None:
    unit = 10**setup.feed_decimals
    answers = [None if frame.moment.broken else frame.moment.answer / unit for frame in frames]
    _plot(axes, answers, color=INK, label="price")
    for index, position in enumerate(sorted({each for frame in frames for each in frame.liquidation_prices})):
        prices = [frame.liquidation_prices.get(position, 0) / 10**WAD_DECIMALS or None for frame in frames]
        label, color = f"liquidation of {position}", COLORS[index % len(COLORS)]
        _plot(axes, prices, color=color, label=label, linestyle=(0, (4, 2)))
    axes.set_title("price", loc="left", fontsize=9, fontweight="bold")


def _draw_lines(axes: Axes, title: str, values: Sequence[Pair]) -> None:
    """Draw values by name, the chain's and the model's; those that only sometimes exist have gaps."""
    names = sorted({name for pair in values for side in pair for name in side})
    for index, name in enumerate(names):
        color = COLORS[index % len(COLORS)]
        actual, expected = ([pair[side].get(name) for pair in values] for side in (0, 1))
        _plot(axes, actual, color=color, label=name)
        if actual != expected:
            _plot(axes, expected, color=color, label=f"{name}, by the model", linestyle=":")
    axes.set_title(title, loc="left", fontsize=9, fontweight="bold")


def _plot(axes: Axes, values: Sequence[float | None], **style: object) -> None:
    numbers = [float("nan") if value is None else value for value in values]
    axes.step(range(len(values)), numbers, where="post", marker="o", markersize=3, linewidth=1.4, **style)  # type: ignore[arg-type]  # matplotlib's own keywords


def _margins(state: VaultState, unit: int) -> dict[str, float]:
    return {f"position {key}": held.margin / unit for key, held in state.positions.items()}


def _totals(names: Mapping[str, str], state: VaultState, unit: int) -> dict[str, float]:
    return {name: state.totals[key] / unit for name, key in names.items() if key in state.totals}


PANELS: Final[Mapping[str, Callable[[VaultState, int], dict[str, float]]]] = {
    "margin": _margins,
    "insurance fund": partial(_totals, {"insurance": "insurance"}),
    "liquidity pool": partial(_totals, {"assets": "pool_tokens", "owed": "total_owed"}),
}


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
