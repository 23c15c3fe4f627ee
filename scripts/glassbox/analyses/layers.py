"""A measure of one layer, taken of several layers of a network."""

from collections.abc import Callable, Iterable

import pandas as pd

from glassbox.activations import Activations
from glassbox.models.layers import Layer
from glassbox.tables import Examples


def by_layer(
    activations: Activations,
    measure: Callable[[Examples], pd.DataFrame],
    layers: Iterable[Layer] | None = None,
) -> pd.DataFrame:
    """The tables of a measure of some layers, or of all and the input, in one.

    `measure` is given the examples with a layer's values. The columns `layer`, its name, and
    `depth` come in front.
    """
    frames = []
    for layer in activations.layers if layers is None else layers:
        frame = measure(activations.of(layer))
        frames.append(frame.assign(layer=layer.name, depth=layer.depth))
    whole = pd.concat(frames, ignore_index=True)
    return whole[["layer", "depth", *whole.columns.drop(["layer", "depth"])]]
