"""Hand-made signals and how sure networks are of their location (chen2017 Fig. 7.1)."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from glassbox.figures.style import SOFT, WIDTH, legend_above, look, title_panels

COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"]
COLUMNS = 3


def shapes(signals: pd.DataFrame, confidences: pd.DataFrame) -> Figure:
    """A panel per named shape, with the confidence of one network below it, as in Fig. 7.1.

    signals: columns example_id, sample and value. confidences: columns replicate, example_id, name,
    parameter (empty for named shapes), location, predicted, confidence and ideal.
    """
    named = confidences[confidences["parameter"] == ""]
    names = named.drop_duplicates("example_id")[["example_id", "name"]]
    rows = -(-len(names) // COLUMNS)
    with look():
        figure = Figure(figsize=(WIDTH, 2.0 * rows))
        axes = figure.subplots(rows, COLUMNS, squeeze=False, sharey=True).ravel()
        for each, (example, _) in zip(axes, names.itertuples(index=False), strict=False):
            draw_shape(
                each,
                signals[signals["example_id"] == example],
                named[named["example_id"] == example],
            )
        for each in axes[len(names) :]:
            each.set_visible(False)
        title_panels(axes, names["name"].tolist())
        location, count = named["location"].iloc[0], named["replicate"].nunique()
        figure.supxlabel(
            f"said of location {location}: mean confidence of {named['method'].iloc[0]} over "
            f"replicates (n = {count}), and how many name it;\n"
            "ideal: what the best detector of the learned signals would say",
            size="medium",
        )
    return figure


def draw_shape(axes: Axes, signal: pd.DataFrame, said: pd.DataFrame) -> None:
    """One signal, and what was said of it."""
    axes.axvline(said["location"].iloc[0] - 0.5, color=SOFT, linewidth=0.8, linestyle=":")
    axes.plot(signal["sample"], signal["value"], color=COLOURS[0], linewidth=1.2)
    right = int((said["predicted"] == said["location"]).sum())
    text = (
        f"{said['confidence'].mean():.1%} ({right} of {len(said)})\n"
        f"ideal {said['ideal'].iloc[0]:.1%}"
    )
    axes.set_xlabel(text)


def sweeps(confidences: pd.DataFrame) -> Figure:
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
        title_panels(axes, list(names))
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
    axes.set_xlabel(swept["parameter"].iloc[0])
