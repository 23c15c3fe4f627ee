"""Averaged activations as heat maps (chen2017 Eq. 3.6 and 3.7; Figs 3.12, 6.3 and 6.4)."""

from difflib import get_close_matches

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import Colormap
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from glassbox.errors import GlassboxError
from glassbox.figures.style import layers_of, look, panels, title_panels
from glassbox.figures.unit_axes import unit_axes

REPLICATE = 0  # neurons of different replicates have nothing in common, so none are averaged
MISSING = "#cccccc"
NEURONS = "neuron", 1  # the thesis counts from 1


def activation_heatmaps(averages: pd.DataFrame, colour_map: str, first: int | None) -> Figure:
    """A panel per layer from 1 on, of replicate 0: neurons by classes.

    averages: columns replicate, layer, depth, label, unit and mean. first: the location that label
    0 stands for where classes are locations; they then count from 1, as in the thesis (E-C14).
    """
    own = averages[averages["replicate"] == REPLICATE]
    units, shown = unit_axes(own, first, NEURONS), own[own["depth"] > 0]
    layers = layers_of(shown)
    colours = _colour_map(colour_map)
    with look():
        figure, axes = panels(len(layers), height=3.0)
        for each, layer in zip(axes, layers, strict=True):
            matrix = averaged_matrix(shown[shown["depth"] == layer])
            draw_layer(each, matrix, colours, units[layer], first)
        title_panels(axes, list(layers.values()))
        figure.supxlabel(f"replicate {REPLICATE}; each panel has its own scale", size="medium")
    return figure


def averaged_matrix(averages: pd.DataFrame) -> np.ndarray:
    """A^(l) of Eq. 3.7 from the rows of one layer and replicate: (units, classes)."""
    return averages.pivot(index="unit", columns="label", values="mean").to_numpy()


def draw_layer(
    axes: Axes, matrix: np.ndarray, colours: Colormap, units: tuple[str, int], first: int | None
) -> None:
    """One matrix (units, classes), its first row on top, with a colour bar.

    units: what they are called, and the number of the first. first: as in `activation_heatmaps`.
    """
    count, classes = matrix.shape
    start = 0 if first is None else 1
    name, top = units
    image = axes.imshow(
        matrix,
        cmap=colours,
        vmin=min(0.0, np.nanmin(matrix)),
        aspect="auto",
        interpolation="none",
        extent=(start - 0.5, start + classes - 0.5, top + count - 0.5, top - 0.5),
    )
    axes.figure.colorbar(image, ax=axes, label="mean activation")
    axes.set(xlabel=_class_label(classes, first), ylabel=name)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))


def _class_label(classes: int, first: int | None) -> str:
    if first is None:
        return "class"
    return f"class (1 to {classes}: location {first} to {first + classes - 1})"


def _colour_map(name: str) -> Colormap:
    if name not in matplotlib.colormaps:
        close = ", ".join(get_close_matches(name, matplotlib.colormaps)) or "viridis"
        raise GlassboxError(f"matplotlib has no colour map '{name}'; it has {close}")
    return matplotlib.colormaps[name].with_extremes(bad=MISSING)
