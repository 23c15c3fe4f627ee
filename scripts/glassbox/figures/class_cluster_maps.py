"""Clusters within classes in the map of a layer, and what they look like (rauber2017 Figs 6, 8)."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.lines import Line2D

from glassbox.figures import maps
from glassbox.figures.style import WIDTH, look, title_panels

CLUSTERS = (0, 1)
NAMES = {"cluster": ("cluster 0", "cluster 1"), "bright": ("dark on bright", "bright on dark")}
PIXELS = 8  # letters of counts, in points


def class_cluster_maps(
    points: pd.DataFrame,
    images: pd.DataFrame,
    shape: list[int],
    colours: list[str],
    marks: list[str],
) -> Figure:
    """A map three times, by class, by cluster and by polarity; below, mean images of the clusters.

    points: columns x, y, label, cluster (below 0 for none) and polarity. images: columns label,
    cluster, count, pixel and value. shape: of the images. colours: of the classes; marks: of
    clusters 0 and 1, and of dark and bright.
    """
    tints, pair = maps.rgb(colours), maps.rgb(marks)
    shown = points.rename(columns={"x": "z1", "y": "z2"})
    shown = shown.assign(bright=(shown["polarity"] > 0).astype(int))
    labels = sorted(images["label"].unique())
    with look():
        figure = Figure(figsize=(WIDTH, 0.64 * WIDTH))
        figure.get_layout_engine().set(w_pad=0.02, h_pad=0.02)
        above, below = figure.subfigures(2, 1, height_ratios=[0.4, 0.24])
        panels = above.subplots(1, 3)
        maps.draw_points(panels[0], shown, tints, maps.dot_size(5, len(shown)))
        for _, own in shown.groupby("cluster"):
            maps.number_classes(panels[0], own)
        for axes, by in zip(panels[1:], ("cluster", "bright"), strict=True):
            draw_marked(axes, shown, by, pair)
        for axes in panels:
            maps.show_all(axes, shown)
            maps.frame(axes)
        title_panels(panels, ["class", "cluster in its class", "polarity, by pixels"])
        draw_images(below, images, labels, shape)
    return figure


def draw_marked(axes: Axes, points: pd.DataFrame, by: str, marks: np.ndarray) -> None:
    """Points in the colour of their mark, with a legend below; without mark in grey."""
    size = maps.dot_size(5, len(points))
    drawn = {"s": size, "linewidths": 0, "rasterized": True}
    for mark, colour in ((-1, [0.8] * 3), *enumerate(marks)):
        own = points[points[by] == mark]
        axes.scatter(own["z1"], own["z2"], color=[colour], **drawn)
    dots = [Line2D([], [], marker="o", linestyle="", markersize=4.5, color=each) for each in marks]
    place = {"loc": "upper center", "bbox_to_anchor": (0.5, 0)}
    axes.legend(dots, NAMES[by], ncols=2, handletextpad=0, columnspacing=0.6, **place)


def draw_images(
    figure: SubFigure, images: pd.DataFrame, labels: list[int], shape: list[int]
) -> None:
    """The mean image of each cluster, a column per class and a row per cluster, with its count."""
    grid = figure.subplots(len(CLUSTERS), max(len(labels), 1), squeeze=False)
    for axes in grid.ravel():
        axes.set_axis_off()
    for (label, cluster), own in images.groupby(["label", "cluster"]):
        axes = grid[cluster, labels.index(label)]
        axes.set_axis_on()
        maps.draw_input(axes, own.sort_values("pixel")["value"].to_numpy(), shape)
        axes.set_xlabel(f"{own['count'].iloc[0]:,}", size=PIXELS, labelpad=1)
    for label, axes in zip(labels, grid[0], strict=False):
        axes.set_title(f"class {label}" if label == labels[0] else str(label), loc="center")
    for cluster, axes in zip(CLUSTERS, grid[:, 0], strict=True):
        place = {"rotation": 90, "ha": "right", "va": "center", "transform": axes.transAxes}
        axes.text(-0.12, 0.5, NAMES["cluster"][cluster], size=9, **place)
    figure.supxlabel("mean image of each cluster, with the number of its examples", size=9)
