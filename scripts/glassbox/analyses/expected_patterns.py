"""The pattern of all hidden units that is expected of a class (pardo2019 §2.8, Eqs 6 to 10)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from glassbox.analyses.averages import class_means
from glassbox.analyses.plane import Density, Grid
from glassbox.models.layers import Layer

END = 4.0  # of the square that the plane is cut off to: Ω' = [-4, 4] x [-4, 4]
ROWS = 2048  # places of the grid that are decoded at once

Decode = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Places:
    """Where a class lies in the plane.

    expected: E[z | H_k] by Eq. 8, the Riemannian sum over the grid. mass: the same sum without z,
    1 but for what lies outside. mean, deviation: of the points themselves; outside: the share of
    them that lies outside the square.
    """

    expected: np.ndarray
    mass: float
    mean: np.ndarray
    deviation: np.ndarray
    outside: float


def expected_place(points: np.ndarray, grid: Grid) -> tuple[Places, np.ndarray]:
    """Where points (n, 2) of one class lie, and their density times (Δz)² over the grid."""
    weights = Density.of(points).on(grid) * grid.area
    sums = [weights.sum(axis=1) @ grid.axes[0], weights.sum(axis=0) @ grid.axes[1]]
    ends = np.array([(axis[0], axis[-1]) for axis in grid.axes]).T
    outside = ((points < ends[0]) | (points > ends[1])).any(axis=1).mean()
    own = points.mean(axis=0, dtype=np.float64), points.std(axis=0, dtype=np.float64)
    return Places(np.array(sums), float(weights.sum()), *own, float(outside)), weights


def decoded_first(weights: np.ndarray, grid: Grid, decode: Decode) -> np.ndarray:
    """The mean over the plane of what is decoded at each place (E-P10): (K, units) float64.

    weights: (K, size, size), those of each class. The patterns of the grid's places are decoded
    some at a time, and never held together.
    """
    flat, places = weights.reshape(len(weights), -1), grid.places.astype(np.float32)
    total = 0.0
    for start in range(0, len(places), ROWS):
        here = slice(start, start + ROWS)
        total = total + flat[:, here] @ decode(places[here]).astype(np.float64)
    return total


def expected_patterns(
    hidden: np.ndarray,
    plane: np.ndarray,
    labels: np.ndarray,
    layers: Sequence[Layer],
    decode: Decode,
    rng: np.random.Generator,
    size: int,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What is expected of each unit for each class, and where the classes lie in the plane.

    hidden: (n, units), the concatenated layers. plane: (n, 2), where the encoder puts them.
    labels: (n,), of which only those that occur count. decode: of places (m, 2), (m, units)
    float32. rng: splits the examples in two halves, on one of which units are assigned to a class
    and on the other measured. size: of the grid, in places along each unit.

    Columns of the first table: layer, depth, unit (0-based, within the layer), label, decoded
    (Eq. 9), decoded_first (E-P10), mean (over the examples, what Eq. 6 stands for), mean_0 and
    mean_1 (over those of each half). Of the second: label, count, and those of `Places`, two
    columns for each of two units.
    """
    grid = Grid.within(END, size)
    classes = np.unique(labels)
    found = [expected_place(plane[labels == label], grid) for label in classes]
    half = rng.permutation(len(labels)) % 2
    count = int(classes.max()) + 1
    means = {"mean": class_means(hidden, labels, count)[classes]}
    for which in (0, 1):
        own = class_means(hidden[half == which], labels[half == which], count)
        means[f"mean_{which}"] = own[classes]
    patterns = {
        "decoded": decode(np.array([each.expected for each, _ in found], np.float32)),
        "decoded_first": decoded_first(np.stack([each for _, each in found]), grid, decode),
        **means,
    }
    counts = np.array([(labels == label).sum() for label in classes])
    return (
        pd.concat(_by_layer(patterns, classes, layers), ignore_index=True),
        pd.DataFrame(map(_row, classes, counts, (each for each, _ in found))),
    )


def _by_layer(
    patterns: dict[str, np.ndarray], classes: np.ndarray, layers: Sequence[Layer]
) -> Iterator[pd.DataFrame]:
    """The rows of each layer, of patterns (K, units) by the column that they are."""
    start = 0
    for layer in layers:
        here = slice(start, start := start + layer.units)
        columns = {name: values[:, here].ravel() for name, values in patterns.items()}
        units = np.tile(np.arange(layer.units), len(classes))
        of = {"layer": layer.name, "depth": layer.depth, "unit": units}
        yield pd.DataFrame({**of, "label": np.repeat(classes, layer.units), **columns})


def _row(label: int, count: int, places: Places) -> dict[str, float]:
    """A class's row of the table of places."""
    pairs = {"expected": places.expected, "mean": places.mean, "deviation": places.deviation}
    by_unit = {f"{name}_{unit + 1}": each[unit] for name, each in pairs.items() for unit in (0, 1)}
    return {
        "label": label,
        "count": count,
        **by_unit,
        "mass": places.mass,
        "outside": places.outside,
    }
