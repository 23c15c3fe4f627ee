"""The activation of one neuron over the map of observations (rauber2017 Fig. 14)."""

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from glassbox.figures import maps
from glassbox.figures.neurons import draw_observations
from glassbox.figures.style import INK, WIDTH, look, title_panels

BOXED = (10, 90)  # percentiles of a class's places that its box holds, along each axis


def neuron_activation_map(
    points: pd.DataFrame,
    responses: pd.DataFrame,
    chosen: dict,
    colours: list[str],
    colour_map: str,
) -> Figure:
    """Observations by their class, and the half on which the neuron was not chosen by what it does.

    points: columns example_id, label, z1 and z2. responses: example_id and value. chosen: which
    neuron it is, label, unit, auroc_1, runner_up and runner_up_auroc. A box holds four fifths of
    its class along each axis.
    """
    tints = maps.rgb(colours)
    told = points.merge(responses[["example_id", "value"]], on="example_id")
    told = told.sort_values("value")
    with look():
        figure = Figure(figsize=(WIDTH, 0.5 * WIDTH + 0.9))
        left, right = figure.subplots(1, 2)
        draw_observations(left, points, tints)
        dots = right.scatter(
            told["z1"],
            told["z2"],
            c=told["value"],
            cmap=matplotlib.colormaps[colour_map],
            s=maps.dot_size(6, len(told)),
            linewidths=0,
            rasterized=True,
        )
        maps.number_classes(right, points)
        maps.show_all(right, points)
        maps.frame(right)
        for each in (left, right):
            _box(each, points[points["label"] == chosen["label"]])
        title_panels((left, right), [f"{len(points):,} observations", _said(chosen)])
        said = f"activation, on the {len(told):,} observations that it was not chosen on"
        figure.colorbar(
            dots, ax=[left, right], location="bottom", shrink=0.4, aspect=35, label=said
        )
        maps.legend_of_classes(figure, sorted(points["label"].unique()), tints)
    return figure


def _box(axes: Axes, own: pd.DataFrame) -> None:
    """A frame around most of a class."""
    (left, low), (right, high) = np.percentile(own[["z1", "z2"]], BOXED, axis=0)
    edge = {"fill": False, "edgecolor": INK, "linewidth": 0.9}
    axes.add_patch(Rectangle((left, low), right - left, high - low, **edge))


def _said(chosen: dict) -> str:
    return (
        f"neuron {chosen['unit']}, chosen for class {chosen['label']}\n"
        f"AUROC {chosen['auroc_1']:.2f}; of class {chosen['runner_up']}: "
        f"{chosen['runner_up_auroc']:.2f}"
    )
