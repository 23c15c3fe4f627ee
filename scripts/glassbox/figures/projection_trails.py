"""Trails of observations over layers or over checkpoints (rauber2017 Figs 10 and 11).

Each map starts from the one before, so that what a trail shows is a change of its neighbours. No
trails are bundled: examples of one class run beside each other as it is, and bundles would hide
those that do not.
"""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from glassbox.figures import maps
from glassbox.figures.style import WIDTH, look
from glassbox.figures.trajectory_maps import draw_trajectories

SPACES = {"map": ("#d55e00", "in the map"), "layer": ("#0072b2", "in the layer")}
MEASURES = {"ratio": "distance within a class\nover that between", "hit": "neighbourhood hit"}


def projection_trails(
    places: pd.DataFrame, measures: pd.DataFrame, colours: list[str], over: str, period: str
) -> Figure:
    """A trail per example, from grey to the colour of its class; how classes part beside them.

    places: columns step, layer, epoch, example_id, label, x and y; every example at every step.
    measures: step, layer, epoch, space, measure, value. over: layers or checkpoints; period: what
    the column epoch counts.
    """
    tints = maps.rgb(colours)
    trails = places.rename(columns={"x": "z1", "y": "z2"}).assign(epoch=places["step"])
    last = trails[trails["step"] == trails["step"].max()]
    names = _names(measures, over)
    with look():
        figure = Figure(figsize=(WIDTH, 0.74 * WIDTH))
        grid = figure.add_gridspec(2, 2, width_ratios=[1.75, 1])
        axes = figure.add_subplot(grid[:, 0])
        draw_trajectories(axes, trails, tints)
        maps.draw_points(axes, last, tints, maps.dot_size(6, len(last)))
        maps.number_classes(axes, last)
        maps.show_all(axes, trails)
        maps.frame(axes)
        for row, (measure, words) in enumerate(MEASURES.items()):
            beside = figure.add_subplot(grid[row, 1])
            _draw_measure(beside, measures[measures["measure"] == measure], names)
            beside.set_title(words, size=8.5)
            if row == 0:
                beside.legend(loc="best")
        beside.set_xlabel("layer" if over == "layers" else period)
        maps.legend_of_classes(figure, sorted(last["label"].unique()), tints)
        step = "layer" if over == "layers" else f"{period}"
        figure.supxlabel(
            f"{len(last):,} examples; grey: {step} {names[0]}; dots: {step} {names[-1]}; "
            f"each of the {len(names)} maps starts from the one before",
            size=8.5,
        )
    return figure


def _names(measures: pd.DataFrame, over: str) -> list[str]:
    """What each step is called."""
    steps = measures.drop_duplicates("step").sort_values("step")
    return [str(each) for each in steps["layer" if over == "layers" else "epoch"]]


def _draw_measure(axes: Axes, rows: pd.DataFrame, names: list[str]) -> None:
    for space, (colour, words) in SPACES.items():
        own = rows[rows["space"] == space].sort_values("step")
        axes.plot(own["step"], own["value"], "o-", color=colour, markersize=3, label=words)
    axes.set_xticks(np.arange(len(names)), names, size=7)
    axes.grid(axis="y")
