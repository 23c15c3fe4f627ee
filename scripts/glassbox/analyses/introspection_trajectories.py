"""How hidden activations part over training, on one plane (pardo2019 §3.1, Fig. 2 a and e)."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from glassbox.analyses.averages import class_means
from glassbox.analyses.neighbourhoods import nearest_neighbours

HIT, RATIO = "hit", "ratio"
MAP, HIDDEN = "map", "hidden"


def trajectories(
    places: Mapping[int, np.ndarray], ids: np.ndarray, labels: np.ndarray
) -> pd.DataFrame:
    """Where each example lies after each epoch.

    places: (n, 2) by epoch, or by cycle. Columns: epoch, example_id, label, z1 and z2.
    """
    told = {"example_id": ids, "label": labels}
    frames = [
        pd.DataFrame({"epoch": epoch, **told, "z1": each[:, 0], "z2": each[:, 1]})
        for epoch, each in places.items()
    ]
    return pd.concat(frames, ignore_index=True)


def separations(
    spaces: Mapping[str, Mapping[int, np.ndarray]], labels: np.ndarray, neighbours: int
) -> pd.DataFrame:
    """How far the classes are apart after each epoch.

    spaces: points (n, d) by epoch, by the name of the space that they lie in. Columns: epoch,
    space, measure (hit: the share of nearest neighbours with the point's label; ratio: the variance
    between classes over that within them) and value.
    """
    rows = []
    for space, series in spaces.items():
        for epoch, points in series.items():
            near = nearest_neighbours(points, neighbours).indices
            hit = (labels[near] == labels[:, None]).mean()
            rows += [
                (epoch, space, HIT, hit),
                (epoch, space, RATIO, variance_ratio(points, labels)),
            ]
    return pd.DataFrame(rows, columns=["epoch", "space", "measure", "value"])


def variance_ratio(points: np.ndarray, labels: np.ndarray) -> float:
    """The variance of points (n, d) between classes over that within them, summed over units.

    Infinite where all points of each class are one, and NaN where all points are.
    """
    means = class_means(points, labels, int(labels.max()) + 1)[labels]
    between = np.square(means - points.mean(axis=0, dtype=np.float64)).sum()
    within = np.square(points - means).sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(np.float64(between) / within)
