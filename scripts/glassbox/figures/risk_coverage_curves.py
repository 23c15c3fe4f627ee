"""The risk of the answers that are kept, against how many are kept (pardo2019 §3.1, P-C07)."""

from itertools import cycle

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from glassbox.figures.style import SOFT, WIDTH, look

RANDOM = "random"


def risk_coverage_curves(
    curves: pd.DataFrame, measures: pd.DataFrame, colours: list[str]
) -> Figure:
    """A curve per score, least area first in the legend. Bold: means over replicates; thin: each.

    curves: columns replicate, score, coverage and risk; measures: replicate, score, measure, label
    (-1 for all classes) and value, with the measure aurc.
    """
    areas = measures[(measures["measure"] == "aurc") & (measures["label"] == -1)]
    areas = areas.groupby("score")["value"].agg(["mean", "std"]).sort_values("mean")
    with look():
        figure = Figure(figsize=(WIDTH, 4.2))
        axes = figure.add_subplot()
        tints = cycle(colours)
        for score, area in areas.iterrows():
            colour = SOFT if score == RANDOM else next(tints)
            label = f"{score}: {area['mean']:.4f}"
            if pd.notna(area["std"]):
                label += f" ± {area['std']:.4f}"
            draw_curve(axes, curves[curves["score"] == score], colour, label)
        count = measures["replicate"].nunique()
        axes.set(
            xlim=(0, 1),
            ylim=(0, 2 * curves.loc[curves["coverage"] == 1, "risk"].mean()),
            xlabel="coverage: share of the answers that are kept, the surest first",
            ylabel="risk: share of these that are wrong",
        )
        axes.grid(axis="y")
        figure.legend(
            *axes.get_legend_handles_labels(),
            loc="outside upper center",
            ncols=2,
            title="area under the curve",
            title_fontsize=8,
        )
        figure.supxlabel(
            f"bold: mean over replicates (n = {count}), thin: each; mean ± standard deviation",
            size=9,
        )
    return figure


def draw_curve(axes: Axes, rows: pd.DataFrame, colour: str, label: str) -> None:
    """The curves of one score."""
    by_replicate = rows.pivot(index="coverage", columns="replicate", values="risk")
    style = "--" if colour == SOFT else "-"
    if by_replicate.shape[1] > 1:
        axes.plot(by_replicate.index, by_replicate, color=colour, linewidth=0.4, alpha=0.35)
    mean = by_replicate.mean(axis=1)
    axes.plot(mean.index, mean, color=colour, linestyle=style, linewidth=1.6, label=label)
