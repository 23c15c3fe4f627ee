"""How often the Moore-Penrose inverse embeds points as classes (chen2017 Figs 4.14 and 4.15)."""

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from glassbox.analyses.intervals import clopper_pearson
from glassbox.figures.style import look, panels, title_panels

MARKERS = "osD^vP"


def pooled(table: pd.DataFrame) -> pd.DataFrame:
    """Counts over all replicates by cell, with the share and its 95 % interval.

    table: columns replicate, width, points, distance, map, trials and successes. Adds share, low
    and high (Clopper-Pearson).
    """
    cells = table.groupby(["map", "width", "distance", "points"])[["trials", "successes"]].sum()
    cells = cells.reset_index()
    low, high = clopper_pearson(cells["successes"].to_numpy(), cells["trials"].to_numpy())
    return cells.assign(share=cells["successes"] / cells["trials"], low=low, high=high)


def embedding_success(table: pd.DataFrame, colour_map: str) -> Figure:
    """The probability on a linear and on a logarithmic scale, a curve per dimension and distance.

    Bars are 95 % intervals; an arrow is the upper end where no draw succeeded.
    """
    cells = pooled(table)
    groups = list(cells.groupby(["map", "width", "distance"]))
    colours = matplotlib.colormaps[colour_map](np.linspace(0, 0.85, len(groups)))
    with look():
        figure, axes = panels(2, height=3.4)
        for place, ((kind, width, distance), rows) in enumerate(groups):
            label = f"p = {width}"
            label += f", {distance:g} apart" if cells["distance"].nunique() > 1 else ""
            label += f", {kind}" if cells["map"].nunique() > 1 else ""
            look_ = {"color": colours[place], "marker": MARKERS[place % len(MARKERS)]}
            for each in axes:
                draw_curve(each, rows, label, look_)
        axes[1].set_yscale("log")
        for each in axes:
            each.grid(axis="y")
            each.set(xlabel="points, n", ylabel="probability of success")
            each.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes[0].legend(loc="upper right")
        title_panels(axes, ["probability", "the same, logarithmic"])
        draws = sorted({cells["trials"].min(), cells["trials"].max()})
        figure.supxlabel(
            f"{' to '.join(f'{each:,}' for each in draws)} draws a point; bars: 95 % "
            "intervals (Clopper-Pearson); arrows: none succeeded",
            size="medium",
        )
    return figure


def draw_curve(axes: Axes, rows: pd.DataFrame, label: str, look_: dict) -> None:
    """The cells of one curve, with their intervals."""
    some = rows[rows["successes"] > 0]
    bars = np.stack([some["share"] - some["low"], some["high"] - some["share"]])
    axes.errorbar(
        some["points"], some["share"], bars, markersize=4, linewidth=1.2, label=label, **look_
    )
    none = rows[rows["successes"] == 0]
    axes.plot(none["points"], none["high"], linestyle="", color=look_["color"], marker="v")
