"""Figures of library networks (lee2019 Figs 2 to 5)."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from glassbox.figures.style import INK, SOFT, WIDTH, look, panels, title_panels

MEASURES = {
    "size": "nodes (log scale)",
    "top1": "agreement, best answer",
    "top3": "agreement, three best answers",
}
TITLES = {"size": "size of the library", "top1": "one answer", "top3": "three answers"}
BASELINES = {"probe": ":", "neighbours=1": "--"}
BASELINE_NAMES = {
    "probe": "a linear probe (marks on the right)",
    "neighbours=1": "the nearest of all patterns (likewise)",
}
MARKERS = "os^Dv<>P"
CODE = "-code"  # ends the names of sets as the published code has them
KINDS = {"pgd": "-", "noise": "--", "clip": ":"}
NAMES = {"pgd": "attack", "noise": "random ends", "clip": "clipping alone"}


def curves(libraries: pd.DataFrame, layers: list[str], colours: list[str]) -> Figure:
    """Size and agreement against the threshold, a colour per layer (Figs 2 and 4).

    libraries: columns layer, replicate, variant, threshold, measure and value. Bold: the mean over
    replicates, thin: each. On the right, what a linear probe and the nearest pattern reach.
    """
    with look():
        figure, (*axes, beside) = panels(4, height=2.6)
        for each, measure in zip(axes, MEASURES, strict=True):
            for layer, colour, marker in zip(layers, colours, MARKERS, strict=False):
                rows = libraries[(libraries["layer"] == layer) & (libraries["measure"] == measure)]
                _curve(each, rows[rows["variant"] == "library"], layer, colour, marker)
                if measure != "size":
                    _baselines(each, rows, colour)
            left, right = each.get_xlim()
            each.set_xlim(left, right + 0.13 * (right - left))  # room for the marks
            each.set(xlabel="threshold θ", ylabel=MEASURES[measure])
            each.grid(axis="y")
        axes[0].set_yscale("log")
        for variant, line in BASELINES.items():
            axes[0].plot([], [], color=INK, linestyle=line, label=BASELINE_NAMES[variant])
        _legend(beside, axes[0])
        title_panels(axes, [TITLES[measure] for measure in MEASURES])
        count = libraries["replicate"].nunique()
        figure.supxlabel(f"bold: mean over replicates (n = {count}); thin: each", size="medium")
    return figure


def _curve(axes: Axes, rows: pd.DataFrame, layer: str, colour: str, marker: str) -> None:
    values = rows.pivot_table(index="threshold", columns="replicate", values="value")
    axes.plot(values.index, values, color=colour, linewidth=0.7, alpha=0.5)
    axes.plot(
        values.index,
        values.mean(axis=1),
        color=colour,
        linewidth=1.8,
        marker=marker,
        markersize=4,
        label=layer,
    )


def _baselines(axes: Axes, rows: pd.DataFrame, colour: str) -> None:
    """Short horizontal marks at the right edge, in the colour of the layer."""
    for variant, line in BASELINES.items():
        value = rows[rows["variant"] == variant]["value"].mean()
        axes.axhline(value, xmin=0.9, color=colour, linestyle=line, linewidth=1.6)


def _legend(beside: Axes, axes: Axes) -> None:
    """The legend of some axes in the place of others."""
    beside.set_axis_off()
    beside.legend(*axes.get_legend_handles_labels(), loc="center left")


def confusions(
    confusion: pd.DataFrame, layers: list[str], thresholds: list[float], colour_map: str
) -> Figure:
    """Confusion indices as matrices, a column per layer and a row per threshold (Fig. 3).

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


def aurocs(
    detection: pd.DataFrame, scores: pd.DataFrame, detector: str, shown: float, colours: list[str]
) -> Figure:
    """Consistency of normal and attacked images, and AUROC against the size (Fig. 5).

    Left: the distribution for set 1 and the attack of size `shown` in normalised space. Then the
    AUROC against the size of the attack, a colour per set, in normalised space as published and in
    that of pixels; grey: what random ends and clipping alone give, mean over sets.
    """
    spaces = [space for space in ("normalised", "pixels") if (detection["space"] == space).any()]
    titles = ["consistency, set 1", *(f"attacks, {space}" for space in spaces)]
    with look():
        figure, (*axes, beside) = panels(len(titles) + 1, height=2.6)
        _histogram(axes[0], scores, detector, shown, colours)
        ours = detection[detection["detector"] == detector]
        for each, space in zip(axes[1:], spaces, strict=True):
            _against_size(each, ours[ours["space"] == space], colours)
        _legend(beside, axes[1])
        title_panels(axes, titles)
    return figure


def _histogram(
    axes: Axes, scores: pd.DataFrame, detector: str, shown: float, colours: list[str]
) -> None:
    mine = scores[(scores["detector"] == detector) & (scores["set"] == "set1")]
    attacked = mine[(mine["space"] == "normalised") & np.isclose(mine["size"], shown)]
    groups = {"normal": mine[mine["kind"] == "normal"]}
    groups |= {NAMES[kind]: attacked[attacked["kind"] == kind] for kind in ("pgd", "clip")}
    values = {name: rows["consistency"].to_numpy() for name, rows in groups.items()}
    low = min(each.min() for each in values.values())
    edges = np.linspace(low, max(each.max() for each in values.values()) + 1e-9, 31)
    for (name, each), colour in zip(values.items(), colours, strict=False):
        shares = np.full(len(each), 1 / len(each))
        axes.hist(each, edges, weights=shares, histtype="step", color=colour, label=name)
    axes.set(xlabel="consistency of predictions", ylabel="share of images")
    axes.margins(y=0.5)  # room for the legend
    axes.legend(title=f"size {shown:g}")


def _against_size(axes: Axes, rows: pd.DataFrame, colours: list[str]) -> None:
    sets = sorted(rows["set"].unique())
    attacked = rows[rows["kind"] == "pgd"]
    # A set as the published code has it is the printed one's colour, dashed.
    printed = list(dict.fromkeys(name.removesuffix(CODE) for name in sets))
    for name in sets:
        values = attacked[attacked["set"] == name].groupby("size")["auroc"].mean()
        colour = colours[printed.index(name.removesuffix(CODE)) % len(colours)]
        line = "--" if name.endswith(CODE) else "-"
        axes.plot(values.index, values, color=colour, linestyle=line, linewidth=1.2, label=name)
    for kind in ("noise", "clip"):
        values = rows[rows["kind"] == kind].groupby("size")["auroc"].mean()
        axes.plot(
            values.index, values, color=SOFT, linestyle=KINDS[kind], linewidth=2, label=NAMES[kind]
        )
    axes.axhline(0.5, color=SOFT, linewidth=0.6)
    axes.set(xlabel="size ε of the attack", ylabel="AUROC", ylim=(0, 1.02))
    axes.grid(axis="y")
