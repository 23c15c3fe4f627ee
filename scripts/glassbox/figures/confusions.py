"""Confusion indices of libraries as matrices (lee2019 Fig. 3)."""

from collections.abc import Mapping, Sequence

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure

from glassbox.figures.style import WIDTH, look

UNKNOWN = "#bbbbbb"


def confusions(
    confusion: pd.DataFrame, thresholds: Mapping[str, Sequence[float]], colour_map: str
) -> Figure:
    """Confusion indices as matrices, a column per layer and a row per threshold of each.

    confusion: columns layer, replicate, threshold, shown, other and value; means over the
    replicates that recognise the class. The diagonal, always 1, is left white; the row of a class
    that no replicate recognises is grey. One scale for all.
    """
    colours = matplotlib.colormaps[colour_map].with_extremes(bad=UNKNOWN)
    with look():
        rows = max(map(len, thresholds.values()))
        figure = Figure(figsize=(WIDTH, rows * min(2.5, 0.5 + 6 / len(thresholds))))
        axes = figure.subplots(rows, len(thresholds), squeeze=False)
        grids = {
            layer: [_matrix(confusion, layer, each) for each in shown]
            for layer, shown in thresholds.items()
        }
        highest = max(np.nanmax(grid) for column in grids.values() for grid in column)
        for column, (layer, shown) in zip(axes.T, thresholds.items(), strict=True):
            for each in column[len(shown) :]:
                each.set_axis_off()
            for each, threshold, grid in zip(column, shown, grids[layer], strict=False):
                image = each.imshow(grid, vmin=0, vmax=highest, cmap=colours, interpolation="none")
                each.imshow(
                    np.where(np.eye(len(grid)), 1, np.nan),
                    cmap=ListedColormap(["white"]),
                    interpolation="none",
                )
                each.set_title(f"{layer}, θ = {threshold:g}")
                each.set(xlabel="$d_2$")
                each.set_xticks(range(0, len(grid), 3))
                each.set_yticks(range(0, len(grid), 3))
        for each in axes[:, 0]:
            each.set_ylabel("$d_1$ (shown)")
        bar = figure.colorbar(image, ax=axes, shrink=0.7)
        bar.set_label("confusion index")
        count = confusion["replicate"].nunique()
        figure.supxlabel(
            f"mean over the replicates (n = {count}) that recognise class $d_1$; grey: none does; "
            "diagonal: 1",
            size="medium",
        )
    return figure


def _matrix(confusion: pd.DataFrame, layer: str, threshold: float) -> np.ndarray:
    rows = confusion[confusion["layer"] == layer]
    rows = rows[np.isclose(rows["threshold"], threshold)]
    grid = rows.pivot_table(index="shown", columns="other", values="value", dropna=False)
    values = grid.to_numpy(dtype=np.float64, copy=True)
    np.fill_diagonal(values, np.nan)
    return values
