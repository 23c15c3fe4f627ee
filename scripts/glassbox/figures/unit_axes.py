"""What the units of layers are counted as, where classes are locations in a signal."""

import pandas as pd

from glassbox.activations import INPUT
from glassbox.figures.style import layers_of

CONVOLUTION = "conv"  # what names of layers begin with whose units may be one to each sample


def unit_axes(
    averages: pd.DataFrame, first: int | None, others: tuple[str, int]
) -> dict[int, tuple[str, int]]:
    """The name of an axis of each layer's units, and the number of the first of them, by depth.

    averages: columns layer, depth and unit, the input's among them. first: the location that label
    0 stands for, None where classes are no locations. others: what units are that are neither
    samples nor locations.
    """
    layers = layers_of(averages)
    if first is None:
        return dict.fromkeys(layers, others)
    units = averages.groupby("depth")["unit"].nunique()
    samples = {
        depth: ("sample", 1)
        for depth, name in layers.items()
        if name.startswith((INPUT, CONVOLUTION)) and units[depth] == units[0]
    }
    return {**dict.fromkeys(layers, others), **samples, max(layers): ("location", first)}
