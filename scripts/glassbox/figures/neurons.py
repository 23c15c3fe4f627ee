"""What figures of neurons share: one layer's rows, and maps of neurons and of observations.

Observations are drawn as all maps are (see `maps`), whose places are called z1 and z2.
"""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection

from glassbox.analyses.discrimination import power
from glassbox.analyses.mapped import first_maps
from glassbox.analyses.neuron_tables import AREA, CONSTANT, DEAD, TREES, VARYING
from glassbox.errors import GlassboxError
from glassbox.figures import maps
from glassbox.figures.style import SOFT

NAMES = {TREES: "importance", AREA: "|2 AUROC - 1|"}


def one_layer(table: pd.DataFrame, layer: str | None) -> pd.DataFrame:
    """The rows of a layer, the deepest one where none is named; GlassboxError without any."""
    deepest = table["depth"] == table["depth"].max()
    found = table[deepest if layer is None else table["layer"] == layer]
    if found.empty:
        known = ", ".join(table["layer"].unique()) or "none"
        raise GlassboxError(f"no layer {layer} in the table: it has {known}")
    return found


def observations(projections: pd.DataFrame, layer: str) -> pd.DataFrame:
    """The first map of observations in a layer, with places as `maps` calls them."""
    found = one_layer(first_maps(projections), layer)
    return found.rename(columns={"x": "z1", "y": "z2"})


def scores_for(scores: pd.DataFrame, name: str, label: int) -> pd.Series:
    """How well each neuron tells one class, by unit; name: trees or auroc."""
    own = scores[scores["label"] == label].set_index("unit")[name]
    return power(own) if name == AREA else own


def measured(measures: pd.DataFrame, name: str, measure: str, label: int) -> pd.Series:
    """A measure of a score by space, of one class or (-1) over all."""
    rows = measures[(measures["score"] == name) & (measures["measure"] == measure)]
    return rows[rows["label"] == label].set_index("space")["value"]


def counted(neurons: pd.DataFrame) -> str:
    """How many neurons vary and are drawn, and how many do not."""
    counts = neurons["state"].value_counts().reindex([VARYING, DEAD, CONSTANT]).dropna()
    return ", ".join(f"{count:,.0f} {state}" for state, count in counts.items())


def draw_observations(axes: Axes, shown: pd.DataFrame, colours: np.ndarray) -> None:
    """The map of observations in the colours of their classes (classes, 3)."""
    maps.draw_points(axes, shown, colours, maps.dot_size(4, len(shown)))
    maps.number_classes(axes, shown)
    maps.show_all(axes, shown)
    maps.frame(axes)


def draw_neurons(axes: Axes, neurons: pd.DataFrame, **drawn) -> PathCollection:
    """A dot per neuron with a thin edge, the last on top; drawn: how, as matplotlib takes it."""
    size = maps.dot_size(26, len(neurons))
    edge = {"edgecolors": SOFT, "linewidths": 0.3, "rasterized": True}
    dots = axes.scatter(neurons["x"], neurons["y"], s=size, **edge, **drawn)
    maps.show_all(axes, neurons.rename(columns={"x": "z1", "y": "z2"}))
    maps.frame(axes)
    return dots
