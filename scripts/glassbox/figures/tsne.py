"""t-SNE maps of examples and of layers (chen2017 Figs 3.2, 6.5 and 6.6; Rauber et al. 2017)."""

from dataclasses import dataclass

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.colors import Colormap
from matplotlib.figure import Figure

from glassbox.figures.style import INK, WIDTH, look, title_panels

DOTS = 100  # per inch: points are a picture inside the figure
NAMED = 12  # classes that get their number, evenly spaced
SCATTERED = 0.5  # of all points' spread: a class as spread out as this has no place for a number


@dataclass(frozen=True)
class Column:
    """Maps of one replicate of a network on a set, under one labelling of the points.

    points: columns layer, x, y and the labelling. hits: columns layer, space (layer or map),
    labels, measure and value. title: of the column; labels: label or origin_label.
    """

    title: str
    labels: str
    points: pd.DataFrame
    hits: pd.DataFrame


def columns_of(points: pd.DataFrame, hits: pd.DataFrame, shown: list[dict]) -> list[Column]:
    """The columns of a figure.

    points, hits: as in `Column`, of several networks and sets, with columns method and set. shown:
    keys title, labels, model and set.
    """
    return [
        Column(each["title"], each["labels"], _of(points, each), _of(hits, each)) for each in shown
    ]


def _of(table: pd.DataFrame, shown: dict) -> pd.DataFrame:
    return table[(table["method"] == shown["model"]) & (table["set"] == shown["set"])]


def tsne(columns: list[Column], layers: list[str], colour_map: str, first: int | None) -> Figure:
    """A row per layer, a column per network or labelling; points coloured by label.

    The layers of a single column stand two in a row.

    Each title says the neighbourhood hit in the layer and in its map. first: the location that
    label 0 stands for where classes are locations; then numbers in the map, and those of a bar of
    colours, are locations.
    """
    with look():
        maps = [(layer, column) for layer in layers for column in columns]
        across = len(columns) if len(columns) > 1 else min(len(layers), 2)
        rows = -(-len(maps) // across)
        figure = Figure(figsize=(WIDTH, 0.8 * WIDTH / max(across, 2) * rows))
        axes = figure.subplots(rows, across, squeeze=False).ravel()
        titles = []
        for each, (layer, column) in zip(axes, maps, strict=False):
            dots = draw_map(each, column, layer, matplotlib.colormaps[colour_map], first or 0)
            titles.append(f"{column.title}, {layer}\n{_hits(column, layer)}")
        title_panels(axes, titles)
        for empty in axes[len(maps) :]:
            empty.set_axis_off()
        if first is not None:
            figure.colorbar(dots, ax=axes, location="bottom", shrink=0.4, label="location")
        count = len(columns[0].points) // columns[0].points["layer"].nunique()
        figure.supxlabel(
            f"{count:,} points; hit: share of nearest neighbours with the point's label, in the "
            "layer | in the map",
            size="medium",
        )
    return figure


def draw_map(
    axes: Axes, column: Column, layer: str, colours: Colormap, first: int
) -> PathCollection:
    """The points of one layer, with the numbers of some classes above their medians.

    first: the number of label 0. Returns the dots, by which a bar of colours can be drawn.
    """
    rows = column.points[column.points["layer"] == layer]
    labels = rows[column.labels].to_numpy()
    dots = axes.scatter(
        rows["x"],
        rows["y"],
        c=labels + first,
        cmap=colours,
        s=3.0,
        linewidths=0,
        rasterized=True,
    )
    axes.set(xticks=[], yticks=[])
    axes.set_aspect("equal", "datalim")
    for spine in axes.spines.values():
        spine.set_visible(False)
    classes = np.unique(labels)
    step = -(-len(classes) // NAMED)
    for label in classes[:: max(step, 1)]:
        own = rows.loc[labels == label, ["x", "y"]]
        if _spread(own) > SCATTERED * _spread(rows[["x", "y"]]):
            continue
        outline = {"facecolor": "white", "alpha": 0.6, "edgecolor": "none", "pad": 0.6}
        drawn = {"size": 6.5, "color": INK, "ha": "center", "va": "bottom", "bbox": outline}
        # Above its class, which may be as small as the number.
        place = {"xytext": (0, 4), "textcoords": "offset points"}
        axes.annotate(str(label + first), own.median(), **place, **drawn)
    return dots


def _spread(places: pd.DataFrame) -> float:
    """The mean distance of points from their median."""
    return float(np.hypot(*(places - places.median()).to_numpy().T).mean())


def _hits(column: Column, layer: str) -> str:
    rows = column.hits
    rows = rows[(rows["layer"] == layer) & (rows["labels"] == column.labels)]
    values = rows[rows["measure"] == "hit"].set_index("space")["value"]
    return f"hit {values['layer']:.2f} | {values['map']:.2f}"
