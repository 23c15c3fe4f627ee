"""How well consistency tells attacks from normal images (lee2019 Fig. 5)."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from glassbox.figures.style import SOFT, legend_beside, look, panels, title_panels

CODE = "-code"  # ends the names of sets as the published code has them
KINDS = {"pgd": "-", "noise": "--", "clip": ":"}
NAMES = {"pgd": "attack", "noise": "random ends", "clip": "clipping alone"}


def aurocs(
    detection: pd.DataFrame, scores: pd.DataFrame, detector: str, shown: float, colours: list[str]
) -> Figure:
    """Consistency of normal and attacked images, and AUROC against the size.

    Left: the distribution for set 1 and the attack of size `shown` in normalised space. Then the
    AUROC against the size of the attack, a colour per set, in normalised space as published and in
    that of pixels, the mean over replicates in a band from the least to the greatest; grey: what
    random ends and clipping alone give, mean over sets.
    """
    spaces = [space for space in ("normalised", "pixels") if (detection["space"] == space).any()]
    titles = ["consistency, set 1", *(f"attacks, {space}" for space in spaces)]
    with look():
        figure, (*axes, beside) = panels(len(titles) + 1, height=2.6)
        _histogram(axes[0], scores, detector, shown, colours)
        ours = detection[detection["detector"] == detector]
        for each, space in zip(axes[1:], spaces, strict=True):
            _against_size(each, ours[ours["space"] == space], colours)
        legend_beside(beside, axes[1])
        title_panels(axes, titles)
        count = ours["replicate"].nunique()
        figure.supxlabel(
            f"mean over replicates (n = {count}), band: least to greatest; (a): the images of all",
            size="medium",
        )
    return figure


def _histogram(
    axes: Axes, scores: pd.DataFrame, detector: str, shown: float, colours: list[str]
) -> None:
    mine = scores[(scores["detector"] == detector) & (scores["thresholds"] == "set1")]
    attacked = mine[(mine["space"] == "normalised") & np.isclose(mine["size"], shown)]
    groups = {"normal": mine[mine["kind"] == "normal"]}
    groups |= {NAMES[kind]: attacked[attacked["kind"] == kind] for kind in ("pgd", "clip")}
    # Signals have no bounds, so that clipping alone is no control of theirs.
    values = {name: rows["consistency"].to_numpy() for name, rows in groups.items() if len(rows)}
    low = min(each.min() for each in values.values())
    edges = np.linspace(low, max(each.max() for each in values.values()) + 1e-9, 31)
    for (name, each), colour in zip(values.items(), colours, strict=False):
        shares = np.full(len(each), 1 / len(each))
        axes.hist(each, edges, weights=shares, histtype="step", color=colour, label=name)
    axes.set(xlabel="consistency of predictions", ylabel="share of images")
    axes.margins(y=0.5)  # room for the legend
    axes.legend(title=f"size {shown:g}")


def _against_size(axes: Axes, rows: pd.DataFrame, colours: list[str]) -> None:
    sets = sorted(rows["thresholds"].unique())
    attacked = rows[rows["kind"] == "pgd"]
    # A set as the published code has it is the printed one's colour, dashed.
    printed = list(dict.fromkeys(name.removesuffix(CODE) for name in sets))
    for name in sets:
        found = attacked[attacked["thresholds"] == name].groupby("size")["auroc"]
        values = found.mean()
        colour = colours[printed.index(name.removesuffix(CODE)) % len(colours)]
        line = "--" if name.endswith(CODE) else "-"
        label = name.replace(CODE, ", as in the code")
        axes.fill_between(values.index, found.min(), found.max(), color=colour, alpha=0.1, lw=0)
        axes.plot(values.index, values, color=colour, linestyle=line, linewidth=1.2, label=label)
    for kind in ("noise", "clip"):
        values = rows[rows["kind"] == kind].groupby("size")["auroc"].mean()
        drawn = {"color": SOFT, "linestyle": KINDS[kind], "label": NAMES[kind]}
        if len(values):
            axes.plot(values.index, values, linewidth=2, **drawn)
    axes.axhline(0.5, color=SOFT, linewidth=0.6)
    least = min(0.5, rows["auroc"].min())
    axes.set(xlabel="size ε of the attack", ylabel="AUROC", ylim=(least - 0.02, 1.02))
    axes.grid(axis="y")
