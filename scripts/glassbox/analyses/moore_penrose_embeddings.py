"""How often the Moore-Penrose inverse embeds random points as one-hot classes (chen2017 §4.3.4).

n points of R^p are to be mapped to the n unit vectors of R^n by the least-squares affine map. It
takes the points to the columns of the projection H = V (V'V)^-1 V', V having the points as rows and
a last column of ones (Eq. 4.2); a success is H_kk > H_jk for all j but k, in every column k.
With centred points x_k that is q_kk > q_jk for q_jk = x_j' (X'X)^-1 x_k, since H = q + 1/n. The
linear map, which the text states and the figures can't be of (E-C09), doesn't centre the points.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from glassbox.errors import GlassboxError

BLOCK = 2**20  # coordinates drawn at a time


@dataclass(frozen=True)
class Embedding:
    """What is embedded: n points of R^p, uniform on the unit cube, at least `distance` apart."""

    width: int
    points: int
    distance: float = 0.0
    map: Literal["affine", "linear"] = "affine"


def successes(rng: np.random.Generator, embedding: Embedding, trials: int) -> int:
    """How many of `trials` draws of the points are embedded right.

    Raises GlassboxError where the points are too few to span the space, or can't be drawn apart.
    """
    spanned = embedding.points - (embedding.map == "affine")
    if spanned < embedding.width:
        raise GlassboxError(
            f"{embedding.points} points don't span {embedding.width} dimensions: the "
            f"{embedding.map} map has no unique inverse"
        )
    rows = max(1, BLOCK // (embedding.points * embedding.width))
    found = 0
    for start in range(0, trials, rows):
        points = separated_points(rng, embedding, min(rows, trials - start))
        found += int(embedded(points, embedding.map).sum())
    return found


def separated_points(rng: np.random.Generator, embedding: Embedding, draws: int) -> np.ndarray:
    """Draws (draws, n, p) of uniform points; those with points too near are drawn again."""
    shape = (embedding.points, embedding.width)
    kept: list[np.ndarray] = []
    missing, tried = draws, 0
    while missing:
        drawn = rng.random((draws, *shape))
        if embedding.distance:
            drawn = drawn[least_squared_distance(drawn) >= embedding.distance**2]
        kept.append(drawn[:missing])
        missing -= len(kept[-1])
        tried += draws
        if missing == draws and tried > 1000 * draws:
            raise GlassboxError(
                f"{embedding.points} points of {embedding.width} dimensions at least "
                f"{embedding.distance:g} apart did not come up in {tried} draws"
            )
    return np.concatenate(kept)


def least_squared_distance(points: np.ndarray) -> np.ndarray:
    """The least squared distance between two points of each draw (draws, n, p): (draws,)."""
    left, right = np.triu_indices(points.shape[1], 1)
    return ((points[:, left] - points[:, right]) ** 2).sum(2).min(1)


def embedded(points: np.ndarray, kind: str) -> np.ndarray:
    """Whether each draw (draws, n, p) is a success: (draws,) bool.

    The column of the point with the least q_kk fails first, as a rule; the others are looked at
    where it doesn't.
    """
    if kind == "affine":
        points = points - points.mean(axis=1, keepdims=True)
    transposed = points.transpose(0, 2, 1)
    dual = points @ np.linalg.inv(transposed @ points)
    own = np.einsum("bnp,bnp->bn", points, dual)
    weakest = own.argmin(axis=1)
    draws = np.arange(len(points))
    column = (points @ dual[draws, weakest][:, :, None])[:, :, 0]
    column[draws, weakest] = -np.inf
    right = own[draws, weakest] > column.max(axis=1)
    projection = points[right] @ dual[right].transpose(0, 2, 1)
    diagonal = np.arange(points.shape[1])
    projection[:, diagonal, diagonal] = -np.inf
    right[right] = (own[right] > projection.max(axis=1)).all(axis=1)
    return right
