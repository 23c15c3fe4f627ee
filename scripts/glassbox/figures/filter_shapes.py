"""The filters of convolutional networks (chen2017 Figs 3.18, 3.19, 3.21 and 3.23)."""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from glassbox.analyses.filters import SMOOTHS
from glassbox.figures.style import INK, layers_of, legend_above, look, panels, title_panels


def filter_shapes(table: pd.DataFrame, colours: list[str]) -> Figure:
    """A panel per convolutional layer: a line per replicate, its weights over their l1 norm.

    table: columns replicate, layer, depth, measure, tap and value. colours: of filters that smooth
    and of those that differentiate, by the balance of their signs.
    """
    balance = table[table["measure"] == "balance"].set_index(["depth", "replicate"])["value"]
    weights = table[table["measure"] == "weight"]
    layers = layers_of(weights)
    smoothing = [int((balance[layer] > SMOOTHS).sum()) for layer in layers]
    with look():
        figure, axes = panels(len(layers), height=2.6)
        for each, layer in zip(axes, layers, strict=True):
            rows = weights[weights["depth"] == layer]
            taps = rows.pivot(index="tap", columns="replicate", values="value")
            for replicate, values in (taps / taps.abs().sum()).items():
                smooths = balance[layer, replicate] > SMOOTHS
                each.plot(taps.index, values, color=colours[not smooths], marker="o", alpha=0.6)
            each.axhline(0, color=INK, linewidth=0.6)
            each.set(xlabel="tap", ylabel="weight / $L_1$ norm of the filter", xticks=taps.index)
        counts = zip(layers.values(), smoothing, strict=True)
        total = table["replicate"].nunique()
        title_panels(axes, [f"{name}: {n} of {total} smooth" for name, n in counts])
        names = [f"balance > {SMOOTHS:g}: smooths", "otherwise: differentiates"]
        lines = [Line2D([], [], color=colour, marker="o") for colour in colours[:2]]
        legend_above(figure, lines, names)
        figure.supxlabel(f"a line per replicate (n = {total})", size="medium")
    return figure
