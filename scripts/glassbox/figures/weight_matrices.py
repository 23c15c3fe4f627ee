"""Weights and biases of a network as heat maps and bars (chen2017 Figs 3.11 and 3.14)."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from glassbox.figures.style import SOFT, WIDTH, layers_of, look, title_panels

REPLICATE = 0


def weight_matrices(parameters: pd.DataFrame, colour_map: str) -> Figure:
    """A row per layer: its weights, inputs by units, and its biases; of replicate 0.

    parameters: columns replicate, layer, depth, parameter, input, unit and value. Colours are
    symmetric about 0, each panel with a scale of its own.
    """
    shown = parameters[parameters["replicate"] == REPLICATE]
    layers = layers_of(shown)
    with look():
        figure = Figure(figsize=(WIDTH, 2.9 * len(layers)))
        axes = figure.subplots(len(layers), 2, width_ratios=[3, 2], squeeze=False)
        before = ["input", *(f"unit of {name}" for name in list(layers.values())[:-1])]
        for row, layer, inputs in zip(axes, layers, before, strict=True):
            rows = shown[shown["depth"] == layer]
            draw_matrix(row[0], rows[rows["parameter"] == "weight"], inputs, colour_map)
            draw_biases(row[1], rows[rows["parameter"] == "bias"])
        titles = [f"{name}: {what}" for name in layers.values() for what in ("weights", "biases")]
        title_panels(axes.ravel(), titles)
        figure.supxlabel(f"replicate {REPLICATE}", size="medium")
    return figure


def draw_matrix(axes: Axes, rows: pd.DataFrame, named: str, colour_map: str) -> None:
    """The weights of one layer, its inputs from top to bottom; named: what one of these is."""
    matrix = rows.pivot(index="input", columns="unit", values="value").to_numpy()
    most = np.abs(matrix).max()
    inputs, units = matrix.shape
    image = axes.imshow(
        matrix,
        cmap=colour_map,
        vmin=-most,
        vmax=most,
        aspect="auto",
        interpolation="none",
        extent=(0.5, units + 0.5, inputs + 0.5, 0.5),
    )
    axes.figure.colorbar(image, ax=axes, label="weight")
    axes.set(xlabel="unit", ylabel=named)


def draw_biases(axes: Axes, rows: pd.DataFrame) -> None:
    """The biases of one layer."""
    axes.axhline(0, color=SOFT, linewidth=0.8)
    axes.vlines(rows["unit"] + 1, 0, rows["value"], color="#0072b2", linewidth=1)
    axes.set(xlabel="unit", ylabel="bias")
