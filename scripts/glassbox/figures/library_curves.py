"""Sizes of libraries and their agreement against the threshold (lee2019 Figs 2 and 4)."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from glassbox.figures.style import INK, legend_beside, look, panels, title_panels

MEASURES = {
    "size": "nodes (log scale)",
    "top1": "agreement, best answer",
    "top3": "agreement, three best answers",
}
TITLES = {"size": "size of the library", "top1": "one answer", "top3": "three answers"}
BASELINES = {"probe": ":", "neighbours=1": "--"}
BASELINE_NAMES = {
    "probe": "a linear probe (marks on the right)",
    "neighbours=1": "the nearest of all patterns (likewise)",
}
MARKERS = "os^Dv<>P"


def library_curves(libraries: pd.DataFrame, layers: list[str], colours: list[str]) -> Figure:
    """Size and agreement against the threshold, a colour per layer.

    libraries: columns layer, replicate, variant, threshold, measure and value. Bold: the mean over
    replicates, thin: each. On the right, what a linear probe and the nearest pattern reach.
    """
    with look():
        figure, (*axes, beside) = panels(4, height=2.6)
        for each, measure in zip(axes, MEASURES, strict=True):
            for layer, colour, marker in zip(layers, colours, MARKERS, strict=False):
                rows = libraries[(libraries["layer"] == layer) & (libraries["measure"] == measure)]
                _curve(each, rows[rows["variant"] == "library"], layer, colour, marker)
                if measure != "size":
                    _baselines(each, rows, colour)
            left, right = each.get_xlim()
            each.set_xlim(left, right + 0.13 * (right - left))  # room for the marks
            each.set(xlabel="threshold θ", ylabel=MEASURES[measure])
            each.grid(axis="y")
        axes[0].set_yscale("log")
        for variant, line in BASELINES.items():
            axes[0].plot([], [], color=INK, linestyle=line, label=BASELINE_NAMES[variant])
        legend_beside(beside, axes[0])
        title_panels(axes, [TITLES[measure] for measure in MEASURES])
        count = libraries["replicate"].nunique()
        figure.supxlabel(f"bold: mean over replicates (n = {count}); thin: each", size="medium")
    return figure


def _curve(axes: Axes, rows: pd.DataFrame, layer: str, colour: str, marker: str) -> None:
    values = rows.pivot_table(index="threshold", columns="replicate", values="value")
    axes.plot(values.index, values, color=colour, linewidth=0.7, alpha=0.5)
    axes.plot(
        values.index,
        values.mean(axis=1),
        color=colour,
        linewidth=1.8,
        marker=marker,
        markersize=4,
        label=layer,
    )


def _baselines(axes: Axes, rows: pd.DataFrame, colour: str) -> None:
    """Short horizontal marks at the right edge, in the colour of the layer."""
    for variant, line in BASELINES.items():
        value = rows[rows["variant"] == variant]["value"].mean()
        axes.axhline(value, xmin=0.9, color=colour, linestyle=line, linewidth=1.6)
