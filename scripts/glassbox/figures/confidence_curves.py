"""How sure networks are of hand-made signals, against each parameter (chen2017 §7.2)."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from glassbox.figures.style import SOFT, WIDTH, legend_above, look, title_panels

COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"]
COLUMNS = 3
MEANINGS = {  # of the parameters of `glassbox.datasets.shapes.Shape`, with their units
    "height": "height of the rise",
    "rise": "length of the rise (samples)",
    "before": "fall before, per sample",
    "after": "fall after, per sample",
    "width": "drops after (samples)",
    "drop": "drop, over the height",
    "spike": "height of the rise elsewhere",
    "spike_at": "location of the rise elsewhere",
    "spike_width": "length of the rise elsewhere (samples)",
}


def confidence_curves(confidences: pd.DataFrame) -> Figure:
    """A panel per sweep: the confidence of each network against the parameter, and the ideal.

    confidences: columns method, replicate, name, parameter, value, confidence and ideal. Bold:
    means over replicates; thin: each.
    """
    swept = confidences[confidences["parameter"] != ""]
    names = swept["name"].unique()
    rows = -(-len(names) // COLUMNS)
    with look():
        figure = Figure(figsize=(WIDTH, 2.4 * rows))
        axes = figure.subplots(rows, COLUMNS, squeeze=False, sharey=True).ravel()
        for each, name in zip(axes, names, strict=False):
            draw_sweep(each, swept[swept["name"] == name])
        for each in axes[len(names) :]:
            each.set_visible(False)
        title_panels(axes, [name.replace("-", " ") for name in names])
        legend_above(figure, *axes[0].get_legend_handles_labels())
        for each in axes[::COLUMNS]:
            each.set_ylabel("confidence")
        count = swept["replicate"].nunique()
        figure.supxlabel(
            f"bold: mean over replicates (n = {count}); thin: each; dashed: the best detector of "
            "the learned signals",
            size="medium",
        )
    return figure


def draw_sweep(axes: Axes, swept: pd.DataFrame) -> None:
    """The confidence of each network against one parameter."""
    for (method, rows), colour in zip(swept.groupby("method", sort=False), COLOURS, strict=False):
        values = rows.pivot(index="value", columns="replicate", values="confidence")
        axes.plot(values.index, values, color=colour, linewidth=0.5, alpha=0.5)
        mean = values.mean(axis=1)
        axes.plot(mean.index, mean, color=colour, linewidth=1.8, marker="o", ms=3, label=method)
    ideal = swept.drop_duplicates("value").set_index("value")["ideal"].sort_index()
    axes.plot(ideal.index, ideal, color=SOFT, linestyle="--", linewidth=1.2, label="ideal")
    axes.set_ylim(-0.03, 1.03)
    axes.grid(axis="y")
    axes.set_xlabel(MEANINGS[swept["parameter"].iloc[0]])
