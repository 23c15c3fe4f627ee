"""Loss and classification error during training (chen2017 Fig. 3.9)."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from glassbox.figures.style import INK, look, panels, title_panels

COLOURS = {"train": "#0072b2", "validation": "#009e73"}
LOSSES = {"cross-entropy": "cross-entropy (nats)", "squared-error": "half the squared error"}


def training_curves(
    histories: pd.DataFrame, period: str = "epoch", loss: str = "cross-entropy"
) -> Figure:
    """Loss and error by epoch: a thin line per replicate, a bold one for their mean.

    histories: columns replicate, epoch, kept, and <split>_loss and <split>_accuracy of train and
    validation. A mean goes as far as all replicates do; ticks on top are the epochs kept.
    period and loss: what the column epoch counts, and what was made small, as a recipe says it.
    """
    with look():
        figure, axes = panels(2, height=3.0)
        draw_measure(axes[0], histories, period, "loss", LOSSES[loss])
        errors = histories.assign(
            train_error=1 - histories["train_accuracy"],
            validation_error=1 - histories["validation_accuracy"],
        )
        draw_measure(axes[1], errors, period, "error", "share of examples")
        title_panels(axes, ["loss", "classification error"])
        kept = histories.loc[histories["kept"], "epoch"]
        figure.supxlabel(
            f"bold: mean over replicates (n = {len(kept)}); thin: each; ticks on top: "
            f"{period} kept, {kept.min()} to {kept.max()}, mean {kept.mean():.0f}",
            size="medium",
        )
    return figure


def draw_measure(axes: Axes, histories: pd.DataFrame, period: str, measure: str, unit: str) -> None:
    """One measure of both splits, from 0 on."""
    common = histories.groupby("replicate")["epoch"].max().min()
    for split, colour in COLOURS.items():
        values = histories.pivot(index="epoch", columns="replicate", values=f"{split}_{measure}")
        axes.plot(values.index, values, color=colour, linewidth=0.5, alpha=0.5)
        mean = values.loc[:common].mean(axis=1)
        axes.plot(mean.index, mean, color=colour, linewidth=1.8, label=split)
    for epoch in histories.loc[histories["kept"], "epoch"]:
        axes.plot(epoch, 1, "|", color=INK, transform=axes.get_xaxis_transform(), clip_on=False)
    axes.grid(axis="y")
    axes.set_ylim(bottom=0)
    axes.set(xlabel=period, ylabel=unit)
    axes.legend(loc="upper right")
