"""How hidden activations move while a network learns (pardo2019 Fig. 2 a, e)."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from glassbox.figures import maps
from glassbox.figures.style import WIDTH, look

GREY = np.array(to_rgb("#cccccc"))  # of the start


def trajectory_maps(
    trajectories: pd.DataFrame, colours: list[str], period: str = "epoch"
) -> Figure:
    """A line per example from epoch to epoch, which fades from grey into the colour of its class.

    trajectories: columns epoch, example_id, label, z1 and z2; every example at every epoch.
    period: what the column epoch counts.
    """
    tints = maps.rgb(colours)
    epochs = np.sort(trajectories["epoch"].unique())
    last = trajectories[trajectories["epoch"] == epochs[-1]]
    with look():
        figure = Figure(figsize=(WIDTH, 0.75 * WIDTH))
        axes = figure.add_subplot()
        draw_trajectories(axes, trajectories, tints)
        maps.draw_points(axes, last, tints, size=7)
        maps.show_all(axes, trajectories)
        maps.name_axes(axes)
        maps.number_classes(axes, last)
        maps.legend_of_classes(figure, sorted(last["label"].unique()), tints)
        figure.supxlabel(
            f"{len(last):,} examples; grey: after {period} {epochs[0]}; dots: after {period} "
            f"{epochs[-1]}; lines join their places after {len(epochs)} of them",
            size=9,
        )
    return figure


def draw_trajectories(axes: Axes, trajectories: pd.DataFrame, colours: np.ndarray) -> None:
    """The lines, early parts of all below late ones."""
    ordered = trajectories.sort_values(["epoch", "example_id"])
    count = ordered["example_id"].nunique()
    places = ordered[["z1", "z2"]].to_numpy().reshape(-1, count, 2)
    tints = colours[ordered["label"].to_numpy()[:count]]
    for step, share in enumerate(np.linspace(0, 1, len(places))[1:]):
        lines = LineCollection(
            np.stack(places[step : step + 2], axis=1),
            colors=(1 - share) * GREY + share * tints,
            linewidths=0.6,
            rasterized=True,
        )
        axes.add_collection(lines)
