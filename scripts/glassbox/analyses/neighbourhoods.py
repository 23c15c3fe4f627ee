"""Who lies near whom: neighbours, how often they share a label, and of what dimension a cloud is.

The neighbourhood hit is the share of a point's k nearest neighbours that have its label, the mean
over points (Rauber et al. 2017, with k = 6); where labels are locations, how far apart those of
neighbours are says more (chen2017 §3.1).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch

from glassbox.activations import Activations
from glassbox.analyses.bounds import (
    between,
    leading_directions,
    sketches_are_worth,
    upper_bounds,
)
from glassbox.analyses.cosines import AT_ONCE, most_pairs
from glassbox.analyses.layers import by_layer
from glassbox.analyses.points import Points
from glassbox.errors import GlassboxError
from glassbox.tables import Examples

ROUNDING = 1e-11  # of the sum of two squares of float64, and more than a product of sketches errs


@dataclass(frozen=True)
class Neighbours:
    """The k nearest other points of each of n points, the nearest first.

    indices: (n, k) int64. distances: (n, k) float64, Euclidean.
    """

    indices: np.ndarray
    distances: np.ndarray

    def first(self, count: int) -> "Neighbours":
        """The `count` nearest of them."""
        return Neighbours(self.indices[:, :count], self.distances[:, :count])


def nearest_neighbours(points: np.ndarray, count: int, rows: int = 1024) -> Neighbours:
    """The `count` nearest others of each of points (n, d), exact; equal points in any order.

    Candidates come from one matrix product per block of `rows`, in float64, or of many wide points
    from bounds on it; their distances are then taken one by one, so that near points lose nothing
    to cancellation. In memory are a copy in float64 and a block of `rows` by n.
    Raises GlassboxError where there are not more points than neighbours.
    """
    size = len(points)
    if size <= count:
        raise GlassboxError(f"cannot find {count} neighbours of each of {size} points")
    cloud = torch.from_numpy(np.array(points, np.float64))
    cloud -= cloud.mean(0)
    squares = (cloud * cloud).sum(1)
    by_bounds = sketches_are_worth(size, size, cloud.shape[1])
    sketches = _sketches(cloud, squares) if by_bounds else None
    found = []
    for start in range(0, size, rows):
        here = torch.arange(start, min(start + rows, size))
        pairs = None if sketches is None else _able(squares, sketches, here, count)
        if pairs is None:
            found.append(_nearest(cloud, squares, here, count))
        else:
            found.append(_nearest_of(cloud, here, pairs, count))
    indices, distances = zip(*found, strict=True)
    return Neighbours(np.concatenate(indices), np.concatenate(distances))


def _nearest(
    cloud: torch.Tensor, squares: torch.Tensor, here: torch.Tensor, count: int
) -> tuple[np.ndarray, np.ndarray]:
    """Indices and distances (b, count) of the nearest to some points, by a product with all."""
    block = cloud[here]
    square = torch.addmm(squares, block, cloud.T, alpha=-2)
    square[here - here[0], here] = torch.inf
    nearest = square.topk(count, largest=False).indices
    size = max(1, AT_ONCE[cloud.device.type] // (count * cloud.shape[1]))
    parts = zip(nearest.split(size), block.split(size), strict=True)
    distance = torch.cat([(cloud[some] - own[:, None]).norm(dim=2) for some, own in parts])
    distance, order = distance.sort(dim=1, stable=True)
    return nearest.gather(1, order).numpy(), distance.numpy()


def _sketches(cloud: torch.Tensor, squares: torch.Tensor) -> torch.Tensor:
    """Coordinates along a few directions and the length of the rest, (n, D + 1), see `bounds`."""
    rows = np.arange(len(cloud))
    found = leading_directions(cloud.float().numpy(), rows, cloud.device)
    coordinates = cloud @ torch.linalg.qr(found.axes.double()).Q
    rest = (squares - (coordinates * coordinates).sum(1)).clamp(min=0) + ROUNDING * squares
    return torch.cat([coordinates, rest.sqrt()[:, None]], dim=1)


def _able(
    squares: torch.Tensor, sketches: torch.Tensor, here: torch.Tensor, count: int
) -> torch.Tensor | None:
    """Pairs (p, 2), of a place among some points and a point that may be one of its nearest.

    The square of a distance is |x|² + |y|² - 2 x·y, and x·y within its bounds. None where there are
    so many pairs that a product takes less.
    """
    block = sketches[here]
    sums = squares[here][:, None] + squares
    least = sums * (1 - ROUNDING) - 2 * upper_bounds(block, sketches)
    most = least + 2 * between(block, sketches) + 2 * ROUNDING * sums
    most[here - here[0], here] = torch.inf
    floor = most.topk(count, largest=False).values[:, -1:]
    pairs = (least <= floor).nonzero()
    pairs = pairs[pairs[:, 0] + here[0] != pairs[:, 1]]
    return pairs if len(pairs) <= most_pairs(*sums.shape) else None


def _nearest_of(
    cloud: torch.Tensor, here: torch.Tensor, pairs: torch.Tensor, count: int
) -> tuple[np.ndarray, np.ndarray]:
    """What `_nearest` gives, from pairs (p, 2) among which all nearest ones are."""
    parts = pairs.split(max(1, AT_ONCE[cloud.device.type] // (16 * cloud.shape[1])))
    apart = [(cloud[here[one]] - cloud[other]).norm(dim=1) for one, other in (p.T for p in parts)]
    distances, (places, others) = torch.cat(apart).numpy(), pairs.T.numpy()
    order = np.lexsort((others, distances, places))
    firsts = np.searchsorted(places[order], np.arange(len(here)))
    chosen = order[firsts[:, None] + np.arange(count)]
    return others[chosen], distances[chosen]


def nearest_among(points: np.ndarray, asked: np.ndarray, count: int) -> Neighbours:
    """The `count` of points (p, d) nearest to each of others (n, d); indices are rows of points.

    Raises GlassboxError where there are fewer points.
    """
    from sklearn.neighbors import NearestNeighbors  # slow, and of no use to what asks all pairs

    if len(points) < count:
        raise GlassboxError(f"cannot find {count} neighbours among {len(points)} points")
    search = NearestNeighbors(n_neighbors=count).fit(np.asarray(points, np.float64))
    distances, indices = search.kneighbors(np.asarray(asked, np.float64))
    return Neighbours(indices, distances)


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


def neighbourhoods(
    activations: Activations,
    points: Points,
    neighbours: Sequence[int],
    layers: Collection[str] | None = None,
) -> pd.DataFrame:
    """The neighbourhoods of some examples in every layer, the input included, or in some.

    neighbours: how many count, one row each. layers: by their names. Columns: layer, depth, those
    of `neighbourhood_measures`, and space, which is "layer".
    """

    def measure(examples: Examples) -> pd.DataFrame:
        return neighbourhood_measures(examples.values[points.rows], points.labels, neighbours)

    return by_layer(activations, measure, activations.among(layers)).assign(space="layer")


def neighbourhood_measures(
    points: np.ndarray, labels: dict[str, np.ndarray], counts: Sequence[int]
) -> pd.DataFrame:
    """Measures of a cloud of points (n, d) under one or more labellings of its points.

    counts: of neighbours, all from one search. Columns: neighbours, labels (their name; empty for
    the dimension), measure (hit, distance or dimension), value, and chance, the value that is
    expected for labels without any order (NaN for the dimension).
    """
    every = nearest_neighbours(points, max(counts))
    rows = []
    for count in counts:
        neighbours = every.first(count)
        rows.append((count, "", "dimension", intrinsic_dimension(neighbours), float("nan")))
        for name, each in labels.items():
            hit, distance = label_hit(neighbours, each), label_distance(neighbours, each)
            rows.append((count, name, "hit", float(hit.mean()), chance_hit(each)))
            rows.append((count, name, "distance", float(distance.mean()), chance_distance(each)))
    return pd.DataFrame(rows, columns=["neighbours", "labels", "measure", "value", "chance"])
