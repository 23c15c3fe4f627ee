"""A network whose units are sorted by the class that they prefer (pardo2019 Fig. 3)."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure, SubFigure

from glassbox.analyses.unit_order import normalised, unit_colours, visible
from glassbox.figures import maps
from glassbox.figures.patterns import Layer, draw_picture, layers_in_order, picture
from glassbox.figures.style import WIDTH, look, title_panels

ACROSS = 10  # patterns in a row


def reordered_network(
    table: pd.DataFrame, column: str, colours: list[str], colour_map: str
) -> Figure:
    """Four pictures of all units, from their own order to that by class, and a pattern per class.

    table: expected activations, with columns layer, depth, unit, label and the one that is taken.
    colours: of classes 0 and on.
    """
    tints, layers = maps.rgb(colours), layers_in_order(table, column)
    labels = _labels(layers[0])
    rows = -(-len(labels) // ACROSS)
    with look():
        figure = Figure(figsize=(WIDTH, 3.3 + 2.4 * rows))
        above, below = figure.subfigures(2, 1, height_ratios=(2.6, 2.4 * rows + 0.4))
        maps.legend_of_classes(figure, labels, tints)
        axes = draw_units(above, layers, tints) | draw_patterns(below, layers, colour_map)
        title_panels(axes.values(), list(axes))
        below.supxlabel(
            "a, d: colours of classes weighted by expected activations, the brightest 5 % of each "
            "layer at full;\nfrom e on: what each class is expected to do "
            f"({column}), each layer over its largest size",
            size=9,
        )
    return figure


def draw_units(part: SubFigure, layers: list[Layer], colours: np.ndarray) -> dict[str, Axes]:
    """The steps from the own order of the units to that by class, as panels by their titles."""
    own = [unit_colours(each.expected.to_numpy(), colours[_labels(each)]) for each in layers]
    bright = list(map(visible, own))
    preferred = [each.preferred for each in layers]
    orders = [each.order for each in layers]
    of_classes = {"cmap": ListedColormap(colours), "vmin": -0.5, "vmax": len(colours) - 0.5}
    steps = {
        "own order": (bright, {}),
        "preferred class": (preferred, of_classes),
        "sorted by it": (_sorted(preferred, orders), of_classes),
        "sorted": (_sorted(bright, orders), {}),
    }
    axes = dict(zip(steps, part.subplots(1, len(steps)), strict=True))
    for title, (values, drawn) in steps.items():
        draw_picture(axes[title], picture(values), [each.depth for each in layers], **drawn)
        axes[title].set(xlabel="layer", ylabel="unit" if title == "own order" else "")
    return axes


def draw_patterns(part: SubFigure, layers: list[Layer], colour_map: str) -> dict[str, Axes]:
    """What is expected of the sorted units, a panel per class, by its number."""
    labels = _labels(layers[0])
    across = min(len(labels), ACROSS)
    grid = part.subplots(-(-len(labels) // across), across, squeeze=False)
    axes = {str(label): each for label, each in zip(labels, grid.ravel(), strict=False)}
    for empty in grid.ravel()[len(labels) :]:
        empty.set_axis_off()
    for label, each in zip(labels, axes.values(), strict=True):
        own = [normalised(layer.expected[label].to_numpy()) for layer in layers]
        values = picture(_sorted(own, [layer.order for layer in layers]))
        depths = [layer.depth for layer in layers]
        image = draw_picture(each, values, depths, cmap=colour_map, vmin=-1, vmax=1)
    for first in grid[:, 0]:
        first.set_ylabel("unit, sorted")
    part.colorbar(image, ax=grid, label="activation / largest", aspect=30)
    return axes


def _labels(layer: Layer) -> list[int]:
    return layer.expected.columns.tolist()


def _sorted(columns: list[np.ndarray], orders: list[np.ndarray]) -> list[np.ndarray]:
    return [values[order] for values, order in zip(columns, orders, strict=True)]
