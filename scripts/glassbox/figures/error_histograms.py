"""Histograms of the absolute error (chen2017 Figs 3.7 and 3.10)."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from glassbox.analyses.errors import absolute_errors, least
from glassbox.figures.style import INK, WIDTH, look, title_panels

THOUSANDS = "{x:,.9g}"


def error_histograms(predictions: pd.DataFrame, colour: str) -> Figure:
    """Complete data, the 99 % of lowest error, and the complete data again on a log scale.

    predictions: columns replicate, label and predicted. The thesis has the first two panels; errors
    that occur a few times in thousands are seen in the third one only.
    """
    errors = [
        absolute_errors(group["predicted"].to_numpy(), group["label"].to_numpy())
        for _, group in predictions.groupby("replicate")
    ]
    every, lowest = error_counts(errors), error_counts([least(each) for each in errors])
    with look():
        figure = Figure(figsize=(WIDTH, 5.0))
        axes = figure.subplot_mosaic("ab;cc", height_ratios=[3, 2])
        for panel, counts in (("a", every), ("b", lowest), ("c", every)):
            draw_bars(axes[panel], counts, colour)
        draw_rare_errors(axes["c"], every)
        title_panels(axes.values(), _titles(every))
        note = f"bars: mean over replicates (n = {len(errors)}); lines: least to greatest"
        figure.supxlabel(note, size="medium")
    return figure


def error_counts(errors: list[np.ndarray]) -> np.ndarray:
    """How many signals of each replicate have the error 0, 1, ...: (replicates, bins) int64."""
    bins = 1 + max(int(each.max(initial=0)) for each in errors)
    return np.stack([np.bincount(each, minlength=bins) for each in errors])


def draw_bars(axes: Axes, counts: np.ndarray, colour: str) -> None:
    """A bar per error: the mean of counts (replicates, bins), with their range as a line."""
    means = counts.mean(axis=0)
    bins = np.arange(len(means))
    axes.grid(axis="y")
    axes.bar(bins, means, width=0.85, color=colour)
    axes.vlines(bins, counts.min(axis=0), counts.max(axis=0), color=INK, linewidth=0.9)
    axes.set(xlabel="absolute error in samples", ylabel="number of signals")
    axes.set_xlim(-0.6, max(len(means), 3) - 0.4)
    axes.set_ylim(bottom=0)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.yaxis.set_major_formatter(THOUSANDS)


def draw_rare_errors(axes: Axes, counts: np.ndarray) -> None:
    """Give an axes with bars a log scale that shows a single signal, and name the maxima."""
    axes.set_yscale("log")
    axes.set_ylim(0.5, counts.max() * 2)
    axes.set_xlim(right=counts.shape[1] + 0.4)
    axes.yaxis.set_major_formatter(THOUSANDS)
    maxima = [int(np.flatnonzero(each).max()) for each in counts]
    text = (
        f"greatest error of a replicate: {min(maxima)} to {max(maxima)}, mean {np.mean(maxima):.1f}"
    )
    axes.text(0.995, 0.93, text, transform=axes.transAxes, ha="right", va="top")


def _titles(every: np.ndarray) -> list[str]:
    signals = every[0].sum()
    return [
        f"complete data: {signals:,} signals",
        "the 99 % of lowest error",
        "complete data, logarithmic: the rare high errors",
    ]
