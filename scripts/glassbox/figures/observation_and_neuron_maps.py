"""Maps of observations and of neurons in pairs (rauber2017 Fig. 12)."""

from dataclasses import dataclass

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from glassbox.analyses.neuron_tables import MAP, PAIRS
from glassbox.analyses.unit_order import BRIGHT
from glassbox.figures import maps
from glassbox.figures.neurons import (
    NAMES,
    counted,
    draw_neurons,
    draw_observations,
    measured,
    scores_for,
)
from glassbox.figures.style import WIDTH, look, title_panels


@dataclass(frozen=True)
class Pair:
    """One layer of a network: its observations (label, z1, z2) and its neurons (unit, state, x, y).

    scores: columns unit, label, trees, auroc. measures: space, score, measure, label, value.
    """

    title: str
    points: pd.DataFrame
    neurons: pd.DataFrame
    scores: pd.DataFrame
    measures: pd.DataFrame


def observation_and_neuron_maps(
    pairs: list[Pair], label: int, score: str, colours: list[str], colour_map: str
) -> Figure:
    """A row per network: observations by class, and neurons by how well they tell one class.

    label: that class. score: trees or auroc. The colours of all end at the 95th percentile of the
    scores that are shown.
    """
    tints, cmap = maps.rgb(colours), matplotlib.colormaps[colour_map]
    told = [scores_for(each.scores, score, label) for each in pairs]
    full = np.percentile(np.concatenate(told), BRIGHT) if any(map(len, told)) else 1
    with look():
        figure = Figure(figsize=(WIDTH, 0.47 * WIDTH * len(pairs) + 0.6))
        axes = figure.subplots(len(pairs), 2, squeeze=False)
        titles = []
        for pair, own, (left, right) in zip(pairs, told, axes, strict=True):
            draw_observations(left, pair.points, tints)
            shown = pair.neurons.set_index("unit").join(own.rename("told"), how="inner")
            shown = shown.sort_values("told")
            dots = draw_neurons(right, shown, c=shown["told"], cmap=cmap, vmin=0, vmax=full)
            titles += [
                f"{pair.title}: {len(pair.points):,} observations",
                f"{pair.title}: neurons\n{counted(pair.neurons)}\n{_grouped(pair, score, label)}",
            ]
        title_panels(axes.ravel(), titles)
        bar = {"location": "bottom", "shrink": 0.4, "aspect": 35, "extend": "max"}
        said = f"how well a neuron tells class {label} from the rest: {NAMES[score]}"
        figure.colorbar(dots, ax=axes, label=said, **bar)
        labels = sorted(set().union(*(each.points["label"] for each in pairs)))
        maps.legend_of_classes(figure, labels, tints)
    return figure


def _grouped(pair: Pair, score: str, label: int) -> str:
    values = measured(pair.measures, score, "moran", label)
    return f"Moran's I {values[MAP]:.2f} here, {values[PAIRS]:.2f} by 1 - |r|"
