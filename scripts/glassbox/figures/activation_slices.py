"""The averaged activations of one class, layer by layer (chen2017 Figs 3.18(c), 3.21 and 3.23)."""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from glassbox.figures.style import SOFT, layers_of, legend_above, look, panels, title_panels
from glassbox.figures.unit_axes import unit_axes

SINGLE = 0  # the replicate that figures of single networks show
UNITS = "unit", 0


def activation_slices(
    averages: pd.DataFrame, label: int, first: int | None, colours: list[str]
) -> Figure:
    """A panel per layer, the input's first: the mean activation of each unit, a line per replicate.

    averages: columns replicate, layer, depth, label, unit and mean. label: the class. first: the
    location that label 0 stands for where classes are locations; units of a layer that are one to
    each sample are then samples, those of the output locations. colours: of replicate 0, which the
    heat maps show, and of the others.
    """
    shown = averages[averages["label"] == label]
    layers, units = layers_of(shown), unit_axes(shown, first, UNITS)
    with look():
        figure, axes = panels(len(layers), height=2.3)
        for each, layer in zip(axes, layers, strict=True):
            means = shown[shown["depth"] == layer].pivot(
                index="unit", columns="replicate", values="mean"
            )
            name, start = units[layer]
            for replicate in sorted(means, reverse=True):
                alone = replicate == SINGLE
                look_of = {"color": colours[not alone], "linewidth": 1.4 if alone else 0.7}
                each.plot(means.index + start, means[replicate], **look_of)
            if first is not None and name != "unit":
                each.axvline(first + label, color=SOFT, linewidth=0.8, linestyle=":")
            each.set(xlabel=name, ylabel="mean activation")
        title_panels(axes, list(layers.values()))
        total = shown["replicate"].nunique()
        lines = [Line2D([], [], color=colour) for colour in colours[:2]]
        names = [f"replicate {SINGLE}", f"the other {total - 1}"][: min(total, 2)]
        legend_above(figure, lines[: len(names)], names)
        what = f"class {label}" if first is None else f"jump at location {first + label} (dotted)"
        figure.supxlabel(f"{what}; a line per replicate (n = {total})", size="medium")
    return figure
