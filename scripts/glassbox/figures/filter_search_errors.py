"""The error of the filter on the training signals, by window and width (chen2017 §3.2.3)."""

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from glassbox.figures.style import INK, WIDTH, look


def filter_search_errors(
    table: pd.DataFrame, colour_map: str, printed: tuple[float, float]
) -> Figure:
    """A curve per window, mean over replicates; the printed choice and the least error marked.

    table: columns replicate, window, tau and L1; printed: the window and the width of the thesis.
    """
    means = table.groupby(["window", "tau"])["L1"].mean()
    windows = table["window"].unique()
    colours = matplotlib.colormaps[colour_map](np.linspace(0, 0.85, len(windows)))
    with look():
        figure = Figure(figsize=(WIDTH, 3.4))
        axes = figure.subplots()
        for window, colour in zip(windows, colours, strict=True):
            curve = means[window]
            axes.plot(curve.index, curve, color=colour, label=f"{window}")
        window, tau = means.idxmin()
        axes.plot(tau, means.min(), "o", color=INK, label=f"least: {window}, {tau:g}")
        axes.axvline(
            printed[1], color=INK, linestyle=":", label="printed: {:g}, {:g}".format(*printed)
        )
        axes.grid(axis="y")
        axes.set(xlabel="width of the Gaussian (samples)", ylabel="mean absolute error (samples)")
        axes.legend(title="window (samples)", loc="center left", bbox_to_anchor=(1.0, 0.5))
        count = table["replicate"].nunique()
        figure.supxlabel(f"training signals; mean over replicates (n = {count})", size="medium")
    return figure
