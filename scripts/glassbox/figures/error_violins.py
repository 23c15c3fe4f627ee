"""The estimated error of right and of misclassified examples, class by class (pardo2019 Fig. 7)."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.transforms import blended_transform_factory

from glassbox.figures.maps import ERROR
from glassbox.figures.style import INK, WIDTH, legend_above, look, title_panels

FEW = 5  # examples, of which points say more than a density
RIGHT, WRONG = -0.2, 0.2  # where the two of a pair stand beside their class


def error_violins(shown: dict[str, pd.DataFrame], colours: tuple[str, str]) -> Figure:
    """A panel per network and set, by title: a pair of violins per class, and its sensitivity.

    shown: columns label, right and estimate, the log10 of the estimated error, of all replicates
    together. colours: of right and of misclassified examples.
    """
    with look():
        figure = Figure(figsize=(WIDTH, 2.6 * len(shown) + 0.5))
        axes = figure.subplots(len(shown), 1, squeeze=False).ravel()
        for each, table in zip(axes, shown.values(), strict=True):
            draw_classes(each, table, colours)
        title_panels(axes, list(shown))
        for each in axes:
            each.set_title(each.get_title(loc="left"), pad=17)
        dots = [Line2D([], [], marker="s", linestyle="", color=each) for each in colours]
        legend_above(figure, dots, ["right", "misclassified"])
        counts = sorted({table["replicate"].nunique() for table in shown.values()})
        figure.supxlabel(
            f"above: share of the class that is right; lines: medians; dots: fewer than {FEW} "
            f"examples; replicates together (n = {', '.join(map(str, counts))})",
            size=9,
        )
    return figure


def draw_classes(axes: Axes, table: pd.DataFrame, colours: tuple[str, str]) -> None:
    """The pair of each class, with the sensitivity above."""
    labels = np.sort(table["label"].unique())
    above = blended_transform_factory(axes.transData, axes.transAxes)
    for place, label in enumerate(labels):
        rows = table[table["label"] == label]
        for right, offset, colour in zip((True, False), (RIGHT, WRONG), colours, strict=True):
            estimates = rows.loc[rows["right"] == right, "estimate"].to_numpy()
            draw_group(axes, estimates, place + offset, colour)
        text = f"{rows['right'].mean():.1%}"
        axes.text(place, 1.01, text, transform=above, ha="center", va="bottom", size=7.5)
    axes.set_xticks(range(len(labels)), list(map(str, labels)))
    axes.set(xlabel="class", ylabel=ERROR, xlim=(-0.6, len(labels) - 0.4))
    axes.grid(axis="y")


def draw_group(axes: Axes, estimates: np.ndarray, place: float, colour: str) -> None:
    """A violin with its median, or points where there are few or all are the same."""
    if len(estimates) < FEW or np.ptp(estimates) == 0:
        axes.plot(np.full(len(estimates), place), estimates, "o", color=colour, markersize=3.5)
        return
    parts = axes.violinplot(estimates, [place], widths=0.36, showextrema=False)
    for body in parts["bodies"]:
        body.set(facecolor=colour, edgecolor=colour, alpha=0.75, linewidth=0.6)
    median = np.median(estimates)
    axes.plot([place - 0.1, place + 0.1], [median, median], color=INK, linewidth=1.2)
