"""Confusion indices of libraries as matrices (lee2019 Fig. 3)."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from glassbox.figures.style import WIDTH, look


def confusions(
    confusion: pd.DataFrame, layers: list[str], thresholds: list[float], colour_map: str
) -> Figure:
    """Confusion indices as matrices, a column per layer and a row per threshold.

    confusion: columns layer, replicate, threshold, shown, other and value; means over replicates.
    The diagonal, always 1, is left white, and so is a class that is never recognised. One scale for
    all.
    """
    with look():
        figure = Figure(figsize=(WIDTH, 2.5 * len(thresholds)))
        axes = figure.subplots(len(thresholds), len(layers), squeeze=False)
        grids = [[_matrix(confusion, layer, each) for layer in layers] for each in thresholds]
        highest = max(np.nanmax(grid) for row in grids for grid in row)
        for row, threshold, shown in zip(axes, thresholds, grids, strict=True):
            for each, layer, grid in zip(row, layers, shown, strict=True):
                image = each.imshow(grid, vmin=0, vmax=highest, cmap=colour_map)
                each.set_title(f"{layer}, θ = {threshold:g}")
                each.set(xlabel="$d_2$", ylabel="$d_1$ (shown)")
                each.set_xticks(range(0, len(grid), 3))
                each.set_yticks(range(0, len(grid), 3))
        bar = figure.colorbar(image, ax=axes, shrink=0.7)
        bar.set_label("confusion index")
    return figure


def _matrix(confusion: pd.DataFrame, layer: str, threshold: float) -> np.ndarray:
    rows = confusion[confusion["layer"] == layer]
    rows = rows[np.isclose(rows["threshold"], threshold)]
    grid = rows.pivot_table(index="shown", columns="other", values="value", dropna=False)
    values = grid.to_numpy(dtype=np.float64, copy=True)
    np.fill_diagonal(values, np.nan)
    return values
