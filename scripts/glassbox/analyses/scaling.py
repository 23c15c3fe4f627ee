"""Two-dimensional maps that keep distances: metric multidimensional scaling by majorisation.

The stress is the sum over pairs of (distance in the map - dissimilarity)², which SMACOF lowers by
one Guttman transform after another (Borg and Groenen 2005, §8.6). Each is overstepped by its own
length, which never raises the stress and takes about half as many (de Leeuw and Heiser 1980).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from glassbox.errors import GlassboxError

ITERATIONS = 300  # at most, as in scikit-learn
TOLERANCE = 1e-6  # of the stress, over the sum of squared dissimilarities
JITTER = 0.01  # of the start, over its own spread
CELLS = 2**17  # of a block of rows, which then stays in a core's cache
AXES = 2


@dataclass(frozen=True)
class Scaling:
    """A map of n objects: places (n, 2) float64, and its stress, summed over pairs."""

    places: np.ndarray
    stress: float


def metric_scaling(dissimilarities: np.ndarray, seed: int) -> Scaling:
    """The map whose distances are nearest to dissimilarities (n, n), symmetric, with diagonal 0.

    It starts from classical scaling, put a little off at random. The same seed gives the same map
    on the same type of machine. Raises GlassboxError for dissimilarities that are not square, are
    negative or are not finite, and for fewer than three objects.
    """
    wanted = np.asarray(dissimilarities, np.float64)
    _refuse(wanted)
    with threadpool_limits(1):  # the last digits of products depend on their threads
        places = _start(wanted, np.random.default_rng(seed))
        limit, before = TOLERANCE * np.square(wanted).sum() / 2, np.inf
        for _ in range(ITERATIONS):
            new, stress = _transform(wanted, places)
            if before - stress <= limit:
                break
            places, before = 2 * new - places, stress
        return Scaling(new, _transform(wanted, new)[1])


def euclidean_distances(points: np.ndarray) -> np.ndarray:
    """The distances of points (n, d) from each other, (n, n) float64."""
    cloud = np.asarray(points, np.float64)
    cloud = cloud - cloud.mean(axis=0)
    squares = np.einsum("ij,ij->i", cloud, cloud)
    with threadpool_limits(1):
        between = squares[:, None] + squares - 2 * (cloud @ cloud.T)
    np.fill_diagonal(between, 0)
    return np.sqrt(np.maximum(between, 0, out=between), out=between)


def _refuse(wanted: np.ndarray) -> None:
    shape = wanted.shape
    if len(shape) != 2 or shape[0] != shape[1] or shape[0] <= AXES:
        raise GlassboxError(
            f"dissimilarities of shape {shape} can't be scaled: wanted is a square, three or more"
        )
    if not np.isfinite(wanted).all() or (wanted < 0).any():
        raise GlassboxError(
            "dissimilarities that are negative, infinite or NaN can't be scaled\n"
            "  what to do: leave out objects that have none, such as constant units"
        )


def _start(wanted: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Classical scaling (Torgerson 1952) and noise, (n, 2)."""
    from scipy.sparse.linalg import eigsh

    products = -np.square(wanted) / 2
    means = products.mean(axis=0)
    products += means.mean() - means - means[:, None]
    values, axes = eigsh(products, AXES, which="LA", v0=rng.standard_normal(len(wanted)))
    order = np.argsort(-values)
    found = axes[:, order] * np.sqrt(np.maximum(values[order], 0))
    # An eigenvector's sign is that of its start; the largest entry is made positive.
    found *= np.sign(found[np.abs(found).argmax(axis=0), np.arange(AXES)])
    return found + JITTER * found.std() * rng.standard_normal(found.shape)


def _transform(wanted: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, float]:
    """The Guttman transform of a map, and the stress of the map before it."""
    count, stress = len(places), 0.0
    new = np.empty_like(places)
    size = max(1, CELLS // count)
    x, y = np.ascontiguousarray(places.T)
    apart, other = np.empty((2, size, count))
    for start in range(0, count, size):
        here = slice(start, min(start + size, count))
        one, two = apart[: here.stop - start], other[: here.stop - start]
        np.square(np.subtract(x[here, None], x, out=one), out=one)
        one += np.square(np.subtract(y[here, None], y, out=two), out=two)
        np.sqrt(one, out=one)
        np.subtract(one, wanted[here], out=two)
        stress += float(np.vdot(two, two))
        one[one == 0] = np.inf  # the pull between two objects at one place is 0
        np.divide(wanted[here], one, out=one)
        new[here] = (places[here] * one.sum(axis=1)[:, None] - one @ places) / count
    return new, stress / 2
