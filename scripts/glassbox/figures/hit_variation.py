"""By how much neighbourhood hits of maps vary by chance."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from glassbox.analyses.hit_variation import by_map, variation
from glassbox.figures.style import INK, SOFT, WIDTH, layers_of, look

WORDS = {"network": "networks", "draw": "draws of points", "seed": "random states"}


def hit_variation(hits: pd.DataFrame, colours: list[str]) -> Figure:
    """A row per layer: a dot per map, a line per network, and what each level adds.

    hits: columns layer, depth, replicate, draw, seed and value, a row per map.
    """
    layers = layers_of(hits)
    with look():
        figure = Figure(figsize=(WIDTH, 1.3 * len(layers) + 0.9))
        grid = figure.subplots(len(layers), 1, squeeze=False, sharex=True).ravel()
        for axes, (depth, name) in zip(grid, layers.items(), strict=True):
            own = hits[hits["depth"] == depth]
            _draw_maps(axes, own, colours)
            axes.set_title(f"{name}: {_told(by_map(own))}", size=8)
        grid[-1].set_xlabel("neighbourhood hit of a map")
        figure.supxlabel(
            "a line: one network; dots: its maps, a colour per draw of points; in points of per "
            "cent: the standard deviation that\neach level adds, and the least difference of two "
            "maps that 95 % of such by chance do not reach",
            size=8,
        )
    return figure


def _draw_maps(axes: Axes, rows: pd.DataFrame, colours: list[str]) -> None:
    networks = np.sort(rows["replicate"].unique())
    for height, network in enumerate(networks):
        own = rows[rows["replicate"] == network]
        axes.axhline(height, color="#dddddd", linewidth=0.6, zorder=0)
        tints = [colours[draw % len(colours)] for draw in own["draw"]]
        axes.scatter(own["value"], np.full(len(own), height), s=14, c=tints, linewidths=0)
    axes.axvline(rows["value"].mean(), color=SOFT, linewidth=0.8, linestyle=":")
    axes.set_yticks(range(len(networks)), [str(each) for each in networks], size=6.5, color=INK)
    axes.set_ylim(-0.6, len(networks) - 0.4)


def _told(values: np.ndarray) -> str:
    """What there is of it, in words."""
    found = variation(values)
    parts = [
        f"{WORDS[name]} {100 * each:.2f}"
        for name, each in found.deviations.items()
        if np.isfinite(each)
    ]
    least = {"same values": found.smallest_of_seeds(), "others": found.smallest_difference()}
    limits = [f"{name} {100 * each:.1f}" for name, each in least.items() if np.isfinite(each)]
    return f"mean {found.mean:.1%}\n{', '.join(parts)}; least difference: {', '.join(limits)}"
