"""Who lies near whom: neighbours, how often they share a label, and of what dimension a cloud is.

The neighbourhood hit is the share of a point's k nearest neighbours that have its label, the mean
over points (Rauber et al. 2017, with k = 6); where labels are locations, how far apart those of
neighbours are says more (chen2017 §3.1).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch

from glassbox.activations import Activations
from glassbox.analyses.layers import by_layer
from glassbox.analyses.points import Points
from glassbox.errors import GlassboxError
from glassbox.tables import Examples


@dataclass(frozen=True)
class Neighbours:
    """The k nearest other points of each of n points, the nearest first.

    indices: (n, k) int64. distances: (n, k) float64, Euclidean.
    """

    indices: np.ndarray
    distances: np.ndarray


def nearest_neighbours(points: np.ndarray, count: int, rows: int = 1024) -> Neighbours:
    """The `count` nearest others of each of points (n, d), exact; equal points in any order.

    Candidates come from one matrix product per block of `rows`, in float64; their distances are
    then taken one by one, so that near points lose nothing to cancellation.
    Raises GlassboxError where there are not more points than neighbours.
    """
    if len(points) <= count:
        raise GlassboxError(f"{count} neighbours of each of {len(points)} points can't be had")
    cloud = torch.from_numpy(np.asarray(points, np.float64))
    cloud = cloud - cloud.mean(0)
    squares = (cloud * cloud).sum(1)
    indices, distances = [], []
    for start in range(0, len(cloud), rows):
        block = cloud[start : start + rows]
        square = torch.addmm(squares, block, cloud.T, alpha=-2)
        here = torch.arange(len(block))
        square[here, start + here] = torch.inf
        nearest = square.topk(count, largest=False).indices
        distance = (cloud[nearest] - block[:, None]).norm(dim=2)
        distance, order = distance.sort(dim=1, stable=True)
        indices.append(nearest.gather(1, order))
        distances.append(distance)
    return Neighbours(torch.cat(indices).numpy(), torch.cat(distances).numpy())


def label_hit(neighbours: Neighbours, labels: np.ndarray) -> np.ndarray:
    """The share of each point's neighbours that have its label, (n,)."""
    return (labels[neighbours.indices] == labels[:, None]).mean(axis=1)


def chance_hit(labels: np.ndarray) -> float:
    """The hit that is expected where labels have nothing to do with places."""
    counts = np.bincount(labels)
    return float((counts * (counts - 1)).sum() / (len(labels) * (len(labels) - 1)))


def label_distance(neighbours: Neighbours, labels: np.ndarray) -> np.ndarray:
    """The mean |difference| of each point's label and those of its neighbours, (n,)."""
    return np.abs(labels[neighbours.indices] - labels[:, None]).mean(axis=1)


def chance_distance(labels: np.ndarray) -> float:
    """The mean |difference| that is expected where labels have nothing to do with places."""
    ordered = np.sort(labels).astype(np.float64)
    count = len(ordered)
    weights = 2 * np.arange(count) - count + 1
    return float(2 * (weights @ ordered) / (count * (count - 1)))


def intrinsic_dimension(neighbours: Neighbours) -> float:
    """The dimension of the cloud at the scale of its neighbours, by maximum likelihood.

    Levina and Bickel (2005), averaged over points as MacKay and Ghahramani propose: the inverse of
    the mean of log(T_k / T_j), T_j the distance of the j-th of k neighbours. Points with a
    neighbour at their own place take no part; NaN where there are no others, or one neighbour.
    """
    distances = neighbours.distances[neighbours.distances[:, 0] > 0]
    count = neighbours.distances.shape[1]
    if count < 2 or not len(distances):
        return float("nan")
    logs = np.log(distances[:, -1:] / distances[:, :-1]).sum(axis=1)
    total = float(logs.mean())
    return (count - 1) / total if total > 0 else float("nan")


def neighbourhoods(activations: Activations, points: Points, neighbours: int) -> pd.DataFrame:
    """The neighbourhoods of some examples in every layer, the input included.

    Columns: layer, depth, those of `neighbourhood_measures`, and space, which is "layer".
    """

    def measure(examples: Examples) -> pd.DataFrame:
        return neighbourhood_measures(examples.values[points.rows], points.labels, neighbours)

    return by_layer(activations, measure).assign(space="layer")


def neighbourhood_measures(
    points: np.ndarray, labels: dict[str, np.ndarray], count: int
) -> pd.DataFrame:
    """Measures of a cloud of points (n, d) under one or more labellings of its points.

    Columns: labels (their name; empty for the dimension), measure (hit, distance or dimension),
    value, and chance, the value that is expected for labels without any order (NaN for the
    dimension).
    """
    neighbours = nearest_neighbours(points, count)
    rows = [("", "dimension", intrinsic_dimension(neighbours), float("nan"))]
    for name, each in labels.items():
        hit, distance = label_hit(neighbours, each), label_distance(neighbours, each)
        rows.append((name, "hit", float(hit.mean()), chance_hit(each)))
        rows.append((name, "distance", float(distance.mean()), chance_distance(each)))
    return pd.DataFrame(rows, columns=["labels", "measure", "value", "chance"])
