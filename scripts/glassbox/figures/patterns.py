"""Patterns of hidden activations as pictures: a column per layer, a row per unit (pardo2019)."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.image import AxesImage

from glassbox.analyses.unit_order import expected_activations, preferred_classes, sorted_units
from glassbox.figures.maps import frame
from glassbox.figures.style import layers_of

ABSENT = "#ffffff"  # where a layer has fewer units than the widest
SHOWN = 4  # layers whose depth is written, at most


@dataclass(frozen=True)
class Layer:
    """What the units of a layer are expected to do.

    expected: (units, classes). preferred: the label that each unit prefers, (units,). order: the
    units by that, (units,).
    """

    depth: int
    expected: pd.DataFrame
    preferred: np.ndarray
    order: np.ndarray


def layers_in_order(table: pd.DataFrame, column: str) -> list[Layer]:
    """The layers of a table with columns layer, depth, unit, label and the one that is taken."""
    found = []
    for depth in layers_of(table):
        expected = expected_activations(table[table["depth"] == depth], column)
        preferred = preferred_classes(expected.to_numpy())
        labels = expected.columns.to_numpy()[preferred]
        found.append(Layer(depth, expected, labels, sorted_units(preferred)))
    return found


def picture(columns: list[np.ndarray]) -> np.ma.MaskedArray:
    """Values of the layers' units, (units,) or (units, 3) each, side by side from the top.

    Masked where a layer has fewer units than the widest.
    """
    most = max(map(len, columns))
    whole = np.full((most, len(columns), *columns[0].shape[1:]), np.nan)
    for place, each in enumerate(columns):
        whole[: len(each), place] = each
    return np.ma.masked_invalid(whole)


def draw_picture(axes: Axes, values: np.ma.MaskedArray, depths: list[int], **look) -> AxesImage:
    """A picture with the depths of its layers below; look: of colours, as imshow takes them."""
    if values.ndim == 3:
        values = values.filled(1)
    image = axes.imshow(values, aspect="auto", interpolation="none", **look)
    image.cmap = image.cmap.with_extremes(bad=ABSENT)
    frame(axes)
    step = -(-len(depths) // SHOWN)
    places = range(0, len(depths), step)
    axes.set_xticks(places, [str(depths[place]) for place in places])
    return image
