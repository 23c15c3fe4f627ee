"""How often a filter finds a jump, by its width and the noise (chen2017 Fig. 3.5)."""

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from glassbox.analyses.step_filters import best_width
from glassbox.figures.style import WIDTH, look

FILTER, BOUND, BLIND = "gaussian-derivative", "step-likelihood", "blind-step-likelihood"


def detection_curves(table: pd.DataFrame, colour_map: str) -> Figure:
    """A curve per noise level, with its best width; at the right, what the two bounds find.

    table: columns replicate, detector, noise, tau and share. Curves are means over replicates, in
    a band from the least to the greatest.
    """
    levels = sorted(table["noise"].unique())
    colours = matplotlib.colormaps[colour_map](np.linspace(0, 0.85, len(levels)))
    with look():
        figure = Figure(figsize=(WIDTH, 3.8))
        axes = figure.subplots()
        for level, colour in zip(levels, colours, strict=True):
            draw_level(axes, table[table["noise"] == level], colour, f"{level:g}")
        axes.grid(axis="y")
        axes.set(xlabel="width of the filter (samples)", ylabel="found to within one sample")
        axes.set_ylim(0, 1.03)
        legend = {"title": "noise / height", "loc": "center left", "bbox_to_anchor": (1.0, 0.5)}
        axes.legend(**legend)
        count = table["replicate"].nunique()
        figure.supxlabel(
            f"mean over replicates (n = {count}), band: least to greatest; dots: best width, where "
            "none finds every jump;\nat the right: maximum likelihood, height known (triangle) or "
            "not (circle)",
            size="medium",
        )
    return figure


def draw_level(axes: Axes, table: pd.DataFrame, colour: np.ndarray, label: str) -> None:
    """The curve of one noise level, its best width if no width finds every jump, and the bounds."""
    found = table[table["detector"] == FILTER].groupby("tau")["share"]
    means = found.mean()
    axes.fill_between(means.index, found.min(), found.max(), color=colour, alpha=0.25, linewidth=0)
    axes.plot(means.index, means, color=colour, label=label)
    if means.max() < 1:
        axes.plot(best_width(means), means.max(), "o", color=colour, markersize=5)
    right = means.index.max() * 1.05
    for detector, marker in ((BOUND, "^"), (BLIND, "o")):
        share = table.loc[table["detector"] == detector, "share"].mean()
        axes.plot(right, share, marker, color=colour, markersize=5, markerfacecolor="none")
