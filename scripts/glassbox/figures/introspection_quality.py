"""How good introspections are that are fitted in other ways (pardo2019 §2.4, §2.6, §2.7)."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from glassbox.figures.style import SOFT, WIDTH, look, title_panels

WORDS = {
    "auroc": "AUROC of misclassification",
    "trustworthiness": "trustworthiness",
    "hit": "neighbourhood hit",
}


def introspection_quality(
    table: pd.DataFrame, variants: Sequence[str], colours: list[str]
) -> Figure:
    """A panel per measure, a line per variant: a dot per replicate, and a stroke at their mean.

    table: columns replicate, variant, measure and value. variants: in the order to show; the dotted
    line is at the mean of the first.
    """
    with look():
        figure = Figure(figsize=(WIDTH, 0.24 * len(variants) + 1.2))
        axes = figure.subplots(1, len(WORDS), sharey=True)
        for each, measure in zip(axes, WORDS, strict=True):
            values = table[table["measure"] == measure]
            values = values.pivot(index="variant", columns="replicate", values="value")
            _draw(each, values.loc[list(variants)].to_numpy(), colours)
        axes[0].set_yticks(range(len(variants)), variants)
        axes[0].set_ylim(len(variants) - 0.4, -0.6)
        title_panels(axes, list(WORDS.values()))
        count = table["replicate"].nunique()
        figure.supxlabel(f"dots: replicates (n = {count}); strokes: their means", size=9)
    return figure


def _draw(axes: Axes, values: np.ndarray, colours: list[str]) -> None:
    """Values (variants, replicates); those that are NaN have no dot."""
    heights = np.repeat(np.arange(len(values)), values.shape[1])
    tints = [colours[place % len(colours)] for place in range(values.shape[1])] * len(values)
    means = np.nanmean(values, axis=1)
    axes.axvline(means[0], color=SOFT, linewidth=0.8, linestyle=":")
    axes.scatter(values.ravel(), heights, s=12, c=tints, linewidths=0)
    axes.plot(means, range(len(means)), "|", color=SOFT, markersize=11, markeredgewidth=1.4)
    axes.grid(axis="y")
